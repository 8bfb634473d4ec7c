import { join } from "node:path";
import type { Config } from "../config.ts";
import { readSize } from "../data-size.ts";
import { SETTINGS } from "../settings.ts";
import type { PoolOptions } from "./pool.ts";

/** What a process takes besides its data: the program, and what DuckDB does not count. */
const BESIDES = 700 * 2 ** 20;
const FALLBACK = { seconds: 60, memory: "512MB", processes: 2, rows: 10_000_000, bytes: 1e9 };

/** The bounds of analysts' queries as the settings have them. */
export function poolOptions({ sql = FALLBACK, dataDir }: Config): PoolOptions {
  return {
    cache: join(dataDir, "asked"),
    spare: true,
    memory: sql.memory,
    threads: 1,
    spillSize: `${sql.bytes}B`,
    // Twice: answers read in bulk have a database of their own (src/store/native-store.ts).
    mostResident: 2 * readSize(sql.memory, SETTINGS.sqlMemory.name) + BESIDES,
    processes: sql.processes,
    perUser: Math.max(1, sql.processes - 1),
    waitingPerUser: 8,
    seconds: sql.seconds,
    mostRows: sql.rows,
    mostBytes: sql.bytes,
  };
}
