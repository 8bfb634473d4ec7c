import { existsSync } from "node:fs";
import { join } from "node:path";
import { dayBefore } from "./present.ts";
import { listPublished } from "./publish/find-published.ts";
import { publishedFolder, TIDIED } from "./publish/layout.ts";
import { DRAFTS_DAYS, type PipelineDefinition } from "./standard/pipeline-definition.ts";
import { sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";
import { forgetRuns } from "./tidy.ts";

const sql = sqlFile(import.meta.dirname, "tidy-drafts.sql");

/** A run that was measured or scored and never published, and that a newer one of its period has superseded. */
export interface Draft {
  readonly period: string;
  readonly run: string;
  readonly asOf: string;
  /** Civil time in the pipeline's zone at which it was last begun. */
  readonly begun: string;
}

/**
 * Which drafts of a pipeline go by what its definition keeps: those begun so many days ago, unless nothing newer was begun of their
 * period. What is published is no draft, and neither is what was published and went.
 * @param dataDir folder of the jurisdiction
 * @param now civil time in the pipeline's zone
 */
export async function planDrafts(
  store: Store,
  dataDir: string,
  { pipeline, keep }: Pick<PipelineDefinition, "pipeline" | "keep">,
  now: string,
): Promise<Draft[]> {
  const limit = dayBefore(now, keep?.drafts_days ?? DRAFTS_DAYS);
  const begun = await store.rows<Draft>(sql("drafts"), { pipeline, limit });
  if (begun.length === 0) return [];
  const published = new Set(listPublished(dataDir, pipeline).map(({ run }) => run));
  const wasPublished = ({ period, run }: Draft) =>
    published.has(run) ||
    existsSync(join(publishedFolder(dataDir), pipeline, period, `${run}${TIDIED}`));
  return begun.filter((one) => !wasPublished(one));
}

/**
 * Takes drafts out of the working database, with what was computed for them alone. Of runs of an older program, which did not write down
 * when they were begun, their time is reckoned from now on.
 * @param now civil time in the pipeline's zone
 */
export async function tidyDrafts(
  store: Store,
  drafts: readonly Draft[],
  now: string,
): Promise<void> {
  await store.run(sql("note-older"), { now });
  if (drafts.length === 0) return;
  const runs = drafts.map(({ run }) => run);
  await forgetRuns(store, runs);
  await store.run(sql("forget-drafts"), { runs: JSON.stringify(runs) });
  await store.run(sql("forget-begun"));
}
