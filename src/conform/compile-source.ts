import type { Context } from "../context.ts";
import { compileReleases } from "../ocds/compile-releases.ts";
import { listRows } from "../ocds/contract-rows.ts";
import { readReleases } from "../ocds/read-releases.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import type { RawFile } from "./raw-files.ts";

const sql = sqlFile(import.meta.dirname, "compile-source.sql");

/** Where the rows of a source of OCDS releases lie while it is conformed. */
export const COMPILED = "compiled_release";
/** Characters of releases that are compiled at once. */
const PART = 24 << 20;
/** Characters of rows that are handed to the database at once. */
const BATCH = 8 << 20;
/** The number of a row is that of its release in the file, and five digits for its place among what the release brought about. */
const PLACES = 100_000;

/** Whether what a file says can only be told beside the other files of its source. */
export function isCompiled({ format }: Pick<SourceDefinition, "format">): boolean {
  return format.type === "ocds";
}

/**
 * Compiles the releases of all files of a source, process by process, into the temporary table of their rows: a row for each
 * contract as each release left it, known from the release's date.
 * @returns the files, each with the number of rows its releases brought about
 */
export async function compileSource(
  { store }: Context,
  source: SourceDefinition,
  files: readonly RawFile[],
): Promise<RawFile[]> {
  const ids = JSON.stringify(files.map(({ file_id }) => file_id));
  const view = `raw.${quoteIdentifier(source.source)}`;
  await store.run(sql("make-delivered", { view }), { files: ids });
  await store.run(sql("make-compiled"));
  const size = await store.row<{ characters: number }>(sql("size"));
  const parts = Math.max(1, Math.ceil((size?.characters ?? 0) / PART));
  for (let part = 0; part < parts; part += 1) {
    const releases = await store.rows<DeliveredRelease>(sql("part"), { part, parts });
    for (const rows of batches(compilePart(releases, source.format.records ?? ["contracts"]))) {
      await store.run(sql("add-compiled"), { rows: JSON.stringify(rows) });
    }
  }
  await store.run(sql("forget-delivered"));
  if (files.some(({ conformed }) => !conformed)) {
    await store.run(sql("forget-profiles"), { files: ids });
  }
  const counted = await store.rows<{ file_id: number; rows: number }>(sql("count-compiled"));
  const rows = new Map(counted.map((each) => [each.file_id, each.rows]));
  return files.map((file) => ({ ...file, row_count: rows.get(file.file_id) ?? 0 }));
}

interface DeliveredRelease {
  readonly file_id: number;
  readonly line: number;
  readonly json: string;
}

interface CompiledRow {
  readonly file_id: number;
  readonly line: number;
  readonly json: string;
}

function* compilePart(
  delivered: readonly DeliveredRelease[],
  names: readonly string[],
): Generator<CompiledRow> {
  const { releases } = readReleases(delivered.map(({ json }) => JSON.parse(json)));
  const { processes } = compileReleases(releases, "apart");
  for (const process of processes) {
    for (const { by, ordinal, row } of listRows(process, names)) {
      const { file_id, line } = delivered[by.place - 1] as DeliveredRelease;
      yield { file_id, line: line * PLACES + ordinal, json: JSON.stringify(row) };
    }
  }
}

function* batches(rows: Iterable<CompiledRow>): Generator<CompiledRow[]> {
  let batch: CompiledRow[] = [];
  let size = 0;
  for (const row of rows) {
    batch.push(row);
    size += row.json.length;
    if (size < BATCH) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}
