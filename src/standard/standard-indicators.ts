import { type EvaluationStandard, indicatorIds } from "./evaluation-standard.ts";
import { resolveIndicator } from "./indicator-family.ts";
import type { IndicatorFile } from "./indicator-file.ts";

/**
 * Every indicator a standard needs, by id, with the title, unit and direction that the standard gives it.
 * @throws Error in a sentence when there is no such indicator; standards that were read have none like it
 */
export function listIndicators(
  standard: EvaluationStandard,
  known: ReadonlyMap<string, IndicatorFile>,
): Map<string, IndicatorFile> {
  const entries = new Map(standard.indicators.map((entry) => [entry.indicator, entry]));
  return new Map(
    indicatorIds(standard).map((id) => {
      const file = resolveIndicator(known, id);
      if (!file) throw new Error(`There is no indicator "${id}" in metrics/indicators.`);
      const { title, unit, direction } = entries.get(id) ?? {};
      return [
        id,
        {
          ...file,
          title: title ?? file.title,
          unit: unit ?? file.unit,
          direction: direction ?? file.direction,
        },
      ];
    }),
  );
}
