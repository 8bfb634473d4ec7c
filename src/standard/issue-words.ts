import { z } from "zod";
import type { Bilingual } from "./bilingual.ts";

type Issue = z.core.$ZodIssue;

/** What the library says of a fault by itself; what a schema of ours says is said as it is. */
const english = z.locales.en().localeError as (issue: unknown) => unknown;

/** Kinds of value, as somebody who writes a file calls them. */
const KINDS: Readonly<Record<string, Bilingual>> = {
  string: { zh: "文字", en: "text" },
  number: { zh: "数", en: "a number" },
  int: { zh: "整数", en: "a whole number" },
  boolean: { zh: "true或false", en: "true or false" },
  array: { zh: "列表", en: "a list" },
  object: { zh: "若干“键: 值”", en: "a mapping of keys to values" },
  record: { zh: "若干“键: 值”", en: "a mapping of keys to values" },
  date: { zh: "日期", en: "a day" },
  null: { zh: "空值", en: "null" },
};

/**
 * What is wrong with a value that a schema refused, in both languages, without quoting the value.
 * @param input what was validated, to tell a missing value from one of the wrong kind
 * @param names whether keys may be named: those of our own files and calls, never those of a delivered file
 */
export function sayIssue(issue: Issue, input: unknown, { names = true } = {}): Bilingual {
  if (!isLibraryText(issue)) return { zh: issue.message, en: issue.message };
  switch (issue.code) {
    case "invalid_type":
      return sayType(issue.expected, lookUp(input, issue.path));
    case "unrecognized_keys":
      if (!names) {
        return { zh: "有不认识的项，请删去", en: "there is a key that is not known; take it away" };
      }
      return {
        zh: `没有“${issue.keys.join("”“")}”这样的键，请改正或删去`,
        en: `there is no such key as "${issue.keys.join('", "')}"; correct it or take it away`,
      };
    case "invalid_value": {
      const values = issue.values.map(String);
      return {
        zh: `应为${values.length > 1 ? "其中之一：" : ""}${values.join("、")}`,
        en: `must be ${values.length > 1 ? "one of " : ""}${values.join(", ")}`,
      };
    }
    case "too_small":
      return saySize(issue.origin, issue.minimum, issue.inclusive ?? true, "least");
    case "too_big":
      return saySize(issue.origin, issue.maximum, issue.inclusive ?? true, "most");
    case "not_multiple_of":
      return {
        zh: `应为${issue.divisor}的整数倍`,
        en: `must be a multiple of ${issue.divisor}`,
      };
    case "invalid_union":
      return sayUnion(issue, input);
    case "invalid_key":
    case "invalid_element":
      return { zh: "其中的键或值不符合写法", en: "holds a key or value that cannot stand here" };
    case "invalid_format":
      return { zh: "写法不符", en: "is not written as it must be" };
    default:
      return { zh: "不能这样写", en: "cannot be written so" };
  }
}

/** Both languages in one line, as files of definitions are told of. */
export function sayIssueInBoth(issue: Issue, input: unknown): string {
  const { zh, en } = sayIssue(issue, input);
  return zh === en ? zh : `${zh} ${en}`;
}

function isLibraryText(issue: Issue): boolean {
  if (issue.code === "custom") return false;
  const said = english(issue);
  const text =
    typeof said === "string" ? said : (said as { message?: string } | undefined)?.message;
  return text === issue.message || /^Invalid input\b/.test(issue.message);
}

function sayType(expected: string, found: unknown): Bilingual {
  const { zh, en } = KINDS[expected] ?? { zh: "别的写法", en: "something else" };
  if (found === undefined) return { zh: `缺这一项，应为${zh}`, en: `is missing; it must be ${en}` };
  return { zh: `应为${zh}`, en: `must be ${en}` };
}

function saySize(
  origin: string,
  limit: number | bigint,
  inclusive: boolean,
  end: "least" | "most",
): Bilingual {
  const units: Readonly<Record<string, Bilingual>> = {
    string: { zh: "个字符", en: "character" },
    array: { zh: "项", en: "entry" },
    set: { zh: "项", en: "entry" },
    object: { zh: "个键", en: "key" },
  };
  const unit = units[origin] ?? { zh: "", en: "" };
  const words = {
    least: inclusive ? { zh: "不得少于", en: "at least" } : { zh: "须大于", en: "more than" },
    most: inclusive ? { zh: "不得多于", en: "at most" } : { zh: "须小于", en: "less than" },
  }[end];
  const many = Number(limit) === 1 ? unit.en : unit.en.replace(/y$/, "ie").concat(unit.en && "s");
  const counted = unit.en === "" ? `${limit}` : `${limit} ${many}`;
  const verb = unit.en === "" ? "be" : "have";
  return { zh: `${words.zh}${limit}${unit.zh}`, en: `must ${verb} ${words.en} ${counted}` };
}

/** Of the ways a value may be written, the one it comes nearest to: whose first fault lies deepest. */
function sayUnion(issue: Extract<Issue, { code: "invalid_union" }>, input: unknown): Bilingual {
  const ways = issue.errors.filter((faults) => faults.length > 0);
  const own = lookUp(input, issue.path);
  const depth = (faults: readonly Issue[]) => faults[0]?.path.length ?? 0;
  const nearest = ways.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0]?.[0];
  if (!nearest) {
    return { zh: "不是可用的任何一种写法", en: "is none of the ways in which it can be written" };
  }
  const { zh, en } = sayIssue(nearest, own);
  const where = nearest.path.length > 0 ? `${nearest.path.join(".")}: ` : "";
  return { zh: `${where}${zh}`, en: `${where}${en}` };
}

function lookUp(input: unknown, path: readonly PropertyKey[]): unknown {
  let found = input;
  for (const key of path) {
    if (found === null || typeof found !== "object") return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}
