/** A statement that DuckDB refused, with its text, so that the message alone is enough to find the fault. */
export class QueryError extends Error {
  constructor(
    cause: unknown,
    readonly sql: string,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${reason}\nin the statement:\n${sql.trim().slice(0, 2000)}`, { cause });
    this.name = "QueryError";
  }
}
