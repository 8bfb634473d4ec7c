import { hasHiddenCharacters } from "../standard/personal-text.ts";
import type { ColumnMapping } from "../standard/source-definition.ts";
import { quoteLiteral } from "../store/sql-file.ts";
import type { Bindings } from "./bindings.ts";
import type { ColumnTask, Flag } from "./column-task.ts";
import { HELD_BACK } from "./held-back.ts";
import { SCIENTIFIC } from "./identifier-columns.ts";
import { numberFault } from "./number-text.ts";
import { dateFault } from "./time-text.ts";

/** The steps that need the whole row: lookups are joined, so this says what is wrong and what the core value is. */
export function judgeColumn(
  { position, core, type, required, mapping, lookup, codes, form, shown }: ColumnTask,
  {
    given,
    t,
    m,
    v,
    hasFallback,
  }: Record<"given" | "t" | "m" | "v", string> & { hasFallback: boolean },
  bindings: Bindings,
) {
  const strict = mapping.unknown === "quarantine" || (required && mapping.unknown === "drop");
  const found = `l${position}.entity_id`;
  const unfound = `(${m} IS NOT NULL AND vday IS NOT NULL AND (${found} IS NULL OR l${position}.ambiguous))`;
  const uncoded = `(${t} IS NOT NULL AND ${codes ? caseOf(t, codes, bindings) : t} IS NULL)`;
  const result = lookup
    ? mapping.unknown === "keep"
      ? `CASE WHEN ${unfound} THEN ${m} ELSE ${found} END`
      : `CASE WHEN NOT l${position}.ambiguous THEN ${found} END`
    : v;
  const tests = (explained: boolean): string[] => {
    const list: string[] = [];
    if (required && !hasFallback) list.push(`WHEN NOT (${given}) THEN 'missing'`);
    if (codes && strict) list.push(`WHEN ${uncoded} THEN 'unknown-code'`);
    if (form) list.push(`WHEN ${v} IS NOT NULL AND ${scientific(v)} THEN 'bad-code'`);
    if (lookup && strict) {
      if (explained) list.push(`WHEN ${unfound} AND ${scientific(m)} THEN 'bad-code'`);
      list.push(
        explained
          ? `WHEN ${unfound} THEN CASE WHEN l${position}.ambiguous THEN 'ambiguous-entity' WHEN y${position}.code IS NOT NULL THEN 'expired-code' ELSE 'unknown-entity' END`
          : `WHEN ${unfound} THEN 'unknown-entity'`,
      );
    }
    const bad = FAULT_OF_TYPE[type.replace(/\(.*/, "")];
    if (bad && !lookup && !mapping.person) {
      const present = codes ? `(${given}) AND ${m} IS NOT NULL` : `(${given})`;
      // Why is only asked where it is told.
      const fault = explained ? (EXPLAIN_FAULT[bad]?.(m) ?? `'${bad}'`) : `'${bad}'`;
      list.push(`WHEN ${present} AND ${v} IS NULL THEN ${fault}`);
    }
    for (const [bound, sign] of [
      [mapping.min, "<"],
      [mapping.max, ">"],
    ] as const) {
      if (bound === undefined) continue;
      list.push(
        `WHEN ${v} ${sign} CAST(${bindings.bind(String(bound))} AS ${type}) THEN 'out-of-range'`,
      );
    }
    return list;
  };
  const flags: Flag[] = [];
  const flag = (when: string, text: string) => flags.push({ when, text: bindings.bind(text) });
  if (mapping.check) flag(`${v} IS NOT NULL AND NOT uscc_is_valid(${v})`, "uscc-check");
  if (codes && !strict) flag(uncoded, `unknown-code:${core}`);
  if (lookup && !strict) flag(unfound, `unknown-entity:${core}`);
  const odd = /^(DATE|TIMESTAMP)$/.test(type) && !lookup ? oddYear(v, mapping) : undefined;
  if (odd) flag(odd, `odd-year:${core}`);
  const normalised = otherSpelling({ position, lookup, form }, { t, v });
  const held = `starts_with(${v}, ${quoteLiteral(HELD_BACK)})`;
  if (normalised) {
    flag(shown ? `NOT ${held} AND (${normalised})` : normalised, `code-normalised:${core}`);
  }
  if (shown) {
    flag(held, `${shown.whole ? "column-held-back" : "held-back"}:${core}`);
    flag(hasHiddenCharacters(m), `hidden-characters:${core}`);
  }
  return {
    result,
    fault: caseOrNull(tests(false)),
    explainedFault: caseOrNull(tests(true)),
    flags,
    detail: detailOf({ position, mapping, lookup, codes }, bindings),
  };
}

/**
 * When a day lies in a year that it can hardly be meant for, where the source gives no bounds of its own: before 1949, or after
 * 2099. The last day of 9999 means "without end".
 */
function oddYear(value: string, { min, max, value: constant }: ColumnMapping): string | undefined {
  const ends = [
    ...(min === undefined ? [`${value} < DATE '1949-01-01'`] : []),
    ...(max === undefined
      ? [`${value} >= DATE '2100-01-01' AND CAST(${value} AS DATE) <> DATE '9999-12-31'`]
      : []),
  ];
  return constant === undefined && ends.length > 0 ? ends.join(" OR ") : undefined;
}

/** Reasons that are told more closely from the text. */
const EXPLAIN_FAULT: Readonly<Record<string, (text: string) => string>> = {
  "bad-date": dateFault,
  "bad-number": numberFault,
};

/** SQL of whether a code or name was not written as it is held; undefined for what is neither. */
function otherSpelling(
  { position, lookup, form }: Pick<ColumnTask, "position" | "lookup" | "form">,
  { t, v }: Record<"t" | "v", string>,
): string | undefined {
  if (lookup) {
    return `l${position}.entity_id IS NOT NULL AND NOT l${position}.ambiguous AND NOT list_contains(l${position}.spellings, ${t})`;
  }
  if (form === undefined) return undefined;
  if (form !== "key") return `${v} <> ${t}`;
  // Blanks and full-width brackets are the usual way of writing a document's number.
  const usual = `translate(replace(${t}, ' ', ''), '（）', '()')`;
  return `k${position} <> ${t} AND k${position} <> ${usual}`;
}

/** Whether a spreadsheet has written the code as a number with an exponent, which may have cost it digits. */
function scientific(text: string): string {
  return `regexp_full_match(${text}, '${SCIENTIFIC}')`;
}

const FAULT_OF_TYPE: Readonly<Record<string, string>> = {
  DATE: "bad-date",
  TIMESTAMP: "bad-date",
  BOOLEAN: "bad-boolean",
  INTEGER: "bad-number",
  BIGINT: "bad-number",
  DECIMAL: "bad-number",
  DOUBLE: "bad-number",
};

function detailOf(
  {
    position,
    mapping,
    lookup,
    codes,
  }: Pick<ColumnTask, "position" | "mapping" | "lookup" | "codes">,
  bindings: Bindings,
): string {
  if (lookup) {
    // The joined tables' columns, under the names the judged row carries them by.
    return `coalesce(CASE WHEN l${position}_ambiguous THEN y${position}_entities ELSE y${position}_days END, '')`;
  }
  if (codes) return bindings.bind(listSome(Object.keys(codes)));
  const { min, max } = mapping;
  if (min !== undefined || max !== undefined) return bindings.bind(`${min ?? ""} … ${max ?? ""}`);
  return "''";
}

function listSome(values: readonly string[]): string {
  return values.slice(0, 12).join(", ") + (values.length > 12 ? ", …" : "");
}

/** SQL of what a text stands for by a list of codes. */
export function caseOf(
  text: string,
  codes: Readonly<Record<string, string>>,
  bindings: Bindings,
): string {
  const branches = Object.entries(codes).map(
    ([from, to]) => `WHEN ${bindings.bind(from)} THEN ${bindings.bind(to)}`,
  );
  return branches.length > 0 ? `(CASE ${text} ${branches.join(" ")} END)` : "CAST(NULL AS VARCHAR)";
}

function caseOrNull(tests: readonly string[]): string {
  return tests.length > 0 ? `(CASE ${tests.join(" ")} END)` : "CAST(NULL AS VARCHAR)";
}
