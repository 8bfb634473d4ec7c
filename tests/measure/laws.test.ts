import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { measure } from "../../src/measure/measure.ts";
import { makeIndicator } from "./make-indicator.ts";
import { closeWorlds, complaint, measureOne, world } from "./measure-one.ts";
import { makeContext, openWorld, readValues, setAsOf } from "./small-world.ts";

afterEach(closeWorlds);

describe("order of rows", () => {
  const SUMS = makeIndicator({
    sql: `SELECT entity_id, decided_on AS occurred_on, CAST(fine_amount AS DOUBLE) AS numerator,
            CAST(confiscated_amount AS DOUBLE) AS denominator, list AS category, false AS excluded, record_key, file_id, line
          FROM known.publicity_item`,
    reads: { publicity_item: ["fine_amount", "confiscated_amount"] },
  });
  const MIDDLE = { ...SUMS, id: "X/middle", aggregate: "median" as const, hash: "middle" };
  const row = fc.record({
    entity_id: fc.constantFrom("D1", "S1", "T1", "D2"),
    decided_on: fc.constantFrom("2017-05-05", "2017-07-01", "2018-03-05", "2018-06-30"),
    list: fc.constantFrom("licence", "penalty"),
    fine_amount: fc.integer({ min: 0, max: 1_000_000_000 }).map((fen) => (fen / 100).toFixed(2)),
    confiscated_amount: fc
      .integer({ min: 1, max: 10_000_000 })
      .map((fen) => (fen / 100).toFixed(2)),
  });
  const rowsInTwoOrders = fc
    .array(row, { minLength: 1, maxLength: 40 })
    .map((rows) => rows.map((each, index) => ({ ...each, record_key: `K${index}`, line: index })))
    .chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
      ),
    );

  it("changes neither values nor fingerprints", async () => {
    await fc.assert(
      fc.asyncProperty(rowsInTwoOrders, async ([one, other]) => {
        const read = async (rows: typeof one) => {
          const store = await openWorld({ publicity_item: rows });
          await measure(makeContext(store, [SUMS, MIDDLE], ["2018-05", "2018-06"]));
          const values = await readValues(store);
          const names = await store.rows(
            "SELECT * FROM facts.run_computation ORDER BY indicator_id, period",
          );
          store.close();
          return { values, names };
        };
        expect(await read(other)).toEqual(await read(one));
      }),
      { numRuns: 12 },
    );
  });

  it("is summed exactly where doubles would drift", async () => {
    // In doubles 0.1 ten times is 0.9999999999999999.
    const { of } = await measureOne(
      {
        publicity_item: Array.from({ length: 10 }, (_, index) => ({
          entity_id: "D1",
          list: "penalty",
          decided_on: "2018-03-05",
          fine_amount: "0.10",
          confiscated_amount: "0.20",
          record_key: `K${index}`,
        })),
      },
      SUMS,
    );
    expect(of("D1")).toMatchObject({ numerator: "1.000000", denominator: "2.000000", value: 0.5 });
  });
});

describe("rollup", () => {
  const known = {
    complaint: [
      complaint("D1", "2018-06-01"),
      complaint("S1", "2018-06-01", { resolved: false }),
      complaint("T1", "2018-06-01"),
      complaint("P1", "2018-06-01"),
    ],
  };

  it("counts streets and towns for their district, once, and nobody for departments", async () => {
    const { of } = await measureOne(known);
    expect(of("D1")).toMatchObject({ numerator: "2.000000", denominator: "3.000000" });
    expect(of("S1")).toMatchObject({ numerator: "0.000000", denominator: "1.000000" });
    expect(of("P1")).toMatchObject({ numerator: "1.000000", denominator: "1.000000" });
  });

  it("is left out where the indicator says so", async () => {
    const { of } = await measureOne(known, makeIndicator({ rollup: false }));
    expect(of("D1")).toMatchObject({ numerator: "1.000000", denominator: "1.000000" });
  });

  it("does not measure the city, which is not scored", async () => {
    const { values } = await measureOne(known, makeIndicator({ levels: ["city", "district"] }));
    expect(values.map(({ entity_id }) => entity_id)).toEqual(["D1", "D2", "D3"]);
  });
});

describe("categories", () => {
  it("carry the same sums, level by level", async () => {
    const { store } = await measureOne({
      complaint: [
        complaint("D1", "2018-06-01", { category: "road" }),
        complaint("S1", "2018-06-01", { category: "road", resolved: false }),
        complaint("D1", "2018-06-02", { category: "water" }),
        complaint("D1", "2018-06-03"), // of no category
        complaint("D1", "2018-06-04", { category: "left out", resolved: null }),
      ],
    });
    expect(
      await store.rows(
        "SELECT entity_id, category, numerator, denominator, sample_size FROM facts.category ORDER BY entity_id, category",
      ),
    ).toEqual([
      row("D1", "road", "1.000000", "2.000000", 2),
      row("D1", "water", "1.000000", "1.000000", 1),
      row("S1", "road", "0.000000", "1.000000", 1),
    ]);
    function row(
      entity_id: string,
      category: string,
      numerator: string,
      denominator: string,
      sample_size: number,
    ) {
      return { entity_id, category, numerator, denominator, sample_size };
    }
  });
});

describe("as known", () => {
  it("what was learned later does not count", async () => {
    const store = await world({
      complaint: [
        complaint("D1", "2018-06-01", { known_from: "2018-07-01 00:00:00" }),
        complaint("D1", "2018-06-02", { known_from: "2018-08-01 00:00:00" }),
        // A version replaced on 5 August by a correction.
        complaint("D2", "2018-06-02", {
          known_from: "2018-07-01 00:00:00",
          known_to: "2018-08-05 00:00:00",
        }),
      ],
    });
    const measured = async (asOf: string) => {
      await setAsOf(store, asOf);
      await measure(makeContext(store, [makeIndicator()], ["2018-06"], { asOf, runId: asOf }));
      const values = await readValues(store, asOf);
      return values
        .filter(({ sample_size }) => sample_size > 0)
        .map((v) => [v.entity_id, v.sample_size]);
    };
    expect(await measured("2018-07-10 00:00:00")).toEqual([
      ["D1", 1],
      ["D2", 1],
    ]);
    expect(await measured("2018-08-10 00:00:00")).toEqual([["D1", 2]]);
    // The earlier question still has its earlier answer.
    expect(await measured("2018-07-10 00:00:00")).toEqual([
      ["D1", 1],
      ["D2", 1],
    ]);
  });
});
