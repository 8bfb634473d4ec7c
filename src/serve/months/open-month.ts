import { join } from "node:path";
import { LRUCache } from "lru-cache";
import type { Config } from "../../config.ts";
import { bringUpReport } from "../../publish/bring-up-report.ts";
import type { PublishedRun } from "../../publish/find-published.ts";
import type { PublishedReport } from "../../publish/json.ts";
import { type Manifest, readManifest } from "../../publish/manifest.ts";
import type { Reading } from "../../publish/reading.ts";
import { reduceReport } from "../../publish/reduce-report.ts";
import { openShelf, type PublishedTables } from "../../publish/shelf.ts";
import type { PipelineDefinition } from "../../standard/pipeline-definition.ts";
import { readText } from "../../whole-file.ts";
import type { ServedPipeline } from "./find-month.ts";

/** A published run that is open: its report, its manifest and its tables, read-only. */
export interface Month extends Pick<PublishedTables, "rows" | "has"> {
  readonly pipeline: PipelineDefinition;
  readonly run: PublishedRun;
  readonly manifest: Manifest;
  readonly report: PublishedReport;
}

export interface Months {
  /** @param reading how whoever asks reads the run (read-run.ts) */
  open(pipeline: ServedPipeline, run: PublishedRun, reading: Reading): Promise<Month>;
}

/** So many are held open; a page that is made already needs none. */
const HELD = 4;
const MEMORY = "192MB";
const GRACE_MS = 30_000;

/** Opens published runs for the pages, in a DuckDB of their own without a file; the working database is not touched. */
export function openMonths({ threads }: Config): Months {
  const shelf = openShelf({ memory: MEMORY, threads });
  const held = new LRUCache<string, Promise<Month>>({
    max: HELD,
    // Somebody may be reading it still.
    dispose: (month) => {
      setTimeout(async () => drop(await month.catch(() => undefined)), GRACE_MS).unref();
    },
  });
  const tables = new WeakMap<Month, PublishedTables>();
  const drop = async (month: Month | undefined) => {
    if (month) await tables.get(month)?.drop();
  };
  const load = async (
    { definition }: ServedPipeline,
    run: PublishedRun,
    { run: shown, folder, withheld, body }: Reading,
  ): Promise<Month> => {
    const opened = await shelf.add(folder, { withheld, body });
    const report = JSON.parse(readText(join(folder, "report.json")));
    const made: Month = {
      pipeline: definition,
      run,
      manifest: readManifest(shown),
      report: reduceReport(bringUpReport(report), withheld, body),
      rows: opened.rows,
      has: opened.has,
    };
    tables.set(made, opened);
    return made;
  };
  return {
    open(pipeline, run, reading) {
      const key = `${pipeline.definition.pipeline} ${reading.folder} ${reading.view}`;
      const known = held.get(key);
      if (known) return known;
      const opening = load(pipeline, run, reading);
      held.set(key, opening);
      opening.catch(() => held.delete(key));
      return opening;
    },
  };
}
