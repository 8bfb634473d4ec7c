import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { writeWhole } from "../write-whole.ts";

/**
 * What the queue must still know should Redis lose its data, each as a small file in the data folder: runs that are not
 * through yet, back-fills under way, and up to when each schedule was acted on.
 */
export type LedgerPart = "runs" | "backfills" | "acted-on";

/** Folder of the ledger of one installation, which its queues' prefix names. */
export function ledgerFolder({ dataDir, queuePrefix }: Pick<Config, "dataDir" | "queuePrefix">) {
  return join(dataDir, "queue", encodeURIComponent(queuePrefix));
}

/** Writes an entry down, by one rename. */
export function writeEntry(ledger: string, part: LedgerPart, id: string, value: unknown): void {
  const folder = join(ledger, part);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const next = join(folder, `${encodeURIComponent(id)}.${process.pid}.next`);
  writeWhole(next, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  renameSync(next, entryFile(ledger, part, id));
}

export function dropEntry(ledger: string, part: LedgerPart, id: string): void {
  rmSync(entryFile(ledger, part, id), { force: true });
}

/** One entry, or undefined; one that cannot be read counts as none. */
export function readEntry<T>(ledger: string, part: LedgerPart, id: string): T | undefined {
  try {
    return JSON.parse(readFileSync(entryFile(ledger, part, id), "utf8")) as T;
  } catch {
    return undefined;
  }
}

/** All entries of a part with their ids, in the order of the ids. */
export function listEntries<T>(
  ledger: string,
  part: LedgerPart,
): { readonly id: string; readonly value: T }[] {
  let names: string[];
  try {
    names = readdirSync(join(ledger, part)).sort();
  } catch {
    // Nothing has been written down yet.
    return [];
  }
  return names
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const id = decodeURIComponent(name.slice(0, -".json".length));
      const value = readEntry<T>(ledger, part, id);
      return value === undefined ? [] : [{ id, value }];
    });
}

function entryFile(ledger: string, part: LedgerPart, id: string): string {
  return join(ledger, part, `${encodeURIComponent(id)}.json`);
}
