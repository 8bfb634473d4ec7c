import type { LackingColumns } from "../standard/indicator-columns.ts";
import { type IndicatorFile, readFromSchema } from "../standard/indicator-file.ts";
import { quoteIdentifier, quoteLiteral, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import type { Deliveries, Gap } from "./deliveries.ts";

const sql = sqlFile(import.meta.dirname, "deliveries.sql");

/** Records of an indicator that a file which delivers all has said again: how many, and which. */
export interface Rescued {
  readonly indicator_id: string;
  readonly row_count: number;
  readonly parity: string;
}

/**
 * Lays out which files' records are left out of which indicator, where every connection sees it, until closeGaps().
 * @returns the records that are not left out after all, by indicator
 */
export async function layOutGaps(
  store: Store,
  { gaps }: Pick<Deliveries, "gaps">,
): Promise<Map<string, Rescued>> {
  await store.script(sql("open-lacking"));
  const rows = [...gaps].flatMap(([indicator_id, own]) =>
    own.gaps.map(({ source, table, column, files }) => ({
      indicator_id,
      source_id: source,
      files,
      table_name: table,
      column_name: column,
    })),
  );
  if (rows.length === 0) return new Map();
  await store.run(sql("fill-gap-files"), { gaps: JSON.stringify(rows) });
  const repeating = await store.rows<{ source_id: string; file_id: number }>(
    sql("repeating-files"),
  );
  for (const [indicator, own] of gaps) {
    const left = new Set(own.gaps.flatMap(({ files }) => files));
    const sources = new Set(own.gaps.map(({ source }) => source));
    const saysAgain = repeating.some(
      (each) => sources.has(each.source_id) && !left.has(each.file_id),
    );
    if (!saysAgain) continue;
    for (const table of tablesWithGaps(own.gaps)) {
      await store.run(sql("rescue", { table: quoteIdentifier(table) }), { indicator });
    }
  }
  const rescued = await store.rows<Rescued>(sql("count-rescued"));
  return new Map(rescued.map((each) => [each.indicator_id, each]));
}

/** Forgets what layOutGaps() laid out. */
export function closeGaps(store: Store): Promise<void> {
  return store.script(sql("close-lacking"));
}

/** First days of the months of the facts that are delivered whole, in order. */
export async function readDeliveredMonths(
  store: Store,
  indicator: IndicatorFile,
  table: string,
): Promise<readonly string[]> {
  const delivered = deliveredRows(indicator, table);
  const rows = await store.rows<{ month: string }>(sql("delivered-months", { delivered }));
  return rows.map(({ month }) => month);
}

/**
 * Reads an indicator's evidence from the records that are delivered whole, then from those that are not, as if they were: what
 * a file lacks is filled in with something, so that a row shows whom and when it would have counted for.
 * @param gaps of the indicator, laid out
 * @param readWhole is given the SQL of the evidence that counts
 * @param readLeftOut is given the SQL of the evidence that is left out
 */
export async function readByDelivery(
  store: Store,
  indicator: IndicatorFile,
  gaps: readonly Gap[],
  lacking: LackingColumns,
  readWhole: (evidence: string) => Promise<void>,
  readLeftOut: (evidence: string) => Promise<void>,
): Promise<void> {
  const tables = tablesWithGaps(gaps);
  if (tables.length === 0) return readWhole(indicator.sql);
  const evidence = readFromSchema(indicator.sql, new Set(tables), "temp");
  try {
    for (const table of tables) await lookAt(store, table, deliveredRows(indicator, table));
    await readWhole(evidence);
    for (const table of tables) {
      await lookAt(store, table, completedRows(indicator, table, gaps, lacking));
    }
    await readLeftOut(sql("left-out-rows", { evidence, indicator: quoteLiteral(indicator.id) }));
  } finally {
    for (const table of tables) {
      await store.run(sql("look-away", { table: quoteIdentifier(table) }));
    }
  }
}

function tablesWithGaps(gaps: readonly Gap[]): string[] {
  return [...new Set(gaps.map(({ table }) => table))].sort();
}

async function lookAt(store: Store, table: string, rows: string): Promise<void> {
  await store.run(sql("look-at-rows", { table: quoteIdentifier(table), rows }));
}

function deliveredRows({ id }: IndicatorFile, table: string): string {
  return sql("delivered-rows", { table: quoteIdentifier(table), indicator: quoteLiteral(id) });
}

function completedRows(
  { id }: IndicatorFile,
  table: string,
  gaps: readonly Gap[],
  lacking: LackingColumns,
): string {
  const names = new Set(gaps.filter((gap) => gap.table === table).map(({ column }) => column));
  const columns = [...names].sort().map((name) => {
    const type = lacking.get(table)?.get(name) ?? "VARCHAR";
    return sql("completed-column", {
      column: quoteIdentifier(name),
      name: quoteLiteral(name),
      indicator: quoteLiteral(id),
      stand_in: standInFor(type),
      type,
    });
  });
  return sql("completed-rows", { table: quoteIdentifier(table), columns: columns.join(", ") });
}

/** SQL of something plain of a type: a day is the one on which the record was true. */
function standInFor(type: string): string {
  if (type === "DATE" || type === "TIMESTAMP") return "t.valid_from";
  if (type === "BOOLEAN") return "true";
  if (type === "VARCHAR") return "''";
  return "1";
}
