import type { PublishedTable } from "../publish/files.ts";
import type { Redaction } from "../publish/report.ts";
import { TABLES } from "../publish/tables.ts";
import { NAMING_TABLES, type NamingPlace, queryNamed, queryUnnamed } from "../publish/unnamed.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import type { Lapse } from "./lapsed.ts";

const sql = sqlFile(import.meta.dirname, "redact.sql");
const LAPSED = "lapsed";
const WHOLE: NamingPlace = { schema: "whole.main.", lapsed: LAPSED };

/** What the table of the notice is called. */
const NOTICE = "redaction";

/** Of lapsed records those that the tables of a published edition name; `tableOf` gives the place of a table, or nothing. */
export async function findNamed(
  store: Store,
  lapsed: readonly Lapse[],
  tableOf: (table: string) => string | undefined,
): Promise<Lapse[]> {
  await fillLapsed(store, lapsed);
  const named = new Set<string>();
  const file = tableOf("file");
  for (const name of NAMING_TABLES) {
    const table = tableOf(name);
    if (!table || !file) continue;
    const query = queryNamed(name, { table, file, lapsed: LAPSED });
    for (const one of await store.rows<Lapse>(query)) named.add(keyOf(one));
  }
  return lapsed.filter((one) => named.has(keyOf(one)));
}

/** Whether a published table names records at all; one that does not is the same in a rendering. */
export function namesRecords(table: string): boolean {
  return NAMING_TABLES.includes(table);
}

/**
 * Makes the draft's tables of an edition from its database, which is attached as `whole`, without the lapsed records: in the
 * same order, so that equal tables give equal files.
 * @returns the tables there are, that of the notice among them
 */
export async function createRedacted(
  store: Store,
  lapsed: readonly Lapse[],
  notice: Redaction & { readonly original: string },
): Promise<PublishedTable[]> {
  await store.run(sql("open"));
  await fillLapsed(store, lapsed);
  const held = new Set((await store.rows<{ name: string }>(sql("tables"))).map(({ name }) => name));
  const own: PublishedTable[] = TABLES.filter(({ name }) => held.has(name));
  for (const { name } of own) {
    const query = (await queryUnnamed(store, name, WHOLE)) ?? sql("whole", { table: name });
    await store.run(sql("create", { table: name, query }));
  }
  const { records, since, original, zh, en } = notice;
  await store.run(sql("notice"), { records, since, original, zh, en });
  return [...own, { name: NOTICE, dictionaries: [] }];
}

async function fillLapsed(store: Store, lapsed: readonly Lapse[]): Promise<void> {
  await store.run(sql("lapsed"), { records: JSON.stringify(lapsed) });
}

function keyOf({ source_id, entity_id, record_key }: Lapse): string {
  return JSON.stringify([source_id, entity_id, record_key]);
}
