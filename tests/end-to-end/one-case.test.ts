import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseKind } from "../../src/method/case-kind.ts";
import { examineMethod, type MethodOfLevel } from "../../src/method-report.ts";
import { copyTinyCity, JUNE, removeFolders, tinyConfig } from "./tiny-workspace.ts";

const [EAST_LAKE, WEST_HILL, NORTH_HARBOUR] = ["999901", "999902", "999903"];

/** A kind of order: closed on time (1) or late (0), made again (1) or not (0). */
function isOrder({ parts }: CaseKind, closed: number, again: number): boolean {
  return (
    parts.length === 2 &&
    parts.every(({ indicator, numerator }) =>
      indicator === "B2/closed-on-time" ? numerator === closed : numerator === again,
    )
  );
}

function effectsOf(
  level: MethodOfLevel | undefined,
  isKind: (kind: CaseKind) => boolean,
  change: "more" | "less",
) {
  const found = level?.fragility.tried.find((one) => isKind(one.kind) && one.change === change);
  return new Map(
    found?.effects.map(({ row, points, places }) => [
      level?.panel.entity[row],
      { points: Math.round(points * 1e6) / 1e6 + 0, places: places + 0 },
    ]),
  );
}

// Worked out on paper from tests/fixtures/tiny-city/WORKED.md, section 4: June 2018.
describe("what one case can do", () => {
  let levels: readonly MethodOfLevel[];
  beforeAll(async () => {
    const request = { pipeline: "tiny", ...JUNE, log: pino({ level: "silent" }) };
    ({ levels } = await examineMethod(tinyConfig(copyTinyCity()), request));
  });
  afterAll(removeFolders);
  const of = (level: string) => levels.find((one) => one.level === level);

  it("one order more is closed late, both indicators it stands in follow", () => {
    const late = effectsOf(of("district"), (kind) => isOrder(kind, 0, 0), "more");
    // East Lake: 8/11 closed → 45.454545, 1/11 again → 77.272727; service 61.363636 instead of 67.5, of which 0.6 counts.
    expect(late.get(EAST_LAKE)).toEqual({ points: -3.681818, places: 0 });
    // West Hill: 3/6 → 0, 1/6 → 58.333333; service 29.166667 instead of 35.
    expect(late.get(WEST_HILL)).toEqual({ points: -3.5, places: 0 });
    // North Harbour: 4/5 → 60, 0/6 → 100; service 80; 0.6 × 80 + 0.4 × 100 + 4 − 1 = 91 instead of 100.
    expect(late.get(NORTH_HARBOUR)).toEqual({ points: -9, places: 0 });
    // Both departments share the first rank at 85. Approvals: 3/5 → 20, 0/5 → 100; service 60 instead of 75.
    const departments = effectsOf(of("department"), (kind) => isOrder(kind, 0, 0), "more");
    expect([...departments.values()]).toContainEqual({ points: -9, places: -1 });
  });

  it("one late order less, only who has one gains", () => {
    const late = effectsOf(of("district"), (kind) => isOrder(kind, 0, 0), "less");
    // East Lake: 8/9 → 77.777778, 1/9 → 72.222222; service 75.
    expect(late.get(EAST_LAKE)).toEqual({ points: 4.5, places: 0 });
    expect(late.has(NORTH_HARBOUR)).toBe(false);
  });

  it("two indicators rest on the same orders, that is told", () => {
    // 10 of East Lake, 5 of West Hill, 4 of North Harbour, whose fifth has no deadline.
    expect(of("district")?.fragility.shared).toEqual([
      { one: "B2/closed-on-time", other: "B2/repeat-share", records: 19, overlap: 1 },
    ]);
  });

  it("values rest on fewer than ten rows, their weight is added up", () => {
    // East Lake 20 of 100 (delay: 3 licences), West Hill 80 of 100, North Harbour 60 of 80: 160 of 280. Debts are reports.
    expect(of("district")?.fragility.smallSamples[0]).toBeCloseTo(160 / 280, 12);
  });

  it("the first is first by more than one case moves, or it is not", () => {
    const [district] = of("district")?.fragility.firstPlaces ?? [];
    expect(district?.gap).toBeCloseTo(48.5, 9);
    expect(district?.firm).toBe(true);
    const [department] = of("department")?.fragility.firstPlaces ?? [];
    expect(department?.gap).toBe(0);
    expect(department?.firm).toBe(false);
    expect(of("township")?.fragility.firstPlaces).toEqual([undefined]);
  });
});
