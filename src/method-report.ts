import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { evaluate } from "./composite/evaluate.ts";
import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { type EntityNames, readEntityNames } from "./entity-names.ts";
import { examineLevel, type LevelExamination } from "./method/examine-level.ts";
import { writeMethodHtml } from "./publish/html/method-page.ts";
import { runStages } from "./run.ts";
import { openContext, type RunRequest } from "./run-context.ts";
import { type LaidOutLevel, layOutLevels } from "./score/lay-out-level.ts";
import { layOutReplications } from "./score/replicate-ranks.ts";
import { workOut } from "./score/work-out.ts";
import { dropTemporary } from "./score/write.ts";
import { type Replicated, replicate } from "./uncertainty/replicate.ts";
import { writeWhole } from "./write-whole.ts";

/** Everything the method report shows of one level. */
export interface MethodOfLevel extends LaidOutLevel {
  readonly examination: LevelExamination;
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
    await dropTemporary(context);
    const levels = layOutLevels(context, worked).map((laidOut): MethodOfLevel => {
      const { level, specification, panel, groups, settle } = laidOut;
      const evaluation = evaluate(specification, panel, worked.solver);
      const ready = replicable.get(level);
      return {
        ...laidOut,
        examination: examineLevel(specification, panel, evaluation, groups, settle, worked.solver),
        replicated: ready && replicate(ready.ground, ready.design, ready.groups, ready.settle),
      };
    });
    return { context, levels, names: await readEntityNames(context.store) };
  } finally {
    opened.store.close();
  }
}

/** Writes the report as one HTML file and says where: `out`, or the jurisdiction's folder method/<pipeline>/<period>.html. */
export function writeMethodReport(report: MethodReport, out?: string): string {
  const { dataDir, period, pipeline } = report.context;
  const file = out ?? join(dataDir, "method", pipeline.pipeline, `${period.id}.html`);
  if (!out) mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, writeMethodHtml(report));
  return file;
}
