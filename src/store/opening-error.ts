import { QueryError } from "./query-error.ts";
import { readStorageFault, type StorageFault } from "./storage-fault.ts";

/** A database file that could not be opened, as a sentence in each language. */
export class OpeningError extends Error {
  /** What is at fault; undefined when it is not the file. */
  readonly storage: StorageFault | undefined;
  /** Whether another process has the file open: a matter of waiting. */
  readonly inUse: boolean;

  /** @param reason what DuckDB said */
  constructor(
    readonly path: string,
    reason: string,
  ) {
    const storage = readStorageFault(reason, path);
    super(storage ? `${storage.zh} ${storage.en}` : openingSentence(path, reason));
    this.name = "OpeningError";
    this.storage = storage;
    this.inUse = storage?.kind === "in-use";
  }
}

function openingSentence(path: string, reason: string): string {
  if (/memory_limit|memory limit|Could not parse|threads|Failed to set config/i.test(reason)) {
    return `DuckDB 不接受所给的内存或线程数（ZHENGXIN_MEMORY、ZHENGXIN_THREADS）。DuckDB does not accept the memory or the threads given (ZHENGXIN_MEMORY, ZHENGXIN_THREADS).`;
  }
  const { message } = new QueryError(new Error(reason.replace(/^Error: /, "")), "", path);
  return `数据库 ${path} 打不开。The database ${path} cannot be opened. ${message}`;
}
