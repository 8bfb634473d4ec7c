import { quoteLiteral } from "../store/sql-file.ts";
import { named, plainText } from "./plain-text.ts";

const NUMERALS = "一二三四五六七八九";

/** Steps that turn Chinese numerals of years, months, days and hours into digits. */
const NUMERAL_STEPS: readonly (readonly [string, string])[] = [
  ["廿", "二十"],
  ["卅", "三十"],
  ["元月", "一月"],
  [`([${NUMERALS}])十([${NUMERALS}])`, String.raw`\1\2`],
  [`([${NUMERALS}])十`, String.raw`\1〇`],
  [`十([${NUMERALS}])`, String.raw`一\1`],
  ["十", "一〇"],
];

const MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
const MONTH_WORD = `(${MONTHS})[a-z]*[.]?`;
const WEEKDAY = "(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*[.]?,? +)?";

/** Zones that RFC 2822 names. CST is not among them here: in China it is another zone than there. */
const ZONES: Readonly<Record<string, string>> = {
  EST: "-0500",
  EDT: "-0400",
  CDT: "-0500",
  MST: "-0700",
  MDT: "-0600",
  PST: "-0800",
  PDT: "-0700",
  UT: "+0000",
};

/** The parts of a day with a time, in this order: names of the groups in SHAPE. */
const PARTS = [
  ...["year", "sign", "month", "second_sign", "day", "day_word", "gap", "half"],
  ...["hour", "hour_sign", "minute", "minute_sign", "second", "fraction", "half_behind", "shift"],
];

const DAY = `([0-9]{4}) *(-|/|[.]|年) *([0-9]{1,2}) *(-|/|[.]|月) *([0-9]{1,2})(?: *([日号]))?`;
const CLOCK = `([0-9]{1,2}) *([:时点])? *(?:([0-9]{1,2}) *([:分])? *(?:([0-9]{1,2})(?:[.]([0-9]{1,9}))? *秒?)?)?`;
const OFFSET = `[zZ]|(?:UTC|GMT)? *[+-][0-9]{1,2}(?::?[0-9]{2})?|UTC|GMT`;
const SHAPE = `^${DAY}(?:( *[Tt,] *| *)(上午|下午|[AaPp][.]?[Mm][.]?)? *${CLOCK} *([AaPp][.]?[Mm][.]?)?)? *(${OFFSET})?$`;

/**
 * SQL of what a text says by itself about a moment, TIMESTAMP in the zone given, or NULL when it is none or may be read in
 * several ways: year, month and day in this order (or the month as an English word), in digits of any width or Chinese numerals,
 * with a time of 24 or twice 12 hours, and an offset. A day without a time stays that day whatever its offset.
 */
export function momentOf(text: string, zone: string): string {
  const digits = translateNumerals("u");
  const parts = PARTS.map(quoteLiteral).join(", ");
  const read = `regexp_extract(w, ${quoteLiteral(SHAPE)}, [${parts}])`;
  const steps = named(read, "p", assemble(zone));
  return named(plainText(text), "u", named(inWords(digits), "w", steps));
}

/** Weekdays and Chinese numerals are taken out of a text that has a year by name. */
function translateNumerals(text: string): string {
  const bare = `regexp_replace(${text}, '[(]? *(星期|周|礼拜)[一二三四五六日天] *[)]?', ' ')`;
  const steps = NUMERAL_STEPS.reduce(
    (sql, [from, to]) => `regexp_replace(${sql}, ${quoteLiteral(from)}, ${quoteLiteral(to)}, 'g')`,
    bare,
  );
  return `CASE WHEN contains(${text}, '年') THEN translate(${steps}, '〇${NUMERALS}', '0123456789') ELSE ${text} END`;
}

/** Other orders and spellings that can only mean one thing are written year, month, day. */
function inWords(text: string): string {
  const dayFirst = `^${WEEKDAY}([0-9]{1,2})[ -]+${MONTH_WORD},?[ -]+([0-9]{4})(.*)$`;
  const monthFirst = `^${WEEKDAY}${MONTH_WORD} +([0-9]{1,2}),? +([0-9]{4})(.*)$`;
  const parts = (shape: string, names: string) =>
    `regexp_extract(u, ${quoteLiteral(shape)}, [${names}], 'i')`;
  const found = `CASE WHEN regexp_matches(u, ${quoteLiteral(dayFirst)}, 'i') THEN ${parts(dayFirst, "'day', 'month', 'year', 'rest'")}
    ELSE CAST(${parts(monthFirst, "'month', 'day', 'year', 'rest'")} AS STRUCT(day VARCHAR, month VARCHAR, year VARCHAR, rest VARCHAR)) END`;
  const month = `((instr(lower(${quoteLiteral(MONTHS)}), lower(d.month)) + 3) // 4)`;
  const rest = zoneNames("regexp_replace(d.rest, ' *[(].*[)]$', '')");
  const english = named(
    found,
    "d",
    `CASE WHEN d.year = '' THEN u ELSE d.year || '-' || ${month} || '-' || d.day || ${rest} END`,
  );
  return `CASE WHEN regexp_matches(u, '[A-Za-z]{3}') THEN ${english} WHEN regexp_matches(u, '^[0-9]{8}') THEN ${together("u")} ELSE ${text} END`;
}

/** Digits without signs between them: a day, or a day with hours, minutes and seconds; T or a blank may stand between. */
function together(text: string): string {
  const day = String.raw`\1-\2-\3`;
  const date = "^([0-9]{4})([0-9]{2})([0-9]{2})";
  const rewrite = (sql: string, from: string, to: string) =>
    `regexp_replace(${sql}, ${quoteLiteral(from)}, ${quoteLiteral(to)})`;
  const seconds = rewrite(
    text,
    `${date}[Tt ]?([0-9]{2})([0-9]{2})([0-9]{2}(?:[.][0-9]+)?)([^0-9].*)?$`,
    String.raw`\1-\2-\3 \4:\5:\6\7`,
  );
  const minutes = rewrite(
    seconds,
    `${date}[Tt ]([0-9]{2})([0-9]{2})([^0-9].*)?$`,
    String.raw`\1-\2-\3 \4:\5\6`,
  );
  return rewrite(minutes, `${date}$`, day);
}

function zoneNames(text: string): string {
  return Object.entries(ZONES).reduce(
    (sql, [name, offset]) => `regexp_replace(${sql}, ' ${name}$', ' ${offset}', 'i')`,
    text,
  );
}

/** The moment from its parts p; DuckDB's reading of the written time says which days and hours there are. */
function assemble(zone: string): string {
  const signs = `(p.sign = p.second_sign AND p.sign <> '年' AND p.day_word = '' OR p.sign = '年' AND p.second_sign = '月')`;
  const apart = `(p.hour = '' OR p.gap <> '' OR p.day_word <> '' OR p.half <> '')`;
  const clock = `(p.hour = '' OR CASE WHEN p.minute = '' THEN p.hour_sign IN ('时', '点') OR p.half <> '' OR p.half_behind <> ''
    ELSE p.hour_sign <> '' AND (p.second = '' OR p.minute_sign <> '') END)`;
  const half = `CASE WHEN p.half <> '' AND p.half_behind <> '' THEN 'both'
    WHEN p.half IN ('上午', '下午') THEN p.half ELSE upper(left(p.half || p.half_behind, 1)) END`;
  // Noon and midnight of the English clock are 12; 上午12时 may be either, so it is neither.
  const hour = named(
    half,
    "half",
    `CASE WHEN p.hour = '' THEN 0 WHEN half = '' THEN CAST(p.hour AS INTEGER)
      WHEN half = 'A' AND CAST(p.hour AS INTEGER) BETWEEN 1 AND 12 THEN CAST(p.hour AS INTEGER) % 12
      WHEN half = 'P' AND CAST(p.hour AS INTEGER) BETWEEN 1 AND 12 THEN CAST(p.hour AS INTEGER) % 12 + 12
      WHEN half = '上午' AND CAST(p.hour AS INTEGER) < 12 THEN CAST(p.hour AS INTEGER)
      WHEN half = '下午' AND CAST(p.hour AS INTEGER) BETWEEN 1 AND 11 THEN CAST(p.hour AS INTEGER) + 12
      WHEN half = '下午' AND CAST(p.hour AS INTEGER) BETWEEN 12 AND 23 THEN CAST(p.hour AS INTEGER) END`,
  );
  const zeroed = (part: string) => `CASE WHEN ${part} = '' THEN '0' ELSE ${part} END`;
  const written = `p.year || '-' || p.month || '-' || p.day || ' ' || CAST(${hour} AS VARCHAR) || ':' || ${zeroed("p.minute")} || ':' || ${zeroed("p.second")} || '.' || ${zeroed("left(p.fraction, 6)")}`;
  const moment = `CASE WHEN p.year <> '' AND ${signs} AND ${apart} AND ${clock} THEN TRY_CAST(${written} AS TIMESTAMP) END`;
  const shifted = `CASE WHEN p.shift = '' OR p.hour = '' THEN moment ELSE ${inZone("moment", offsetOf("p.shift"), zone)} END`;
  return named(moment, "moment", shifted);
}

/** SQL of an offset in minutes, NULL when no clock anywhere is so far off. */
function offsetOf(shift: string): string {
  const parts = `regexp_extract(${shift}, '([+-])([0-9]{1,2}):?([0-9]{2})?$', ['sign', 'hours', 'minutes'])`;
  const number = (part: string) => `coalesce(TRY_CAST(o.${part} AS INTEGER), 0)`;
  return named(
    parts,
    "o",
    `CASE WHEN ${number("hours")} <= 14 AND ${number("minutes")} < 60 THEN (CASE o.sign WHEN '-' THEN -1 ELSE 1 END) * (${number("hours")} * 60 + ${number("minutes")}) END`,
  );
}

/** A clock time so many minutes ahead of UTC, as the clock of the zone showed it. */
function inZone(moment: string, minutes: string, zone: string): string {
  return `timezone(${quoteLiteral(zone)}, timezone('UTC', ${moment} - to_minutes(${minutes})))`;
}

/** SQL of the moment that a spreadsheet's day number stands for, NULL for anything but five digits with or without a fraction. */
export function serialOf(text: string): string {
  const number = `TRY_CAST(regexp_extract(${plainText(text)}, '^[0-9]{5}(?:[.][0-9]+)?$') AS DOUBLE)`;
  return `CAST(TIMESTAMP '1899-12-30 00:00:00' + to_seconds(round(${number} * 86400)) AS TIMESTAMP)`;
}

/**
 * SQL of why a text that gave no date gave none, as a reason of quarantine: it may be read in several ways, or says too
 * little, or it is no date at all.
 */
export function dateFault(text: string): string {
  const several = [
    "^[0-9]{1,2} *[-/.年] *[0-9]{1,2}\\b",
    "^[0-9]{4} *[-/.年] *[0-9]{1,2} *月?$",
    "^[0-9]{5,6}([.][0-9]+)?$",
    "CST",
    "(上午|下午) *12",
    "(凌晨|早上|晚上|中午)",
  ].join("|");
  return `CASE WHEN regexp_matches(${plainText(text)}, ${quoteLiteral(several)}) THEN 'unclear-date' ELSE 'bad-date' END`;
}
