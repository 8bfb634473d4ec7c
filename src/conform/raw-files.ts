import type { Context } from "../context.ts";
import { groupBy } from "../standard/group-by.ts";
import { isCompiled, type SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import { fits, isRecords, readFormer, readKeysOfFiles, readsRecords } from "./described-by.ts";

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

/** What `refused_by` of a file begins with that the database cannot work with. */
export const AT_FAULT = "database ";

/**
 * Whether a file can be worked with: it was refused by nobody, or by a definition, which may be another by now. One that could
 * not be read, or that the database failed over, is not touched.
 */
export function isReadable({ refused_because, refused_by }: RawFile): boolean {
  return refused_because === null || (refused_by !== null && !refused_by.startsWith(AT_FAULT));
}

/** Files that have the same columns and types and are described alike, so that one statement reads them all. */
export interface FileGroup {
  readonly files: readonly RawFile[];
  /** As what they are described: today's definition, or the one by which they were used before, where they do not fit today's. */
  readonly source: SourceDefinition;
  /** Raw column to DuckDB type. */
  readonly columns: ReadonlyMap<string, string>;
  /** Paths of the JSON records of all files held of the source; absent for tables, and where not all are known. */
  readonly keys: ReadonlySet<string> | undefined;
}

/** Every file held of the pipeline's sources, by source. */
export async function readFiles({ store, pipeline }: Context): Promise<Map<string, RawFile[]>> {
  const rows = await store.rows<RawFile>(sql("files-of-sources"), {
    sources: JSON.stringify(pipeline.sources),
  });
  return groupBy(rows, ({ source_id }) => source_id);
}

/** The view of one file, which pull makes: the source's columns, `_file_id` and `_line`. */
export function fileView(source: string, file: RawFile): string {
  return `raw.${quoteIdentifier(`${source}#${file.file_id}`)}`;
}

/**
 * The paths of keys in the JSON records of a source, over every file held that could be read: a record may leave out a key
 * that has no value, and so may a file. Undefined when there are no records, or files that were read before paths were noted.
 */
async function readKeys(
  { store }: Context,
  source: string,
  all: boolean,
): Promise<Set<string> | undefined> {
  const rows = await store.rows<{ path: string | null }>(sql("keys-of-source"), { source, all });
  if (rows.length === 0 || rows.some(({ path }) => path === null)) return undefined;
  return new Set(rows.map(({ path }) => path as string));
}

/** Columns of a file of records. */
const OF_RECORDS: ReadonlyMap<string, string> = new Map([["json", "VARCHAR"]]);

/** Sorts files by what columns they have and how they are described; groups and files in the order of file hashes. */
export async function groupFiles(
  context: Context,
  definition: SourceDefinition,
  files: readonly RawFile[],
): Promise<FileGroup[]> {
  const { source } = definition;
  const former = await readFormer(context, definition);
  const described: ReadonlyMap<string, string>[] = [];
  for (const file of files) {
    described.push(isCompiled(definition) ? OF_RECORDS : await readColumns(context, source, file));
  }
  const hasRecords = described.some(isRecords);
  const allKeys = hasRecords ? await readKeys(context, source, former.size === 0) : undefined;
  const ownKeys =
    hasRecords && former.size > 0 ? await readKeysOfFiles(context, source) : undefined;
  const groups = new Map<string, FileGroup & { files: RawFile[] }>();
  for (const [index, file] of files.entries()) {
    const columns = described[index] as ReadonlyMap<string, string>;
    const before = former.get(file.file_id);
    // What a record leaves out another file may have, unless the file was described otherwise.
    const keys = before ? ownKeys?.get(file.file_id) : allKeys;
    const isToday = !before || fits(definition, { columns, keys });
    const form = isToday ? definition : before;
    const signature = JSON.stringify([...columns, isToday ? "" : form.columns]);
    const group = groups.get(signature) ?? {
      files: [],
      source: form,
      columns,
      keys: readsRecords(form) ? (isToday ? allKeys : keys) : undefined,
    };
    group.files.push(file);
    groups.set(signature, group);
  }
  return [...groups.values()];
}

/** Columns of a raw file and their types, without those that pull adds. */
async function readColumns({ store }: Context, source: string, file: RawFile) {
  const rows = await store.rows<{ column_name: string; column_type: string }>(
    sql("describe-file", { view: fileView(source, file) }),
  );
  return new Map(
    rows
      .filter(({ column_name }) => column_name !== "_file_id" && column_name !== "_line")
      .map((row) => [row.column_name, row.column_type]),
  );
}
