import { describe, expect, test } from "vitest";
import type { Scenario } from "../../src/standard/warning-definition.ts";
import { computeSeries, gatherFigures, shockFigures } from "../../src/warn/position-series.ts";
import { fillStock, fillYear, type PositionRows } from "../../src/warn/positions.ts";
import { makePositionSeries } from "./make-position-series.ts";

type Row = readonly [month: number, span: 0 | 1 | 2, value: number];

function rowsOf(columns: Record<string, readonly Row[]>): PositionRows {
  const list = Object.entries(columns).flatMap(([name, rows]) =>
    rows.map((row) => ({ name, row })),
  );
  return {
    length: list.length,
    place: new Int32Array(list.length),
    month: Int32Array.from(list, ({ row }) => row[0]),
    span: Int32Array.from(list, ({ row }) => row[1]),
    scope: new Int32Array(list.length),
    columns: new Map(
      Object.keys(columns).map((name) => [
        name as never,
        Float64Array.from(list, (one) => (one.name === name ? one.row[2] : Number.NaN)),
      ]),
    ),
  };
}

const grid = (count: number) => ({ first: 0, count });

describe("twelve months up to a month's end", () => {
  test("are the sum of the months once all are there, else the newest year", () => {
    const months: Row[] = Array.from({ length: 12 }, (_, at) => [12 + at, 0, 10]);
    const rows = rowsOf({ principal_due: [[11, 2, 90], ...months] });
    const { values, reported } = fillYear(rows, "principal_due", "statutory", 1, grid(26));
    expect(values[10]).toBeNaN();
    // The year's 90 until eleven months are there, then 12 × 10; from month 24 on one is missing and the year is 13 months old.
    expect([values[11], values[22], values[23], values[24]]).toEqual([90, 90, 120, 90]);
    expect([reported[11], reported[12], reported[23]]).toEqual([1, 0, 1]);
  });

  test("are four quarters in a row, carried to the next quarter's end", () => {
    const rows = rowsOf({
      principal_due: [
        [2, 1, 1],
        [5, 1, 2],
        [8, 1, 3],
        [11, 1, 4],
        [14, 1, 10],
      ],
    });
    const { values } = fillYear(rows, "principal_due", "statutory", 1, grid(20));
    expect(values[10]).toBeNaN();
    // 1 + 2 + 3 + 4; then 2 + 3 + 4 + 10; after three months without another quarter nothing is known.
    expect([values[11], values[13], values[14], values[16]]).toEqual([10, 10, 19, 19]);
    expect(values[17]).toBeNaN();
  });

  test("a year stands for two years and no longer", () => {
    const { values } = fillYear(rowsOf({ gdp: [[0, 2, 5]] }), "gdp", "statutory", 1, grid(30));
    expect(values[23]).toBe(5);
    expect(values[24]).toBeNaN();
  });
});

test("a stock is the newest figure, whatever its span, for a year and a half", () => {
  const rows = rowsOf({
    total_debt: [
      [0, 2, 7],
      [3, 1, 8],
      [4, 0, 9],
    ],
  });
  const { values } = fillStock(rows, "total_debt", "statutory", 1, grid(30));
  expect([values[0], values[2], values[3], values[4], values[21]]).toEqual([7, 7, 8, 9, 9]);
  expect(values[22]).toBeNaN();
});

test("of two rows of one month the later in order counts", () => {
  const rows = rowsOf({
    total_debt: [
      [1, 0, 5],
      [1, 0, 6],
    ],
  });
  expect(fillStock(rows, "total_debt", "statutory", 1, grid(3)).values[2]).toBe(6);
});

describe("a ratio", () => {
  const series = makePositionSeries({
    numerator: { stock: ["total_debt"], or: ["general_debt", "special_debt"] },
    denominator: {
      year: ["comprehensive_resources"],
      or: ["budget_revenue", "fund_revenue"],
      less: ["remitted_revenue"],
    },
    scale: 100,
  });
  const base = {
    total_debt: [],
    general_debt: [],
    special_debt: [],
    comprehensive_resources: [],
    budget_revenue: [],
    fund_revenue: [],
    remitted_revenue: [],
  };
  const ratio = (columns: Record<string, readonly Row[]>) =>
    computeSeries(series, gatherFigures(rowsOf({ ...base, ...columns }), 1, grid(1))).values[0];

  test("takes the whole where it is reported, else its parts", () => {
    expect(ratio({ total_debt: [[0, 0, 240]], comprehensive_resources: [[0, 2, 200]] })).toBe(120);
    expect(
      ratio({
        general_debt: [[0, 0, 100]],
        special_debt: [[0, 0, 50]],
        comprehensive_resources: [[0, 2, 200]],
      }),
    ).toBe(75);
    // 300 ÷ (150 + 60 − 10)
    expect(
      ratio({
        total_debt: [[0, 0, 300]],
        budget_revenue: [[0, 2, 150]],
        fund_revenue: [[0, 2, 60]],
        remitted_revenue: [[0, 2, 10]],
      }),
    ).toBe(150);
  });

  test("is unknown without a part, or with nothing to divide by", () => {
    expect(
      ratio({ general_debt: [[0, 0, 100]], comprehensive_resources: [[0, 2, 200]] }),
    ).toBeNaN();
    expect(ratio({ total_debt: [[0, 0, 100]], comprehensive_resources: [[0, 2, 0]] })).toBeNaN();
  });

  test("under a scenario: land revenue falls by a fifth, or 17 % of fund revenue where land is not told apart", () => {
    const scenario = {
      id: "x",
      title: { zh: "x", en: "x" },
      shocks: [
        {
          column: "comprehensive_resources",
          times: 1,
          add: { land_revenue: -0.2 },
          or_add: { fund_revenue: -0.17 },
        },
      ],
    } as unknown as Scenario;
    const stressed = (columns: Record<string, readonly Row[]>) => {
      const figures = gatherFigures(rowsOf({ ...base, land_revenue: [], ...columns }), 1, grid(1));
      return computeSeries(series, shockFigures(figures, scenario, 0, 1)).values[0];
    };
    const debt = {
      total_debt: [[0, 0, 240] as Row],
      comprehensive_resources: [[0, 2, 200] as Row],
    };
    // 240 ÷ (200 − 0.2 × 40)
    expect(stressed({ ...debt, land_revenue: [[0, 2, 40]] })).toBe(125);
    // 240 ÷ (200 − 0.17 × 100)
    expect(stressed({ ...debt, fund_revenue: [[0, 2, 100]] })).toBeCloseTo(24000 / 183, 10);
    expect(stressed(debt)).toBe(120);
  });
});
