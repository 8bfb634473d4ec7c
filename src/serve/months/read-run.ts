import type { Context } from "hono";
import type { Config } from "../../config.ts";
import type { PublishedRun } from "../../publish/find-published.ts";
import { type Reading, readingOf } from "../../publish/reading.ts";
import { type Clearance, clearanceOf, isWithin } from "../../standard/audience.ts";
import type { PipelineDefinition } from "../../standard/pipeline-definition.ts";
import type { WebEnv } from "../auth/require-role.ts";
import type { ServedPipeline } from "./find-month.ts";
import type { ShowRun } from "./show-run.ts";

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

/**
 * How whoever asks reads what may be shown today of a published run; undefined where it is not for them. Every door opens a run
 * by this.
 */
export async function readRun(
  c: Context<WebEnv>,
  { config, show }: { readonly config: Pick<Config, "workspace">; readonly show: ShowRun },
  served: ServedPipeline,
  run: PublishedRun,
): Promise<Reading | undefined> {
  if (!isOpenTo(c, served)) return undefined;
  const { folder } = await show(served, run);
  return readingOf(config.workspace, folder, clearanceFor(c, served.definition));
}

/** What others may keep of an answer: nothing of what is not for everybody. */
export function cacheFor({ audience }: Clearance, otherwise: string): string {
  return audience === "public" ? otherwise : "private, no-store";
}
