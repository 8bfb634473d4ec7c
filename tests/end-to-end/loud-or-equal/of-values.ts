import { cells, drop, every, FULL_WIDTH, place, times } from "./edit.ts";
import { FORMS } from "./forms.ts";
import { type Mutation, onSource } from "./mutation.ts";

export const CODES: readonly Mutation[] = onSource("orders", FORMS, [
  { name: "codes in full width", change: cells("承办单位代码", FULL_WIDTH) },
  { name: "codes in lower case", change: cells("承办单位代码", (code) => code.toLowerCase()) },
  { name: "codes with .0 behind", change: cells("承办单位代码", (code) => `${code}.0`) },
  {
    name: "codes with blanks inside",
    change: cells("承办单位代码", (code) => code.replace(/^(..)(..)/, "$1 $2 ")),
  },
  {
    name: "codes with zero-width characters",
    change: cells("承办单位代码", (code) => `\u200b${code}\ufeff`),
  },
  {
    name: "codes of twelve digits",
    change: cells("承办单位代码", (code) =>
      /^\d{6}$|^\d{9}$/.test(code) ? code.padEnd(12, "0") : code,
    ),
  },
  {
    name: "codes as 9.99901E+05",
    change: cells("承办单位代码", (code) =>
      /^\d{6}$/.test(code) ? Number(code).toExponential(5).toUpperCase() : code,
    ),
  },
  { name: "codes with an apostrophe before", change: cells("承办单位代码", (code) => `'${code}`) },
  {
    name: "codes cut by one digit",
    change: cells("承办单位代码", (code) => code.slice(0, -1)),
    must: "loud",
  },
  { name: "names instead of codes", change: cells("承办单位代码", () => "东湖区"), must: "loud" },
]);

const DIGITS = "〇一二三四五六七八九";

function inWords(value: number): string {
  if (value <= 10) return value === 10 ? "十" : (DIGITS[value] as string);
  const [tens, ones] = [Math.floor(value / 10), value % 10];
  return `${tens === 1 ? "" : DIGITS[tens]}十${ones === 0 ? "" : DIGITS[ones]}`;
}

interface Clock {
  year: string;
  month: number;
  day: number;
  hour: number;
  minute: string;
}

/** A time of the fixture, 2018-06-05 10:00:00, written another way. */
function written(write: (clock: Clock) => string) {
  return (cell: string): string => {
    const [, year = "", month, day, hour, minute = ""] =
      /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):00$/.exec(cell) ?? [];
    return write({ year, month: Number(month), day: Number(day), hour: Number(hour), minute });
  };
}

const two = (value: number) => String(value).padStart(2, "0");

/** The same moment at another place, as Shanghai is eight hours ahead of UTC. */
function inUtc(cell: string): string {
  return new Date(`${cell.replace(" ", "T")}+08:00`).toISOString().replace(".000Z", "Z");
}

export const TIMES: readonly Mutation[] = onSource("orders", FORMS, [
  { name: "times with their offset", change: times((cell) => `${cell}+08:00`), must: "equal" },
  { name: "times in UTC", change: times(inUtc), must: "equal" },
  {
    name: "times at half past five of India",
    change: times(
      (cell) =>
        `${new Date(new Date(inUtc(cell)).getTime() + 19_800_000).toISOString().slice(0, 19)}+05:30`,
    ),
    must: "equal",
  },
  {
    name: "times with slashes",
    change: times((cell) => cell.replace(/^(\d+)-0?(\d+)-0?(\d+)/, "$1/$2/$3")),
    must: "equal",
  },
  {
    name: "times with fractions of a second",
    change: times((cell) => `${cell.replaceAll("-", "/")}.000`),
    must: "equal",
  },
  {
    name: "times as 2018年6月5日14:05",
    change: times(
      written(
        ({ year, month, day, hour, minute }) => `${year}年${month}月${day}日${hour}:${minute}`,
      ),
    ),
    must: "equal",
  },
  {
    name: "times as 2018年6月5日14时05分",
    change: times(
      written(
        ({ year, month, day, hour, minute }) => `${year}年${month}月${day}日${hour}时${minute}分`,
      ),
    ),
    must: "equal",
  },
  {
    name: "times of morning and afternoon",
    change: times(
      written(
        ({ year, month, day, hour, minute }) =>
          `${year}年${month}月${day}日 ${hour < 12 ? "上午" : "下午"}${hour > 12 ? hour - 12 : hour}:${minute}`,
      ),
    ),
    must: "equal",
  },
  { name: "times in full width", change: times(FULL_WIDTH), must: "equal" },
  { name: "times as ISO 8601", change: times((cell) => cell.replace(" ", "T")), must: "equal" },
  {
    name: "American times without formats",
    change: times(
      written(
        ({ year, month, day, hour, minute }) =>
          `${two(month)}/${two(day)}/${year} ${two(hour)}:${minute}`,
      ),
    ),
    must: "loud",
  },
  {
    name: "times of which one is no time",
    change: cells("办结时间", (cell, line) => (line === 4 ? "已办结" : cell)),
    must: "loud",
  },
  {
    name: "nothing written as a dash",
    change: every((sheet) => {
      const at = place(sheet, "办结时间");
      for (const row of sheet.rows) row[at] ||= "—";
    }),
  },
  {
    name: "years before 1949",
    change: cells("办结时间", (cell, line) => (line === 4 ? cell.replace("2018", "1899") : cell)),
    must: "loud",
  },
  {
    name: "years of another century",
    change: cells("办结时限", (cell, line) => (line === 4 ? cell.replace("2018", "2108") : cell)),
    must: "loud",
  },
]);

export const DAYS: readonly Mutation[] = onSource("honours", FORMS, [
  {
    name: "days in Chinese numerals",
    change: cells("授予日期", (cell) => {
      const [year = "", month, day] = cell.split("-");
      const digits = [...year].map((digit) => DIGITS[Number(digit)]).join("");
      return `${digits}年${inWords(Number(month))}月${inWords(Number(day))}日`;
    }),
    must: "equal",
  },
  {
    name: "days with points",
    change: cells("授予日期", (cell) => cell.replaceAll("-", ".")),
    must: "equal",
  },
  { name: "days without year", change: cells("授予日期", (cell) => cell.slice(5)), must: "loud" },
  { name: "years of two digits", change: cells("授予日期", (cell) => cell.slice(2)), must: "loud" },
  { name: "the rank in other words", change: cells("级别", () => "国际级"), must: "loud" },
  { name: "names with blanks", change: cells("单位", (name) => [...name].join(" ")) },
  { name: "names with a zero-width character", change: cells("单位", (name) => `${name}\u200d`) },
]);

export const NUMBERS: readonly Mutation[] = onSource("debt", FORMS, [
  {
    name: "numbers with separators",
    change: cells("total", (cell) => Number(cell).toLocaleString("en-US")),
    must: "equal",
  },
  { name: "numbers in full width", change: cells("total", FULL_WIDTH), must: "equal" },
  {
    name: "numbers with a point and zeros",
    change: cells("total", (cell) => `${cell}.00`),
    must: "equal",
  },
  {
    name: "numbers with the declared unit",
    change: cells("total", (cell) => `${cell}万元`),
    must: "equal",
  },
  {
    name: "numbers in hundred millions",
    change: cells("total", (cell) => `${Number(cell) / 10_000}亿元`),
    must: "equal",
  },
  {
    name: "numbers in powers of ten",
    change: cells("total", (cell) => Number(cell).toExponential()),
    must: "equal",
  },
  {
    name: "numbers with a blank between thousands",
    change: cells("total", (cell) => cell.replace(/(\d)(\d{3})$/, "$1 $2")),
  },
  {
    name: "numbers with a comma for the point",
    change: cells("total", (cell) => `${cell.replace(/(\d)(\d{3})$/, "$1.$2")},00`),
    must: "loud",
  },
  { name: "numbers below zero", change: cells("total", (cell) => `-${cell}`), must: "loud" },
  { name: "no numbers at all", change: cells("total", () => "若干"), must: "loud" },
  { name: "the resources left out", change: drop("resources"), must: "loud" },
  {
    name: "the resources of one body left empty",
    change: cells("resources", (cell, line) => (line === 2 ? "" : cell)),
    must: "loud",
  },
]);
