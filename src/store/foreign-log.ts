import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { OpeningError } from "./opening-error.ts";

/** What the first bytes of DuckDB's log are. */
const BEGINS = Buffer.from([0x64, 0x00, 0x62, 0x65]);

/**
 * Refuses a database beside which something else has the name of its log: DuckDB would drop it without a word, and with it
 * whatever had been written since the last checkpoint. A log shorter than its beginning was broken off by a crash.
 * @throws OpeningError
 */
export function refuseForeignLog(path: string): void {
  const log = `${path}.wal`;
  if (path === ":memory:" || !existsSync(log)) return;
  const first = Buffer.alloc(BEGINS.length);
  const file = openSync(log, "r");
  const read = readSync(file, first);
  closeSync(file);
  if (read < BEGINS.length || first.equals(BEGINS)) return;
  throw new OpeningError(path, `Corrupt WAL file "${log}"`);
}
