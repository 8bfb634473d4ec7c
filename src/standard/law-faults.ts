import { join } from "node:path";
import { z } from "zod";
import { isThere } from "../whole-file.ts";
import { findUnmarked, reachWithin } from "./by-analogy.ts";
import type { EvaluationStandard } from "./evaluation-standard.ts";
import type { IndicatorFile } from "./indicator-file.ts";
import type { LawRegister } from "./law-register.ts";
import type { PipelineDefinition } from "./pipeline-definition.ts";
import { type Fault, faultAt, readYaml } from "./yaml-document.ts";

/**
 * What a pipeline's definitions rest on although it does not bind at their time or place, and what they cite that the
 * register does not hold: of its standard, indicators, warnings, lists and rules of records.
 * @param standard undefined when it cannot be read
 * @param indicators those that the pipeline measures
 */
export function findLawFaults(
  workspace: string,
  pipeline: PipelineDefinition,
  register: LawRegister,
  standard: EvaluationStandard | undefined,
  indicators: readonly IndicatorFile[],
): Fault[] {
  const { division } = pipeline;
  const applied = reachWithin({ division }, { effective: standard?.effective });
  const files = [
    ["standards", [pipeline.standard], { division }],
    ["warnings", pipeline.warnings ?? [], applied],
    ["lists", pipeline.lists ?? [], applied],
    // Rules are chosen by the date of a record's document, which may be older than any standard.
    ["rules", pipeline.rules ?? [], { division }],
  ] as const;
  const faults = files.flatMap(([folder, ids, reach]) =>
    ids.flatMap((id) => {
      const file = join(workspace, "metrics", folder, `${id}.yaml`);
      return isThere(file) ? findUnmarked(readYaml(file, z.unknown()), register, reach) : [];
    }),
  );
  for (const indicator of indicators) {
    const fault = (_path: readonly PropertyKey[], message: string) =>
      faultAt(indicator.file, message);
    const { source, by_analogy } = indicator;
    faults.push(...findUnmarked({ value: { source, by_analogy }, fault }, register, applied));
  }
  return faults;
}
