import { listPipelines } from "../standard/workspace.ts";

/** The pipeline taken when none is named and the workspace has several: the bundled city. */
const BUNDLED_PIPELINE = "qingdao";

/**
 * The pipeline named; else the workspace's only one; else the bundled city's.
 * @throws Error naming the pipelines there are
 */
export function choosePipeline(workspace: string, named: string | undefined): string {
  if (named) return named;
  const pipelines = listPipelines(workspace);
  if (pipelines.length === 1) return pipelines[0] as string;
  if (pipelines.includes(BUNDLED_PIPELINE)) return BUNDLED_PIPELINE;
  throw new Error(
    pipelines.length === 0
      ? `The workspace ${workspace} has no pipeline; make one with "zhengxin init".`
      : `Say which pipeline: ${pipelines.join(", ")}.`,
  );
}
