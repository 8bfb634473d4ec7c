import { join } from "node:path";
import type { Config } from "../../config.ts";
import { chooseRun } from "../../publish/choose-run.ts";
import { listPublished, type PublishedRun } from "../../publish/find-published.ts";
import type { PipelineDefinition } from "../../standard/pipeline-definition.ts";
import { findPipeline, listPipelines } from "../../standard/workspace.ts";

/** A pipeline with something published, and its runs, oldest first. */
export interface ServedPipeline {
  readonly definition: PipelineDefinition;
  readonly runs: readonly PublishedRun[];
  /** The run that is shown when nobody asks for another. */
  readonly newest: PublishedRun;
}

export interface MonthIndex {
  /** Pipelines with something published; the bundled city or the first by name leads. */
  list(): readonly ServedPipeline[];
  find(pipeline: string): ServedPipeline | undefined;
}

/** What the folder looked like so long ago still holds: looking each time would cost more than a page. */
const HOLDS_MS = 1000;
/** Shown first where there are several pipelines. */
const LEADING = "qingdao";

/** Keeps track of what is published. */
export function openMonthIndex({ workspace, dataDir }: Config): MonthIndex {
  let looked = Number.NEGATIVE_INFINITY;
  let found: readonly ServedPipeline[] = [];
  const list = () => {
    const now = performance.now();
    if (now - looked > HOLDS_MS) {
      found = listPipelines(workspace).flatMap((name) => look(workspace, dataDir, name));
      found = found.toSorted((a, b) => leading(b) - leading(a));
      looked = now;
    }
    return found;
  };
  return { list, find: (name) => list().find(({ definition }) => definition.pipeline === name) };
}

function leading({ definition }: ServedPipeline): number {
  return definition.pipeline === LEADING ? 1 : 0;
}

function look(workspace: string, dataDir: string, name: string): ServedPipeline[] {
  try {
    const definition = findPipeline(workspace, name);
    const runs = listPublished(join(dataDir, definition.jurisdiction), name);
    const newest = chooseRun(runs);
    return newest ? [{ definition, runs, newest }] : [];
  } catch {
    // A definition somebody is just editing must not take the other pipelines' pages away.
    return [];
  }
}

/** The run of a pipeline that is asked for, and whose data it is about. */
export function findRun(index: MonthIndex, pipeline: string, period: string | undefined) {
  const served = index.find(pipeline);
  const run = served && chooseRun(served.runs, { period });
  return run && { run, served, jurisdiction: served.definition.jurisdiction };
}

/** The answer where there is none. */
export const NO_MONTH = {
  error: {
    code: "noSuchMonth",
    zh: "没有发布这样的一期。GET /api/pipelines 列出已发布的各期。",
    en: "No such period is published. GET /api/pipelines lists what is.",
  },
};
