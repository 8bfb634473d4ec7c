import { join } from "node:path";
import type { PipelineDefinition } from "./pipeline-definition.ts";
import { type Fault, faultAt } from "./yaml-document.ts";

type Kind = "warnings" | "lists" | "rules";

/**
 * Definitions that no pipeline names: whether one holds on the days it is asked of is told by the pipeline that names it, so nobody
 * would examine these.
 * @param held ids of the files of each kind in metrics/
 */
export function findUnnamed(
  workspace: string,
  pipelines: readonly Pick<PipelineDefinition, Kind>[],
  held: Readonly<Record<Kind, readonly string[]>>,
): Fault[] {
  return (Object.keys(held) as Kind[]).flatMap((kind) => {
    const named = new Set(pipelines.flatMap((pipeline) => pipeline[kind] ?? []));
    return held[kind]
      .filter((id) => !named.has(id))
      .map((id) =>
        faultAt(
          join(workspace, "metrics", kind, `${id}.yaml`),
          `no pipeline names "${id}" among its ${kind}`,
        ),
      );
  });
}
