import { join } from "node:path";
import type { Config } from "../config.ts";
import type { PoolOptions } from "./pool.ts";

/** What a process takes besides its data: the program, and what DuckDB does not count. */
const BESIDES = 700 * 2 ** 20;
const UNITS: Record<string, number> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
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
    mostResident: 2 * readSize(sql.memory) + BESIDES,
    processes: sql.processes,
    perUser: Math.max(1, sql.processes - 1),
    waitingPerUser: 8,
    seconds: sql.seconds,
    mostRows: sql.rows,
    mostBytes: sql.bytes,
  };
}

/**
 * Bytes of a size as "512MB".
 * @throws Error in a sentence
 */
function readSize(text: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([KMGT])i?B$/i.exec(text.trim()) ?? [];
  if (amount === undefined) {
    throw new Error(`The setting ZHENGXIN_SQL_MEMORY is "${text}"; write it as 512MB or 2GB.`);
  }
  return Number(amount) * (UNITS[unit.toUpperCase()] as number);
}
