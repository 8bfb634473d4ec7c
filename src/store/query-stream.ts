import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";
import { rollBack } from "./roll-back.ts";

/** What came of a query is not the whole. */
export class BrokenOffError extends Error {
  constructor(cause: unknown) {
    super(
      "The query failed midway, for want of memory or time or for a value it cannot work with; what came of it is not the whole.",
      { cause },
    );
    this.name = "BrokenOffError";
  }
}

/**
 * The result of a query, a chunk at a time. DuckDB's package for Node ends a result that fails midway just as one that is
 * whole, and drops the reason: it runs in a transaction therefore, in which nothing more can be asked after a failure.
 */
export class QueryStream {
  private constructor(
    private readonly connection: DuckDBConnection,
    readonly result: DuckDBResult,
    /** Whether the transaction was begun for it. */
    private own: boolean,
  ) {}

  /**
   * @param start gives a result that comes in chunks
   * @param within whether the connection is in a transaction already
   * @throws what `start` throws
   */
  static async open(
    connection: DuckDBConnection,
    start: () => Promise<DuckDBResult>,
    { within = false }: { readonly within?: boolean } = {},
  ): Promise<QueryStream> {
    if (!within) await connection.run("BEGIN TRANSACTION");
    try {
      return new QueryStream(connection, await start(), !within);
    } catch (error) {
      if (!within) await rollBack(connection);
      throw error;
    }
  }

  /**
   * The chunks in their order; the next one is being fetched while one is worked on. To be read once.
   * @throws BrokenOffError after what came of a result that failed midway
   */
  async *chunks(): AsyncGenerator<DuckDBDataChunk, void> {
    try {
      yield* fetchAhead(this.result);
      await this.assertWhole();
    } finally {
      await this.close();
    }
  }

  private async assertWhole(): Promise<void> {
    try {
      await this.connection.run("SELECT 1");
    } catch (cause) {
      throw new BrokenOffError(cause);
    }
  }

  /** Ends the query, whether it has been read or not. */
  async close(): Promise<void> {
    if (this.own) await rollBack(this.connection);
    this.own = false;
  }
}

async function* fetchAhead(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk, void> {
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
