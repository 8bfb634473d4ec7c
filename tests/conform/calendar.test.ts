import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Bench, openBench } from "./fixture.ts";

let bench: Bench;
afterEach(() => bench.close());

// 29 December 2018, a Saturday, was made up for 31 December; 1 January is a holiday.
const DAYS = [
  "day,is_working,note",
  "2018-12-28,true,",
  "2018-12-29,true,补班",
  "2018-12-30,false,周末",
  "2018-12-31,false,元旦",
  "2019-01-01,false,元旦",
  "2019-01-02,true,",
];

async function load(lines: readonly string[]): Promise<void> {
  bench = await openBench([], {
    files: { "metrics/calendar/c.csv": `${lines.join("\n")}\n` },
    calendar: "metrics/calendar/c.csv",
  });
  await bench.conform();
}

test("working days are counted day by day", async () => {
  await load(DAYS);
  expect(
    (
      await bench.rows<{ n: number }>(
        "SELECT working_days AS n FROM core.calendar_day ORDER BY day",
      )
    ).map(({ n }) => n),
  ).toEqual([1, 2, 2, 2, 2, 3]);
  expect(
    await bench.rows("SELECT working_days_between(DATE '2018-12-28', DATE '2019-01-02') AS n"),
  ).toEqual([{ n: 2 }]);
});

test("a changed calendar replaces the one held, days taken away too", async () => {
  await load(DAYS);
  const file = join(bench.folder, "metrics/calendar/c.csv");
  writeFileSync(file, [...DAYS.slice(0, 2), "2018-12-29,false,"].join("\n"));
  await bench.conform();
  expect(
    await bench.rows("SELECT day, working_days, note FROM core.calendar_day ORDER BY day"),
  ).toEqual([
    { day: "2018-12-28", working_days: 1, note: null },
    { day: "2018-12-29", working_days: 1, note: null },
  ]);
});

test.each([
  [
    "a gap",
    DAYS.filter((line) => !line.startsWith("2018-12-30")),
    /c\.csv:4: 2018-12-31 stands where 2018-12-30 should/,
  ],
  [
    "a day twice",
    [...DAYS.slice(0, 2), ...DAYS.slice(1)],
    /c\.csv:3: 2018-12-28 stands where 2018-12-29/,
  ],
  ["no day", [DAYS[0] as string, "2018-02-30,true,"], /c\.csv:2: "2018-02-30" is no day/],
  [
    "no truth",
    [DAYS[0] as string, "2018-02-28,maybe,"],
    /c\.csv:2: is_working of 2018-02-28 is "maybe"/,
  ],
  [
    "a comma too many",
    [DAYS[0] as string, "2018-02-28,true,a,b"],
    /c\.csv cannot be read: .*line 2/,
  ],
  ["nothing", [DAYS[0] as string], /has no days/],
])("%s is told with its line", async (_, lines, sentence) => {
  await expect(load(lines)).rejects.toThrow(sentence);
});

test("outside the calendar nothing is guessed", async () => {
  await load(DAYS);
  expect(
    await bench.rows("SELECT working_days_between(DATE '2018-12-28', DATE '2019-01-03') AS n"),
  ).toEqual([{ n: null }]);
});
