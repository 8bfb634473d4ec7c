import { addMonths, format, parseISO } from "date-fns";
import { LISTING } from "../record/transitions.ts";
import {
  type ListDefinition,
  type ListPart,
  type ListRule,
  listParts,
  type RecordTerms,
} from "../standard/list-definition.ts";
import { type Bilingual, explainEntry } from "./explain-entry.ts";
import type { BodyFacts, CountingRecord } from "./facts.ts";

/** A body on a list, by one rule and at most one record. */
export interface ListEntry {
  readonly part: ListPart;
  readonly rule: ListRule;
  readonly entity: string;
  readonly record: CountingRecord | undefined;
  readonly reason: Bilingual;
  /** ISO days; `until` is the first day on which it no longer holds, null while it hangs on the record. */
  readonly since: string;
  readonly until: string | null;
  readonly ends: "repair" | "months" | "next_list";
}

/** The period of the lists: first and last day, the first day after it, and the ids of the periods, the newest first. */
export interface ListPeriod {
  readonly start: string;
  readonly end: string;
  readonly next: string;
  readonly ids: readonly string[];
}

/**
 * Who is on which list, part by part in the order of the file. Pure: the same facts give the same entries.
 * A body may be on a list by several rules, and by several records of each.
 */
export function judgeLists(
  definition: ListDefinition,
  bodies: readonly BodyFacts[],
  period: ListPeriod,
  names: Readonly<Record<string, Bilingual>>,
): ListEntry[] {
  const entries: ListEntry[] = [];
  for (const part of listParts(definition)) {
    for (const body of bodies.filter(({ level }) => part.levels.includes(level))) {
      const before = entries.filter(({ entity }) => entity === body.entity);
      for (const rule of part.rules) {
        entries.push(...judgeRule({ part, rule, body, before, period, names }));
      }
    }
  }
  return entries;
}

interface Case {
  readonly part: ListPart;
  readonly rule: ListRule;
  readonly body: BodyFacts;
  /** Entries of the body on the lists above. */
  readonly before: readonly ListEntry[];
  readonly period: ListPeriod;
  readonly names: Readonly<Record<string, Bilingual>>;
}

function judgeRule(one: Case): ListEntry[] {
  const { part, rule, body, before, period, names } = one;
  const { when } = rule;
  const on =
    when.on_list === undefined ? [] : before.filter(({ part: p }) => p.id === when.on_list);
  if (when.on_list !== undefined && on.length === 0) return [];
  if (when.off_lists?.some((id) => before.some(({ part: p }) => p.id === id))) return [];
  if (when.without_records && findRecords(body, when.without_records, period).length > 0) return [];
  if (!standsAsAsked(body, when)) return [];
  const reach = (record: CountingRecord | undefined, taken?: ListEntry): ListEntry[] => {
    const span = taken ?? endOf(rule, record, period);
    // It has run out: the document is too old.
    if (span.until !== null && span.until <= period.end) return [];
    const reason = explainEntry(rule, body, record, period, names);
    const { entity } = body;
    const { until, ends } = span;
    return [
      { part, rule, entity, record, reason, since: record?.decidedOn ?? period.start, until, ends },
    ];
  };
  if (when.records) {
    const found = findRecords(body, when.records, period).filter((each) => reach(each).length > 0);
    return found.length < when.records.at_least ? [] : found.flatMap((each) => reach(each));
  }
  if (when.decision) {
    return body.records
      .filter((each) => isDecided(each, when.decision, period.end))
      .flatMap((each) => reach(each));
  }
  // What put the body on the list above is what puts it here, each record once.
  const seen = new Set<string | undefined>();
  const carried = on.filter(({ record }) => !seen.has(record?.key) && seen.add(record?.key));
  if (carried.length > 0) {
    return carried.flatMap((each) =>
      reach(each.record, rule.until === "repair" ? each : undefined),
    );
  }
  return reach(undefined);
}

/**
 * Whether a record is a decision that lists its body by a day, with the steps the law asks for before and after it, in their
 * order.
 */
function isDecided(
  { type, documentNo, notifiedOn, heardOn, decidedOn, deliveredOn }: CountingRecord,
  decision: ListRule["when"]["decision"],
  by: string,
): boolean {
  if (!decision?.types.includes(type as "listing") || documentNo === null) return false;
  if (type !== LISTING) return true;
  if (notifiedOn === null || deliveredOn === null) return false;
  const steps = [notifiedOn, heardOn ?? notifiedOn, decidedOn, deliveredOn, by];
  return steps.every((day, at) => at === 0 || (steps[at - 1] as string) <= day);
}

function standsAsAsked(
  body: BodyFacts,
  { grades, periods, first, vetoes, indicators }: ListRule["when"],
): boolean {
  const [now] = body.standings;
  if (grades) {
    const held = body.standings.slice(0, periods);
    if (held.length < periods) return false;
    if (!held.every(({ grade }) => grade !== null && grades.includes(grade))) return false;
  }
  if (first !== undefined && !(now?.rank != null && now.rank <= first)) return false;
  if (vetoes && !(now?.vetoedBy != null && vetoes.includes(now.vetoedBy))) return false;
  return (indicators ?? []).every(({ indicator, at_least, at_most }) => {
    const value = body.values.get(indicator);
    if (value === undefined) return false;
    return value >= (at_least ?? value) && value <= (at_most ?? value);
  });
}

/** Records of a body that meet the terms, in the order of their documents. */
export function findRecords(
  { records }: BodyFacts,
  { severities, types, fields, within_months }: RecordTerms,
  { end }: Pick<ListPeriod, "end">,
): CountingRecord[] {
  const after = within_months === undefined ? "" : shiftDay(end, -within_months);
  return records.filter(
    ({ severity, type, field, decidedOn }) =>
      (severities?.includes(severity as never) ?? true) &&
      (types?.includes(type as never) ?? true) &&
      (fields === undefined || (field !== null && fields.includes(field))) &&
      decidedOn > after,
  );
}

function endOf(
  { until }: ListRule,
  record: CountingRecord | undefined,
  { end, next }: ListPeriod,
): Pick<ListEntry, "until" | "ends"> {
  if (until === "repair") return { until: null, ends: "repair" };
  // The next list is drawn up of the period after this one, so this one holds until that period is over.
  if (until === "next_list") return { until: next, ends: "next_list" };
  return { until: shiftDay(record?.decidedOn ?? end, until.months), ends: "months" };
}

function shiftDay(day: string, months: number): string {
  return format(addMonths(parseISO(day), months), "yyyy-MM-dd");
}
