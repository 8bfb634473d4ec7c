import type { Context } from "../context.ts";
import { warningsOf } from "../definitions-on.ts";
import type { WarningDefinition } from "../standard/warning-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { citedAs } from "./cited.ts";

const sql = sqlFile(import.meta.dirname, "warning-tables.sql");

export interface WarningLevel {
  readonly period: string;
  readonly entity_id: string;
  readonly warnings_id: string;
  readonly level: string;
  readonly list: "warning" | "hint" | null;
  readonly emergency: string | null;
  readonly rating: string | null;
  readonly rating_uncapped: string | null;
  readonly rating_score: number | null;
  readonly reason_zh: string;
  readonly reason_en: string;
}

export interface StandingWarning {
  readonly warnings_id: string;
  readonly entity_id: string;
  readonly rule_id: string;
  readonly kind: string;
  readonly part: string;
  readonly began: string;
  readonly level: string;
  readonly value: number;
  readonly line: number;
  readonly expected: string | null;
  readonly message_zh: string;
  readonly message_en: string;
}

export interface WarningCrossing {
  readonly warnings_id: string;
  readonly entity_id: string;
  readonly series_id: string;
  readonly method: string;
  readonly error: number | null;
  readonly naive_error: number | null;
  readonly crossing_level: string;
  readonly crossing_line: number;
  readonly crossing_period: string | null;
  readonly crossing_earliest: string;
  readonly end_period: string;
  readonly central: number;
  readonly low: number;
  readonly high: number;
  readonly value: number | null;
}

export interface StressedLevel {
  readonly warnings_id: string;
  readonly entity_id: string;
  readonly scenario_id: string;
  readonly series_id: string;
  readonly value: number;
  readonly baseline: number;
  readonly level: string;
  readonly baseline_level: string;
}

/** What everybody may see of a body's debt, in yuan or whatever the positions are in. */
export interface DebtLimit {
  readonly warnings_id: string;
  readonly entity_id: string;
  readonly balance: number | null;
  readonly debt_limit: number | null;
}

/** What the report shows of the warnings. */
export interface WarningReport {
  readonly definitions: readonly WarningDefinition[];
  /** All periods, by file and body, oldest first. */
  readonly levels: readonly WarningLevel[];
  /** Above green at the period, the worst first. */
  readonly standing: readonly StandingWarning[];
  readonly crossings: readonly WarningCrossing[];
  readonly stress: readonly StressedLevel[];
  readonly debtLimits: readonly DebtLimit[];
  /** What the figures of `debtLimits` are shown in, by file of warnings. */
  readonly publicForms: readonly PublicForm[];
}

/** How a file of warnings is shown to everybody. */
export type PublicForm = NonNullable<WarningDefinition["public_form"]> & { readonly id: string };

/** Reads the warnings from the published tables. */
export async function gatherWarnings(
  context: Context,
  isWithheld: (warnings: string) => boolean,
): Promise<WarningReport> {
  const { store, period } = context;
  const definitions = warningsOf(context);
  return {
    definitions: definitions.filter(({ id }) => !isWithheld(id)),
    publicForms: definitions.flatMap(({ id, public_form: form }) => (form ? { id, ...form } : [])),
    levels: await store.rows<WarningLevel>(sql("read-levels")),
    standing: await store.rows<StandingWarning>(sql("read-standing")),
    crossings: await store.rows<WarningCrossing>(sql("read-crossings"), { period: period.id }),
    stress: await store.rows<StressedLevel>(sql("read-stress")),
    debtLimits: await store.rows<DebtLimit>(sql("read-debt-limits"), { period: period.id }),
  };
}

/** The series that warnings show everybody, as balance and limit. */
export function publicForms(definitions: readonly WarningDefinition[]) {
  return definitions.flatMap(({ id, public_form: form }) =>
    form ? [{ warnings_id: id, series_id: form.balance_and_limit }] : [],
  );
}

/** The rules and outlooks as rows of the published table. */
export function warningRuleRows(definitions: readonly WarningDefinition[]) {
  return definitions.flatMap(({ id, series, rules, outlooks }) => {
    const describe = (seriesId: string) => {
      const on = series.find((one) => one.id === seriesId);
      return {
        series_id: seriesId,
        series_zh: on?.title.zh,
        series_en: on?.title.en,
        unit_zh: on?.unit.zh,
        unit_en: on?.unit.en,
      };
    };
    return [
      ...rules.map((rule) => ({
        kind: "rule",
        rule,
        ...describe(rule.series),
        terms: JSON.stringify({
          bands: rule.bands,
          persistence: rule.persistence,
          release_after: rule.release_after,
          hard: rule.hard,
        }),
      })),
      ...outlooks.map((rule) => ({
        kind: "outlook",
        rule,
        ...describe(rules.find((one) => one.id === rule.rule)?.series ?? ""),
        terms: JSON.stringify({ rule: rule.rule, reaches: rule.reaches, level: rule.level }),
      })),
    ].map(({ rule, ...row }, place) => ({
      ...row,
      warnings_id: id,
      place,
      rule_id: rule.id,
      title_zh: rule.title.zh,
      title_en: rule.title.en,
      ...citedAs(rule.source),
      assumption: rule.assumption ?? false,
    }));
  });
}
