import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forecastSeries, METHODS } from "../../src/warn/forecast/forecast.ts";
import { HoltGrid } from "../../src/warn/forecast/holt.ts";
import { takeNativePoints } from "../../src/warn/forecast/native-points.ts";
import { medianOf, robustSlope } from "../../src/warn/forecast/robust-trend.ts";

const points = (...list: number[]) => Float64Array.from(list);

describe("the robust slope", () => {
  test("is the median of the slopes between all pairs", () => {
    // Slopes of 1, 2, 4: 1, (4 - 1) / 2 = 1.5, 2. The middle one is 1.5.
    expect(robustSlope(points(1, 2, 4), 3)).toBe(1.5);
  });

  test("is not moved by a wild point", () => {
    expect(robustSlope(points(0, 1, 2, 900, 4, 5, 6, 7), 8)).toBe(1);
  });

  test("of one point is 0", () => {
    expect(robustSlope(points(7), 1)).toBe(0);
  });

  test("median of an even number of values is the mean of the two in the middle", () => {
    expect(medianOf(points(9, 1, 3, 5, 99), 4)).toBe(4);
  });
});

test("Holt goes on along a straight line, whatever its weights", () => {
  const holt = new HoltGrid();
  holt.begin(10, 12);
  for (const value of [12, 14, 16, 18]) holt.add(value);
  const out = new Float64Array(3);
  holt.forecast(false, 3, out, 0);
  expect([...out].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([20, 22, 24]);
});

describe("the method is chosen by what would have been best", () => {
  test("a straight line: the trend, exact, with no spread", () => {
    const line = Float64Array.from({ length: 20 }, (_, at) => 100 + 3 * at);
    const forecast = forecastSeries(line, 4, 4);
    expect(forecast?.method).toBe("trend");
    expect([...(forecast?.central ?? [])]).toEqual([160, 163, 166, 169]);
    expect([...(forecast?.spread ?? [])]).toEqual([0, 0, 0, 0]);
    // The naive forecast misses by 3, 6, 9 and 12; at origins near the end fewer steps can be checked.
    expect(forecast?.errors[METHODS.indexOf("naive")]).toBeGreaterThan(5);
  });

  test("a pure season: the value a year before", () => {
    const season = Float64Array.from({ length: 24 }, (_, at) => [10, 40, 20, 5][at % 4] as number);
    const forecast = forecastSeries(season, 4, 4);
    expect(forecast?.method).toBe("seasonal");
    expect([...(forecast?.central ?? [])]).toEqual([10, 40, 20, 5]);
  });

  test("a constant: the simplest", () => {
    const forecast = forecastSeries(new Float64Array(20).fill(7), 3, 12);
    expect(forecast?.method).toBe("naive");
    expect([...(forecast?.central ?? [])]).toEqual([7, 7, 7]);
  });

  test("too few points for a backtest: the naive, its spread growing with the root of the steps", () => {
    // Steps of 3 and 4 in turn: their mean square is (9 + 16 + 9) / 3.
    const forecast = forecastSeries(points(0, 3, 7, 10), 4, 12);
    expect(forecast?.method).toBe("naive");
    expect(forecast?.origins).toBe(0);
    const unit = Math.sqrt(34 / 3);
    expect(forecast?.spread[0]).toBeCloseTo(unit, 12);
    expect(forecast?.spread[3]).toBeCloseTo(2 * unit, 12);
  });

  test("three points are no series", () => {
    expect(forecastSeries(points(1, 2, 3), 4, 12)).toBeUndefined();
  });

  test("only the past is looked at: what comes after an origin does not change what is forecast there", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 8, maxLength: 30 }),
        (list) => {
          const forecast = forecastSeries(Float64Array.from(list), 3, 4);
          const holt = new HoltGrid();
          holt.begin(list[0] as number, list[1] as number);
          for (const value of list.slice(1)) holt.add(value);
          const alone = new Float64Array(3);
          holt.forecast(true, 3, alone, 0);
          const place = METHODS.indexOf("damped") * 3;
          expect([...(forecast?.byMethod.slice(place, place + 3) ?? [])]).toEqual([...alone]);
        },
      ),
    );
  });
});

describe("a series is forecast at its own pace", () => {
  test("a yearly figure on a monthly grid is one point a year", () => {
    const values = Float64Array.from({ length: 36 }, (_, at) => 10 + Math.floor(at / 12));
    const reported = Uint8Array.from({ length: 36 }, (_, at) => (at % 12 === 11 ? 1 : 0));
    const native = takeNativePoints(values, reported, 24);
    expect(native?.step).toBe(12);
    expect([...(native?.points ?? [])]).toEqual([10, 11, 12]);
    expect(native?.last).toBe(35);
  });

  test("quarters, and monthly values after a gap", () => {
    const quarters = Uint8Array.from({ length: 12 }, (_, at) => (at % 3 === 2 ? 1 : 0));
    const values = Float64Array.from({ length: 12 }, (_, at) => at);
    expect(takeNativePoints(values, quarters, 24)?.step).toBe(3);
    const monthly = new Uint8Array(12).fill(1);
    monthly[4] = 0;
    expect([...(takeNativePoints(values, monthly, 24)?.points ?? [])]).toEqual([
      5, 6, 7, 8, 9, 10, 11,
    ]);
  });

  test("what ended long ago is not forecast", () => {
    const reported = new Uint8Array(40);
    reported[3] = 1;
    expect(takeNativePoints(new Float64Array(40).fill(1), reported, 24)).toBeUndefined();
  });
});
