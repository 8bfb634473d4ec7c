import type { Store } from "../store/store.ts";
import { evidenceColumns } from "./evidence-columns.ts";
import { findColumnFaults, type LackingColumns } from "./indicator-columns.ts";
import type { IndicatorFile } from "./indicator-file.ts";
import { type Fault, faultAt } from "./yaml-document.ts";

/** Prepares an indicator's SQL against the schema and looks at the columns it gives. */
export async function examineIndicator(
  store: Store,
  indicator: IndicatorFile,
  lacking: LackingColumns,
): Promise<Fault[]> {
  await store.run(
    `CREATE OR REPLACE TEMP TABLE period (period VARCHAR, start DATE, "end" DATE, window_start DATE)`,
  );
  try {
    const columns = await store.rows<{ column_name: string }>(`DESCRIBE ${indicator.sql}`);
    const given = new Set(columns.map((column) => column.column_name));
    return [
      ...evidenceColumns(indicator)
        .filter((name) => !given.has(name))
        .map((name) => `the evidence lacks the column "${name}"`),
      ...(await findColumnFaults(store, indicator, lacking)),
    ].map((message) => faultAt(indicator.file, message));
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.split("\nin the statement")[0] : String(error);
    return [faultAt(indicator.file, `the SQL does not work: ${reason}`)];
  }
}
