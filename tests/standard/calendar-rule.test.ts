import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readCalendar } from "../../src/standard/calendar-file.ts";

const folder = mkdtempSync(join(tmpdir(), "zhengxin-calendar-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "c.yaml"), text);
  return readCalendar(folder, { pipeline: "p", calendar: "c.yaml" } as never) ?? [];
}

// 2018-07-04 was a Wednesday, 2018-07-07 a Saturday.
const WEEK = `from: 2018-07-02
to: 2018-07-08
weekdays: [mon, tue, wed, thu, fri]
`;

test("weekdays, holidays and other days worked make every day of the span", () => {
  const days = read(
    `${WEEK}holidays: [{ day: 2018-07-04, note: Independence Day }]\nworking: ["2018-07-07"]\n`,
  );
  expect(days).toEqual([
    { day: "2018-07-02", is_working: "true", note: "" },
    { day: "2018-07-03", is_working: "true", note: "" },
    { day: "2018-07-04", is_working: "false", note: "Independence Day" },
    { day: "2018-07-05", is_working: "true", note: "" },
    { day: "2018-07-06", is_working: "true", note: "" },
    { day: "2018-07-07", is_working: "true", note: "" },
    { day: "2018-07-08", is_working: "false", note: "" },
  ]);
});

test("a week may be worked from Sunday to Thursday, and a holiday fall on a free day", () => {
  const days = read(
    "from: 2018-07-06\nto: 2018-07-08\nweekdays: [sun, mon, tue, wed, thu]\nholidays: [2018-07-07]\n",
  );
  expect(days.map(({ is_working }) => is_working)).toEqual(["false", "false", "true"]);
});

test("summer time of the machine loses no day", () => {
  const days = read("from: 2018-01-01\nto: 2019-12-31\nweekdays: [mon]\n");
  expect(days).toHaveLength(730);
  expect(new Set(days.map(({ day }) => day)).size).toBe(730);
});

test.each([
  ["a day outside", `${WEEK}holidays: [2018-07-09]\n`, /c\.yaml:4:\d+: 2018-07-09 .*lies outside/],
  ["a day twice", `${WEEK}holidays: [2018-07-04, 2018-07-04]\n`, /stands here twice/],
  [
    "a day in both lists",
    `${WEEK}holidays: [2018-07-04]\nworking: [2018-07-04]\n`,
    /can be only one/,
  ],
  ["no such day", `${WEEK}holidays: [2018-02-30]\n`, /c\.yaml:4/],
  ["the end before the beginning", WEEK.replace("2018-07-08", "2018-07-01"), /is before from/],
  ["a mistyped year", WEEK.replace("2018-07-08", "9018-07-08"), /at most 200 years/],
  ["no years", "weekdays: [mon]\n", /from: /],
  ["no weekdays", WEEK.replace(/\[.*\]/, "[]"), /weekdays: /],
  ["a weekday of another language", WEEK.replace("mon", "周一"), /weekdays\.0: /],
  ["a key of another kind", `${WEEK}hollidays: []\n`, /hollidays/],
])("%s is told with its line", (_, text, sentence) => {
  expect(() => read(text)).toThrow(sentence);
});
