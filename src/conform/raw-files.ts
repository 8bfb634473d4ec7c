import type { Context } from "../context.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

/** A file of the raw layer, as far as conform needs it. */
export interface RawFile {
  readonly source_id: string;
  readonly file_id: number;
  readonly file_name: string;
  readonly file_hash: string;
  readonly row_count: number;
  readonly received_at: string;
  readonly conformed: boolean;
  readonly refused_by: string | null;
  readonly refused_because: string | null;
  readonly definition_hash: string | null;
  /** Lines pull could not read. */
  readonly unreadable: number;
}

/** Files that have the same columns and types, so that one statement reads them all. */
export interface FileGroup {
  readonly files: readonly RawFile[];
  /** Raw column to DuckDB type. */
  readonly columns: ReadonlyMap<string, string>;
}

/** Every file held of the pipeline's sources, by source. */
export async function readFiles({ store, pipeline }: Context): Promise<Map<string, RawFile[]>> {
  const rows = await store.rows<RawFile>(sql("files-of-sources"), {
    sources: JSON.stringify(pipeline.sources),
  });
  const files = new Map<string, RawFile[]>();
  for (const row of rows) files.set(row.source_id, [...(files.get(row.source_id) ?? []), row]);
  return files;
}

/** The view of one file, which pull makes: the source's columns, `_file_id` and `_line`. */
export function fileView(source: string, file: RawFile): string {
  return `raw.${quoteIdentifier(`${source}#${file.file_id}`)}`;
}

/** Sorts files by what columns they have; groups and files in the order of file hashes. */
export async function groupFiles(
  { store }: Context,
  source: string,
  files: readonly RawFile[],
): Promise<FileGroup[]> {
  const groups = new Map<string, { files: RawFile[]; columns: Map<string, string> }>();
  for (const file of files) {
    const described = await store.rows<{ column_name: string; column_type: string }>(
      sql("describe-file", { view: fileView(source, file) }),
    );
    const columns = new Map(
      described
        .filter(({ column_name }) => column_name !== "_file_id" && column_name !== "_line")
        .map((row) => [row.column_name, row.column_type]),
    );
    const signature = JSON.stringify([...columns]);
    const group = groups.get(signature) ?? { files: [], columns };
    group.files.push(file);
    groups.set(signature, group);
  }
  return [...groups.values()];
}
