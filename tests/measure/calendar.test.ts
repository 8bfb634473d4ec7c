import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { openWorld } from "./small-world.ts";

const DAYS = readFileSync(
  join(import.meta.dirname, "..", "..", "metrics", "calendar", "china.csv"),
  "utf8",
)
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [day, isWorking] = line.split(",");
    return { day: day as string, isWorking: isWorking === "true" };
  });
const WORKING = new Map(DAYS.map(({ day, isWorking }) => [day, isWorking]));

/** Day of the week by Zeller's rule, 0 Sunday to 6 Saturday: another way than the file was made. */
function weekday(iso: string): number {
  const [year, month, day] = iso.split("-").map(Number) as [number, number, number];
  const shifted = month < 3 ? month + 12 : month;
  const y = month < 3 ? year - 1 : year;
  const h =
    (day +
      Math.floor((13 * (shifted + 1)) / 5) +
      y +
      Math.floor(y / 4) -
      Math.floor(y / 100) +
      Math.floor(y / 400)) %
    7;
  return (h + 6) % 7;
}

// Typed from the State Council's yearly notices: what differs from Monday-to-Friday.
// off: weekdays that were holidays; on: Saturdays and Sundays that were worked.
const NOTICES = {
  // 国办发明电〔2017〕12号, and of 国办发明电〔2018〕15号 the New Year of 2019
  2018: {
    off: "01-01 02-15 02-16 02-19 02-20 02-21 04-05 04-06 04-30 05-01 06-18 09-24 10-01 10-02 10-03 10-04 10-05 12-31",
    on: "02-11 02-24 04-08 04-28 09-29 09-30 12-29",
  },
  // 国办发明电〔2019〕16号, 〔2020〕1号 (the Spring Festival prolonged to 2 February)
  2020: {
    off: "01-01 01-24 01-27 01-28 01-29 01-30 01-31 04-06 05-01 05-04 05-05 06-25 06-26 10-01 10-02 10-05 10-06 10-07 10-08",
    on: "01-19 04-26 05-09 06-28 09-27 10-10",
  },
  // 国办发明电〔2022〕16号
  2023: {
    off: "01-02 01-23 01-24 01-25 01-26 01-27 04-05 05-01 05-02 05-03 06-22 06-23 09-29 10-02 10-03 10-04 10-05 10-06",
    on: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
  },
} as const;

describe("China's calendar", () => {
  it("holds every day of 2016 to 2026, in order", () => {
    expect(DAYS[0]?.day).toBe("2016-01-01");
    expect(DAYS.at(-1)?.day).toBe("2026-12-31");
    // Eleven years of which 2016, 2020 and 2024 had a day more.
    expect(DAYS.length).toBe(11 * 365 + 3);
    expect(DAYS.map(({ day }) => day)).toEqual([...new Set(DAYS.map(({ day }) => day))].sort());
  });

  it.each(Object.entries(NOTICES))("is that of the notices of %s", (year, { off, on }) => {
    const ofYear = DAYS.filter(({ day }) => day.startsWith(year));
    const holidays = ofYear.filter(
      ({ day, isWorking }) => !isWorking && ![0, 6].includes(weekday(day)),
    );
    const madeUp = ofYear.filter(
      ({ day, isWorking }) => isWorking && [0, 6].includes(weekday(day)),
    );
    expect(holidays.map(({ day }) => day.slice(5)).join(" ")).toBe(off);
    expect(madeUp.map(({ day }) => day.slice(5)).join(" ")).toBe(on);
  });

  it("knows days that people remember", () => {
    expect(weekday("2018-02-11")).toBe(0);
    expect(WORKING.get("2018-02-11")).toBe(true);
    for (let day = 15; day <= 21; day++) expect(WORKING.get(`2018-02-${day}`)).toBe(false);
    expect(WORKING.get("2018-02-22")).toBe(true);
    expect(WORKING.get("2016-10-08")).toBe(true); // a Saturday
    expect(WORKING.get("2017-10-06")).toBe(false); // a Friday in the eight days of 2017
    expect(WORKING.get("2019-05-05")).toBe(true); // a Sunday, for the May days announced in March
    expect(WORKING.get("2025-01-26")).toBe(true); // a Sunday
  });
});

describe("limits in working days", () => {
  let store: Store;
  beforeAll(async () => {
    store = await openWorld({});
  });
  afterAll(() => store.close());

  async function ask(expression: string): Promise<unknown> {
    return (await store.row<{ answer: unknown }>(`SELECT ${expression} AS answer`))?.answer;
  }

  it("count past a festival and through make-up days", async () => {
    // Friday 9 February 2018: 11 (Sunday, worked), 12, 13, 14, [15-21], 22, 23, 24 (Saturday, worked).
    expect(await ask("working_day_after(DATE '2018-02-09', 7)")).toBe("2018-02-24");
    expect(await ask("working_days_between(DATE '2018-02-09', DATE '2018-02-24')")).toBe(7);
    expect(await ask("working_day_after(DATE '2018-02-10', 1)")).toBe("2018-02-11");
    expect(await ask("working_day_after(TIMESTAMP '2018-02-14 23:59:59', 1)")).toBe("2018-02-22");
  });

  it("agree with each other: n working days lie before the day on which n run out", async () => {
    const rows = await store.rows(
      `SELECT d.day, n FROM known.calendar_day d, unnest([1, 2, 7, 20]) AS l(n)
       WHERE d.day BETWEEN '2016-01-01' AND '2026-11-30'
         AND working_days_between(d.day, working_day_after(d.day, n)) <> n`,
    );
    expect(rows).toEqual([]);
  });

  it("are unknown for an unknown day", async () => {
    expect(await ask("working_day_after(CAST(NULL AS DATE), 7)")).toBeNull();
  });

  it("are unknown outside the calendar's years", async () => {
    expect(await ask("working_day_count(DATE '2015-12-31')")).toBeNull();
    expect(await ask("working_day_count(DATE '2027-01-01')")).toBeNull();
    expect(await ask("working_days_between(DATE '2026-12-30', DATE '2027-01-04')")).toBeNull();
    expect(await ask("working_day_after(DATE '2026-12-30', 7)")).toBeNull();
    expect(await ask("working_day_after(DATE '2015-12-30', 7)")).toBeNull();
    expect(await ask("working_day_after(DATE '2018-02-09', CAST(NULL AS INTEGER))")).toBeNull();
    // The very ends: Friday 1 January 2016 was a holiday, Monday 4 the first working day; Thursday 31 December 2026 is one.
    expect(await ask("working_day_after(DATE '2016-01-01', 1)")).toBe("2016-01-04");
    expect(await ask("working_day_after(DATE '2026-12-30', 1)")).toBe("2026-12-31");
    expect(await ask("working_day_after(DATE '2026-12-31', 1)")).toBeNull();
    expect(await ask("working_day_after(DATE '2016-01-05', -9)")).toBeNull();
  });
});
