import type { Context } from "../context.ts";
import { fileLabel } from "../standard/file-label.ts";
import { type LackingColumns, readLackingColumns } from "../standard/indicator-columns.ts";
import { type IndicatorFile, tablesOf, wantedColumns } from "../standard/indicator-file.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "deliveries.sql");

/** A column that an indicator needs and that files of a source do not deliver. */
export interface Gap {
  readonly source: string;
  readonly table: string;
  readonly column: string;
  /** unmapped: the source's definition has no such column; absent: the files have not; empty: no record of the source has a value. */
  readonly reason: "unmapped" | "absent" | "empty";
  readonly files: readonly number[];
}

/** What an indicator's sources do not deliver of what it needs. */
export interface IndicatorGaps {
  /** Their records are left out. */
  readonly gaps: readonly Gap[];
  /** Columns that some record must give and that none does. */
  readonly nowhere: readonly Gap[];
  /** Tables of which no known record is delivered whole. */
  readonly bare: ReadonlySet<string>;
}

/** A file in which every record leaves a column empty that the source's other files fill: delivered, but hardly right. */
export interface BlankFile {
  readonly source: string;
  readonly column: string;
  readonly file: number;
  readonly rows: number;
}

/** What was delivered, for all indicators of a run. */
export interface Deliveries {
  readonly lacking: LackingColumns;
  /** By indicator; none for those whose sources deliver all they need. */
  readonly gaps: ReadonlyMap<string, IndicatorGaps>;
  readonly blank: readonly BlankFile[];
}

type Reading = Pick<Context, "store" | "sources">;

interface FileRows {
  readonly source_id: string;
  readonly file_id: number;
  readonly row_count: number;
  readonly [column: string]: string | number;
}

/**
 * Finds out which columns that indicators need the files known at the as-of time do not deliver. A file lacks a column, as conform
 * noted; or no known record of a source has a value, whatever header or key there is: then it is not delivered either, unless the
 * source says that it may be empty.
 */
export async function readDeliveries(
  { store, sources }: Reading,
  indicators: readonly IndicatorFile[],
): Promise<Deliveries> {
  const wanted = gatherWanted(indicators);
  const lackingFiles = await readLackingFiles(store, wanted);
  const repeating = await store.rows<{ source_id: string; file_id: number }>(
    sql("repeating-files"),
  );
  const found = new Map<string, TableGaps>();
  const blank: BlankFile[] = [];
  for (const [table, columns] of wanted) {
    const rows = await readFileRows(store, table, columns);
    const gaps = [...new Set(rows.map(({ source_id }) => source_id))].flatMap((id) => {
      const held = rows.filter(({ source_id }) => source_id === id);
      const source = sources.find((each) => each.source === id);
      const files = new Set([
        ...held.map(({ file_id }) => file_id),
        ...repeating.filter((each) => each.source_id === id).map(({ file_id }) => file_id),
      ]);
      for (const file of findBlank(id, held, columns, lackingFiles)) blank.push(file);
      return [...columns].flatMap((column) =>
        findGaps({ id, source, table, column, held, files, lackingFiles }),
      );
    });
    found.set(table, { gaps, files: rows.map(({ file_id }) => file_id) });
  }
  const gaps = new Map<string, IndicatorGaps>();
  for (const indicator of indicators) {
    const own = gapsOf(indicator, found);
    if (own.gaps.length + own.nowhere.length > 0) gaps.set(indicator.id, own);
  }
  return { lacking: await readLackingColumns(store), gaps, blank };
}

interface TableGaps {
  readonly gaps: readonly Gap[];
  /** Files with known records. */
  readonly files: readonly number[];
}

/** Columns by table that records or files must give. */
function gatherWanted(indicators: readonly IndicatorFile[]): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>();
  for (const indicator of indicators) {
    for (const table of tablesOf(indicator)) {
      const needed = wantedColumns(indicator, table).filter(({ of }) => of !== "none");
      const columns = wanted.get(table) ?? new Set<string>();
      for (const { name } of needed) columns.add(name);
      if (columns.size > 0) wanted.set(table, columns);
    }
  }
  return new Map([...wanted].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Columns that each file lacks, by file. */
async function readLackingFiles(
  store: Store,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Map<number, Set<string>>> {
  const columns = [...new Set([...wanted.values()].flatMap((names) => [...names]))];
  const files = new Map<number, Set<string>>();
  for (const { file_id, column_name } of await store.rows<{
    file_id: number;
    column_name: string;
  }>(sql("lacking-files"), { columns: JSON.stringify(columns) })) {
    const held = files.get(file_id) ?? new Set<string>();
    files.set(file_id, held.add(column_name));
  }
  return files;
}

async function readFileRows(
  store: Store,
  table: string,
  columns: ReadonlySet<string>,
): Promise<FileRows[]> {
  const counts = [...columns]
    .sort()
    .map((name) => `, count(t.${quoteIdentifier(name)}) AS ${quoteIdentifier(name)}`);
  return store.rows<FileRows>(
    sql("file-rows", { table: quoteIdentifier(table), counts: counts.join("") }),
  );
}

/** What a source's files do not deliver of one column. */
function findGaps({
  id,
  source,
  table,
  column,
  held,
  files,
  lackingFiles,
}: {
  readonly id: string;
  readonly source: SourceDefinition | undefined;
  readonly table: string;
  readonly column: string;
  readonly held: readonly FileRows[];
  readonly files: ReadonlySet<number>;
  readonly lackingFiles: ReadonlyMap<number, ReadonlySet<string>>;
}): Gap[] {
  const lacks = (file: number) => lackingFiles.get(file)?.has(column) ?? false;
  const without = [...files].filter(lacks).sort((a, b) => a - b);
  const others = [...files].filter((file) => !lacks(file)).sort((a, b) => a - b);
  const mapping = source?.columns[column];
  const gaps: Gap[] = [];
  if (without.length > 0) {
    const reason = source && !mapping ? "unmapped" : "absent";
    gaps.push({ source: id, table, column, reason, files: without });
  }
  const rows = held.filter(({ file_id }) => !lacks(file_id));
  const isGiven =
    mapping === undefined ||
    mapping.may_be_empty === true ||
    mapping.value !== undefined ||
    mapping.default !== undefined;
  if (!isGiven && rows.length > 0 && rows.every((row) => row[column] === 0)) {
    gaps.push({ source: id, table, column, reason: "empty", files: others });
  }
  return gaps;
}

/** Less likely than this by chance, a file of empty cells is told. */
const CHANCE = 1e-6;

/** Files all of whose records leave a column empty that the others fill so often that chance would hardly do it. */
function findBlank(
  source: string,
  held: readonly FileRows[],
  columns: ReadonlySet<string>,
  lackingFiles: ReadonlyMap<number, ReadonlySet<string>>,
): BlankFile[] {
  return [...columns].sort().flatMap((column) => {
    const files = held.filter(({ file_id }) => !lackingFiles.get(file_id)?.has(column));
    const rows = files.reduce((sum, { row_count }) => sum + row_count, 0);
    const filled = files.reduce((sum, row) => sum + (row[column] as number), 0);
    return files
      .filter((row) => {
        // The rule of succession: of few other records little can be said.
        const share = (filled + 1) / (rows - row.row_count + 2);
        return (
          filled > 0 && row[column] === 0 && row.row_count * Math.log1p(-share) < Math.log(CHANCE)
        );
      })
      .map(({ file_id, row_count }) => ({ source, column, file: file_id, rows: row_count }));
  });
}

function gapsOf(indicator: IndicatorFile, found: ReadonlyMap<string, TableGaps>): IndicatorGaps {
  const gaps: Gap[] = [];
  const nowhere: Gap[] = [];
  const bare = new Set<string>();
  for (const table of tablesOf(indicator)) {
    const held = found.get(table);
    if (!held) continue;
    const wanted = wantedColumns(indicator, table);
    const ofColumn = (name: string) => held.gaps.filter(({ column }) => column === name);
    const left = new Set<number>();
    for (const { name } of wanted.filter(({ of }) => of === "every")) {
      gaps.push(...ofColumn(name));
      for (const { files } of ofColumn(name)) for (const file of files) left.add(file);
    }
    if (held.files.every((file) => left.has(file))) bare.add(table);
    for (const { name } of wanted.filter(({ of }) => of === "some")) {
      const lacking = new Set(ofColumn(name).flatMap(({ files }) => files));
      if (held.files.length === 0 || !held.files.every((file) => lacking.has(file))) continue;
      nowhere.push(...ofColumn(name));
      bare.add(table);
    }
  }
  return { gaps, nowhere, bare };
}

/** What the files known are called. */
export async function readFileLabels(store: Store): Promise<Map<number, string>> {
  const rows = await store.rows<{ file_id: number; file_hash: string }>(sql("file-hashes"));
  return new Map(rows.map(({ file_id, file_hash }) => [file_id, fileLabel(file_hash)]));
}
