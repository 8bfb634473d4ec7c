import { z } from "zod";
import type { IndicatorFile } from "./indicator-file.ts";
import type { PipelineDefinition } from "./pipeline-definition.ts";
import type { WarningFile } from "./warning-schema.ts";

/**
 * For whose eyes an output is, from everybody to the fewest: the public; the body it is about; the staff of the offices that
 * work with the program; the offices that the pipeline names. Whoever may see an audience's outputs may see those before it,
 * but a body sees outputs for bodies of itself alone.
 */
export const AUDIENCES = ["public", "bodies", "officers", "internal"] as const;
export type Audience = (typeof AUDIENCES)[number];

/** The field of a definition. */
export const audience = z.enum(AUDIENCES);

/** Whether what is for one audience may be seen by whoever may see what is for another. */
export function isWithin(one: Audience, limit: Audience): boolean {
  return AUDIENCES.indexOf(one) <= AUDIENCES.indexOf(limit);
}

/** What somebody may see: outputs up to an audience, and of those for bodies the ones about a body alone. */
export interface Clearance {
  readonly audience: Audience;
  /** Null: of every body. */
  readonly body: string | null;
}

export const FOR_EVERYBODY: Clearance = { audience: "public", body: null };
/** What the program shows on its own command line, to whoever holds the data folder anyway. */
export const FOR_OFFICES: Clearance = { audience: "internal", body: null };

/** What of a visitor decides over what may be seen. */
export interface Cleared {
  readonly role: "public" | "analyst" | "officer" | "admin";
  /** The body it acts for. */
  readonly body: string | null;
  /** The office it belongs to. */
  readonly office: string | null;
}

/**
 * Which role sees what of a pipeline: an administrator everything; who acts for a body what is public and what is for that body;
 * who belongs to an office that the pipeline names what is internal; other analysts and officers what is for officers.
 */
export function clearanceOf(
  { role, body, office }: Cleared,
  { offices = {} }: Pick<PipelineDefinition, "offices">,
): Clearance {
  if (role === "admin") return FOR_OFFICES;
  if (role === "public") return FOR_EVERYBODY;
  if (body !== null) return { audience: "bodies", body };
  const named = office !== null && Object.hasOwn(offices, office);
  return { audience: named ? "internal" : "officers", body: null };
}

/** Columns of debt positions that no government publishes: hidden debt, what was not paid when due, and what may come of it. */
export const INTERNAL_DEBT_COLUMNS: readonly string[] = [
  "hidden_debt",
  "overdue_debt",
  "principal_paid",
  "interest_paid",
  "guarantees",
  "guarantees_called",
  "guarantees_paid",
  "livelihood_arrears",
  "mass_incidents",
];

const HIDDEN_DEBT = /\bhidden_debt\b|'with_hidden'/;

/** Whether an indicator counts hidden debt, which is never for others than the offices. */
export function usesHiddenDebt({ sql }: Pick<IndicatorFile, "sql">): boolean {
  return HIDDEN_DEBT.test(sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ""));
}

/** For whom an indicator is: as it says, else by the columns it reads. */
export function audienceOfIndicator(
  indicator: Pick<IndicatorFile, "audience" | "reads" | "sql">,
): Audience {
  if (indicator.audience) return indicator.audience;
  const columns = (indicator.reads.debt_position ?? []).map((name) => name.replace(/[?+]$/, ""));
  const internal = columns.some((name) => INTERNAL_DEBT_COLUMNS.includes(name));
  return internal || usesHiddenDebt(indicator) ? "internal" : "public";
}

/** For whom warnings are: as the file says, else those on debt positions for the offices and others for everybody. */
export function audienceOfWarnings({
  audience: stated,
  series,
}: Pick<WarningFile, "audience" | "series">): Audience {
  if (stated) return stated;
  return series.some(({ from }) => from === "position") ? "internal" : "public";
}

/** Series of warnings that count hidden debt. */
export function hiddenSeries({ series }: Pick<WarningFile, "series">): readonly string[] {
  return series.flatMap((one) =>
    one.from === "position" &&
    (one.scope === "with_hidden" || /"hidden_debt"/.test(JSON.stringify(one)))
      ? [one.id]
      : [],
  );
}
