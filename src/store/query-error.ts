import { readStorageFault, type StorageFault } from "./storage-fault.ts";

/** A statement that DuckDB refused, with its text, so that the message alone is enough to find the fault. */
export class QueryError extends Error {
  /** Set when a file is at fault and not the statement. */
  readonly storage: StorageFault | undefined;

  /** @param database path of the database that was read or written, where it is a file */
  constructor(
    cause: unknown,
    readonly sql: string,
    database = "",
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${reason}\nin the statement:\n${sql.trim().slice(0, 2000)}`, { cause });
    this.name = "QueryError";
    // What cannot be decoded DuckDB reports without its path.
    const parquet = /read_parquet\('([^']+)'/.exec(sql)?.[1];
    this.storage = readStorageFault(reason, parquet ?? database);
  }
}
