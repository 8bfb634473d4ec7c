import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { conform } from "../../src/conform/conform.ts";
import { readSource } from "../../src/standard/source-definition.ts";
import { type Bench, openBench } from "./fixture.ts";
import { BODIES, DISTRICTS, PENALTIES, penalty } from "./sources.ts";

let bench: Bench;
afterEach(() => bench.close());

const STRICT = PENALTIES.replace("quarantine_share: 1", "quarantine_share: 0.25");
const NUMBERS = "SELECT document_no AS no FROM core.publicity_item ORDER BY document_no";
const FILES =
  "SELECT file_name, conformed, refused_by, refused_because FROM raw.file WHERE source_id = 'penalties' ORDER BY file_id";

function rowsWithFaults(faults: number, of: number, mark: string) {
  return Array.from({ length: of }, (_, index) =>
    penalty({ CF_WSH: `${mark}${index}`, ...(index < faults ? { CF_JDRQ: "x" } : {}) }),
  );
}

describe("the share of quarantined rows", () => {
  test("at the limit the file goes in; above it nothing of it does, and its rows can be read in quarantine", async () => {
    bench = await openBench([BODIES, STRICT]);
    await bench.deliver("bodies", "b.csv", DISTRICTS);
    await bench.deliver("penalties", "good.csv", rowsWithFaults(1, 4, "g"));
    await bench.deliver("penalties", "bad.csv", rowsWithFaults(2, 7, "b"));
    const outcome = await bench.conform();
    expect(await bench.rows(NUMBERS)).toEqual([{ no: "g1" }, { no: "g2" }, { no: "g3" }]);
    const [good, bad] = await bench.rows<{ refused_because: string }>(FILES);
    expect(good).toMatchObject({ conformed: true, refused_by: null, refused_because: null });
    expect(bad).toMatchObject({ conformed: false, refused_by: "conform" });
    expect(bad?.refused_because).toContain("28.6%");
    expect(bad?.refused_because.split("\n")).toHaveLength(2);
    expect(outcome.counts).toMatchObject({ refused: 1 });
    expect(outcome.notes).toHaveLength(1);
    expect(
      await bench.rows(
        "SELECT file_id, count(*) AS n FROM quarantine.row GROUP BY file_id ORDER BY file_id",
      ),
    ).toEqual([
      { file_id: 2, n: 1 },
      { file_id: 3, n: 2 },
    ]);
    const before = await bench.rows("SELECT * FROM raw.file ORDER BY file_id");
    expect((await bench.conform()).counts).toMatchObject({ files: 0, refused: 0 });
    expect(await bench.rows("SELECT * FROM raw.file ORDER BY file_id")).toEqual(before);
  });

  test("lines that could not be read count too", async () => {
    bench = await openBench([BODIES, STRICT]);
    await bench.deliver("bodies", "b.csv", DISTRICTS);
    await bench.deliver("penalties", "p.csv", rowsWithFaults(0, 2, "g"), { unreadable: 1 });
    await bench.conform();
    expect(await bench.rows(NUMBERS)).toEqual([]);
  });
});

test("a file with too few rows is refused, and the good data of before stays", async () => {
  bench = await openBench([
    BODIES,
    STRICT.replace("quarantine_share", "rows: { min: 3 }, quarantine_share"),
  ]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", rowsWithFaults(0, 3, "g"));
  await bench.conform();
  await bench.deliver("penalties", "2.csv", rowsWithFaults(0, 2, "h"));
  await bench.conform();
  expect(await bench.rows(NUMBERS)).toEqual([{ no: "g0" }, { no: "g1" }, { no: "g2" }]);
});

const NO_LARGE_FINE = {
  "metrics/checks/no-large-fine.sql": `/*
title: { zh: 罚款不超限, en: No fine is too large }
kinds: [publicity_item]
severity: stop
message: { zh: "有 {rows} 行罚款过大。", en: "{rows} fines are too large." }
*/
SELECT record_key, file_id, line, CAST(fine_amount AS VARCHAR) AS detail FROM record WHERE fine_amount > 1000000
`,
};

test("a stop check refuses the file with the bad row and lets the others in", async () => {
  bench = await openBench([BODIES, PENALTIES], { files: NO_LARGE_FINE });
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [penalty({ CF_WSH: "1" })]);
  await bench.deliver("penalties", "2.csv", [penalty({ CF_WSH: "2", CF_NR_FK: "101" })]);
  await bench.conform();
  expect(await bench.rows(NUMBERS)).toEqual([{ no: "1" }]);
  const files = await bench.rows<{ refused_because: string }>(FILES);
  expect(files[1]?.refused_because).toContain("1 fines are too large. The first is line 2;");
  expect(files[1]?.refused_because).not.toContain("1010000");
  expect(await bench.rows("SELECT line, reason, value FROM quarantine.row")).toEqual([
    { line: 2, reason: "stop-check", value: "1010000.00" },
  ]);
});

test.each(["known.publicity_item", "core . publicity_item"])(
  "a stop check that looks at %s, where other sources are too, is told so with its line",
  async (table) => {
    const [[name, text]] = Object.entries(NO_LARGE_FINE) as [[string, string]];
    const files = { [name]: text.replace("FROM record", `FROM ${table}`) };
    bench = await openBench([BODIES, PENALTIES], { files });
    await expect(bench.conform()).rejects.toThrow(/no-large-fine\.sql:4:.*reads `record` alone/);
  },
);

test("a file refused for a row comes in with the file that corrects it, as if both had come at once", async () => {
  const wrong = penalty({ CF_WSH: "2", CF_NR_FK: "101", SJ: "2018-02-01" });
  const right = penalty({ CF_WSH: "2", CF_NR_FK: "1", SJ: "2018-03-01" });
  const held = async () => ({
    files: await bench.rows(FILES),
    fines: await bench.rows(
      "SELECT document_no AS no, CAST(fine_amount AS VARCHAR) AS fine, CAST(known_from AS VARCHAR) AS since FROM core.publicity_item ORDER BY known_from",
    ),
  });
  bench = await openBench([BODIES, PENALTIES], { files: NO_LARGE_FINE });
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [wrong]);
  await bench.conform();
  expect((await held()).files).toMatchObject([{ conformed: false, refused_by: "check" }]);
  await bench.deliver("penalties", "2.csv", [right]);
  await bench.conform();
  const after = await held();
  expect(after).toEqual({
    files: ["1.csv", "2.csv"].map((file_name) => ({
      ...{ file_name, conformed: true, refused_by: null, refused_because: null },
    })),
    fines: [
      { no: "2", fine: "1010000.00", since: "2018-02-01 00:00:00" },
      { no: "2", fine: "10000.00", since: "2018-03-01 00:00:00" },
    ],
  });
  await bench.close();
  bench = await openBench([BODIES, PENALTIES], { files: NO_LARGE_FINE });
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [wrong]);
  await bench.deliver("penalties", "2.csv", [right]);
  await bench.conform();
  expect(await held()).toEqual(after);
});

test("a column that a file lacks refuses the file and is named; optional ones may be absent", async () => {
  bench = await openBench([BODIES, PENALTIES]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  const { CF_JDRQ: _, ...undated } = penalty({ CF_WSH: "1" });
  const { CF_CFJGDM: body, GS_RQ: __, ...renamed } = penalty({ CF_WSH: "2" });
  await bench.deliver("penalties", "1.csv", [undated]);
  await bench.deliver("penalties", "2.csv", [{ ...renamed, JGDM: body as string }]);
  await bench.conform();
  expect(await bench.rows(NUMBERS)).toEqual([{ no: "2" }]);
  const files = await bench.rows<{ refused_because: string }>(FILES);
  expect(files[0]?.refused_because).toContain("“CF_JDRQ”（decided_on）");
});

test("when the definition changes the source is done again from the raw rows, refused files too", async () => {
  bench = await openBench([BODIES, STRICT]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [penalty({ CF_WSH: "1", CF_NR_FK: "3" })]);
  await bench.deliver("penalties", "2.csv", [penalty({ CF_WSH: "2", CF_XDR_LB: "组织" })]);
  await bench.conform();
  expect(await bench.rows(NUMBERS)).toEqual([{ no: "1" }]);
  const file = join(bench.folder, "changed.yaml");
  writeFileSync(
    file,
    STRICT.replace("法人: organisation", "法人: organisation, 组织: organisation").replace(
      "万元",
      "元",
    ),
  );
  const sources = [bench.context.sources[0]!, readSource(file).value];
  await conform({ ...bench.context, sources }, async () => []);
  expect(
    await bench.rows("SELECT document_no AS no, fine_amount FROM core.publicity_item ORDER BY no"),
  ).toEqual([
    { no: "1", fine_amount: "3.00" },
    { no: "2", fine_amount: "1.00" },
  ]);
  expect(await bench.rows("SELECT * FROM quarantine.row")).toEqual([]);
  expect(await bench.rows(FILES)).toMatchObject([{ conformed: true }, { conformed: true }]);
});

test("an error on the way leaves nothing of the source", async () => {
  bench = await openBench([BODIES, PENALTIES]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [penalty({}), penalty({ CF_WSH: "2", CF_JDRQ: "x" })]);
  await expect(
    conform(bench.context, async (_, { source }) => {
      if (source.source === "penalties") throw new Error("power cut");
      return [];
    }),
  ).rejects.toThrow("power cut");
  expect(await bench.rows(NUMBERS)).toEqual([]);
  expect(await bench.rows("SELECT * FROM quarantine.row")).toEqual([]);
  expect(await bench.rows("SELECT entity_id FROM core.entity ORDER BY 1")).toHaveLength(2);
  await bench.conform();
  expect(await bench.rows(NUMBERS)).toEqual([{ no: "1号" }]);
});

test("a definition that does not fit its core table is an error that names the column", async () => {
  bench = await openBench([BODIES.replace("uscc: { from: uscc,", "credit_code: { from: uscc,")]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await expect(bench.conform()).rejects.toThrow(
    /maps "credit_code", which core.entity does not have/,
  );
});
