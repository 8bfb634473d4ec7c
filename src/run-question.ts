import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { fingerprintDefinitions } from "./definitions-fingerprint.ts";
import { parsePeriod, shiftPeriod } from "./period.ts";
import { findFiles } from "./pull/find-files.ts";
import { chooseAsOf, choosePeriod } from "./run-context.ts";
import { CODE_VERSION } from "./run-identity.ts";
import { readStandard } from "./standard/evaluation-standard.ts";
import { isLocal, localFolder } from "./standard/inbox-connector.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import type { SourceDefinition } from "./standard/source-definition.ts";
import { listIndicators } from "./standard/standard-indicators.ts";
import { findPipeline, findSources, readIndicators } from "./standard/workspace.ts";

/** A run that is asked for, before anything of it was done. */
export interface RunQuestion {
  readonly pipeline: PipelineDefinition;
  readonly period: string;
  /** Civil time in the pipeline's zone. */
  readonly asOf: string;
  /** Twelve hexadecimal digits: the same while the definitions and what lies in the sources' folders stay the same. */
  readonly inputVersion: string;
}

/**
 * Settles what a run is about without opening the database, so that asking twice can be recognised as one question.
 * The as-of time counts where it was given. Without one, the clock counts only by its day, and only when a source
 * cannot be looked at without pulling it.
 * @throws DefinitionError, or Error in a sentence: no such pipeline, a period of another frequency or in the future
 */
export function askRun(
  { workspace, dataDir }: Pick<Config, "workspace" | "dataDir">,
  asked: { readonly pipeline: string; readonly period?: string; readonly asOf?: string },
): RunQuestion {
  const pipeline = findPipeline(workspace, asked.pipeline);
  const sources = findSources(workspace, pipeline);
  const indicators = readIndicators(workspace);
  const standard = readStandard(workspace, pipeline.standard, indicators);
  const asOf = chooseAsOf(pipeline, asked.asOf);
  const period = choosePeriod(pipeline, asked.period, asOf).id;
  const looked = sources.map((source) =>
    lookAt(workspace, join(dataDir, pipeline.jurisdiction), source),
  );
  const time = asked.asOf ? asOf : looked.includes(undefined) ? asOf.slice(0, 10) : "";
  const inputVersion = createHash("sha256")
    .update(
      JSON.stringify([
        fingerprintDefinitions({
          workspace,
          pipeline,
          sources,
          standard,
          indicators: listIndicators(standard, indicators),
        }),
        looked,
        time,
        CODE_VERSION,
      ]),
    )
    .digest("hex")
    .slice(0, 12);
  return { pipeline, period, asOf, inputVersion };
}

/** Name, size and time of every file of a source's folder; undefined for a source that is no folder. */
function lookAt(workspace: string, dataDir: string, { source, connector }: SourceDefinition) {
  if (!isLocal(connector)) return undefined;
  const folder = localFolder(connector, source, { workspace, dataDir });
  try {
    return (findFiles(folder, connector.match)?.names ?? []).map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return [name, size, mtimeMs];
    });
  } catch {
    // What cannot be looked at now is for the pull to report.
    return [];
  }
}

/** Every period from one to another, both inside, in order. */
export function listPeriods(from: string, to: string): string[] {
  const last = parsePeriod(to);
  let period = parsePeriod(from);
  if (period.frequency !== last.frequency || period.start > last.start) {
    throw new Error(`There is no period from ${from} to ${to}; give the earlier one first.`);
  }
  const periods: string[] = [];
  while (period.start <= last.start) {
    periods.push(period.id);
    period = shiftPeriod(period, 1);
  }
  return periods;
}
