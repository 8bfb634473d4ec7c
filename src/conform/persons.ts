import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { boundIn } from "./bindings.ts";
import { type Mapping, personsQuery } from "./mapping-query.ts";

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

/** Deletes personal values whose retention has ended on the as-of day. */
export async function forgetExpiredPersons({ store, asOf }: Context): Promise<void> {
  await store.run(sql("forget-expired"), { as_of: asOf });
}
