import type { Config } from "../config.ts";
import { publicDay } from "../present.ts";
import { listPublished } from "../publish/find-published.ts";
import { openRenderings, type Shown, showWhole } from "../redact/renderings.ts";
import { jurisdictionFolder } from "../run-context.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";

/** What may be shown today of a published folder: itself, or its rendering without the records that are published no more. */
export async function showPublished(
  config: Config,
  definition: PipelineDefinition,
  folder: string,
): Promise<Shown> {
  const runs = listPublished(jurisdictionFolder(config, definition), definition.pipeline);
  const run = runs.find((one) => one.folder === folder);
  const today = publicDay({ definition, runs });
  if (!run) return showWhole(folder, today);
  const renderings = openRenderings(config);
  try {
    return await renderings.show({ definition, runs }, run, today);
  } finally {
    renderings.close();
  }
}
