import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import { measure } from "../../src/measure/measure.ts";
import { readEvidence } from "../../src/measure/read-evidence.ts";
import type { IndicatorFile } from "../../src/standard/indicator-file.ts";
import type { Store } from "../../src/store/store.ts";
import { makeIndicator } from "./make-indicator.ts";
import { closeWorlds, world } from "./measure-one.ts";
import { insertRows, makeContext, setAsOf } from "./small-world.ts";

afterEach(closeWorlds);

const CLOSED = makeIndicator({
  id: "X/closed",
  sql: `SELECT entity_id, CAST(received_at AS DATE) AS occurred_on, CASE WHEN closed_at <= due_at THEN 1 ELSE 0 END AS numerator,
          1 AS denominator, category, due_at IS NULL AS excluded, record_key, file_id, line FROM known.complaint`,
  reads: { complaint: ["closed_at", "due_at", "category?"] },
});

let line = 1;

/** A complaint of June, due on the 20th and closed on the day given, in a file. */
function order(entity_id: string, file_id: number, closed: number | null, source_id = "a") {
  line += 1;
  return {
    entity_id,
    file_id,
    line,
    source_id,
    record_key: `${source_id}-${line}`,
    received_at: "2018-06-01 09:00:00",
    due_at: "2018-06-20 09:00:00",
    closed_at: closed === null ? null : `2018-06-${closed} 09:00:00`,
  };
}

interface File {
  readonly file_id: number;
  readonly source_id?: string;
  readonly lacks?: readonly string[];
  readonly received_at?: string;
}

/** Says which files there are and what they do not deliver. */
async function addFiles(store: Store, files: readonly File[]): Promise<void> {
  for (const { file_id, source_id = "a", lacks = [], received_at = "2018-07-01" } of files) {
    await store.run(
      `INSERT INTO raw.file BY NAME SELECT $file_id AS file_id, 'b' AS batch_id, $source_id AS source_id, 'f' || $file_id AS file_name,
         'h' || $file_id AS file_hash, 10 AS bytes, 'csv' AS format, 5 AS row_count, 'x' AS parquet_path,
         CAST($received_at AS TIMESTAMP) AS received_at`,
      { file_id, source_id, received_at },
    );
    for (const column of lacks) {
      await store.run("INSERT INTO core.undelivered VALUES ($source_id, $file_id, $column)", {
        source_id,
        file_id,
        column,
      });
    }
  }
}

/** A source that maps columns of the file, each under its own name. */
function source(id: string, columns: Record<string, object>): Context["sources"][number] {
  return { source: id, title: { zh: id, en: id }, columns } as never;
}

const MAPPED = source("a", { closed_at: { from: "c" }, due_at: { from: "d" } });

async function measureIn(
  store: Store,
  indicator: IndicatorFile,
  { sources = [MAPPED], asOf = "2018-07-10 00:00:00" } = {},
) {
  const context: Context = { ...makeContext(store, [indicator], ["2018-06"], { asOf }), sources };
  const outcome = await measure(context);
  const rows = await store.rows<{
    entity_id: string;
    state: string;
    numerator: number | null;
    denominator: number | null;
    sample_size: number;
    undelivered: number;
  }>(
    `SELECT v.entity_id, v.state, CAST(v.numerator AS DOUBLE) AS numerator, CAST(v.denominator AS DOUBLE) AS denominator,
       v.sample_size, v.undelivered
     FROM facts.run_computation r JOIN facts.value v ON v.fingerprint = r.fingerprint
     WHERE r.run_id = 'run' ORDER BY v.entity_id`,
  );
  return {
    context,
    outcome,
    rows,
    of: (entity: string) => rows.find(({ entity_id }) => entity_id === entity),
  };
}

const NO_DATA = { state: "no_data", numerator: null, sample_size: 0 };

describe("a column that one file does not deliver", () => {
  it("leaves its rows out of numerator and denominator, counted; a body of no others has no data", async () => {
    const store = await world({
      complaint: [
        order("D1", 1, null),
        order("D1", 1, null),
        order("D1", 2, 10),
        order("D1", 2, null),
        order("S1", 1, null), // a street of D1
        order("D2", 1, null),
        order("P1", 2, 25),
      ],
    });
    await addFiles(store, [{ file_id: 1, lacks: ["closed_at"] }, { file_id: 2 }]);
    const { of, outcome, context } = await measureIn(store, CLOSED);
    expect(of("D1")).toMatchObject({
      numerator: 1,
      denominator: 2,
      sample_size: 2,
      undelivered: 3,
    });
    expect(of("S1")).toMatchObject({ ...NO_DATA, undelivered: 1 });
    expect(of("D2")).toMatchObject({ ...NO_DATA, undelivered: 1 });
    expect(of("P1")).toMatchObject({ numerator: 0, denominator: 1, undelivered: 0 });
    expect(of("P2")).toMatchObject({ state: "not_applicable", undelivered: 0 });
    expect(outcome.notes.at(-1)?.en).toContain(
      "1 file(s) lack the column closed_at; 4 record(s) are left out of the indicators that need it (X/closed)",
    );
    const { rows, total } = await readEvidence(context, {
      indicatorId: "X/closed",
      entityId: "D1",
      period: context.period,
    });
    expect(total).toBe(5);
    expect(rows.filter(({ undelivered }) => undelivered)).toHaveLength(3);
  });

  it("is no data for everybody where nobody delivers it, as with 357 contracts none of which says when it was published", async () => {
    const published = makeIndicator({
      id: "X/published",
      sql: `SELECT entity_id, working_day_after(signed_on, 2) AS occurred_on,
              CASE WHEN working_days_between(signed_on, contract_published_on) <= 2 THEN 1 ELSE 0 END AS numerator, 1 AS denominator,
              CAST(NULL AS VARCHAR) AS category, false AS excluded, record_key, file_id, line
            FROM known.contract WHERE kind = 'procurement' AND signed_on IS NOT NULL`,
      reads: { contract: ["contract_published_on", "signed_on"] },
    });
    const contract = { file_id: 1, source_id: "a", kind: "procurement", signed_on: "2018-06-01" };
    const store = await world({
      contract: Array.from({ length: 357 }, (_, index) => ({
        ...contract,
        entity_id: `D${1 + (index % 2)}`,
        record_key: `K${index}`,
        line: index,
      })),
    });
    await addFiles(store, [{ file_id: 1 }]);
    const columns = { signed_on: { from: "s" }, contract_published_on: { from: "p" } };
    const { of, rows, outcome } = await measureIn(store, published, {
      sources: [source("a", columns)],
    });
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["no_data"]));
    expect(of("D1")?.undelivered).toBe(179);
    expect(of("D2")?.undelivered).toBe(178);
    expect(outcome.notes.at(-1)?.zh).toContain(
      "没有一条记录填有 contract_published_on，357 条记录",
    );
  });

  it("counts rows that the column would have placed in time, too", async () => {
    const delay = makeIndicator({
      id: "X/delay",
      aggregate: "median",
      sql: `SELECT entity_id, CAST(closed_at AS DATE) AS occurred_on, date_diff('day', received_at, closed_at) AS numerator,
              1 AS denominator, category, false AS excluded, record_key, file_id, line
            FROM known.complaint WHERE closed_at IS NOT NULL`,
      reads: { complaint: ["closed_at", "category?"] },
    });
    const store = await world({
      complaint: [order("D1", 1, null), order("D2", 2, 11), order("D2", 2, 14)],
    });
    await addFiles(store, [{ file_id: 1, lacks: ["closed_at"] }, { file_id: 2 }]);
    const { of } = await measureIn(store, delay);
    expect(of("D1")).toMatchObject({ ...NO_DATA, undelivered: 1 });
    expect(of("D2")).toMatchObject({ state: "assessed", numerator: 11.5, undelivered: 0 });
  });

  it("holds for states and lists as well", async () => {
    const backlog = makeIndicator({
      id: "X/backlog",
      evidence: "state",
      sql: `SELECT c.entity_id, p.period, CAST(c.received_at AS DATE) AS occurred_on, CASE WHEN c.closed_at IS NULL THEN 1 ELSE 0 END AS numerator,
              1 AS denominator, c.category, false AS excluded, c.record_key, c.file_id, c.line
            FROM known.complaint c JOIN period p ON CAST(c.received_at AS DATE) BETWEEN p.start AND p."end"`,
      reads: { complaint: ["closed_at", "category?"] },
    });
    const orders = await world({
      complaint: [order("D1", 1, null), order("D1", 2, 3), order("D2", 1, null)],
    });
    await addFiles(orders, [{ file_id: 1, lacks: ["closed_at"] }, { file_id: 2 }]);
    const open = await measureIn(orders, backlog);
    expect(open.of("D1")).toMatchObject({ numerator: 0, denominator: 1, undelivered: 1 });
    expect(open.of("D2")).toMatchObject({ ...NO_DATA, undelivered: 1 });

    const revoked = makeIndicator({
      id: "X/revoked",
      aggregate: "list",
      when_empty: "zero",
      sql: `SELECT entity_id, revoked_on AS occurred_on, CAST(NULL AS DATE) AS ended_on, 1 AS numerator, 1 AS denominator,
              rank AS category, false AS excluded, record_key, file_id, line FROM known.honour WHERE revoked_on IS NOT NULL`,
      reads: { honour: ["revoked_on"] },
    });
    const honour = (entity_id: string, file_id: number, revoked_on: string | null) => ({
      ...{ entity_id, file_id, revoked_on, source_id: "a", record_key: `${entity_id}${file_id}` },
      ...{ rank: "municipal", awarded_on: "2015-03-05" },
    });
    const honours = await world({
      honour: [honour("D1", 1, null), honour("D2", 2, "2018-02-02"), honour("D2", 1, null)],
    });
    await addFiles(honours, [{ file_id: 1, lacks: ["revoked_on"] }, { file_id: 2 }]);
    const lists = await measureIn(honours, revoked, {
      sources: [source("a", { revoked_on: { from: "r" } })],
    });
    expect(lists.of("D1")).toMatchObject({ ...NO_DATA, undelivered: 1 });
    expect(lists.of("D2")).toMatchObject({ state: "assessed", sample_size: 1, undelivered: 1 });
    expect(lists.of("D3")).toMatchObject({ state: "assessed", sample_size: 0, undelivered: 0 });
  });

  it("is given by a later file that says the same again", async () => {
    const said = order("D1", 1, null);
    const store = await world({ complaint: [said, order("D1", 1, null), order("D1", 2, 5)] });
    await addFiles(store, [{ file_id: 1, lacks: ["closed_at"] }, { file_id: 2 }]);
    const before = await measureIn(store, CLOSED);
    expect(before.of("D1")).toMatchObject({ numerator: 1, denominator: 1, undelivered: 2 });
    await store.run(
      "INSERT INTO core.sighting VALUES ('a', $key, 0, 2, 9, TIMESTAMP '2018-07-05', 'duplicate', NULL)",
      { key: said.record_key },
    );
    // Not closed, says file 2, which has the column: so it counts, as late.
    const after = await measureIn(store, CLOSED);
    expect(after.of("D1")).toMatchObject({ numerator: 1, denominator: 2, undelivered: 1 });
    await setAsOf(store, "2018-07-04 00:00:00");
    const earlier = await measureIn(store, CLOSED, { asOf: "2018-07-04 00:00:00" });
    expect(earlier.of("D1")).toMatchObject({ denominator: 1, undelivered: 2 });
  });

  it("is asked of the files known then", async () => {
    const store = await world({
      complaint: [
        { ...order("D1", 1, null), known_from: "2018-07-01 00:00:00" },
        { ...order("D1", 2, 9), known_from: "2018-07-08 00:00:00" },
      ],
    });
    await addFiles(store, [{ file_id: 1 }, { file_id: 2, received_at: "2018-07-08" }]);
    // As the source's only file was known, no record had ever been closed.
    await setAsOf(store, "2018-07-05 00:00:00");
    const then = await measureIn(store, CLOSED, { asOf: "2018-07-05 00:00:00" });
    expect(then.of("D1")).toMatchObject({ ...NO_DATA, undelivered: 1 });
    await setAsOf(store, "2018-07-10 00:00:00");
    const now = await measureIn(store, CLOSED);
    expect(now.of("D1")).toMatchObject({ numerator: 1, denominator: 2, undelivered: 0 });
  });

  it("changes the name under which a computation is found again", async () => {
    const store = await world({ complaint: [order("D1", 1, 5), order("D1", 2, 5)] });
    await addFiles(store, [{ file_id: 1 }, { file_id: 2 }]);
    expect((await measureIn(store, CLOSED)).of("D1")).toMatchObject({ denominator: 2 });
    await store.run("INSERT INTO core.undelivered VALUES ('a', 2, 'category')");
    expect((await measureIn(store, CLOSED)).outcome.counts).toMatchObject({ computed: 0 });
    await store.run("INSERT INTO core.undelivered VALUES ('a', 2, 'due_at')");
    const { of, outcome } = await measureIn(store, CLOSED);
    expect(outcome.counts).toMatchObject({ computed: 1 });
    expect(of("D1")).toMatchObject({ denominator: 1, undelivered: 1 });
  });
});

describe("a column that is there and always empty", () => {
  it("is not delivered, unless the source says that it may be empty, or gives a value itself", async () => {
    const opened = { complaint: [order("D1", 1, null), order("D2", 1, null)] };
    const states = async (closed_at: object) => {
      const store = await world(opened);
      await addFiles(store, [{ file_id: 1 }]);
      const sources = [source("a", { closed_at, due_at: { from: "d" } })];
      const { of } = await measureIn(store, CLOSED, { sources });
      return [of("D1")?.state, of("D1")?.undelivered];
    };
    expect(await states({ from: "c" })).toEqual(["no_data", 1]);
    expect(await states({ from: "c", may_be_empty: true })).toEqual(["assessed", 0]);
    expect(await states({ value: "x", when: {} })).toEqual(["assessed", 0]);
  });

  it("in one file of several counts as empty, and is told when it can hardly be chance", async () => {
    const many = (file: number, closed: number | null, count: number) =>
      Array.from({ length: count }, () => order("D1", file, closed));
    const store = await world({ complaint: [...many(1, 5, 30), ...many(2, null, 30)] });
    await addFiles(store, [{ file_id: 1 }, { file_id: 2 }]);
    const { of, outcome } = await measureIn(store, CLOSED);
    expect(of("D1")).toMatchObject({ numerator: 30, denominator: 60, undelivered: 0 });
    expect(outcome.notes.at(-1)?.en).toContain(
      "all 30 record(s) of 1 file(s) (h2) leave closed_at",
    );
    const few = await world({ complaint: [...many(1, 5, 3), ...many(2, null, 1)] });
    await addFiles(few, [{ file_id: 1 }, { file_id: 2 }]);
    expect((await measureIn(few, CLOSED)).outcome.notes).toHaveLength(1);
  });
});

describe("a column that some record must give", () => {
  const RATIO = makeIndicator({
    id: "X/ratio",
    evidence: "state",
    rollup: false,
    sql: `SELECT d.entity_id, p.period, d.as_at AS occurred_on, d.total_debt AS numerator, coalesce(g.gdp, 0) AS denominator,
            CAST(NULL AS VARCHAR) AS category, g.gdp IS NULL AS excluded, d.record_key, d.file_id, d.line
          FROM known.debt_position d JOIN period p ON d.as_at = p."end" AND d.total_debt IS NOT NULL
          LEFT JOIN known.debt_position g ON g.entity_id = d.entity_id AND g.gdp IS NOT NULL`,
    reads: { debt_position: ["total_debt+", "gdp+"] },
  });
  const position = (entity_id: string, file_id: number, more: object) => ({
    ...{ entity_id, file_id, source_id: "a", record_key: `${entity_id}${file_id}` },
    ...{ as_at: "2018-06-30", frequency: "year", ...more },
  });

  it("may stand in another file than the record it is divided into", async () => {
    const store = await world({
      debt_position: [
        position("D1", 1, { total_debt: 50 }),
        position("D1", 2, { gdp: 200 }),
        position("D2", 1, { total_debt: 50 }),
      ],
    });
    await addFiles(store, [
      { file_id: 1, lacks: ["gdp"] },
      { file_id: 2, lacks: ["total_debt"] },
    ]);
    const { of } = await measureIn(store, RATIO);
    expect(of("D1")).toMatchObject({ numerator: 50, denominator: 200, undelivered: 0 });
    expect(of("D2")).toMatchObject({ state: "too_few" });
  });

  it("is no data where no file gives it", async () => {
    const store = await world({ debt_position: [position("D1", 2, { gdp: 200 })] });
    await addFiles(store, [{ file_id: 2, lacks: ["total_debt"] }]);
    const { rows, outcome } = await measureIn(store, RATIO);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["no_data"]));
    expect(outcome.notes.at(-1)?.en).toContain("total_debt");
  });
});

describe("what a body is without any evidence", () => {
  it("is what the indicator's header says", async () => {
    for (const when_empty of ["not_applicable", "no_data"] as const) {
      const store = await world({ complaint: [order("D1", 1, 5)] });
      const { of } = await measureIn(
        store,
        makeIndicator({ ...CLOSED, when_empty, hash: when_empty }),
      );
      expect(of("D2")?.state).toBe(when_empty);
    }
  });
});

it("refuses an indicator that uses a column it does not declare", async () => {
  const store = await world({ complaint: [order("D1", 1, 5)] });
  const loose = makeIndicator({ ...CLOSED, reads: { complaint: ["due_at"] } });
  await expect(measureIn(store, loose)).rejects.toThrow(/uses complaint\.(category|closed_at)/);
});

describe("law", () => {
  const row = fc.record({
    who: fc.constantFrom("D1", "D2", "S1", "P1"),
    file: fc.constantFrom(1, 2, 3),
    closed: fc.option(fc.integer({ min: 10, max: 28 }), { nil: null }),
  });

  it("a column dropped from one file changes nothing for bodies without rows there, and is counted for the others", async () => {
    const store = await world({});
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 25 }),
        fc.constantFrom(1, 2, 3),
        async (rows, dropped) => {
          const above: Record<string, string> = { S1: "D1" };
          const run = async (drops: boolean) => {
            const complaint = rows.map(({ who, file, closed }) =>
              order(who, file, drops && file === dropped ? null : closed),
            );
            await store.script(
              "DELETE FROM core.complaint; DELETE FROM core.undelivered; DELETE FROM raw.file; DELETE FROM facts.run_computation",
            );
            await insertRows(store, { complaint });
            await addFiles(
              store,
              [1, 2, 3].map((file_id) => ({
                file_id,
                lacks: drops && file_id === dropped ? ["closed_at"] : [],
              })),
            );
            const empty = { closed_at: { from: "c", may_be_empty: true }, due_at: { from: "d" } };
            const { of } = await measureIn(store, CLOSED, { sources: [source("a", empty)] });
            return of;
          };
          const [whole, lacking] = [await run(false), await run(true)];
          for (const body of ["D1", "D2", "S1", "P1"]) {
            const own = rows.filter(({ who }) => who === body || above[who] === body);
            const lost = own.filter(({ file }) => file === dropped).length;
            const kept = own.filter(({ file }) => file !== dropped);
            if (lost === 0) {
              // With nobody's rows left the column is delivered by nobody.
              const nobody = rows.every(({ file }) => file === dropped);
              if (!nobody) expect(lacking(body)).toEqual(whole(body));
              continue;
            }
            expect(lacking(body)?.undelivered).toBe(lost);
            expect(lacking(body)?.sample_size).toBe(kept.length);
            if (kept.length === 0) expect(lacking(body)).toMatchObject(NO_DATA);
            else
              expect(lacking(body)?.numerator).toBe(
                kept.filter(({ closed }) => closed !== null && closed <= 20).length,
              );
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});

it("rows added to core alone, of a source that nothing is known of, are delivered whole", async () => {
  const store = await world({});
  await insertRows(store, { complaint: [order("D1", 1, null, "test")] });
  const { of } = await measureIn(store, CLOSED);
  expect(of("D1")).toMatchObject({ state: "assessed", numerator: 0, undelivered: 0 });
});
