import { afterEach, expect, test } from "vitest";
import { check } from "../../src/check/check.ts";
import { type Bench, openBench } from "../conform/fixture.ts";
import { BODIES, DISTRICTS, HONOURS } from "../conform/sources.ts";

let bench: Bench;
afterEach(() => bench.close());

const honour = (key: string, title: string) => ({
  key,
  title,
  known: "2018-02-01",
  body: "370202",
});

test("rows that contradict each other are counted, noted, alerted and a failed check in every run", async () => {
  bench = await openBench([BODIES, HONOURS.replace("quarantine_share: 0.5", "")]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("honours", "1.csv", [
    honour("a", "x"),
    honour("b", "x"),
    honour("b", "y"),
    honour("c", "z"),
    honour("c", "z"),
  ]);
  await bench.conform();
  for (const run of ["first", "second"]) {
    await bench.conform();
    const outcome = await check({ ...bench.context, runId: run });
    expect(outcome.notes).toContainEqual({
      zh: expect.stringContaining("荣誉：1 条记录有 2 行在同一知悉时间互相矛盾，均未采用"),
      en: expect.stringContaining("2 rows of 1 record(s) contradict each other"),
    });
    expect(
      await bench.rows(
        `SELECT kind, severity, since, observed FROM checks.operations_alert WHERE run_id = '${run}'`,
      ),
    ).toEqual([{ kind: "contradictory", severity: "warning", since: "2018-02-01", observed: "2" }]);
    // Five rows: a and c stand, c a second time, and the two of b set aside.
    expect(
      await bench.rows(`SELECT rows_received AS received, rows_loaded AS loaded, rows_quarantined AS aside,
        rows_duplicate AS duplicate FROM checks.source_state WHERE run_id = '${run}' AND source_id = 'honours'`),
    ).toEqual([{ received: 5, loaded: 2, aside: 2, duplicate: 1 }]);
  }
});

test("as of a time before the contradiction was known nothing is said of it", async () => {
  bench = await openBench([BODIES, HONOURS], { asOf: "2018-01-31 00:00:00" });
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("honours", "1.csv", [honour("b", "x"), honour("b", "y")]);
  await bench.conform();
  expect((await check(bench.context)).notes.filter(({ en }) => en.includes("contradict"))).toEqual(
    [],
  );
});

test("a code that stands twice in a register, by name, parent or level, is no body until it is put right", async () => {
  const bodies = BODIES.replace("peer_class:", "parent_id: { from: parent }\n  peer_class:");
  bench = await openBench([bodies, HONOURS]);
  await bench.deliver("bodies", "b.csv", [
    ...DISTRICTS,
    { id: "370203", name: "市北区" },
    { id: "370203", name: "四方区" },
    { id: "370211", name: "黄岛区", parent: "370200" },
    { id: "370211", name: "黄岛区", parent: "370000" },
  ]);
  await bench.deliver("honours", "1.csv", [{ ...honour("a", "x"), body: "370203" }]);
  await bench.conform();
  const notes = (await check(bench.context)).notes.map(({ en }) => en);
  expect(notes).toContainEqual(
    expect.stringContaining("Bodies: 4 rows of 2 record(s) contradict each other"),
  );
  expect(await bench.rows("SELECT entity_id FROM known.entity ORDER BY entity_id")).toEqual([
    { entity_id: "370202" },
    { entity_id: "370215" },
  ]);
  expect(await bench.rows("SELECT reason FROM quarantine.row WHERE source_id = 'honours'")).toEqual(
    [{ reason: "unknown-entity" }],
  );
});

test("a code that two keys or two registers describe for the same days is told", async () => {
  const dated = BODIES.replace("key: [entity_id]", "key: [entity_id, valid_from]");
  const other = BODIES.replace("source: bodies", "source: others");
  bench = await openBench([dated, other]);
  await bench.deliver("bodies", "b.csv", [
    { id: "370215", name: "即墨市", since: "2000-01-01", until: "2017-10-30" },
    { id: "370215", name: "即墨区", since: "2017-10-30" },
    { id: "370202", name: "市南区", since: "2000-01-01" },
    { id: "370202", name: "市南区", since: "2010-01-01" },
  ]);
  await bench.deliver("others", "o.csv", [{ id: "370215", name: "即墨区", since: "2018-01-01" }]);
  await bench.conform();
  await check(bench.context);
  // 370202 twice in the one register; 370215 in both, while its two rows in the one follow each other.
  expect(
    await bench.rows(
      "SELECT source_id, failing_rows FROM checks.result WHERE check_id = 'bodies-twice' ORDER BY source_id",
    ),
  ).toEqual([
    { source_id: "bodies", failing_rows: 2 },
    { source_id: "others", failing_rows: 1 },
  ]);
});

test.each([
  [["E21", "e21", "x1"], 1],
  [["0012", "12", "012", "13"], 1],
  [["a|01", "A|1", "b|10", "b|1"], 1],
  [["ab", "cd", "001", "002", "10", "1"], 1],
  [["ab", "AB|", "100", "10"], 0],
])(
  "numbers that differ in case or leading noughts alone count apart and are told: %j",
  async (keys, alike) => {
    bench = await openBench([BODIES, HONOURS]);
    await bench.deliver("bodies", "b.csv", DISTRICTS);
    await bench.deliver(
      "honours",
      "1.csv",
      keys.map((key) => honour(key, "x")),
    );
    await bench.conform();
    await check(bench.context);
    expect(await bench.rows("SELECT record_key FROM core.honour")).toHaveLength(keys.length);
    expect(
      await bench.rows(
        "SELECT failing_rows AS n FROM checks.result WHERE check_id = 'numbers-alike'",
      ),
    ).toEqual(alike === 0 ? [] : [{ n: alike }]);
  },
);
