import type { Config } from "../config.ts";
import { publicDay } from "../present.ts";
import { findPublished, listPublished } from "../publish/find-published.ts";
import { openRenderings, type Shown, showWhole } from "../redact/renderings.ts";
import { chooseAsOf, jurisdictionFolder } from "../run-context.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import type { CommonOptions } from "./command.ts";

/** A published run and what may be shown of it. */
export interface FoundMonth extends Shown {
  /** The published folder itself. */
  readonly original: string;
}

/**
 * The published run that is asked for, and what may be shown of it today: itself, or its rendering without the records that are
 * published no more.
 * @throws as findPublished
 */
export async function findShown(
  config: Config,
  definition: PipelineDefinition,
  { period, asOf }: Pick<CommonOptions, "period" | "asOf">,
): Promise<FoundMonth> {
  const dataDir = jurisdictionFolder(config, definition);
  const original = findPublished(dataDir, definition.pipeline, {
    period,
    asOf: asOf && chooseAsOf(definition, asOf),
  });
  const runs = listPublished(dataDir, definition.pipeline);
  const run = runs.find((one) => one.folder === original);
  const today = publicDay({ definition, runs });
  if (!run) return { ...showWhole(original, today), original };
  const renderings = openRenderings(config);
  try {
    return { ...(await renderings.show({ definition, runs }, run, today)), original };
  } finally {
    renderings.close();
  }
}
