import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { jurisdictionFolder, openPlace, WORKING_DATABASE } from "../run-context.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";

/**
 * Opens what is held for a pipeline.
 * @throws Error in a sentence when nothing has been received yet, or another process works on it
 */
export function openHeld(config: Config, pipeline: PipelineDefinition) {
  if (!existsSync(join(jurisdictionFolder(config, pipeline), WORKING_DATABASE))) {
    throw new Error(
      `${pipeline.pipeline} 尚未收到任何文件。Nothing has been received for ${pipeline.pipeline} yet.`,
    );
  }
  return openPlace(config, pipeline);
}
