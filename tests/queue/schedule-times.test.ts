import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { describeTime, listDue, nextDue, readTimetable } from "../../src/queue/schedule-times.ts";
import { chooseDue } from "../../src/queue/scheduler.ts";
import { readPipeline } from "../../src/standard/pipeline-definition.ts";
import { copyTinyCity, removeFolders } from "../end-to-end/tiny-workspace.ts";

afterAll(removeFolders);

const BUNDLED = join(import.meta.dirname, "..", "..");

/** The tiny city with a schedule and the bundled calendar of China's working days, 2016 to 2026. */
function makeTimetable(schedule: string) {
  const workspace = copyTinyCity();
  const file = join(workspace, "pipelines", "tiny.yaml");
  writeFileSync(file, `${readFileSync(file, "utf8")}schedule: ${schedule}\n`);
  const calendar = readFileSync(join(BUNDLED, "metrics/calendar/china.csv"));
  writeFileSync(join(workspace, "metrics/calendar/tiny.csv"), calendar);
  return readTimetable(workspace, "tiny");
}

const next = (schedule: string, after: string) => {
  const due = nextDue(makeTimetable(schedule), Date.parse(after));
  return due === undefined ? undefined : describeTime(due, "Asia/Shanghai");
};

describe("working days", () => {
  // By the State Council's notices: 1 to 7 October 2018 were holidays, and the Sunday before them, 30 September, was
  // worked; 1 May 2018 and 1 January 2019 were holidays. The rest follows from the weekdays.
  test.each([
    ["third of July 2018", "2018-07-01T00:00:00+08:00", "2018-07-04 03:00:00"],
    ["third of October, after the holidays", "2018-10-01T00:00:00+08:00", "2018-10-10 03:00:00"],
    ["third of May, after Labour Day", "2018-05-01T00:00:00+08:00", "2018-05-04 03:00:00"],
    ["the same day, an hour early", "2018-07-04T02:00:00+08:00", "2018-07-04 03:00:00"],
    ["the very moment is past", "2018-07-04T03:00:00+08:00", "2018-08-03 03:00:00"],
    ["over the end of the year", "2018-12-31T00:00:00+08:00", "2019-01-04 03:00:00"],
    ["late in UTC is next day in Shanghai", "2018-07-03T18:59:59Z", "2018-07-04 03:00:00"],
  ])("%s", (_, after, expected) => {
    expect(next('{ working_day: 3, at: "03:00" }', after)).toBe(expected);
  });

  test("the last of a month with make-up days: Sunday 30 September 2018 was worked", () => {
    expect(next('{ working_day: -1, at: "18:30" }', "2018-09-01T00:00:00+08:00")).toBe(
      "2018-09-30 18:30:00",
    );
  });

  test("outside the calendar it fails and never guesses", () => {
    expect(() => next('{ working_day: 3, at: "03:00" }', "2026-12-20T00:00:00+08:00")).toThrow(
      "ends on 2026-12-31 and does not cover 2027-01",
    );
  });

  test("but what is due before its end is told", () => {
    const timetable = makeTimetable('{ working_day: 3, at: "03:00" }');
    const due = listDue(
      timetable,
      Date.parse("2026-11-20T00:00:00+08:00"),
      Date.parse("2026-12-25T00:00:00+08:00"),
    );
    expect(due.map((time) => describeTime(time, "Asia/Shanghai"))).toEqual(["2026-12-03 03:00:00"]);
  });
});

describe("cron", () => {
  test.each([
    ["0 3 * * 1", "2018-07-01T00:00:00+08:00", "2018-07-02 03:00:00"],
    ["30 23 31 * *", "2018-11-01T00:00:00+08:00", "2018-12-31 23:30:00"],
    ["0 0 29 2 *", "2018-01-01T00:00:00+08:00", "2020-02-29 00:00:00"],
  ])("%s is read in the pipeline's zone", (cron, after, expected) => {
    expect(next(`{ cron: "${cron}" }`, after)).toBe(expected);
  });

  test("times missed come oldest first, the newest 400 of them", () => {
    const timetable = makeTimetable('{ cron: "*/10 * * * *" }');
    const from = Date.parse("2018-07-01T00:00:00+08:00");
    expect(listDue(timetable, from, from + 3_600_000)).toEqual(
      [1, 2, 3, 4, 5, 6].map((tens) => from + tens * 600_000),
    );
    const many = listDue(timetable, from, from + 10 * 86_400_000);
    expect(many).toHaveLength(400);
    expect(many.at(-1)).toBe(from + 10 * 86_400_000);
  });

  test("a clock that went back has nothing due", () => {
    const timetable = makeTimetable('{ cron: "0 3 * * *" }');
    const acted = Date.parse("2018-07-04T03:00:00+08:00");
    expect(listDue(timetable, acted, acted - 3_600_000)).toEqual([]);
    expect(listDue(timetable, acted, acted)).toEqual([]);
    expect(listDue(timetable, acted - 1, acted)).toEqual([acted]);
  });
});

test("of missed times each policy takes its own", () => {
  const now = 100 * 3_600_000;
  const due = [now - 7_200_000, now - 3_600_000, now - 60_000];
  expect(chooseDue(due, "all", now)).toEqual(due);
  expect(chooseDue(due, "once", now)).toEqual([now - 60_000]);
  expect(chooseDue(due, "none", now)).toEqual([now - 60_000]);
  expect(chooseDue(due.slice(0, 2), "once", now)).toEqual([now - 3_600_000]);
  expect(chooseDue(due.slice(0, 2), "none", now)).toEqual([]);
});

test.each([
  ['{ cron: "61 3 * * *" }', "five fields"],
  ['{ cron: "0 3 * *" }', "five fields"],
  ['{ working_day: 0, at: "03:00" }', "1 is the first working day"],
  ['{ working_day: 3, at: "25:00" }', "a time of day"],
])("a faulty schedule is named with its line: %s", (schedule, sentence) => {
  const workspace = copyTinyCity();
  const file = join(workspace, "pipelines", "tiny.yaml");
  writeFileSync(file, `${readFileSync(file, "utf8")}schedule: ${schedule}\n`);
  expect(() => readPipeline(file)).toThrow(sentence);
});

test("working days without a calendar are refused in a sentence", () => {
  const workspace = copyTinyCity();
  const file = join(workspace, "pipelines", "tiny.yaml");
  const text = readFileSync(file, "utf8").replace(/^calendar:.*$/m, "");
  writeFileSync(file, `${text}schedule: { working_day: 3, at: "03:00" }\n`);
  expect(() => readTimetable(workspace, "tiny")).toThrow("names no calendar");
});
