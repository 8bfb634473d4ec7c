import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
import { shownNumber, sumOf } from "../../src/measure/figures.ts";
import { measure } from "../../src/measure/measure.ts";
import { Store } from "../../src/store/store.ts";
import { makeIndicator } from "./make-indicator.ts";
import { closeWorlds, measureOne, world } from "./measure-one.ts";
import { makeContext } from "./small-world.ts";

let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 2 });
});
afterAll(() => store.close());
afterEach(closeWorlds);

const FIGURE = makeIndicator({
  sql: `SELECT entity_id, as_at AS occurred_on, value AS numerator, 1 AS denominator, CAST(NULL AS VARCHAR) AS category,
          false AS excluded, record_key, file_id, line FROM known.observation`,
  reads: { observation: [] },
});

const figure = (entity_id: string, value: number) => ({
  entity_id,
  measure: "x",
  as_at: "2018-06-30",
  value,
});

async function add(numbers: readonly number[]): Promise<number> {
  const row = await store.row<{ total: number }>(
    `SELECT ${sumOf("x", "figure")} AS total FROM (SELECT unnest(CAST(CAST($numbers AS JSON) AS DOUBLE[])) AS x)`,
    { numbers: JSON.stringify(numbers) },
  );
  return row?.total as number;
}

describe("a figure", () => {
  test.each([1e-17, 5.1000000000000005, 1e15, 1.2345678901234568e-300, -9.87654321098765e22])(
    "%d goes through as it is",
    async (value) => {
      const { of } = await measureOne({ observation: [figure("D1", value)] }, FIGURE);
      expect(of("D1")).toMatchObject({ state: "assessed", value, denominator: "1.000000" });
    },
  );

  it("goes through whatever it is", async () => {
    const values = fc.double({ noNaN: true, noDefaultInfinity: true });
    await fc.assert(
      fc.asyncProperty(values, values, async (one, other) => {
        const known = { observation: [figure("D1", one), figure("D2", other)] };
        const { of } = await measureOne(known, { ...FIGURE, rollup: false });
        closeWorlds();
        // JSON, by which tests put rows in, has no −0.
        expect(of("D1")?.value).toBe(one + 0);
        expect(of("D2")?.value).toBe(other + 0);
      }),
      { numRuns: 8 },
    );
  });

  it("is shown in six places only where they tell it", async () => {
    const shown = async (value: string) =>
      (
        await store.row<{ s: string | null }>(
          `SELECT ${shownNumber("x")} AS s FROM (SELECT CAST($value AS DOUBLE) AS x)`,
          { value },
        )
      )?.s;
    expect(await shown("0")).toBe("0.000000");
    expect(await shown("0.25")).toBe("0.250000");
    expect(await shown("1234567.8901234")).toBe("1234567.890123");
    expect(await shown("1e-7")).toBeNull();
    expect(await shown("1e40")).toBeNull();
  });
});

describe("a sum of figures", () => {
  it("does not hang on their order", async () => {
    const numbers = fc.array(
      fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e300, min: -1e300 }),
      {
        minLength: 2,
        maxLength: 30,
      },
    );
    const orders = numbers.chain((some) =>
      fc.tuple(
        fc.constant(some),
        fc.shuffledSubarray(some, { minLength: some.length, maxLength: some.length }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([one, other]) => {
        expect(await add(other)).toBe(await add(one));
      }),
      { numRuns: 60 },
    );
  });

  it("keeps what a plain sum loses", async () => {
    expect(await add(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  });

  it("that runs over is no data, and stops nothing", async () => {
    const { of } = await measureOne(
      { observation: [figure("D1", 1.7e308), figure("S1", 1.7e308), figure("D2", 4)] },
      FIGURE,
    );
    expect(of("D1")).toMatchObject({ state: "no_data", value: null, sample_size: 2 });
    expect(of("D2")).toMatchObject({ state: "assessed", value: 4 });
  });
});

describe("numbers that the evidence cannot hold", () => {
  it("leave their rows out, counted, and the run says so", async () => {
    const narrow = makeIndicator({
      sql: FIGURE.sql.replace("value AS numerator", "CAST(value AS DECIMAL(9,2)) AS numerator"),
      reads: { observation: [] },
    });
    const opened = await world({ observation: [figure("D1", 1e13), figure("D2", 4)] });
    const outcome = await measure(makeContext(opened, [narrow], ["2018-06"]));
    expect(
      await opened.rows(
        "SELECT entity_id, value, sample_size, excluded FROM facts.value WHERE entity_id IN ('D1', 'D2') ORDER BY entity_id",
      ),
    ).toEqual([
      { entity_id: "D1", value: null, sample_size: 0, excluded: 1 },
      { entity_id: "D2", value: 4, sample_size: 1, excluded: 0 },
    ]);
    expect(outcome.notes.map(({ en }) => en)).toContainEqual(
      expect.stringContaining("cannot hold them"),
    );
  });

  it("so do amounts and counts of a size that sums would run over", async () => {
    const { of } = await measureOne(
      { observation: [figure("D1", 1), figure("D2", 2)] },
      makeIndicator({
        sql: FIGURE.sql.replace(
          "value AS numerator",
          "CASE WHEN value = 1 THEN CAST('9e31' AS DECIMAL(38,6)) ELSE CAST(7 AS DECIMAL(38,6)) END AS numerator",
        ),
        reads: { observation: [] },
      }),
    );
    expect(of("D1")).toMatchObject({ sample_size: 0, excluded: 1 });
    expect(of("D2")).toMatchObject({ value: 7 });
  });
});

test("a median of figures keeps their digits", async () => {
  const { of } = await measureOne(
    { observation: [figure("D1", 1e-17), figure("S1", 3e-17), figure("T1", 9)] },
    { ...FIGURE, aggregate: "median" },
  );
  expect(of("D1")).toMatchObject({ value: 3e-17, numerator: null });
});
