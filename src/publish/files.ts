import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readArrow } from "../store/arrow.ts";
import { quoteIdentifier, quoteLiteral } from "../store/sql-file.ts";
import { Store } from "../store/store.ts";
import { readBytes } from "../whole-file.ts";
import { writeWhole } from "../write-whole.ts";
import { TABLES } from "./tables.ts";

/** The database that holds the published tables, for reading only. */
export const DATABASE = "published.duckdb";

/**
 * How a database of a month is made. Small blocks: most tables are small, and every column of each takes at least one
 * block. No log: after a crash the unfinished folder is made anew.
 */
export const NEW_DATABASE = "BLOCK_SIZE 16384, RECOVERY_MODE no_wal_writes";

/** A published table, with the text columns that repeat few values. */
export interface PublishedTable {
  readonly name: string;
  readonly dictionaries: readonly string[];
}

/** Writes data/<table>.parquet from the draft's tables. */
export async function writeParquet(
  store: Store,
  folder: string,
  tables: readonly PublishedTable[] = TABLES,
): Promise<void> {
  mkdirSync(join(folder, "data"), { recursive: true });
  for (const { name } of tables) {
    const parquet = join(folder, "data", `${name}.parquet`);
    await store.run(
      `COPY (SELECT * FROM draft.published_${name}) TO ${quoteLiteral(parquet)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  }
}

/** Writes data/<table>.arrow from the draft's tables. */
export async function writeArrow(
  store: Store,
  folder: string,
  tables: readonly PublishedTable[] = TABLES,
): Promise<void> {
  mkdirSync(join(folder, "data"), { recursive: true });
  for (const { name, dictionaries } of tables) {
    const arrow = await readArrow(store, `SELECT * FROM draft.published_${name}`, { dictionaries });
    writeWhole(join(folder, "data", `${name}.arrow`), arrow);
  }
}

/** Writes the same tables into a DuckDB file. */
export async function writeDatabase(
  store: Store,
  folder: string,
  tables: readonly PublishedTable[] = TABLES,
): Promise<void> {
  const file = join(folder, DATABASE);
  await store.run(`ATTACH ${quoteLiteral(file)} AS publication (${NEW_DATABASE})`);
  try {
    // One transaction: by itself each table would be synced to the disk.
    await store.transaction(async () => {
      for (const { name } of tables) {
        await store.run(
          `CREATE TABLE publication.main.${name} AS SELECT * FROM draft.published_${name}`,
        );
      }
    });
    await store.run("CHECKPOINT publication");
  } finally {
    await store.run("DETACH publication");
  }
}

/**
 * What the DuckDB file says, whatever its bytes (DuckDB fills unused space with what lies in memory): sha-256 of the
 * lines "<table> <sha-256 of its Arrow form>\n" in the order of TABLES. Equal to the same sum over data/*.arrow.
 */
export async function digestDatabase(file: string): Promise<string> {
  const store = await Store.scratch({ memory: "512MB", threads: 1 });
  try {
    await store.attach(file, "publication");
    const lines: string[] = [];
    for (const { name, dictionaries } of await listTables(store)) {
      const table = quoteIdentifier(name);
      const arrow = await readArrow(store, `SELECT * FROM publication.main.${table}`, {
        dictionaries,
      });
      lines.push(`${name} ${createHash("sha256").update(arrow).digest("hex")}\n`);
    }
    return createHash("sha256").update(lines.join("")).digest("hex");
  } finally {
    store.close();
  }
}

/**
 * The tables and views of the file: those that were published in their order, as far as a file of an older program has them;
 * then any other, for which the sum is another.
 */
async function listTables(
  store: Store,
): Promise<readonly { readonly name: string; readonly dictionaries: readonly string[] }[]> {
  const held = await store.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_catalog = 'publication'
     ORDER BY table_schema <> 'main', table_name`,
  );
  const names = new Set(held.map(({ name }) => name));
  const own = TABLES.filter(({ name }) => names.delete(name));
  return [...own, ...[...names].map((name) => ({ name, dictionaries: [] }))];
}

/** The same sum, over the Arrow files of a published folder. */
export function digestArrow(folder: string): string {
  const sum = createHash("sha256");
  for (const { name } of TABLES) {
    const arrow = readBytes(join(folder, "data", `${name}.arrow`));
    sum.update(`${name} ${createHash("sha256").update(arrow).digest("hex")}\n`);
  }
  return sum.digest("hex");
}
