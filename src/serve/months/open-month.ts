import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import type { Config } from "../../config.ts";
import type { PublishedRun } from "../../publish/find-published.ts";
import type { PublishedReport } from "../../publish/json.ts";
import { type Manifest, readManifest } from "../../publish/manifest.ts";
import { addPublished } from "../../publish/open-published.ts";
import type { TableName } from "../../publish/tables.ts";
import type { PipelineDefinition } from "../../standard/pipeline-definition.ts";
import { quoteIdentifier, sqlFile } from "../../store/sql-file.ts";
import { type Parameters, Store } from "../../store/store.ts";
import type { ServedPipeline } from "./find-month.ts";

const sql = sqlFile(import.meta.dirname, "month.sql");

/** A published run that is open: its report, its manifest and its tables, read-only. */
export interface Month {
  readonly pipeline: PipelineDefinition;
  readonly run: PublishedRun;
  readonly manifest: Manifest;
  readonly report: PublishedReport;
  /** Rows of a statement of month.sql. */
  rows<T>(statement: string, parameters?: Parameters): Promise<T[]>;
  /** Whether the run has a table; older ones lack those that came later. */
  has(table: TableName | (string & {})): boolean;
}

export interface Months {
  open(pipeline: ServedPipeline, run: PublishedRun): Promise<Month>;
}

/** So many are held open; a page that is made already needs none. */
const HELD = 4;
const MEMORY = "192MB";
const GRACE_MS = 30_000;

/** Opens published runs for the pages, in a DuckDB of their own without a file; the working database is not touched. */
export function openMonths({ threads }: Config): Months {
  let store: Promise<Store> | undefined;
  let count = 0;
  const held = new LRUCache<string, Promise<Month>>({
    max: HELD,
    // Somebody may be reading it still.
    dispose: (month) => {
      setTimeout(async () => drop(await month.catch(() => undefined)), GRACE_MS).unref();
    },
  });
  const schemas = new WeakMap<Month, string>();
  const drop = async (month: Month | undefined) => {
    const schema = month && schemas.get(month);
    if (schema) await (await store)?.run(`DROP SCHEMA ${quoteIdentifier(schema)} CASCADE`);
  };
  const load = async ({ definition }: ServedPipeline, run: PublishedRun): Promise<Month> => {
    store ??= Store.open(":memory:", { memory: MEMORY, threads });
    const opened = await store;
    const schema = `month_${count++}`;
    await addPublished(opened, run.folder, schema);
    const month = `${quoteIdentifier(schema)}`;
    const tables = await opened.rows<{ name: string }>(sql("tables"), { schema });
    const names = new Set(tables.map(({ name }) => name));
    const made: Month = {
      ...{ pipeline: definition, run, manifest: readManifest(run.folder) },
      report: JSON.parse(readFileSync(join(run.folder, "report.json"), "utf8")),
      rows: (statement, parameters) => opened.rows(sql(statement, { month }), parameters),
      has: (table) => names.has(table),
    };
    schemas.set(made, schema);
    return made;
  };
  return {
    open(pipeline, run) {
      const key = `${pipeline.definition.pipeline} ${run.folder}`;
      const known = held.get(key);
      if (known) return known;
      const opening = load(pipeline, run);
      held.set(key, opening);
      opening.catch(() => held.delete(key));
      return opening;
    },
  };
}
