import { sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "entity-names.sql");

export type EntityNames = ReadonlyMap<string, { readonly zh: string; readonly en: string }>;

/** Names of all bodies known, by code. */
export async function readEntityNames(store: Store): Promise<EntityNames> {
  const rows = await store.rows<{ id: string; zh: string; en: string }>(sql("names"));
  return new Map(rows.map(({ id, zh, en }) => [id, { zh, en }]));
}
