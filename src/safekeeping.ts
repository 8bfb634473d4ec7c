import { renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { quoteIdentifier, quoteLiteral, sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "safekeeping.sql");

/**
 * Tables of the working database that no stage works out again: which files were received when, what was seen of them, how
 * far connectors are, what was done about alerts, which results were sent. All else follows from the raw files.
 */
export const KEPT = [
  "raw.batch",
  "raw.file",
  "raw.file_event",
  "raw.file_key",
  "raw.pull_attempt",
  "raw.received",
  "raw.fetch_mark",
  "raw.redaction",
  "raw.release",
  "raw.description",
  "raw.file_description",
  "quarantine.row",
  "scores.run",
  "warn.replay",
  "warn.alert_raised",
  "warn.alert_event",
  "warn.alert_pipeline",
  "warn.outbox",
  "warn.channel",
  "record.outbox",
] as const;

export type KeptTable = (typeof KEPT)[number];

/** The copy of these tables beside the working database. */
export const SAFEKEEPING = "safekeeping.duckdb";

/** What a kept table is called in the copy. */
export function nameInCopy(table: KeptTable): string {
  return table.replace(".", "_");
}

/** A kept table as the database names it. */
export function quoteKept(table: KeptTable): string {
  return table.split(".").map(quoteIdentifier).join(".");
}

/**
 * Copies what could not be worked out again into a file beside the working database, put in its place by one rename, so that
 * "zhengxin repair" loses nothing of it when the database is damaged. A database in memory is not copied.
 */
export async function keepSafe(store: Store): Promise<void> {
  if (store.path === ":memory:") return;
  const target = join(dirname(store.path), SAFEKEEPING);
  const next = `${target}.next`;
  for (const left of [next, `${next}.wal`]) rmSync(left, { force: true });
  await store.run(sql("attach", { path: quoteLiteral(next) }));
  try {
    // One transaction: by itself each table would be synced to the disk.
    await store.transaction(async () => {
      for (const table of KEPT) {
        const names = { name: nameInCopy(table), table: quoteKept(table) };
        await store.run(sql(table === "quarantine.row" ? "copy-quarantine" : "copy", names));
      }
    });
    await store.run(sql("checkpoint"));
  } finally {
    await store.run(sql("detach"));
  }
  renameSync(next, target);
}
