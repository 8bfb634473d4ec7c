import type { DuckDBConnection } from "@duckdb/node-api";

/** Ends a transaction of which nothing is to be kept, whatever state a failure has left it in. */
export async function rollBack(connection: DuckDBConnection): Promise<void> {
  try {
    await connection.run("ROLLBACK");
  } catch {
    // The failed statement may have ended the transaction already; the first error is the one to report.
  }
}
