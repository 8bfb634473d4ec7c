import { afterEach, describe, expect, it } from "vitest";
import { measure } from "../../src/measure/measure.ts";
import { readIndicators } from "../../src/standard/workspace.ts";
import type { Store } from "../../src/store/store.ts";
import { makeIndicator } from "./make-indicator.ts";
import { insertRows, makeContext, openWorld, setAsOf } from "./small-world.ts";

const PERIODS = ["2018-04", "2018-05", "2018-06"];
const FACTS = ["computation", "run_computation", "value", "category", "item"];

const KNOWN = {
  complaint: ["D1", "S1", "D2", "P1"].flatMap((entity_id, who) =>
    Array.from({ length: 15 }, (_, index) => ({
      entity_id,
      record_key: `${entity_id}-${index}`,
      received_at: `2018-0${1 + (index % 6)}-1${who} 09:00:00`,
      due_at: `2018-0${1 + (index % 6)}-2${who} 09:00:00`,
      closed_at: index % 4 === 0 ? null : `2018-0${1 + (index % 6)}-2${index % 7} 09:00:00`,
      resolved: index % 3 > 0,
      category: index % 2 ? "road" : "water",
    })),
  ),
  task: [{ entity_id: "D1", due_on: "2018-03-05" }],
  dishonesty_record: [{ entity_id: "D2", decided_on: "2018-05-05" }],
};

const opened: Store[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

async function world(): Promise<Store> {
  const store = await openWorld(KNOWN);
  opened.push(store);
  return store;
}

/** Every row of facts, in an order of its own. */
async function readFacts(store: Store): Promise<Record<string, unknown[]>> {
  const facts: Record<string, unknown[]> = {};
  for (const table of FACTS) {
    facts[table] = await store.rows(`SELECT * FROM facts.${table} ORDER BY ALL`);
  }
  return facts;
}

const COMPLAINTS = makeIndicator({ id: "X/complaints" });
const TASKS = makeIndicator({
  id: "X/tasks",
  reads: { task: ["kind?"] },
  sql: `SELECT entity_id, due_on AS occurred_on, 0 AS numerator, 1 AS denominator, kind AS category, false AS excluded,
          record_key, file_id, line FROM known.task`,
});

describe("reuse", () => {
  it("computes nothing a second time, and leaves the same rows", async () => {
    const store = await world();
    const context = makeContext(store, [COMPLAINTS, TASKS], PERIODS);
    expect((await measure(context)).counts).toEqual({
      indicators: 2,
      periods: 3,
      computed: 6,
      reused: 0,
    });
    const before = await readFacts(store);
    expect((await measure(context)).counts).toMatchObject({ computed: 0, reused: 6 });
    expect(await readFacts(store)).toEqual(before);
  });

  it("computes the period that is new, and it alone", async () => {
    const store = await world();
    await measure(makeContext(store, [COMPLAINTS], PERIODS.slice(0, 2)));
    const outcome = await measure(makeContext(store, [COMPLAINTS], PERIODS));
    expect(outcome.counts).toMatchObject({ computed: 1, reused: 2 });
    const grown = await readFacts(store);
    const fresh = await world();
    await measure(makeContext(fresh, [COMPLAINTS], PERIODS));
    expect(await readFacts(fresh)).toEqual(grown);
  });

  it("computes again what reads a table that changed, and nothing else", async () => {
    const store = await world();
    const context = makeContext(store, [COMPLAINTS, TASKS], PERIODS);
    await measure(context);
    await insertRows(store, {
      task: [{ entity_id: "D2", due_on: "2018-03-05", record_key: "new" }],
    });
    expect((await measure(context)).counts).toMatchObject({ computed: 3, reused: 3 });
  });

  it("computes again when a row is replaced by another version", async () => {
    const store = await world();
    await measure(makeContext(store, [TASKS], PERIODS));
    await store.run("UPDATE core.task SET line = line + 100");
    expect((await measure(makeContext(store, [TASKS], PERIODS))).counts.computed).toBe(3);
  });

  it("computes again when the indicator, the window, the bodies or the calendar change", async () => {
    const store = await world();
    const recomputed = async (context: Parameters<typeof measure>[0]) =>
      (await measure(context)).counts.computed;
    expect(await recomputed(makeContext(store, [TASKS], PERIODS))).toBe(3);
    const edited = { ...TASKS, hash: "edited" };
    expect(await recomputed(makeContext(store, [edited], PERIODS))).toBe(3);
    expect(await recomputed(makeContext(store, [TASKS], PERIODS, { windowMonths: 6 }))).toBe(3);
    await store.run("UPDATE core.entity SET line = line + 100 WHERE entity_id = 'D3'");
    expect(await recomputed(makeContext(store, [TASKS], PERIODS))).toBe(3);
    await store.run(
      "UPDATE core.calendar_day SET is_working = NOT is_working WHERE day = '2018-03-05'",
    );
    expect(await recomputed(makeContext(store, [TASKS], PERIODS))).toBe(3);
    expect(await recomputed(makeContext(store, [TASKS], PERIODS))).toBe(0);
  });

  it("serves two runs with one computation, and rewrites only the run's own list", async () => {
    const store = await world();
    await measure(makeContext(store, [COMPLAINTS], PERIODS, { runId: "first" }));
    await measure(makeContext(store, [COMPLAINTS], PERIODS, { runId: "second" }));
    await measure(makeContext(store, [COMPLAINTS], PERIODS.slice(2), { runId: "second" }));
    expect(
      await store.rows(
        "SELECT run_id, count(*) AS count FROM facts.run_computation GROUP BY run_id ORDER BY run_id",
      ),
    ).toEqual([
      { run_id: "first", count: 3 },
      { run_id: "second", count: 1 },
    ]);
  });
});

describe("rebuild", () => {
  it("from nothing gives the very rows, with every indicator there is", async () => {
    // A family is measured by its members, which standards name.
    const indicators = [
      ...readIndicators(makeContext(await world(), [], PERIODS).workspace).values(),
    ].filter(({ family }) => !family);
    const store = await world();
    await measure(makeContext(store, indicators.slice(0, 40), PERIODS));
    await measure(makeContext(store, indicators, PERIODS.slice(1)));
    await measure(makeContext(store, indicators, PERIODS));
    const grown = await readFacts(store);
    for (const table of FACTS) await store.run(`DELETE FROM facts.${table}`);
    await measure(makeContext(store, indicators, PERIODS));
    const rebuilt = await readFacts(store);
    for (const table of FACTS) expect(rebuilt[table]).toEqual(grown[table]);
    expect(rebuilt.value?.length).toBeGreaterThan(1000);
  });

  it("goes on after a run that died in the middle", async () => {
    const store = await world();
    const broken = makeIndicator({
      id: "X/later",
      sql: COMPLAINTS.sql.replace("1 AS denominator", "error('no such luck') AS denominator"),
    });
    await expect(measure(makeContext(store, [COMPLAINTS, broken], PERIODS))).rejects.toThrow(
      /indicator X\/later .*cannot be measured/s,
    );
    // Nothing is left by halves.
    const left = await readFacts(store);
    for (const table of FACTS) expect(left[table]).toEqual([]);
    const later = makeIndicator({ id: "X/later" });
    const outcome = await measure(makeContext(store, [COMPLAINTS, later], PERIODS));
    expect(outcome.counts).toMatchObject({ computed: 6, reused: 0 });
    const recovered = await readFacts(store);
    const fresh = await world();
    await measure(makeContext(fresh, [COMPLAINTS, later], PERIODS));
    expect(await readFacts(fresh)).toEqual(recovered);
  });

  it("names the column that an indicator forgot", async () => {
    const store = await world();
    const without = makeIndicator({ sql: COMPLAINTS.sql.replace("category, ", "") });
    await expect(measure(makeContext(store, [without], PERIODS))).rejects.toThrow(
      "The indicator X/test (X/test.sql) cannot be measured: its SELECT lacks the column category. Add it.",
    );
  });
});

describe("fingerprints", () => {
  it("are the same at two as-of times between which nothing was learned", async () => {
    const store = await world();
    await measure(makeContext(store, [COMPLAINTS], PERIODS));
    const asOf = "2018-09-10 00:00:00";
    await setAsOf(store, asOf);
    const outcome = await measure(
      makeContext(store, [COMPLAINTS], PERIODS, { asOf, runId: "later" }),
    );
    expect(outcome.counts).toMatchObject({ computed: 0, reused: 3 });
  });
});
