import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FLOWS, STOCKS } from "../../src/standard/warning-columns.ts";
import { readWarnings } from "../../src/standard/warning-definition.ts";
import { Store } from "../../src/store/store.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const DEBT = readFileSync(join(ROOT, "metrics", "warnings", "debt.yaml"), "utf8");

/** The message when the bundled debt rules are changed in one place. */
function faultsOf(from: string | RegExp, to: string): { message: string; line: number } {
  const changed = DEBT.replace(from, to);
  expect(changed).not.toBe(DEBT);
  const workspace = mkdtempSync(join(tmpdir(), "warnings-"));
  mkdirSync(join(workspace, "metrics", "warnings"), { recursive: true });
  writeFileSync(join(workspace, "metrics", "warnings", "debt.yaml"), changed);
  try {
    readWarnings(workspace, "debt");
  } catch (error) {
    const message = (error as Error).message;
    return { message, line: Number(/debt\.yaml:(\d+):/.exec(message)?.[1]) };
  }
  return { message: "", line: 0 };
}

const lineOf = (text: string) => DEBT.slice(0, DEBT.indexOf(text)).split("\n").length;

test("the bundled files are sound", () => {
  for (const id of ["debt", "conduct", "connecticut"]) expect(readWarnings(ROOT, id).id).toBe(id);
});

test("every rule says its source or that it is an assumption", () => {
  for (const id of ["debt", "conduct", "connecticut"]) {
    for (const rule of readWarnings(ROOT, id).rules) {
      expect(rule.source ?? rule.assumption, `${id} ${rule.id}`).toBeTruthy();
    }
  }
});

describe("a fault is named with its line", () => {
  test("an unknown key", () => {
    const { message, line } = faultsOf(
      "escalate_to: city-government\n",
      "escalate_to: city-government\nescalates: 1\n",
    );
    expect(message).toContain("没有“escalates”这样的键");
    expect(message).toContain('there is no such key as "escalates"');
    expect(line).toBe(lineOf("escalate_to:") + 1);
  });

  test("a column there is not", () => {
    const { line } = faultsOf("denominator: { year: [gdp] }", "denominator: { year: [gpd] }");
    expect(line).toBe(lineOf("denominator: { year: [gdp] }"));
  });

  test("a rule on a series there is not", () => {
    const { message, line } = faultsOf("    series: liability-ratio\n", "    series: liability\n");
    expect(message).toContain('there is no series "liability"');
    expect(line).toBe(lineOf("    series: liability-ratio\n"));
  });

  test("a release beyond its line", () => {
    const { message, line } = faultsOf(
      "level: yellow, from: 60, release: 57",
      "level: yellow, from: 60, release: 61",
    );
    expect(message).toContain("61 is beyond the line 60");
    expect(line).toBe(lineOf("level: yellow, from: 60, release: 57"));
  });

  test("bands out of order", () => {
    expect(
      faultsOf(
        "{ level: orange, from: 200, release: 190 }",
        "{ level: orange, from: 110, release: 100 }",
      ).message,
    ).toContain("each line beyond the one before");
  });

  test("a line on the wrong side", () => {
    expect(
      faultsOf(
        "{ level: yellow, below: 30, release: 33 }",
        "{ level: yellow, from: 30, release: 27 }",
      ).message,
    ).toContain("worse when lower");
  });

  test("numbers of unsaid origin", () => {
    expect(faultsOf(/^ {4}source: .*举借债务的规模不得超过限额.*\n/m, "").message).toContain(
      "where they come from",
    );
  });

  test("a growth of a series further down, an owner nobody named, a grade there is not", () => {
    expect(faultsOf("of: debt, months: 12", "of: liability-growth, months: 12").message).toContain(
      "above this one",
    );
    expect(faultsOf("escalate_to: city-government", "escalate_to: mayor").message).toContain(
      'no owner "mayor"',
    );
    expect(faultsOf("caps: { red: CCC", "caps: { red: D").message).toContain('no grade "D"');
  });

  test("a series on counts among series on positions", () => {
    expect(
      faultsOf(
        "  - { id: debt-growth, from: change",
        "  - { id: rate, from: indicator, indicator: A1/x, title: { zh: a, en: a }, unit: { zh: a, en: a } }\n  - { id: debt-growth, from: change",
      ).message,
    ).toContain("files of their own");
  });
});

test("a file that is not there is missed in a sentence", () => {
  const workspace = mkdtempSync(join(tmpdir(), "warnings-"));
  cpSync(join(ROOT, "metrics", "warnings"), join(workspace, "metrics", "warnings"), {
    recursive: true,
  });
  expect(() => readWarnings(workspace, "other")).toThrow("metrics/warnings has no other.yaml");
});

test("the columns that may be named are those of core.debt_position", async () => {
  const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  const rows = await store.rows<{ column_name: string }>(
    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'core' AND table_name = 'debt_position'",
  );
  store.close();
  const held = rows.map(({ column_name }) => column_name);
  expect([...STOCKS, ...FLOWS].filter((name) => !held.includes(name))).toEqual([]);
});
