import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { checkDelivery } from "../../src/check/delivery.ts";
import { conform } from "../../src/conform/conform.ts";
import type { Context } from "../../src/context.ts";
import { SILENT } from "../../src/context.ts";
import { parsePeriod } from "../../src/period.ts";
import { collectKeys } from "../../src/pull/record-keys.ts";
import { readSource, type SourceDefinition } from "../../src/standard/source-definition.ts";
import { quoteIdentifier, quoteLiteral } from "../../src/store/sql-file.ts";
import { Store } from "../../src/store/store.ts";

export type RawRow = Readonly<Record<string, string | null>>;

/** A small jurisdiction in a folder of its own, with raw files put in by hand instead of by pull. */
export interface Bench {
  readonly context: Context;
  readonly folder: string;
  /** Puts a file into the raw layer; `types` gives DuckDB types of columns that are no text. */
  deliver(
    source: string,
    fileName: string,
    rows: readonly RawRow[],
    options?: { types?: Record<string, string>; receivedAt?: string; unreadable?: number },
  ): Promise<number>;
  conform(options?: { bulkRows?: number }): Promise<Awaited<ReturnType<typeof conform>>>;
  rows<T = Record<string, unknown>>(sql: string): Promise<T[]>;
  close(): void;
}

export const PSEUDONYM_KEY = "a key for tests that is long enough to be one";

/**
 * Opens a bench with sources given as YAML, in the pipeline's order.
 * @param files further files of the workspace, by path
 */
export async function openBench(
  sources: readonly string[],
  options: {
    files?: Record<string, string>;
    asOf?: string;
    calendar?: string;
    currency?: string;
    folder?: string;
    memory?: string;
  } = {},
): Promise<Bench> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "conform 测试 "));
  for (const [path, text] of Object.entries(options.files ?? {})) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const definitions = sources.map((text, index) => parseSource(text, folder, index));
  const dataDir = join(folder, "data");
  mkdirSync(dataDir, { recursive: true });
  const store = await Store.open(join(dataDir, "working.duckdb"), {
    memory: options.memory ?? "512MB",
    threads: 2,
  });
  const asOf = options.asOf ?? "2019-01-10 00:00:00";
  await store.run("SET VARIABLE as_of = CAST($as_of AS TIMESTAMP)", { as_of: asOf });
  const context = {
    store,
    workspace: folder,
    dataDir,
    clock: () => new Date("2026-01-01T00:00:00Z"),
    pipeline: {
      pipeline: "test",
      jurisdiction: "test",
      time_zone: "Asia/Shanghai",
      sources: definitions.map(({ source }) => source),
      calendar: options.calendar,
      currency: options.currency,
      require: "any",
    },
    sources: definitions,
    asOf,
    receivedAt: asOf,
    period: parsePeriod("2018-12"),
    runId: "run",
    pseudonymKey: PSEUDONYM_KEY,
    log: pino({ level: "silent" }),
    progress: SILENT,
  } as unknown as Context;
  return {
    context,
    folder,
    deliver: (source, fileName, rows, more = {}) => deliver(context, source, fileName, rows, more),
    conform: (options) => conform(context, checkDelivery, options),
    rows: (sql) => store.rows(sql),
    close() {
      store.close();
      if (!options.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function parseSource(text: string, folder: string, index: number): SourceDefinition {
  const file = join(folder, `source-${index}.yaml`);
  writeFileSync(file, text);
  return readSource(file).value;
}

async function deliver(
  { store, dataDir }: Context,
  source: string,
  fileName: string,
  rows: readonly RawRow[],
  {
    types = {},
    receivedAt = "2019-01-01 00:00:00",
    unreadable = 0,
  }: { types?: Record<string, string>; receivedAt?: string; unreadable?: number },
): Promise<number> {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const hash = createHash("sha256").update(fileName).update(JSON.stringify(rows)).digest("hex");
  const held = await store.row<{ file_id: number }>(
    "SELECT file_id FROM raw.file WHERE source_id = $source AND file_hash = $hash",
    { source, hash },
  );
  if (held) return held.file_id;
  const last = await store.row<{ id: number }>(
    "SELECT coalesce(max(file_id), 0) AS id FROM raw.file",
  );
  const fileId = (last?.id ?? 0) + 1;
  const path = join("raw", source, `${hash}.parquet`);
  mkdirSync(join(dataDir, "raw", source), { recursive: true });
  const columns = names.map((name) => {
    const key = quoteLiteral(`$."${name}"`);
    return `CAST(json_extract_string(x, ${key}) AS ${types[name] ?? "VARCHAR"}) AS ${quoteIdentifier(name)}`;
  });
  const target = quoteLiteral(join(dataDir, path));
  await store.run(
    `COPY (SELECT CAST(i AS BIGINT) AS _line, ${columns.join(", ")} FROM (SELECT unnest(range(2, 2 + len(r))) AS i, unnest(r) AS x FROM (SELECT CAST(CAST($rows AS JSON) AS JSON[]) AS r))) TO ${target} (FORMAT parquet)`,
    { rows: JSON.stringify(rows) },
  );
  await store.run(
    `INSERT INTO raw.file (file_id, batch_id, source_id, file_name, file_hash, bytes, format, row_count, parquet_path, received_at)
     VALUES ($fileId, 'b', $source, $fileName, $hash, 1, 'csv', $count, $path, CAST($receivedAt AS TIMESTAMP))`,
    { fileId, source, fileName, hash, count: rows.length, path, receivedAt },
  );
  const keys = collectKeys();
  for (const { json } of rows) if (json) keys.read(JSON.parse(json));
  for (const [position, keyPath] of keys.paths.entries()) {
    await store.run("INSERT INTO raw.file_key VALUES ($fileId, $position, $keyPath)", {
      fileId,
      position: position + 1,
      keyPath,
    });
  }
  for (let line = 0; line < unreadable; line++) {
    await store.run(
      "INSERT INTO quarantine.row VALUES ($source, $fileId, $line, NULL, 'x', 'unreadable', 'x', 'x')",
      { source, fileId, line: 900000 + line },
    );
  }
  await store.run(
    `CREATE OR REPLACE VIEW raw.${quoteIdentifier(`${source}#${fileId}`)} AS SELECT CAST(${fileId} AS INTEGER) AS _file_id, * FROM read_parquet(${target.replace(/[[*?]/g, "[$&]")})`,
  );
  return fileId;
}
