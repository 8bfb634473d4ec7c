import { UNITS } from "../standard/units.ts";
import { quoteLiteral } from "../store/sql-file.ts";
import { exactDigits, exactNumber, figureNumber, heldFigure } from "./exact-number.ts";
import { spelledNumber } from "./number-text.ts";
import { named, plainText } from "./plain-text.ts";
import { momentOf, serialOf } from "./time-text.ts";

/** The characters that may stand after the year when a source names no formats, each with the formats of the day. */
const DAY_FORMATS = { "/": "%Y/%m/%d", ".": "%Y.%m.%d", 年: "%Y年%m月%d日" } as const;

const TRUE_TEXTS = ["true", "t", "1", "yes", "y", "是"];
const FALSE_TEXTS = ["false", "f", "0", "no", "n", "否"];

export interface Conversion {
  readonly formats?: readonly string[] | undefined;
  /** Five digits are a spreadsheet's number of a day. */
  readonly excel_serial?: boolean | undefined;
  /** Name in UNITS. */
  readonly unit?: string | undefined;
}

/**
 * SQL that turns text into a core type, or NULL when it is not one or may be one of several.
 * A time with an offset becomes the clock time of the zone; one without is one of that zone already.
 */
export function convertText(
  text: string,
  type: string,
  conversion: Conversion & { readonly zone: string },
): string {
  if (type === "VARCHAR") return text;
  if (type === "BOOLEAN") {
    // Not IN: of a list that long DuckDB makes a join.
    const truth = (words: readonly string[], value: boolean) =>
      words.map((word) => `WHEN ${quoteLiteral(word)} THEN ${value}`).join(" ");
    return `(CASE lower(${text}) ${truth(TRUE_TEXTS, true)} ${truth(FALSE_TEXTS, false)} END)`;
  }
  if (type === "TIMESTAMP") return timestampOf(text, conversion);
  if (type === "DATE") return `CAST(${timestampOf(text, conversion)} AS DATE)`;
  const { unit } = conversion;
  const plain = type === "DOUBLE" ? figureOf(text, unit) : numberOf(text, type, unit);
  return otherwise(text, plain, spelledOf(text, type, unit));
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

/** What the common shapes give, or else what the text says when it is looked at closely; empty texts are not. */
function otherwise(text: string, common: string, rare: string): string {
  return `coalesce(${common}, CASE WHEN ${text} IS NOT NULL THEN ${rare} END)`;
}

function timestampOf(
  text: string,
  { formats, excel_serial, zone }: Conversion & { readonly zone: string },
): string {
  const rare = formats?.some(isDayBeforeMonth) ? [] : [momentOf(text, zone)];
  if (formats) rare.push(named(plainText(text), "u", formattedMoment("u", formats, zone)));
  if (excel_serial) rare.push(serialOf(text));
  const other = rare.length > 1 ? `coalesce(${rare.join(", ")})` : (rare[0] as string);
  if (formats) return otherwise(text, formattedMoment(text, formats, zone), other);
  return `(CASE WHEN ${isIso(text)} THEN TRY_CAST(${text} AS TIMESTAMP) ELSE ${otherwise(text, commonMoment(text, zone), other)} END)`;
}

/** 2018-01-05 and 2018-01-05 13:30:00, in the fewest steps. DuckDB would pass over a Z behind it. */
function isIso(text: string): string {
  return `strlen(${text}) = 10 AND ${text} LIKE '____-__-__' OR strlen(${text}) = 19 AND ${text} LIKE '____-__-_____:__:__' AND NOT contains(${text}, 'Z') AND NOT contains(${text}, 'z')`;
}

/** Whether a format writes the year first and the month last, so that 2018/6/5 would not mean what it means elsewhere. */
function isDayBeforeMonth(format: string): boolean {
  return /%[yY].*%[de-].*%[mbB]/.test(format);
}

/**
 * What a source's formats give. DuckDB also takes "infinity" and "epoch", which no register means, and reads a text without
 * offset as one of UTC when any of the formats has one.
 */
function formattedMoment(text: string, formats: readonly string[], zone: string): string {
  const words = "('infinity', '-infinity', 'epoch')";
  const local = formats.filter((format) => !isZoned(format));
  const zoned = formats.filter(isZoned);
  const ways = local.length > 0 ? [strptime(text, local)] : [];
  if (zoned.length > 0) {
    const offset = `regexp_replace(${text}, '[zZ]$', '+0000')`;
    ways.push(`timezone(${quoteLiteral(zone)}, ${strptime(offset, zoned)})`);
  }
  return `(CASE WHEN lower(${text}) NOT IN ${words} THEN coalesce(${ways.join(", ")}) END)`;
}

function isZoned(format: string): boolean {
  return /%z/i.test(format);
}

/**
 * Further shapes that programs write. The shape of the text says which one it can be: a format tried in vain costs ten times
 * as much as one that fits.
 */
function commonMoment(text: string, zone: string): string {
  const sign = `substr(${text}, 5, 1)`;
  const day = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
  const clock = "[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?";
  const is = (shape: string) => `regexp_full_match(${text}, '${shape}')`;
  const instant = `timezone(${quoteLiteral(zone)}, TRY_CAST(${text} AS TIMESTAMP WITH TIME ZONE))`;
  const iso = `CASE WHEN ${is(`${day}[T ]${clock}`)} THEN TRY_CAST(${text} AS TIMESTAMP)
    WHEN ${is(`${day}[T ]${clock}(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9])`)} THEN ${instant} END`;
  const signed = Object.entries(DAY_FORMATS).map(
    ([each, format]) => `WHEN ${sign} = ${quoteLiteral(each)} THEN ${clockTimeOf(text, format)}`,
  );
  // DuckDB would take 18/6/5 for the year 18.
  const short = `substr(${text}, 3, 1) NOT BETWEEN '0' AND '9'`;
  return `(CASE WHEN ${short} THEN NULL WHEN ${sign} = '-' THEN ${iso}
    ${signed.join("\n    ")}
    WHEN length(${text}) = 8 AND ${text} < ':' THEN ${strptime(text, ["%Y%m%d"])}
    WHEN length(${text}) = 14 AND ${text} < ':' THEN ${strptime(text, ["%Y%m%d%H%M%S"])} END)`;
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

/** A number written otherwise, which comes in the base unit already. */
function spelledOf(text: string, type: string, unit: string | undefined): string {
  const digits = spelledNumber(text, { unit, type });
  if (type === "DOUBLE") {
    return named(digits, "digits", heldFigure("TRY_CAST(digits AS DOUBLE)", "digits"));
  }
  const exact = named(digits, "digits", exactDigits("digits"));
  return named(exact, "number", typedNumber("number", type));
}

/** A whole number only where there is nothing behind the point. */
function typedNumber(number: string, type: string): string {
  if (type === "INTEGER" || type === "BIGINT") {
    return `(CASE WHEN ${number} = round(${number}) THEN TRY_CAST(${number} AS ${type}) END)`;
  }
  return `TRY_CAST(${number} AS ${type})`;
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
  return typedNumber(scaled, type);
}

/** The narrowest DECIMAL that holds a factor, so that the product keeps as many digits as it can. */
function factorType(factor: string): string {
  const [whole = "", places = ""] = factor.split(".");
  return `DECIMAL(${whole.length + places.length},${places.length})`;
}
