import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Evaluation } from "./composite/evaluate.ts";
import { evaluate } from "./composite/evaluate.ts";
import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { type EntityNames, readEntityNames } from "./entity-names.ts";
import type { LevelCases } from "./method/case-kind.ts";
import { splitKinds } from "./method/case-kind.ts";
import { examineLevel, type LevelExamination } from "./method/examine-level.ts";
import {
  type Fragility,
  findFurthest,
  judgeFirstPlace,
  weighSmallSamples,
} from "./method/fragility.ts";
import { type OneCase, tryOneCase } from "./method/one-case.ts";
import { readCases } from "./method-cases.ts";
import { writeMethodHtml } from "./publish/html/method-page.ts";
import { runStages } from "./run.ts";
import { openContext, type RunRequest } from "./run-context.ts";
import { layOutCountedCells, layOutSamples } from "./score/counted-cells.ts";
import { type CountedValues, readCounts } from "./score/counts.ts";
import { type LaidOutLevel, layOutLevels } from "./score/lay-out-level.ts";
import { layOutReplications } from "./score/replicate-ranks.ts";
import { type WorkedOut, workOut } from "./score/work-out.ts";
import { dropTemporary } from "./score/write.ts";
import { type Replicated, replicate } from "./uncertainty/replicate.ts";
import { writeWhole } from "./write-whole.ts";

/** Everything the method report shows of one level. */
export interface MethodOfLevel extends LaidOutLevel {
  readonly examination: LevelExamination;
  readonly fragility: Fragility;
  /** Where the standard has an `uncertainty`. */
  readonly replicated?: Replicated | undefined;
}

export interface MethodReport {
  readonly context: Context;
  readonly levels: readonly MethodOfLevel[];
  readonly names: EntityNames;
}

/**
 * Examines the method of a pipeline's standard on the evidence of one period. Nothing is written but what the stages up to
 * measure write.
 * @param replications instead of the standard's number
 */
export async function examineMethod(
  config: Config,
  request: RunRequest,
  replications?: number,
): Promise<MethodReport> {
  const opened = await openContext(config, request);
  try {
    const { context } = await runStages(opened, "pull", "measure");
    const worked = await workOut(context);
    const replicable = new Map(
      (await layOutReplications(context, worked, replications)).map((one) => [one.level, one]),
    );
    const counted = await readCounts(context);
    const cases = await readCases(context, worked);
    await dropTemporary(context);
    const levels = layOutLevels(context, worked).map((laidOut): MethodOfLevel => {
      const { level, specification, panel, groups, settle } = laidOut;
      const evaluation = evaluate(specification, panel, worked.solver);
      const ready = replicable.get(level);
      const replicated = ready && replicate(ready.ground, ready.design, ready.groups, ready.settle);
      const found = { counted, cases: cases.get(level), evaluation, replicated };
      return {
        ...laidOut,
        examination: examineLevel(specification, panel, evaluation, groups, settle, worked.solver),
        fragility: examineFragility(context, worked, laidOut, found),
        replicated,
      };
    });
    return { context, levels, names: await readEntityNames(context.store) };
  } finally {
    opened.store.close();
  }
}

interface FoundOfLevel {
  readonly counted: CountedValues;
  readonly cases: LevelCases | undefined;
  readonly evaluation: Evaluation;
  readonly replicated: Replicated | undefined;
}

/** How little it takes to change a level's ranking: single cases, small samples, records counted more than once. */
function examineFragility(
  context: Context,
  worked: WorkedOut,
  laidOut: LaidOutLevel,
  { counted, cases, evaluation, replicated }: FoundOfLevel,
): Fragility {
  const { specification, panel, units, groups, settle } = laidOut;
  const cells = layOutCountedCells(context, worked, counted, laidOut);
  const { solver } = worked;
  const ground = { specification, panel, evaluation, units, groups, settle, cells, solver };
  const kinds = cases?.kinds ?? [];
  const tried = sortByReach(tryOneCase(ground, kinds));
  const samples = layOutSamples(context, worked, counted, laidOut);
  const scores = (evaluation.nodes.score[0] as Float64Array).slice();
  settle(scores);
  return {
    tried,
    alone: sortByReach(tryOneCase(ground, splitKinds(kinds))),
    shared: (cases?.shared ?? []).toSorted((a, b) => b.overlap - a.overlap),
    twice: cases?.twice ?? [],
    smallSamples: groups.map((group) =>
      weighSmallSamples(specification, panel, evaluation, group, samples),
    ),
    firstPlaces: groups.map((group, place) =>
      judgeFirstPlace(group, scores, tried, replicated?.groups[place]?.pairs),
    ),
  };
}

/** What moves a body furthest first; what moves nobody stands last, in the order found. */
function sortByReach(tried: readonly OneCase[]): OneCase[] {
  const reach = (one: OneCase) => Math.abs(findFurthest(one)?.points ?? 0);
  return tried.toSorted((a, b) => reach(b) - reach(a));
}

/** Writes the report as one HTML file and says where: `out`, or the jurisdiction's folder method/<pipeline>/<period>.html. */
export function writeMethodReport(report: MethodReport, out?: string): string {
  const { dataDir, period, pipeline } = report.context;
  const file = out ?? join(dataDir, "method", pipeline.pipeline, `${period.id}.html`);
  if (!out) mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, writeMethodHtml(report));
  return file;
}
