import { describe, expect, test } from "vitest";
import { findCalendarFaults } from "../../src/standard/calendar-faults.ts";
import { countsWorkingDays } from "../../src/standard/indicator-file.ts";
import type { PipelineDefinition } from "../../src/standard/pipeline-definition.ts";
import { findScarceMonth } from "../../src/standard/schedule-months.ts";

const indicator = (sql: string) => ({
  id: "A1/delay",
  file: "/nowhere/metrics/indicators/A1/delay.sql",
  sql,
});
const DELAY = indicator("SELECT working_days_between(a, b) FROM known.publicity_item");

function faults(pipeline: object, counted: Partial<Parameters<typeof findCalendarFaults>[2]> = {}) {
  const document = {
    value: { pipeline: "city", ...pipeline } as PipelineDefinition,
    file: "city.yaml",
    text: "",
    fault: (path: readonly PropertyKey[], message: string) => ({
      file: `city.yaml ${path.join(".")}`,
      line: 1,
      column: 1,
      message,
    }),
  };
  return findCalendarFaults("/nowhere", document, {
    indicators: [],
    rules: [],
    ...counted,
  } as never);
}

describe("a pipeline without calendar", () => {
  test("is named with the indicator that counts working days", () => {
    const [fault, ...others] = faults({}, {
      indicators: [
        { by: ["standard"], indicator: DELAY },
        { by: ["standard"], indicator: indicator("SELECT 1 -- working_days_between(a, b)") },
      ],
    } as never);
    expect(others).toEqual([]);
    expect(fault?.file).toBe("city.yaml standard");
    expect(fault?.message).toMatch(/"A1\/delay" \(metrics.*delay\.sql\).*"city" has no calendar/);
    expect(fault?.message).toContain("流水线“city”没有工作日历");
  });

  test("is named with its schedule, and with rules of limits", () => {
    const found = faults(
      { schedule: { working_day: 3, at: "03:00", catch_up: "once" } },
      { rules: [{ by: ["rules", 0], id: "credit-repair" }] },
    );
    expect(found.map(({ file }) => file)).toEqual([
      "city.yaml rules.0",
      "city.yaml schedule.working_day",
    ]);
    expect(found[1]?.message).toMatch(/working_day: 3.*"city" has no calendar/);
  });

  test("has no fault when nothing counts working days", () => {
    expect(faults({ schedule: { cron: "0 3 * * 1", catch_up: "once" } })).toEqual([]);
  });
});

test("a calendar that is not there is a fault of the pipeline", () => {
  expect(faults({ calendar: "metrics/calendar/none.yaml" })[0]?.message).toContain(
    "there is no file",
  );
});

test.each([
  ["working_day_after(decided_on, 7)", true],
  ["WORKING_DAY_COUNT (d)", true],
  ["(SELECT max(day) FROM known.calendar_day)", true],
  ["'working_days_between('", false],
  ["not_working_days", false],
])("whether %s counts working days: %s", (sql, counts) => {
  expect(countsWorkingDays({ sql })).toBe(counts);
});

test.each([
  ["30 23 31 * *", "2001-02"],
  ["0 3 29,30 * *", "2001-02"],
  ["0 3 31 1,3,4 *", "2001-04"],
  ["0 0 29 2 *", "2001-02"],
  ["0 3 * * 1#5", "2001-02"],
  ["0 3 28 * *", undefined],
  ["0 3 L * *", undefined],
  ["0 3 31 1,3,5 *", undefined],
  ["0 3 31 * 1", undefined],
  ["*/10 * * * *", undefined],
])("the month in which %s gives no time: %s", (cron, month) => {
  expect(findScarceMonth(cron)).toBe(month);
});
