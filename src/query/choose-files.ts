import { existsSync } from "node:fs";
import { join } from "node:path";

/** A published run, as far as it matters here. */
export interface Run {
  readonly period: string;
  readonly asOf: string;
  readonly latest: boolean;
  readonly folder: string;
}

/**
 * The run a question is put to: of the period named, else of the newest; as known at a time, the last one published of
 * what was known no later; else the one in force.
 * @param runs in the order of period, then as-of time
 * @param asOf "2019-01-10" or "2019-01-10 08:00:00"; a day is its first moment
 */
export function chooseRun<R extends Run>(
  runs: readonly R[],
  { period, asOf }: { readonly period?: string | undefined; readonly asOf?: string | undefined },
  newest?: string,
): R | undefined {
  const moment = asOf?.length === 10 ? `${asOf} 00:00:00` : asOf;
  const known = runs.filter((run) => moment === undefined || run.asOf <= moment);
  const wanted = period ?? (moment === undefined ? newest : undefined) ?? known.at(-1)?.period;
  const fitting = known.filter((run) => run.period === wanted);
  return (
    (moment === undefined ? fitting.find(({ latest }) => latest) : undefined) ?? fitting.at(-1)
  );
}

/** The databases of a published folder, the single records first; a folder of an earlier program has none of these. */
export function databasesOf(folder: string): string[] {
  return ["records.duckdb", "published.duckdb"]
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file));
}
