import type { CountedDays } from "./calendar-faults.ts";
import { type EvaluationStandard, indicatorIds } from "./evaluation-standard.ts";
import { fileIdOf } from "./indicator-family.ts";
import type { IndicatorFile } from "./indicator-file.ts";
import type { PipelineDefinition } from "./pipeline-definition.ts";

/** The indicators that a pipeline measures, by the place in its file that brings them in. */
export function measuredIndicators(
  { standard, warnings = [] }: PipelineDefinition,
  indicators: ReadonlyMap<string, IndicatorFile>,
  standards: ReadonlyMap<string, EvaluationStandard>,
  warned: ReadonlyMap<string, readonly string[]>,
): CountedDays["indicators"] {
  const read = standards.get(standard);
  const named = [
    ...(read ? indicatorIds(read) : []).map((id) => ({ by: ["standard"], id })),
    ...warnings.flatMap((file, index) =>
      (warned.get(file) ?? []).map((id) => ({ by: ["warnings", index], id })),
    ),
  ];
  const seen = new Set<string>();
  return named.flatMap(({ by, id }) => {
    const indicator = indicators.get(fileIdOf(indicators, id));
    if (!indicator || seen.has(indicator.id)) return [];
    seen.add(indicator.id);
    return [{ by, indicator }];
  });
}
