import { existsSync, rmSync, symlinkSync } from "node:fs";
import { KEPT, type KeptTable, nameInCopy, quoteKept } from "./safekeeping.ts";
import { OpeningError } from "./store/opening-error.ts";
import { QueryError } from "./store/query-error.ts";
import { quoteIdentifier, quoteLiteral, sqlFile } from "./store/sql-file.ts";
import { type StorageFault, storageFaultOf } from "./store/storage-fault.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "repair.sql");

/** Where the rows of a kept table are from. */
export interface KeptOrigin {
  readonly table: KeptTable;
  /** The damaged database itself, the copy beside it, what is published; or nothing could be found. */
  readonly from: "damaged" | "safekeeping" | "published" | "nothing";
  readonly rows: number;
}

/** Reads every table of a database to its end; gives the first fault of storage that is met. */
export async function readEveryTable(store: Store): Promise<StorageFault | undefined> {
  const database = "current_database()";
  const tables = await store.rows<{ schema: string; table: string }>(sql("tables", { database }));
  try {
    for (const { schema, table } of tables) {
      const name = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
      await store.rows(sql("read", { table: name }));
    }
    return undefined;
  } catch (error) {
    const fault = storageFaultOf(error);
    if (fault) return fault;
    throw error;
  }
}

/**
 * Hangs the damaged database into the store as "held", if it can be opened: where its log is damaged, as of its last
 * checkpoint. Where it cannot, there is no "held".
 */
export async function attachDamaged(store: Store, database: string): Promise<{ logLost: boolean }> {
  if (!existsSync(database)) return { logLost: false };
  const hasLog = existsSync(`${database}.wal`);
  if (await tryAttach(store, database)) return { logLost: false };
  if (!hasLog) return { logLost: false };
  // Under another name DuckDB finds no log beside it.
  const alias = `${database}.without-log`;
  rmSync(alias, { force: true });
  symlinkSync(database, alias);
  try {
    await tryAttach(store, alias);
  } finally {
    rmSync(alias);
  }
  return { logLost: true };
}

async function tryAttach(store: Store, database: string): Promise<boolean> {
  try {
    await store.attach(database, "held");
    return true;
  } catch (error) {
    if (error instanceof OpeningError && !error.inUse) return false;
    throw error;
  }
}

/** Fills the kept tables of a new database, each from the first place that can be read. */
export async function takeTables(store: Store, safekeeping: string): Promise<KeptOrigin[]> {
  await tryCopy(store, safekeeping);
  const databases = await store.rows<{ name: string }>(
    "SELECT database_name AS name FROM duckdb_databases()",
  );
  const open = new Set(databases.map(({ name }) => name));
  const origins: KeptOrigin[] = [];
  for (const table of KEPT) {
    const name = quoteKept(table);
    let from: KeptOrigin["from"] = "nothing";
    if (open.has("held") && (await take(store, table, `held.${name}`))) from = "damaged";
    else if (open.has("kept")) {
      const copy = `kept.main.${quoteIdentifier(nameInCopy(table))}`;
      if (await take(store, table, copy)) from = "safekeeping";
    }
    const counted = await store.row<{ count: number }>(sql("count", { table: name }));
    origins.push({ table, from, rows: counted?.count ?? 0 });
  }
  return origins;
}

async function tryCopy(store: Store, safekeeping: string): Promise<void> {
  if (!existsSync(safekeeping)) return;
  try {
    await store.attach(safekeeping, "kept");
  } catch (error) {
    // A copy that is damaged too is no copy.
    if (!(error instanceof OpeningError)) throw error;
  }
}

const TAKE: Partial<Record<KeptTable, string>> = {
  "raw.file": "take-files",
  "quarantine.row": "take-quarantine",
};

/** Copies a table, all of it or nothing; false when it cannot be read, or an older database has no such table. */
async function take(store: Store, table: KeptTable, from: string): Promise<boolean> {
  try {
    await store.transaction(async () => {
      await store.run(sql(TAKE[table] ?? "take", { table: quoteKept(table), from }));
    });
    return true;
  } catch (error) {
    const cause = error instanceof QueryError ? error : (error as Error).cause;
    const isMissing = cause instanceof QueryError && cause.type === "Catalog";
    if (isMissing || storageFaultOf(error)?.kind === "damaged") return false;
    throw error;
  }
}

/** Statement that reads a Parquet file to its end. */
export const readParquetFully = (path: string) => sql("read-parquet", { path: quoteLiteral(path) });
