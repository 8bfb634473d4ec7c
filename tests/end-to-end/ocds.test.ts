import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunResult } from "../../src/run.ts";
import { addReleases, makeReleasesCity, RELEASES } from "./releases-workspace.ts";
import { makeFolder, removeFolders, runTiny, tinyConfig } from "./tiny-workspace.ts";

/** The tiny city with releases beside what it has. */
function withReleases(names: readonly string[]): string {
  const workspace = makeReleasesCity();
  for (const name of names)
    addReleases(workspace, name, readFileSync(join(RELEASES, name), "utf8"));
  return workspace;
}

const ALL = [
  "a.json",
  "b.json",
  "c.json",
  "corners.json",
  "d.json",
  "f.json",
  "record-package.json",
];

function contracts({ context }: RunResult, where: string) {
  return context.store.rows<Record<string, string | null>>(
    `SELECT record_key, CAST(amount AS VARCHAR) AS amount, CAST(paid_amount AS VARCHAR) AS paid, CAST(paid_on AS VARCHAR) AS paid_on,
      CAST(signed_on AS VARCHAR) AS signed_on, CAST(award_notice_on AS VARCHAR) AS awarded_on, CAST(known_from AS VARCHAR) AS known_from,
      CAST(known_to AS VARCHAR) AS known_to, supplier_name, stage
    FROM core.contract WHERE source_id = 'ocds' AND ${where} ORDER BY record_key, known_from`,
  );
}

describe("releases, as publishers send them", () => {
  let ran: RunResult;
  beforeAll(async () => {
    ran = await runTiny(tinyConfig(withReleases(ALL)), undefined, "check");
  });
  afterAll(() => {
    ran.context.store.close();
    removeFolders();
  });

  test("contracts of two processes with one id are two", async () => {
    const found = await contracts(ran, "record_key LIKE 'ocds-test-_|1'");
    expect(found.map(({ record_key, amount }) => [record_key, amount])).toEqual([
      ["ocds-test-A|1", "100.00"],
      ["ocds-test-B|1", "900.00"],
    ]);
  });

  test("a later release that says only what is new leaves the rest as it was, known from its date", async () => {
    const found = await contracts(
      ran,
      "record_key IN ('ocds-test-C|C', 'ocds-test-D|D', 'ocds-test-F|F')",
    );
    expect(
      found.map(({ record_key, amount, signed_on, paid, paid_on, known_from, known_to }) =>
        [record_key, amount, signed_on, paid, paid_on, known_from, known_to].map(String).join(" "),
      ),
    ).toEqual([
      "ocds-test-C|C 500.00 2018-05-04 null null 2018-05-05 09:00:00 2018-06-20 09:00:00",
      "ocds-test-C|C 500.00 2018-05-04 500.00 2018-06-18 2018-06-20 09:00:00 null",
      "ocds-test-D|D 700.00 2018-05-04 null null 2018-05-05 09:00:00 2018-06-21 09:00:00",
      "ocds-test-D|D 700.00 2018-05-04 700.00 2018-06-18 2018-06-21 09:00:00 null",
      "ocds-test-F|F 1000.10 null null null 2018-06-03 09:00:00 2018-06-10 09:00:00",
      "ocds-test-F|F 2000.10 null null null 2018-06-10 09:00:00 null",
    ]);
  });

  test("instants are civil days of the city; numbers keep their digits", async () => {
    const found = await contracts(ran, "record_key SIMILAR TO 'ocds-test-[EGH].*'");
    expect(
      found.map(({ record_key, awarded_on, signed_on, known_from, amount }) =>
        [record_key, awarded_on, signed_on, known_from, amount].map(String).join(" "),
      ),
    ).toEqual([
      "ocds-test-E|E 2018-06-01 2018-07-01 2018-06-01 00:30:00 11.00",
      "ocds-test-G|12345678901234567891 2018-06-01 null 2018-06-03 09:00:00 123456789012345.67",
      "ocds-test-H|12345678901234567892 2018-06-01 null 2018-06-03 09:00:00 1000.00",
    ]);
  });

  test("what is deleted is empty, dollars are no yuan, one supplier may be an object, a record's compiled release counts", async () => {
    const found = await contracts(ran, "record_key SIMILAR TO 'o-.*' AND known_to IS NULL");
    expect(
      found.map(({ record_key, amount, supplier_name, stage }) =>
        [record_key, amount, supplier_name, stage].map(String).join(" "),
      ),
    ).toEqual([
      "o-I|I 5.00 one supplier as object null",
      "o-O|O 196000.01 null null",
      "o-P|P null null null",
      "o-Q|Q 5.00 null cancelled",
      "o-R|R null null null",
      "o-S|S 5.00 null null",
    ]);
  });

  test("what cannot be used is set aside with its place: release and contract", async () => {
    const found = await ran.context.store.rows<Record<string, unknown>>(
      "SELECT CAST(line AS INTEGER) AS line, reason FROM quarantine.row WHERE source_id = 'ocds' ORDER BY line",
    );
    expect(found.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      "4 unreadable",
      "5 unreadable",
      "200001 conflict",
      "300001 conflict",
      "600001 missing",
    ]);
  });
});

describe("releases that come file by file", () => {
  afterAll(removeFolders);

  test("make the same as in one package, in whatever order, form and run they come", async () => {
    const document = JSON.parse(readFileSync(join(RELEASES, "b.json"), "utf8"));
    const [first, second] = document.releases;
    const workspace = withReleases([]);
    const config = tinyConfig(workspace, makeFolder());
    addReleases(workspace, "2.json.gz", gzipSync(JSON.stringify(second)));
    // Another process in two files of an archive, with what programs put beside them.
    const archive = zipSync({
      "b/2.jsonl": strToU8(`${JSON.stringify({ ...second, ocid: "ocds-test-Z" })}\n`),
      "a/1.json": strToU8(JSON.stringify({ ...first, ocid: "ocds-test-Z" })),
      "__MACOSX/a/._1.json": strToU8("no JSON"),
      "readme.txt": strToU8("no JSON"),
    });
    addReleases(workspace, "z.json.zip", Buffer.from(archive));
    const before = await runTiny(config, undefined, "conform");
    // A payment without the contract it is for: nobody knows the buyer yet.
    expect(await contracts(before, "record_key = 'ocds-test-C|C'")).toEqual([]);
    before.context.store.close();
    addReleases(workspace, "1.jsonl.json", `${JSON.stringify(first)}\n${JSON.stringify(first)}\n`);
    const after = await runTiny(config, undefined, "conform");
    const found = await contracts(after, "record_key = 'ocds-test-C|C'");
    const archived = await contracts(after, "record_key = 'ocds-test-Z|C'");
    after.context.store.close();
    expect(found.map(({ paid, known_from, known_to }) => [paid, known_from, known_to])).toEqual([
      [null, "2018-05-05 09:00:00", "2018-06-20 09:00:00"],
      ["500.00", "2018-06-20 09:00:00", null],
    ]);
    expect(archived.map(({ paid, known_from }) => [paid, known_from])).toEqual([
      [null, "2018-05-05 09:00:00"],
      ["500.00", "2018-06-20 09:00:00"],
    ]);
  });
});
