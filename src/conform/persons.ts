import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TZDate } from "@date-fns/tz";
import { format } from "date-fns";
import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { writeWhole } from "../write-whole.ts";
import { boundIn } from "./bindings.ts";
import type { Mapping } from "./judged-rows.ts";
import { personsQuery } from "./mapping-query.ts";

const sql = sqlFile(import.meta.dirname, "persons.sql");

/** Reads the personal values of the faultless rows, before they are merged, into a temporary table. */
export async function gatherPersons(
  { store }: Context,
  { kind, source }: SourceDefinition,
  mappings: readonly Mapping[],
): Promise<void> {
  await store.run(sql("find-accepted-rows", { kind }), { source });
  await store.run(sql("gather-persons"));
  for (const mapping of mappings) {
    const statement = sql("add-to-gathered", {
      persons: personsQuery(mapping),
      months: String(mapping.source.retention_months as number),
    });
    await store.run(statement, boundIn(statement, mapping.bindings));
  }
}

/** Puts what was gathered into the restricted table, each value once with its latest day of retention. */
export async function keepPersons(
  { store, asOf }: Context,
  source: SourceDefinition,
): Promise<void> {
  await store.run(sql("take-over-held"), { source: source.source });
  await store.run(sql("drop-held"), { source: source.source });
  await store.run(sql("keep-persons"), { source: source.source, as_of: asOf });
}

/**
 * The day retention is reckoned on: the as-of day, but never beyond today. A wrong as-of time must not forget too early.
 * @returns ISO day in the pipeline's zone
 */
export function retentionDay({ asOf, clock, pipeline }: Context): string {
  const now = format(new TZDate(clock(), pipeline.time_zone), "yyyy-MM-dd");
  return asOf.slice(0, 10) < now ? asOf.slice(0, 10) : now;
}

/** Deletes personal values whose retention was over on that day; returns how many. */
export async function forgetExpiredPersons(context: Context): Promise<number> {
  const at = { as_of: retentionDay(context) };
  const due = await context.store.row<{ values: number }>(sql("count-expired"), at);
  if (!due?.values) return 0;
  // Written first: after a crash the next run still knows that the file has to be swept.
  if (!context.rebuilds) markUnswept(context);
  return (await context.store.run(sql("forget-expired"), at)).rowsChanged;
}

const UNSWEPT = "unswept";

/** Says that values are being deleted whose bytes stay until the database is written anew. */
export function markUnswept({ dataDir }: Context): void {
  writeWhole(join(dataDir, UNSWEPT), "");
}

/** Whether deleted values may still stand in free blocks of the database. */
export function isUnswept({ dataDir }: Context): boolean {
  return existsSync(join(dataDir, UNSWEPT));
}

/** Says that the database has been written anew. */
export function markSwept({ dataDir }: Context): void {
  rmSync(join(dataDir, UNSWEPT), { force: true });
}
