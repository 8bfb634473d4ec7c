import { withoutQuotes } from "../standard/without-quotes.ts";
import { OUT_OF_MEMORY, readStorageFault, type StorageFault } from "./storage-fault.ts";

/** Faults of a statement as it is written, whatever the data. */
const OF_THE_STATEMENT = /^(Parser|Binder|Catalog) Error/;

/** What a statement about delivered files reads: their headers stand in its text. */
const READS_FILES = /\braw\.|\bread_(?:parquet|csv|json|text)|\br\."/;

/**
 * A statement that DuckDB refused. The message is enough to find the fault where it lies in the statement, and never has
 * text of a delivered file in it: messages go to logs, jobs and consoles, and a cause goes with them.
 */
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
    super(describeRefusal(reason, sql));
    this.name = "QueryError";
    // What cannot be decoded DuckDB reports without its path.
    const parquet = /read_parquet\('([^']+)'/.exec(sql)?.[1];
    this.storage = readStorageFault(reason, parquet ?? database);
  }
}

function describeRefusal(reason: string, sql: string): string {
  if (READS_FILES.test(sql)) return withoutQuotes(reason);
  const told = OF_THE_STATEMENT.test(reason) ? reason : withoutQuotes(reason);
  return `${told}\nin the statement:\n${sql.trim().slice(0, 2000)}`;
}

/** Whether DuckDB wanted more memory than it was told it may have, or could not put aside what does not fit. */
export function isOutOfMemory(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return OUT_OF_MEMORY.test(message);
}
