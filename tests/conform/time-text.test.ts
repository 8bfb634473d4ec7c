import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { convertText } from "../../src/conform/convert.ts";
import { dateFault } from "../../src/conform/time-text.ts";
import { Store } from "../../src/store/store.ts";

let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
});
afterAll(() => store.close());

type Conversion = Parameters<typeof convertText>[2];

/** The moments of several texts, in their order. */
async function read(
  texts: readonly string[],
  { type = "TIMESTAMP", ...more }: Partial<Conversion> & { type?: string } = {},
): Promise<(string | null)[]> {
  const sql = convertText("t", type, { zone: "Asia/Shanghai", ...more });
  const rows = await store.rows<{ v: string | null }>(
    `SELECT CAST(${sql} AS VARCHAR) AS v FROM (SELECT unnest(CAST(CAST($texts AS JSON) AS VARCHAR[])) AS t)`,
    { texts: JSON.stringify(texts) },
  );
  return rows.map(({ v }) => v);
}

const DAYS = [
  ...["2018-06-05", "2018-6-5", "2018/6/5", "2018.06.05", "20180605", "2018年6月5日"],
  ...[
    "2018年06月05号",
    "２０１８－０６－０５",
    "２０１８年６月５日",
    "2018 - 6 - 5",
    "2018年 6月 5日",
  ],
  ...["二〇一八年六月五日", "二零一八年六月五日", "二○一八年六月五日", "2018年六月5日"],
  ...[
    "2018年6月5日（星期二）",
    "2018年6月5日 周二",
    "\ufeff2018-06-05",
    "2018-06-05\u200b",
    "2018\u201306\u201305",
  ],
  ...["5 June 2018", "June 5, 2018", "Jun 5 2018", "5-Jun-2018", "Tue, 05 Jun 2018"],
];

test("a day is read in every spelling that can only mean it", async () => {
  const expected = (value: string) => DAYS.map((text) => [text, value]);
  const pair = (values: readonly (string | null)[]) => values.map((value, at) => [DAYS[at], value]);
  expect(pair(await read(DAYS))).toEqual(expected("2018-06-05 00:00:00"));
  expect(pair(await read(DAYS, { type: "DATE" }))).toEqual(expected("2018-06-05"));
});

test.each([
  ["2018年6月5日14:05", "2018-06-05 14:05:00"],
  ["2018年6月5日14时5分", "2018-06-05 14:05:00"],
  ["2018年6月5日14时05分09秒", "2018-06-05 14:05:09"],
  ["2018年6月5日14点", "2018-06-05 14:00:00"],
  ["二〇一八年六月五日十四时五分三十秒", "2018-06-05 14:05:30"],
  ["二〇一九年十二月二十一日", "2019-12-21 00:00:00"],
  ["二〇一九年十月三十日", "2019-10-30 00:00:00"],
  ["二〇一〇年元月十日", "2010-01-10 00:00:00"],
  ["二零一九年十一月廿一日", "2019-11-21 00:00:00"],
  ["二零一九年八月卅一日", "2019-08-31 00:00:00"],
  ["2018/6/30 14:05:00.000", "2018-06-30 14:05:00"],
  ["2018/6/30 14:05:00.25", "2018-06-30 14:05:00.25"],
  ["2018年6月5日 上午9:05", "2018-06-05 09:05:00"],
  ["2018年6月5日下午2:05", "2018-06-05 14:05:00"],
  ["2018/6/5 下午2:05:00", "2018-06-05 14:05:00"],
  ["2018-06-05 下午 12:30", "2018-06-05 12:30:00"],
  ["2018-06-05 下午14:05", "2018-06-05 14:05:00"],
  ["2018/6/5 2:05 PM", "2018-06-05 14:05:00"],
  ["2018/6/5 12:05 a.m.", "2018-06-05 00:05:00"],
  ["2018-06-05 12:05:06PM", "2018-06-05 12:05:06"],
  ["２０１８－０６－０５　１４：０５", "2018-06-05 14:05:00"],
  ["2018-06-05T14:05", "2018-06-05 14:05:00"],
  ["20180605140509", "2018-06-05 14:05:09"],
  ["20180605T1405", "2018-06-05 14:05:00"],
])("%s is %s", async (text, expected) => {
  expect(await read([text])).toEqual([expected]);
});

describe("an offset", () => {
  test.each([
    ["2018-06-05T14:05:00Z", "2018-06-05 22:05:00"],
    ["2018-06-05T20:05:00Z", "2018-06-06 04:05:00"],
    ["2018-06-05T14:05:00+08:00", "2018-06-05 14:05:00"],
    ["2018-06-05T14:05:00+0800", "2018-06-05 14:05:00"],
    ["2018-06-05 14:05:00 +08", "2018-06-05 14:05:00"],
    ["2018-06-05 14:05:00.5-05:30", "2018-06-06 03:35:00.5"],
    ["2018-06-05T14:05+9", "2018-06-05 13:05:00"],
    ["2018/6/5 14:05:00 UTC", "2018-06-05 22:05:00"],
    ["2018年6月5日14:05 GMT+9", "2018-06-05 13:05:00"],
    ["20180605T140500Z", "2018-06-05 22:05:00"],
    ["20180605140500+0900", "2018-06-05 13:05:00"],
    ["Tue, 05 Jun 2018 14:05:00 +0000", "2018-06-05 22:05:00"],
    ["Tue, 05 Jun 2018 14:05:00 GMT", "2018-06-05 22:05:00"],
    ["5 Jun 2018 14:05 EST", "2018-06-06 03:05:00"],
    ["Tue Jun 05 2018 14:05:00 GMT+0800 (中国标准时间)", "2018-06-05 14:05:00"],
    // A day is that day, wherever it was written.
    ["2018-06-05Z", "2018-06-05 00:00:00"],
    ["2018-06-05+09:00", "2018-06-05 00:00:00"],
  ])("%s is %s in Shanghai", async (text, expected) => {
    expect(await read([text])).toEqual([expected]);
    expect(await read([text], { type: "DATE" })).toEqual([expected.slice(0, 10)]);
  });

  test("is one of the clock that was in force that day", async () => {
    const texts = ["2018-01-05T17:00:00Z", "2018-07-05T17:00:00Z"];
    expect(await read(texts, { zone: "America/New_York" })).toEqual([
      "2018-01-05 12:00:00",
      "2018-07-05 13:00:00",
    ]);
  });

  test("leaves the moment what it is, whatever it is", async () => {
    const instant = fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2090, 0, 1) });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    const spelled = fc.tuple(instant, offset, fc.constantFrom("T", " "), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(spelled, { minLength: 20, maxLength: 40 }), async (some) => {
        const two = (n: number) => String(n).padStart(2, "0");
        const texts = some.map(([at, minutes, gap, colon]) => {
          const local = new Date(Math.floor(at / 1000) * 1000 + minutes * 60_000).toISOString();
          const size = Math.abs(minutes);
          const clock = `${two(Math.floor(size / 60))}${colon ? ":" : ""}${two(size % 60)}`;
          return `${local.slice(0, 10)}${gap}${local.slice(11, 19)}${minutes < 0 ? "-" : "+"}${clock}`;
        });
        const expected = some.map(([at]) =>
          new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19).replace("T", " "),
        );
        expect(await read(texts, { zone: "Etc/UTC" })).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });
});

describe("what may be read in several ways, or says too little, is not guessed at", () => {
  test.each([
    ...["01/02/2018", "1-2-2018", "18-06-05", "18/6/5", "18年6月5日", "05.06.18"],
    ...["2019年5月", "2018-06", "43617", "43617.5", "201806"],
    ...["2018-06-05 上午12:05", "2018-06-05 凌晨1:00", "Tue, 05 Jun 2018 14:05:00 CST"],
  ])("%s", async (text) => {
    expect(await read([text])).toEqual([null]);
    const row = await store.row(`SELECT ${dateFault("t")} AS f FROM (SELECT $text AS t)`, { text });
    expect(row).toEqual({ f: "unclear-date" });
  });

  test.each([
    ...[
      "2018-02-30",
      "2018-13-01",
      "2018-06-05 25:00",
      "2018-06-05 14:60",
      "2018/6-5",
      "2018年6-5",
    ],
    ...["2018-06-0514:05", "2018-06-05 1405", "180605140500", "epoch", "昨天", "2018-06-05 (BC)"],
    ...["2018-06-05T14:05:00+27:00", "2018-06-05 14", "2018-06-05 上午14:00", "5 Foo 2018"],
  ])("%s is none", async (text) => {
    expect(await read([text])).toEqual([null]);
    const row = await store.row(`SELECT ${dateFault("t")} AS f FROM (SELECT $text AS t)`, { text });
    expect(row).toEqual({ f: "bad-date" });
  });
});

describe("formats", () => {
  test.each([
    ["%m/%d/%Y %I:%M:%S %p", "04/12/2018 11:11:26 AM", "2018-04-12 11:11:26"],
    ["%m/%d/%Y", "1/2/2018", "2018-01-02 00:00:00"],
    ["%d/%m/%Y", "1/2/2018", "2018-02-01 00:00:00"],
    ["%d.%m.%y", "01.02.18", "2018-02-01 00:00:00"],
    ["%Y年%m月", "2019年5月", "2019-05-01 00:00:00"],
    ["%Y%m", "201905", "2019-05-01 00:00:00"],
    ["%d %b %Y %H:%M:%S %z", "05 Jun 2018 14:05:00 +0000", "2018-06-05 22:05:00"],
    ["%m/%d/%Y %H:%M%z", "06/05/2018 14:05Z", "2018-06-05 22:05:00"],
    ["%m/%d/%Y", "１/２/２０１８", "2018-01-02 00:00:00"],
  ])("%s reads %s", async (format, text, expected) => {
    expect(await read([text], { formats: [format] })).toEqual([expected]);
  });

  test("stand beside what is understood by itself", async () => {
    const texts = [
      "2019年5月",
      "2019-05-20",
      "二〇一九年六月三日",
      "2019-05-20T17:00:00Z",
      "infinity",
    ];
    expect(await read(texts, { formats: ["%Y年%m月"] })).toEqual([
      ...["2019-05-01 00:00:00", "2019-05-20 00:00:00", "2019-06-03 00:00:00"],
      ...["2019-05-21 01:00:00", null],
    ]);
  });

  test("with and without an offset do not change each other", async () => {
    const formats = ["%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M %z"];
    expect(await read(["06/05/2018 14:05", "06/05/2018 14:05 +0000"], { formats })).toEqual([
      "2018-06-05 14:05:00",
      "2018-06-05 22:05:00",
    ]);
  });

  test("that put the day before the month are the only word about it", async () => {
    expect(await read(["2018/06/15", "2018/15/06"], { formats: ["%Y/%d/%m"] })).toEqual([
      null,
      "2018-06-15 00:00:00",
    ]);
  });
});

test("a spreadsheet's day numbers are read where the source says so", async () => {
  const texts = ["43617", "43617.75", "43617.0", "2019-06-01", "4361", "436170"];
  expect(await read(texts, { excel_serial: true })).toEqual([
    ...["2019-06-01 00:00:00", "2019-06-01 18:00:00", "2019-06-01 00:00:00"],
    ...["2019-06-01 00:00:00", null, null],
  ]);
});

/** Written out by hand: what a clerk types for a number up to 59. */
function numeral(n: number): string {
  const ones = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
  if (n < 10) return ones[n] as string;
  return `${n < 20 ? "" : ones[Math.floor(n / 10)]}十${ones[n % 10]}`;
}

const wide = (text: string) =>
  text.replace(/[!-~]/g, (each) => String.fromCodePoint((each.codePointAt(0) as number) + 0xfee0));

const SPELLINGS: readonly ((y: number, m: number, d: number, h: number, i: number) => string)[] = [
  (y, m, d, h, i) => `${y}-${m}-${d} ${h}:${i}`,
  (y, m, d, h, i) => `${y}/${m}/${d} ${h}:${i}:00.000`,
  (y, m, d, h, i) => `${y}年${m}月${d}日${h}:${i}`,
  (y, m, d, h, i) => `${y}年${m}月${d}日 ${h}时${i}分`,
  (y, m, d, h, i) =>
    `${[...String(y)].map((digit) => "〇一二三四五六七八九"[Number(digit)]).join("")}年${numeral(m)}月${numeral(d)}日${h}时${i}分`,
  (y, m, d, h, i) => wide(`${y}-${m}-${d}T${h}:${i}`),
  (y, m, d, h, i) => `${y}.${m}.${d} ${((h + 11) % 12) + 1}:${i} ${h < 12 ? "AM" : "PM"}`,
  (y, m, d, h, i) =>
    h % 12 === 0
      ? `${y}年${m}月${d}日 ${h}:${i}`
      : `${y}年${m}月${d}日 ${h < 12 ? "上午" : "下午"}${h % 12}:${i}`,
];

test("a moment is read back as itself in every spelling", async () => {
  const moment = fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2090, 0, 1) });
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 10, maxLength: 20 }), async (moments) => {
      const dates = moments.map((at) => new Date(Math.floor(at / 60_000) * 60_000));
      const texts = dates.flatMap((date) =>
        SPELLINGS.map((spell) =>
          spell(
            date.getUTCFullYear(),
            date.getUTCMonth() + 1,
            date.getUTCDate(),
            date.getUTCHours(),
            date.getUTCMinutes(),
          ),
        ),
      );
      const expected = dates.flatMap((date) =>
        SPELLINGS.map(() => date.toISOString().slice(0, 19).replace("T", " ")),
      );
      const found = await read(texts);
      expect(found.map((value, at) => [texts[at], value])).toEqual(
        expected.map((value, at) => [texts[at], value]),
      );
    }),
    { numRuns: 20 },
  );
});
