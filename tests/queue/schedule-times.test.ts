import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { momentOf } from "../../src/queue/civil-time.ts";
import {
  describeTime,
  listDue,
  nextDue,
  readTimetable,
  type Timetable,
} from "../../src/queue/schedule-times.ts";
import { chooseDue } from "../../src/queue/scheduler.ts";
import { choosePeriod } from "../../src/run-context.ts";
import { readPipeline, type Schedule } from "../../src/standard/pipeline-definition.ts";
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

  // February 2018 has 20 weekdays, of which the festival took 5; Sunday 11 and Saturday 24 were worked: 17. March's 18th
  // weekday is 26; in April 5 and 6 were holidays and Sunday 8 was worked, so the 19th weekday, 26, is the 18th.
  test("a month with fewer working days runs on its last, and blocks no later one", () => {
    const timetable = makeTimetable('{ working_day: 18, at: "03:00" }');
    const due = listDue(
      timetable,
      Date.parse("2018-02-01T00:00:00+08:00"),
      Date.parse("2018-05-01T00:00:00+08:00"),
    );
    expect(due.map((time) => describeTime(time, "Asia/Shanghai"))).toEqual([
      "2018-02-28 03:00:00",
      "2018-03-26 03:00:00",
      "2018-04-26 03:00:00",
    ]);
  });

  test("counted from the end, a month with fewer runs on its first", () => {
    expect(next('{ working_day: -20, at: "03:00" }', "2018-02-01T00:00:00+08:00")).toBe(
      "2018-02-01 03:00:00",
    );
  });

  test("months before the calendar's first are none of its business", () => {
    expect(next('{ working_day: 3, at: "03:00" }', "2015-10-01T00:00:00+08:00")).toBe(
      "2016-01-06 03:00:00",
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

describe("summer time", () => {
  const timetable = makeTimetable('{ working_day: 3, at: "03:00" }');
  const { example: _, ...pipeline } = timetable.pipeline;
  const timetableIn = (time_zone: string, schedule: object): Timetable => ({
    ...timetable,
    pipeline: { ...pipeline, time_zone, schedule: schedule as Schedule },
  });
  const NEW_YORK = "America/New_York";
  const day = (text: string, zone = NEW_YORK) => ({
    from: momentOf(Date.parse(`${text}T00:00:00Z`), zone),
    to: momentOf(Date.parse(`${text}T00:00:00Z`) + 86_400_000, zone),
  });

  // On 11 March 2018 the clock in New York leapt from 02:00 to 03:00.
  test("a time in the hour left out is run once, when the clock leaps", () => {
    const timetable = timetableIn(NEW_YORK, { cron: "30 2 11 * *", catch_up: "once" });
    const { from, to } = day("2018-03-11");
    const due = listDue(timetable, from, to);
    expect(due.map((time) => describeTime(time, NEW_YORK))).toEqual(["2018-03-11 03:00:00"]);
    expect(nextDue(timetable, from)).toBe(due[0]);
    expect(choosePeriod(timetable.pipeline, undefined, "2018-03-11 03:00:00").id).toBe("2018-02");
  });

  test("several times in that hour have one run, and none beside it", () => {
    const timetable = timetableIn(NEW_YORK, { cron: "0,30 2,3 * * *", catch_up: "all" });
    const { from, to } = day("2018-03-11");
    expect(listDue(timetable, from, to).map((time) => describeTime(time, NEW_YORK))).toEqual([
      "2018-03-11 03:00:00",
      "2018-03-11 03:30:00",
    ]);
  });

  test("a time in the hour that comes twice is run once, at its first", () => {
    const timetable = timetableIn(NEW_YORK, { cron: "30 1 4 11 *", catch_up: "once" });
    const { from, to } = day("2018-11-04");
    expect(listDue(timetable, from, to)).toEqual([Date.parse("2018-11-04T05:30:00Z")]);
    expect(nextDue(timetable, Date.parse("2018-11-04T05:30:00Z"))).toBe(
      Date.parse("2019-11-04T06:30:00Z"),
    );
  });

  const zones = fc.constantFrom(
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Shanghai",
    "Africa/Casablanca",
    "Pacific/Apia",
  );
  const hour = fc.integer({ min: 0, max: 23 });
  const minute = fc.constantFrom(0, 15, 30, 59);
  const two = (number: number) => String(number).padStart(2, "0");
  const monthly = fc.oneof(
    fc
      .tuple(minute, hour, fc.constantFrom("1", "11", "25", "28", "L"))
      .map(([m, h, d]) => ({ cron: `${m} ${h} ${d} * *`, catch_up: "all" })),
    fc
      .tuple(minute, hour, fc.constantFrom(-20, -3, -1, 1, 5, 18, 20))
      .map(([m, h, d]) => ({ working_day: d, at: `${two(h)}:${two(m)}`, catch_up: "all" })),
  );
  const other = fc
    .tuple(minute, hour, fc.constantFrom("* * *", "* * 0", "* 3,10 0", "*/5 * *"))
    .map(([m, h, rest]) => ({ cron: `${m} ${h} ${rest}`, catch_up: "all" }));

  const steps = fc.array(fc.integer({ min: 1, max: 40 * 24 * 60 }), { maxLength: 12 });

  test("what is next, time by time, is what is due, however it is asked for", () => {
    fc.assert(
      fc.property(
        zones,
        fc.oneof(monthly, other),
        fc.integer({ min: 2016, max: 2024 }),
        steps,
        (zone, schedule, year, minutes) => {
          const timetable = timetableIn(zone, schedule);
          const from = Date.UTC(year, 1, 1);
          let to = from;
          const asked: number[] = [];
          for (const step of minutes) {
            asked.push(...listDue(timetable, to, to + step * 60_000));
            to += step * 60_000;
          }
          const one: number[] = [];
          for (let due = nextDue(timetable, from, to); due; due = nextDue(timetable, due, to)) {
            one.push(due);
          }
          expect(asked).toEqual(one);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("a monthly schedule gives every month one run", () => {
    fc.assert(
      fc.property(zones, monthly, fc.integer({ min: 2016, max: 2025 }), (zone, schedule, year) => {
        const timetable = timetableIn(zone, schedule);
        const from = momentOf(Date.UTC(year, 0, 1), zone) - 1;
        const due = listDue(timetable, from, momentOf(Date.UTC(year + 1, 0, 1), zone) - 1);
        expect(due.map((time) => describeTime(time, zone).slice(0, 7))).toEqual(
          Array.from({ length: 12 }, (_, month) => `${year}-${two(month + 1)}`),
        );
      }),
      { numRuns: 40 },
    );
  });

  // Samoa went from 29 to 31 December 2011.
  test("a day that a zone leaves out has its run too", () => {
    const timetable = timetableIn("Pacific/Apia", { cron: "0 3 30 * *", catch_up: "all" });
    const due = listDue(timetable, Date.UTC(2011, 10, 15), Date.UTC(2012, 0, 31));
    expect(due.map((time) => describeTime(time, "Pacific/Apia"))).toEqual([
      "2011-11-30 03:00:00",
      "2011-12-31 00:00:00",
      "2012-01-30 03:00:00",
    ]);
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
