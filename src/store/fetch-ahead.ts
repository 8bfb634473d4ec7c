import type { DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";

/** The chunks of a result; the next one is being fetched while one is worked on. */
export async function* fetchAhead(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk, void> {
  let next = result.fetchChunk();
  try {
    for (let chunk = await next; chunk && chunk.rowCount > 0; chunk = await next) {
      next = result.fetchChunk();
      // Should nobody ask for it, its failure is nobody's business.
      next.catch(() => undefined);
      yield chunk;
    }
  } finally {
    // The connection must not be used or closed while a fetch is under way.
    await next.catch(() => undefined);
  }
}
