import { addMonths, format, parseISO } from "date-fns";
import type { Measure, RecordRules, Severity } from "../standard/record-rules.ts";

/** What of a record the periods hang on; days as ISO text. */
export interface TimedRecord {
  readonly record_type: string;
  readonly severity: string;
  /** The document's date. */
  readonly decided_on: string;
  /** The end of the act, where it is known. */
  readonly act_ended_on: string | null;
  /** Of a disciplinary record: the sanction. */
  readonly measure?: string | null;
}

/** What the dated rules say of a record on a day. */
export interface Publicity {
  /** yes; if_needed: only with a reason; over: the period has ended; unlimited: no rule of ours ends it. */
  readonly mayBePublished: "yes" | "if_needed" | "over" | "unlimited";
  /** First day on which it may be repaired; null where no rule says. */
  readonly earliestRepair: string | null;
  /** First day on which it is no longer published; null where no rule says. */
  readonly endsOn: string | null;
  /** Id of the rule that ends it. */
  readonly endsBy: string | null;
}

/**
 * May the record be published on a day, from when may it be repaired, when does its publication end and by which rule. Of several
 * clocks the one that ends first decides: the period from the document's date, the longest disclosure from the end of the act,
 * and of a sanction its own duration.
 */
export function findPublicity(record: TimedRecord, day: string, rules: RecordRules): Publicity {
  const publication = ruleOn(rules.publication, record.decided_on);
  const period =
    publication && !publication.except_types.includes(record.record_type)
      ? publication.severities[record.severity as Severity]
      : undefined;
  const ends: { readonly on: string; readonly by: string }[] = [];
  if (publication && period) {
    ends.push({ on: monthsAfter(record.decided_on, period.max_months), by: publication.id });
  }
  const cap = ruleOn(rules.caps, record.decided_on);
  if (cap && record.act_ended_on && !cap.except_types.includes(record.record_type)) {
    ends.push({ on: monthsAfter(record.act_ended_on, cap.months), by: cap.id });
  }
  const discipline = record.measure ? ruleOn(rules.disciplines, record.decided_on) : undefined;
  const months = discipline?.months[record.measure as Measure];
  if (discipline && months) {
    ends.push({ on: monthsAfter(record.decided_on, months), by: discipline.id });
  }
  const end = ends.toSorted((a, b) => compare(a.on, b.on) || compare(a.by, b.by))[0];
  const over = end !== undefined && end.on <= day;
  return {
    mayBePublished: over
      ? "over"
      : period?.publish === "if_needed"
        ? "if_needed"
        : end
          ? "yes"
          : "unlimited",
    earliestRepair: period ? monthsAfter(record.decided_on, period.min_months) : null,
    endsOn: end?.on ?? null,
    endsBy: end?.by ?? null,
  };
}

/** The rule in force on a day: ranges are half-open. */
export function ruleOn<
  R extends { readonly from?: string | undefined; readonly to?: string | undefined },
>(rules: readonly R[], day: string): R | undefined {
  return rules.find(
    ({ from, to }) => (from === undefined || from <= day) && (to === undefined || day < to),
  );
}

/** So many calendar months later; from the 31st to the last day of a shorter month. */
export function monthsAfter(day: string, months: number): string {
  return format(addMonths(parseISO(day), months), "yyyy-MM-dd");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
