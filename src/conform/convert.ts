import { UNITS } from "../standard/source-definition.ts";
import { quoteLiteral } from "../store/sql-file.ts";
import { exactNumber, figureNumber, heldFigure } from "./exact-number.ts";

/** The characters that may stand after the year when a source names no formats, each with the formats of the day. */
const DAY_FORMATS = { "/": "%Y/%m/%d", ".": "%Y.%m.%d", 年: "%Y年%m月%d日" } as const;

const TRUE_TEXTS = ["true", "t", "1", "yes", "y", "是"];
const FALSE_TEXTS = ["false", "f", "0", "no", "n", "否"];

export interface Conversion {
  readonly formats?: readonly string[] | undefined;
  /** Name in UNITS. */
  readonly unit?: string | undefined;
}

/**
 * SQL that turns text into a core type, or NULL when it is not one.
 * Times keep the clock time as written; an offset behind it is ignored.
 */
export function convertText(text: string, type: string, { formats, unit }: Conversion): string {
  if (type === "VARCHAR") return text;
  if (type === "BOOLEAN") {
    // Not IN: of a list that long DuckDB makes a join.
    const truth = (words: readonly string[], value: boolean) =>
      words.map((word) => `WHEN ${quoteLiteral(word)} THEN ${value}`).join(" ");
    return `(CASE lower(${text}) ${truth(TRUE_TEXTS, true)} ${truth(FALSE_TEXTS, false)} END)`;
  }
  if (type === "TIMESTAMP") return timestampOf(text, formats);
  if (type === "DATE") return `CAST(${timestampOf(text, formats)} AS DATE)`;
  return type === "DOUBLE" ? figureOf(text, unit) : numberOf(text, type, unit);
}

/** Whether a raw column of this type can be taken over without going through text. */
export function isNative(rawType: string, type: string, { formats, unit }: Conversion): boolean {
  if (formats) return false;
  if (type === "VARCHAR") return rawType === "VARCHAR";
  if (type === "BOOLEAN") return rawType === "BOOLEAN";
  if (type === "DATE" || type === "TIMESTAMP") return /^(DATE|TIMESTAMP)/.test(rawType);
  if (type === "DOUBLE") return !unit && rawType === "DOUBLE";
  return !unit && /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$|^DECIMAL/.test(rawType);
}

/** SQL that turns a typed raw value into a core type; `zone` is where an instant's clock time is read. */
export function convertNative(value: string, rawType: string, type: string, zone: string): string {
  if (type === "DOUBLE") return heldFigure(value);
  if (rawType === type) return value;
  if (rawType === "TIMESTAMP WITH TIME ZONE") {
    return `CAST(timezone(${quoteLiteral(zone)}, ${value}) AS ${type})`;
  }
  if (/^(INTEGER|BIGINT)$/.test(type) && rawType.startsWith("DECIMAL")) {
    return `(CASE WHEN ${value} = round(${value}) THEN TRY_CAST(${value} AS ${type}) END)`;
  }
  return `TRY_CAST(${value} AS ${type})`;
}

/**
 * DuckDB also takes "infinity", "epoch" and years "(BC)", which no register means. Without formats the shape of
 * the text says which one it can be: a format tried in vain costs ten times as much as one that fits.
 */
function timestampOf(text: string, formats: readonly string[] | undefined): string {
  if (formats) {
    const words = "('infinity', '-infinity', 'epoch')";
    return `(CASE WHEN lower(${text}) NOT IN ${words} THEN ${strptime(text, formats)} END)`;
  }
  const sign = `substr(${text}, 5, 1)`;
  const signed = Object.entries(DAY_FORMATS).map(
    ([each, day]) => `WHEN ${sign} = ${quoteLiteral(each)} THEN ${clockTimeOf(text, day)}`,
  );
  return `(CASE WHEN ${sign} = '-' THEN CASE WHEN NOT contains(${text}, '(') THEN TRY_CAST(${text} AS TIMESTAMP) END
    ${signed.join("\n    ")}
    WHEN length(${text}) = 8 AND ${text} < ':' THEN ${strptime(text, ["%Y%m%d"])}
    WHEN length(${text}) = 14 AND ${text} < ':' THEN ${strptime(text, ["%Y%m%d", "%Y%m%d%H%M%S"])} END)`;
}

/** A day in the given format, alone or with hours and minutes, and seconds, behind it. */
function clockTimeOf(text: string, day: string): string {
  const only = (format: string) => strptime(text, [format]);
  const words = `WHEN contains(${text}, '秒') THEN ${only(`${day}%H时%M分%S秒`)} WHEN contains(${text}, '分') THEN ${only(`${day}%H时%M分`)} `;
  return `CASE WHEN ${text} LIKE '%:%:%' THEN ${only(`${day} %H:%M:%S`)} WHEN contains(${text}, ':') THEN ${only(`${day} %H:%M`)} ${day.endsWith("日") ? words : ""}ELSE ${only(day)} END`;
}

function strptime(text: string, formats: readonly string[]): string {
  return `try_strptime(${text}, [${formats.map(quoteLiteral).join(", ")}])`;
}

/** Factors are powers of ten, so a figure takes its own as an exponent and is rounded once. */
function figureOf(text: string, unit: string | undefined): string {
  const power = Math.round(Math.log10(Number(UNITS[unit ?? "1"] ?? "1")));
  return figureNumber(text, power);
}

/** Exact all the way: text to DECIMAL, times the unit's factor, rounded to the column's places. */
function numberOf(text: string, type: string, unit: string | undefined): string {
  const factor = UNITS[unit ?? "1"] ?? "1";
  const plain = exactNumber(text);
  const scaled =
    factor === "1"
      ? plain
      : `TRY(${plain} * CAST(${quoteLiteral(factor)} AS ${factorType(factor)}))`;
  if (type === "INTEGER" || type === "BIGINT") {
    return `(CASE WHEN ${scaled} = round(${scaled}) THEN TRY_CAST(${scaled} AS ${type}) END)`;
  }
  return `TRY_CAST(${scaled} AS ${type})`;
}

/** The narrowest DECIMAL that holds a factor, so that the product keeps as many digits as it can. */
function factorType(factor: string): string {
  const [whole = "", places = ""] = factor.split(".");
  return `DECIMAL(${whole.length + places.length},${places.length})`;
}
