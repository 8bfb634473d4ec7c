import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DICTIONARY, describeTables } from "../../docs/data-dictionary.ts";
import { SETTINGS } from "../../src/settings.ts";
import { namedIndicatorIds, readStandard } from "../../src/standard/evaluation-standard.ts";
import { fileIdOf } from "../../src/standard/indicator-family.ts";
import { listFiles, readIndicators } from "../../src/standard/workspace.ts";
import {
  findMigrationFaults,
  findUndocumented,
  findUnmarked,
  findUntestedIndicators,
  readVerbs,
} from "./completeness-rules.ts";
import { ROOT, readSources } from "./source-files.ts";

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), "utf8");

describe("every indicator", () => {
  const known = readIndicators(ROOT);

  test("has a fixture pair", () => {
    expect(
      findUntestedIndicators(
        ["A1/x", "A1/y", "A1/z"],
        ["indicators/A1/x.input.sql", "indicators/A1/x.expected.csv", "f/A1/y.input.csv"],
      ),
    ).toEqual(["A1/y", "A1/z"]);
    expect(known.size).toBeGreaterThanOrEqual(40);
    expect(findUntestedIndicators([...known.keys()], listFiles(join(ROOT, "tests"), ""))).toEqual(
      [],
    );
  });

  test("is weighed, deducted, rewarded or a veto in a standard, or named with a reason for none", () => {
    const standards = listFiles(join(ROOT, "metrics", "standards"), ".yaml");
    expect(standards.length).toBeGreaterThan(0);
    const used = new Set(
      standards.flatMap((file) =>
        namedIndicatorIds(readStandard(ROOT, file.slice(0, -".yaml".length), known)).map((id) =>
          fileIdOf(known, id),
        ),
      ),
    );
    expect([...known.keys()].filter((id) => !used.has(id))).toEqual([]);
  });

  test("of each clause of the policy, A1 to D3, is there", () => {
    const clauses = "A1 A2 A3 A4 A5 A6 A7 B1 B2 C1 C2 C3 C4 C5 C6 D1 D2 D3".split(" ");
    const found = new Set([...known.values()].map(({ clause }) => clause));
    expect(clauses.filter((clause) => !found.has(clause))).toEqual([]);
  });
});

describe("docs", () => {
  const operations = read("docs", "operations.md");

  test("the rule finds what is not written down", () => {
    const text = "| `zhengxin run [pipeline]` | and `DATA_DIR` | and `zhengxin runner` |";
    expect(findUndocumented(["run", "rank", "ru"], text, "zhengxin ")).toEqual(["rank", "ru"]);
    expect(findUndocumented(["DATA_DIR", "DATA"], text)).toEqual(["DATA"]);
  });

  test("name every setting", () => {
    const names = Object.values(SETTINGS).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(3);
    expect(findUndocumented(names, operations)).toEqual([]);
  });

  test("name every verb of the command line", () => {
    const help = execFileSync(process.execPath, [join(ROOT, "src/cli/zhengxin.js"), "--help"], {
      encoding: "utf8",
    });
    const verbs = readVerbs(help);
    expect(verbs).toEqual(expect.arrayContaining(["run", "pull", "publish", "rank", "verify"]));
    expect(findUndocumented(verbs, operations, "zhengxin ")).toEqual([]);
  });

  test("describe every table and column, as the database has them today", async () => {
    const { markdown, faults } = await describeTables();
    expect(faults).toEqual([]);
    expect(
      read("docs", "data-dictionary.md"),
      `write it again with "npx tsx docs/generate.ts"`,
    ).toBe(markdown);
    expect(DICTIONARY).toBe(join(ROOT, "docs", "data-dictionary.md"));
    for (const table of ["core.complaint", "facts.value", "scores.rank"]) {
      expect(markdown).toContain(`### ${table}\n`);
    }
  });

  test("a meaning missing, or one too many, is found", async () => {
    const meanings = read("docs", "data-dictionary.yaml")
      .replace(/^ {10}repeat_of: .*\n/m, "")
      .replace(/^ {10}rated_on: .*$/m, "          rated_at: x")
      .replace(/^ {6}honour:/m, "      honours:");
    const { faults } = await describeTables(meanings);
    expect(faults).toEqual(
      expect.arrayContaining([
        "The column core.complaint.repeat_of has no meaning.",
        "The column core.third_party_rating.rated_on has no meaning.",
        "There is no column core.third_party_rating.rated_at.",
        "There is no table core.honours.",
        "The table core.honour has no meaning.",
      ]),
    );
  });
});

describe("migrations", () => {
  test("are numbered without a gap", () => {
    expect(findMigrationFaults(["0001-a.sql", "0003-b.sql"])).toHaveLength(1);
    expect(findMigrationFaults(["0001-a.sql", "0001-b.sql"])).toHaveLength(1);
    const names = readdirSync(join(ROOT, "src", "store", "migrations")).sort();
    expect(names.length).toBeGreaterThan(0);
    expect(findMigrationFaults(names)).toEqual([]);
  });
});

describe("invented definitions", () => {
  test("say that they are synthetic", () => {
    expect(
      findUnmarked([
        { path: "a", text: "x" },
        { path: "b", text: "Synthetic." },
      ]),
    ).toEqual(["a"]);
    const tiny = readSources("tests/fixtures/tiny-city", ".yaml", ".sql", ".md");
    expect(tiny.length).toBeGreaterThan(15);
    expect(findUnmarked(tiny)).toEqual([]);
  });
});
