import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { quoteIdentifier, quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { nameColumns } from "./name-columns.ts";
import { describeParquet, type ParquetColumn } from "./read-parquet.ts";

const sql = sqlFile(import.meta.dirname, "views.sql");
const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

interface HeldFile {
  readonly file_id: number;
  readonly parquet_path: string;
  readonly format: string;
}

/** Name of the view of one file: raw."hotline-orders#3". */
export function fileView(source: string, fileId: number): string {
  return `${source}#${fileId}`;
}

/**
 * Makes the views of the raw layer from raw.file alone: raw."<source>#<file_id>" for each file that could be read,
 * and raw."<source>" for all of them, by column name; a column that a file lacks is NULL there.
 * Every view has _file_id and _line. Where files disagree about a column's type, the view of them all shows it as text.
 * @param sources all unless said otherwise
 * @throws Error in a sentence when a raw file that was received is gone
 */
export async function refreshViews(
  context: Context,
  sources: Context["sources"] = context.sources,
): Promise<void> {
  await context.store.transaction(async () => {
    for (const { source } of sources) await refreshSource(context, source);
  });
}

async function refreshSource(context: Context, source: string): Promise<void> {
  const { store } = context;
  const held = await store.rows<HeldFile>(sql("files-of-source"), { source_id: source });
  const files = held.filter(({ parquet_path }) => parquet_path !== "");
  for (const { file_id } of held.filter(({ parquet_path }) => parquet_path === "")) {
    // It may have been readable by an earlier definition of the source.
    await store.run(sql("no-view", { view: quoteIdentifier(fileView(source, file_id)) }));
  }
  const columns: ParquetColumn[][] = [];
  for (const file of files) columns.push(await makeFileView(context, source, file));
  const unlike = unlikeColumns(columns);
  const parts = files.map(({ file_id }, index) => {
    const cast = (columns[index] as ParquetColumn[])
      .filter(({ column_name }) => unlike.has(column_name.toLowerCase()))
      .map(({ column_name }) => sql("as-text", { column: quoteIdentifier(column_name) }));
    return sql("part", {
      view: quoteIdentifier(fileView(source, file_id)),
      replaced: replaceColumns(cast),
    });
  });
  await store.run(
    sql("source-view", {
      view: quoteIdentifier(source),
      parts: parts.length > 0 ? parts.join("\nUNION ALL BY NAME\n") : sql("no-part"),
    }),
  );
}

/** Makes the view of one file; returns its columns when they may be other than text. */
async function makeFileView(
  { store, dataDir, pipeline }: Context,
  source: string,
  { file_id, parquet_path, format }: HeldFile,
): Promise<ParquetColumn[]> {
  const path = join(dataDir, parquet_path);
  if (!existsSync(path)) {
    throw new Error(
      `The raw file ${path} of the source "${source}" is gone. Restore it, or deliver the original file again and pull.`,
    );
  }
  const type = format.split(" ")[0];
  const columns = type === "parquet" || type === "arrow" ? await describeParquet(store, path) : [];
  await store.run(
    sql(type === "parquet" ? "parquet-file-view" : "file-view", {
      view: quoteIdentifier(fileView(source, file_id)),
      file_id: String(file_id),
      path: quoteLiteral(path),
      names: renamed(columns),
      replaced: replaceColumns(civilTimes(columns, pipeline.time_zone)),
    }),
  );
  return columns;
}

/** Names for the columns of a Parquet file taken over as it is, after the number of the line; nothing where they are clean. */
function renamed(columns: readonly ParquetColumn[]): string {
  const delivered = columns.map(({ column_name }) => column_name);
  const names = nameColumns(delivered.filter((name) => name !== "_line"));
  if (names.every((name) => delivered.includes(name))) return "";
  return `(${["_file_id", "_line", ...names].map(quoteIdentifier).join(", ")})`;
}

/** Instants with a zone of their own, shown as civil time of the jurisdiction. */
function civilTimes(columns: readonly ParquetColumn[], timeZone: string): string[] {
  return columns
    .filter(({ column_type }) => column_type === "TIMESTAMP WITH TIME ZONE")
    .map(({ column_name }) =>
      sql("civil-time", {
        zone: quoteLiteral(timeZone),
        column: quoteIdentifier(column_name),
      }),
    );
}

function replaceColumns(columns: readonly string[]): string {
  return columns.length > 0 ? ` ${sql("replaced", { columns: columns.join(", ") })}` : "";
}

/** Lower-case names of the columns whose types differ from file to file by more than the width of a number. */
function unlikeColumns(files: readonly (readonly ParquetColumn[])[]): Set<string> {
  const types = new Map<string, string>();
  const unlike = new Set<string>();
  for (const { column_name, column_type } of files.flat()) {
    const name = column_name.toLowerCase();
    const type = NUMERIC.test(column_type) ? "NUMERIC" : column_type;
    if ((types.get(name) ?? type) !== type) unlike.add(name);
    types.set(name, type);
  }
  return unlike;
}
