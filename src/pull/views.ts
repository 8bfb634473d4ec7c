import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { Context } from "../context.ts";
import { isCompiled } from "../standard/source-definition.ts";
import { quoteIdentifier, quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { nameColumns } from "./name-columns.ts";
import { describeParquet, type ParquetColumn, placesOf } from "./read-parquet.ts";
import { TOGETHER } from "./take-files.ts";

const sql = sqlFile(import.meta.dirname, "views.sql");
const INSTANT = "TIMESTAMP WITH TIME ZONE";
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
    for (const source of sources) {
      if (isCompiled(source)) await refreshReleases(context, source.source);
      else await refreshSource(context, source.source);
    }
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

/**
 * The one view of a source whose files are many and small: of all its releases. Their Parquet is found by pattern, since a
 * statement that names every file would be longer than all they say.
 */
async function refreshReleases({ store, dataDir }: Context, source: string): Promise<void> {
  const held = await store.rows<HeldFile>(sql("files-of-source"), { source_id: source });
  const paths = new Set(held.map(({ parquet_path }) => parquet_path).filter((path) => path !== ""));
  for (const path of paths) {
    if (!existsSync(join(dataDir, path))) throw missing(join(dataDir, path), source);
  }
  const folder = join(dataDir, "raw", source).replace(/[[*?]/g, "[$&]");
  const isTogether = (path: string) => basename(path).startsWith(TOGETHER);
  const part = (name: string, pattern: string) =>
    sql(name, {
      source: quoteLiteral(source),
      folder: quoteLiteral(`raw/${source}/`),
      pattern: quoteLiteral(join(folder, pattern)),
    });
  const parts = [
    // A name that is a hash.
    ...([...paths].every(isTogether) ? [] : [part("releases-alone", "[0-9a-f]*[0-9a-f].parquet")]),
    ...([...paths].some(isTogether) ? [part("releases-together", `${TOGETHER}*.parquet`)] : []),
  ];
  await store.run(
    sql("source-view", {
      view: quoteIdentifier(source),
      parts: parts.length > 0 ? parts.join("\nUNION ALL\n") : sql("no-part"),
    }),
  );
}

function missing(path: string, source: string): Error {
  return new Error(
    `The raw file ${path} of the source "${source}" is gone. Restore it, or deliver the original file again and pull.`,
  );
}

/** Makes the view of one file; returns its columns when they may be other than text. */
async function makeFileView(
  { store, dataDir, pipeline }: Context,
  source: string,
  { file_id, parquet_path, format }: HeldFile,
): Promise<ParquetColumn[]> {
  const path = join(dataDir, parquet_path);
  if (!existsSync(path)) throw missing(path, source);
  const type = format.split(" ")[0];
  const view = quoteIdentifier(fileView(source, file_id));
  const place = { view, file_id: String(file_id), path: quoteLiteral(path) };
  if (type !== "parquet") {
    await store.run(sql("file-view", place));
    return type === "arrow" ? await describeParquet(store, path) : [];
  }
  const delivered = await describeParquet(store, path);
  const names = nameColumns(delivered.map(({ column_name }) => column_name));
  const columns = delivered.map(({ column_type }, at) => ({
    column_name: names[at] as string,
    column_type,
  }));
  const places = placesOf(columns);
  const named = columns.map(({ column_name, column_type }, at) => {
    const column = places[at] as string;
    const zone = quoteLiteral(pipeline.time_zone);
    // Instants with a zone of their own are shown as civil time of the jurisdiction.
    const value = column_type === INSTANT ? sql("civil-time", { zone, column }) : column;
    return sql("named", { value, name: quoteIdentifier(column_name) });
  });
  await store.run(
    sql("parquet-file-view", { ...place, columns: named.join(""), places: places.join(", ") }),
  );
  return columns;
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
