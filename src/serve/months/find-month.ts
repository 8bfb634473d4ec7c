import { join } from "node:path";
import type { Config } from "../../config.ts";
import { chooseRun } from "../../publish/choose-run.ts";
import {
  type DamagedRun,
  listDamaged,
  listPublished,
  type PublishedRun,
} from "../../publish/find-published.ts";
import type { PipelineDefinition } from "../../standard/pipeline-definition.ts";
import { findPipeline, listPipelines } from "../../standard/workspace.ts";

/** A pipeline with something published, and its runs, oldest first. */
export interface ServedPipeline {
  readonly definition: PipelineDefinition;
  readonly runs: readonly PublishedRun[];
  /** Runs that were published and whose manifest says nothing any more: they cannot be shown. */
  readonly damaged: readonly DamagedRun[];
  /** The run that is shown when nobody asks for another. */
  readonly newest: PublishedRun;
}

export interface MonthIndex {
  /** Pipelines with something published; the bundled city or the first by name leads. */
  list(): readonly ServedPipeline[];
  find(pipeline: string): ServedPipeline | undefined;
  /** Whether something was published of a pipeline, or of any, of which nothing can be shown because it is damaged. */
  isLost(pipeline?: string): boolean;
}

/** What the folder looked like so long ago still holds: looking each time would cost more than a page. */
const HOLDS_MS = 1000;
/** Shown first where there are several pipelines. */
const LEADING = "qingdao";

/** Keeps track of what is published. */
export function openMonthIndex({ workspace, dataDir }: Config): MonthIndex {
  let looked = Number.NEGATIVE_INFINITY;
  let found: readonly ServedPipeline[] = [];
  let lost: readonly string[] = [];
  const list = () => {
    const now = performance.now();
    if (now - looked > HOLDS_MS) {
      const all = listPipelines(workspace).flatMap((name) => look(workspace, dataDir, name));
      found = all.filter(isServed).toSorted((a, b) => leading(b) - leading(a));
      lost = all
        .filter((one) => !isServed(one) && one.damaged.length > 0)
        .map(({ definition }) => definition.pipeline);
      looked = now;
    }
    return found;
  };
  return {
    list,
    find: (name) => list().find(({ definition }) => definition.pipeline === name),
    isLost(name) {
      list();
      return name === undefined ? lost.length > 0 : lost.includes(name);
    },
  };
}

type Looked = Omit<ServedPipeline, "newest"> & { readonly newest: PublishedRun | undefined };

function isServed(one: Looked): one is ServedPipeline {
  return one.newest !== undefined;
}

function leading({ definition }: ServedPipeline): number {
  return definition.pipeline === LEADING ? 1 : 0;
}

function look(workspace: string, dataDir: string, name: string): Looked[] {
  try {
    const definition = findPipeline(workspace, name);
    const folder = join(dataDir, definition.jurisdiction);
    const runs = listPublished(folder, name);
    return [
      { definition, runs, damaged: listDamaged(folder, name, runs), newest: chooseRun(runs) },
    ];
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
