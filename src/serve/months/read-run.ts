import type { Context } from "hono";
import type { PublishedRun } from "../../publish/find-published.ts";
import { type Reading, readingOf } from "../../publish/reading.ts";
import { type Clearance, clearanceOf, isWithin } from "../../standard/audience.ts";
import type { PipelineDefinition } from "../../standard/pipeline-definition.ts";
import type { WebEnv } from "../auth/require-role.ts";
import type { ServedPipeline } from "./find-month.ts";

/** What whoever asks may see of a pipeline. */
export function clearanceFor(c: Context<WebEnv>, definition: PipelineDefinition): Clearance {
  return clearanceOf(c.get("visitor"), definition);
}

/** Whether a pipeline's publications are for whoever asks at all. */
export function isOpenTo(
  c: Context<WebEnv>,
  { definition }: Pick<ServedPipeline, "definition">,
): boolean {
  return isWithin(definition.audience ?? "public", clearanceFor(c, definition).audience);
}

/** How whoever asks reads a published run; undefined where it is not for them. Every door opens a run by this. */
export function readRun(
  c: Context<WebEnv>,
  workspace: string,
  served: ServedPipeline,
  run: PublishedRun,
): Reading | undefined {
  if (!isOpenTo(c, served)) return undefined;
  return readingOf(workspace, run.folder, clearanceFor(c, served.definition));
}

/** What others may keep of an answer: nothing of what is not for everybody. */
export function cacheFor({ audience }: Clearance, otherwise: string): string {
  return audience === "public" ? otherwise : "private, no-store";
}
