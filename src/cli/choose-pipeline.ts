import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { findPipeline, listPipelines } from "../standard/workspace.ts";

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

/**
 * The pipeline whose jurisdiction holds the source's files.
 * @throws Error naming those there are, when none or several jurisdictions use the source
 */
export function pipelineOfSource(
  workspace: string,
  source: string,
  named?: string,
): PipelineDefinition {
  if (named) return findPipeline(workspace, named);
  const all = listPipelines(workspace).map((name) => findPipeline(workspace, name));
  const using = all.filter(({ sources }) => sources.includes(source));
  const [first] = using;
  if (first && using.every(({ jurisdiction }) => jurisdiction === first.jurisdiction)) return first;
  const list = (using.length > 0 ? using : all).map(({ pipeline }) => pipeline).join(", ");
  throw new Error(
    using.length > 0
      ? `几条流水线都用来源“${source}”，请用 --pipeline 指明。Several pipelines use the source "${source}"; say with --pipeline which: ${list}.`
      : `没有流水线用来源“${source}”，请用 --pipeline 指明所在辖区。No pipeline uses the source "${source}"; say with --pipeline where it was received: ${list}.`,
  );
}
