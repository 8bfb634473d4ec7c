import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBAppender, type DuckDBDataChunk, DuckDBInstance } from "@duckdb/node-api";
import type { Ending, Limits } from "./arrow-batches.ts";
import { QueryError } from "./query-error.ts";
import type { QueryStream } from "./query-stream.ts";
import { quoteIdentifier, quoteLiteral } from "./sql-file.ts";

/**
 * A result as a Parquet file. A second database, which no stranger's statement reaches, takes the chunks and writes them
 * to a file of its own, since the first one may not write; what it says of the columns is all it learns.
 * @param spill folder for the file, which is removed afterwards
 * @throws QueryError when it cannot be written
 */
export async function* writeParquet(
  stream: QueryStream,
  limits: Limits,
  ending: Ending,
  { spill, memory }: { readonly spill: string; readonly memory: string },
): AsyncGenerator<Uint8Array, Ending> {
  const { rows: mostRows = Number.POSITIVE_INFINITY } = limits;
  const folder = mkdtempSync(join(spill, "parquet-"));
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: memory,
    threads: "1",
    temp_directory: join(folder, "spill"),
  });
  try {
    const connection = await instance.connect();
    const { result } = stream;
    const names = result.deduplicatedColumnNames();
    const columns = names.map((name, at) => `${quoteIdentifier(name)} ${result.columnType(at)}`);
    const run = (sql: string) =>
      connection.run(sql).catch((error: unknown) => {
        throw new QueryError(error, sql);
      });
    await run(`CREATE TABLE result (${columns.join(", ")})`);
    const appender = await connection.createAppender("result");
    for await (const chunk of stream.chunks()) {
      const room = mostRows - ending.rows;
      if (chunk.rowCount > room) ending.truncated = true;
      if (room <= 0) break;
      if (chunk.rowCount > room) chunk.rowCount = room;
      append(appender, chunk);
      ending.rows += chunk.rowCount;
      if (ending.truncated) break;
    }
    append(appender);
    const file = join(folder, "result.parquet");
    await run(`COPY result TO ${quoteLiteral(file)} (FORMAT parquet, COMPRESSION zstd)`);
    connection.closeSync();
    for await (const bytes of createReadStream(file)) {
      ending.bytes += (bytes as Buffer).length;
      yield bytes as Buffer;
    }
    return ending;
  } finally {
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Appends a chunk; without one, ends appending. */
function append(appender: DuckDBAppender, chunk?: DuckDBDataChunk): void {
  try {
    if (chunk) appender.appendDataChunk(chunk);
    else appender.closeSync();
  } catch (error) {
    throw new QueryError(error, "");
  }
}
