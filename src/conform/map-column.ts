import { identifierSql } from "../standard/identifiers.ts";
import { hyphenate, suspectText } from "../standard/personal-text.ts";
import type { Bindings } from "./bindings.ts";
import type { ColumnTask, Flag } from "./column-task.ts";
import { convertNative, convertText, isNative } from "./convert.ts";
import { currencyCode, UNKNOWN_CURRENCY } from "./currency-of-row.ts";
import { holdBack } from "./held-back.ts";
import { caseOf, judgeColumn } from "./judge-column.ts";
import { CURRENCY } from "./money.ts";
import { isPseudonym, PSEUDONYM_MARK, pseudonymOf } from "./pseudonym.ts";
import { emptyToNull } from "./read-column.ts";
import { extractPart } from "./text-parts.ts";

/** What does not change from column to column. */
export interface MappingPlace {
  readonly zone: string;
  readonly pseudonymKey: string;
  readonly bindings: Bindings;
  /** In which the pipeline counts money. */
  readonly currency: string;
  /** SQL of the dates and times of a row, over the steps before v. */
  readonly days: readonly string[];
}

/**
 * The SQL of one column, step by step; each step names the one before:
 * s = text without blanks around it; t = the same, NULL when empty; n = the same in the raw column's own type; m = after default and codes;
 * p = m in plain digits where it may be somebody's number or address; q = that with hyphens between the digits;
 * v = in the core type; i = what a lookup goes by; k = its part of the key; f = code of its fault, NULL when there is none.
 */
export interface MappedColumn extends ColumnTask {
  readonly text: string;
  readonly native: string | undefined;
  readonly coded: string;
  /** Absent where nothing is held back. */
  readonly suspect: string | undefined;
  readonly hyphenated: string | undefined;
  readonly value: string;
  /** What is looked up, in the form in which the lookup holds its codes; absent without lookup. */
  readonly sought: string | undefined;
  /** Its part of the key, where that is not the value itself. */
  readonly keyPart: string | undefined;
  /** The core value, once entities are looked up. */
  readonly result: string;
  readonly fault: string;
  /** As fault, but tells an expired code from an unknown one by the lookup's validity table. */
  readonly explainedFault: string;
  readonly flags: readonly Flag[];
  /** SQL of what a clerk should know besides reason, column and value. */
  readonly detail: string;
}

export function mapColumn(task: ColumnTask, place: MappingPlace): MappedColumn {
  const { position, mapping, origin, type, lookup, codes, form } = task;
  const { bindings } = place;
  const [t, n, m, v] = ["t", "n", "m", "v"].map((step) => `${step}${position}`) as [
    string,
    string,
    string,
    string,
  ];
  const needsText =
    mapping.empty || mapping.extract || codes || lookup || mapping.person || mapping.check || form;
  const native =
    !needsText && origin.native && isNative(origin.native.type, type, mapping)
      ? origin.native
      : undefined;
  const cleaned = emptyToNull(`s${position}`, mapping.empty ?? [], bindings);
  const extracted = mapping.extract ? extractPart(cleaned, mapping.extract, task.core) : cleaned;
  const text =
    mapping.extract && mapping.person
      ? `CASE WHEN ${isPseudonym(cleaned)} THEN ${cleaned} ELSE ${extracted} END`
      : extracted;
  const fallback =
    mapping.default === undefined ? undefined : bindings.bind(String(mapping.default));
  const known = codes ? caseOf(t, codes, bindings) : t;
  const kept = codes && mapping.unknown === "keep" ? `coalesce(${known}, ${t})` : known;
  const coded = fallback ? `CASE WHEN ${t} IS NULL THEN ${fallback} ELSE ${kept} END` : kept;
  let value = native
    ? convertNative(n, native.type, type, place.zone)
    : convertText(m, lookup || mapping.person ? "VARCHAR" : type, { ...mapping, zone: place.zone });
  if (native && fallback) value = `coalesce(${value}, CAST(${fallback} AS ${type}))`;
  if (mapping.person) {
    const made = pseudonymOf(`upper(${m})`, place.pseudonymKey, bindings);
    const kept = `substr(${m}, ${PSEUDONYM_MARK.length + 1})`;
    value = `CASE WHEN ${isPseudonym(m)} THEN ${kept} ELSE ${made} END`;
  }
  const bind = (text: string) => bindings.bind(text);
  if (form === "identifier") value = identifierSql(m, "identifier", bind);
  if (form === "reference") value = identifierSql(m, "key", bind);
  const looked = task.shown !== undefined && !task.shown.all;
  if (task.shown && looked) {
    const named = form === undefined ? m : identifierSql(m, "key", bind);
    const digits = pseudonymOf(named, place.pseudonymKey, bindings);
    const released = task.shown.marks.map(bind);
    value = holdBack({
      text: m,
      suspect: `p${position}`,
      hyphenated: `q${position}`,
      days: place.days,
      value,
      digits,
      released,
      shown: task.shown,
    });
  }
  if (task.core === CURRENCY) value = statedCurrency(m, value, place);
  const sought = lookup && identifierSql(m, "identifier", bind);
  const keyPart = form === "key" ? identifierSql(v, "key", bind) : undefined;
  const given = native ? `${n} IS NOT NULL` : `${t} IS NOT NULL`;
  const judged = judgeColumn(
    task,
    { given, t, m, v, hasFallback: fallback !== undefined },
    bindings,
  );
  return {
    ...task,
    text,
    native: native?.value,
    coded,
    suspect: looked ? suspectText(m) : undefined,
    hyphenated: looked ? hyphenate(`p${position}`) : undefined,
    value,
    sought,
    keyPart,
    ...judged,
  };
}

/** SQL of the code of a row's currency: the pipeline's where none is said, and what no code names as it is shown. */
function statedCurrency(text: string, shown: string, { bindings, currency }: MappingPlace): string {
  const code = currencyCode(text);
  return `(CASE WHEN ${text} IS NULL THEN ${bindings.bind(currency)} WHEN ${code} <> '${UNKNOWN_CURRENCY}' THEN ${code} ELSE ${shown} END)`;
}
