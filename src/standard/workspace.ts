import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { isThere } from "../whole-file.ts";
import { type IndicatorFile, readIndicator } from "./indicator-file.ts";
import { type PipelineDefinition, readPipeline } from "./pipeline-definition.ts";
import { readSource, type SourceDefinition } from "./source-definition.ts";

/**
 * Names below a folder with this ending, relative, with "/" between parts, sorted; none when it is absent. Links and whatever else has such
 * a name are among them: whoever reads one that is no file is told so, where leaving it out would take away a definition in silence.
 */
export function listFiles(folder: string, ending: string): string[] {
  if (!isThere(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(ending))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** Names of the pipelines of a workspace. */
export function listPipelines(workspace: string): string[] {
  const folder = join(workspace, "pipelines");
  if (!isThere(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length))
    .sort();
}

/**
 * Reads a pipeline by name.
 * @throws Error naming the pipelines there are, or DefinitionError
 */
export function findPipeline(workspace: string, name: string): PipelineDefinition {
  const file = join(workspace, "pipelines", `${name}.yaml`);
  if (!isThere(file)) {
    throw new Error(
      `没有流程“${name}”；现有流程：${listPipelines(workspace).join("、")}。There is no pipeline "${name}". The pipelines are: ${listPipelines(workspace).join(", ")}.`,
    );
  }
  return readPipeline(file).value;
}

/**
 * Reads the sources of a pipeline, in its order.
 * @throws Error naming a source that has no file, or DefinitionError
 */
export function findSources(workspace: string, pipeline: PipelineDefinition): SourceDefinition[] {
  const folder = join(workspace, "pipelines", "sources");
  const files = new Map(
    listFiles(folder, ".yaml").map((file) => [
      file.split("/").at(-1)?.slice(0, -".yaml".length),
      file,
    ]),
  );
  return pipeline.sources.map((id) => {
    const file = files.get(id);
    if (!file) {
      throw new Error(
        `流程“${pipeline.pipeline}”所写的数据源“${id}”不存在：pipelines/sources 中没有 ${id}.yaml。The pipeline "${pipeline.pipeline}" names the source "${id}", but pipelines/sources has no ${id}.yaml.`,
      );
    }
    return readSource(join(folder, file)).value;
  });
}

/** Every indicator of a workspace by id. */
export function readIndicators(workspace: string): Map<string, IndicatorFile> {
  const folder = join(workspace, "metrics", "indicators");
  return new Map(
    listFiles(folder, ".sql").map((file) => {
      const id = file.slice(0, -".sql".length);
      return [id, readIndicator(join(folder, file), id)];
    }),
  );
}
