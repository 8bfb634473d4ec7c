import { type Audience, audienceOfIndicator, audienceOfWarnings, isWithin } from "./audience.ts";
import type { EvaluationStandard } from "./evaluation-standard.ts";
import { fileIdOf } from "./indicator-family.ts";
import type { IndicatorFile } from "./indicator-file.ts";
import { type ListDefinition, listParts } from "./list-definition.ts";
import type { WarningDefinition } from "./warning-definition.ts";
import { type Fault, faultAt } from "./yaml-document.ts";

/** What warnings and lists of a pipeline would tell of an indicator to eyes it is not meant for. */
export function findAudienceFaults(
  indicators: ReadonlyMap<string, IndicatorFile>,
  warnings: readonly WarningDefinition[],
  lists: readonly ListDefinition[],
  standard: EvaluationStandard,
): Fault[] {
  const faults: Fault[] = [];
  const look = (file: string, what: string, shownTo: Audience, id: string) => {
    const indicator = indicators.get(fileIdOf(indicators, id));
    const limit = indicator ? audienceOfIndicator(indicator) : "public";
    if (isWithin(limit, shownTo)) return;
    const message = `${what} is for "${shownTo}", but says what the indicator "${id}" is, which is for "${limit}": give it "audience: ${limit}"`;
    faults.push(faultAt(file, message));
  };
  for (const one of warnings) {
    for (const series of one.series) {
      const named = series.from === "indicator" ? series.indicator : undefined;
      const id = named ?? (series.from === "score_drop" ? series.node : undefined);
      if (id) look(one.file, `the series "${series.id}"`, audienceOfWarnings(one), id);
    }
  }
  for (const { file, part } of lists.flatMap((one) =>
    listParts(one).map((part) => ({ file: one.file, part })),
  )) {
    for (const { id: rule, when } of part.rules) {
      const vetoes = standard.vetoes.filter(({ id }) => when.vetoes?.includes(id));
      const named = [...(when.indicators ?? []), ...vetoes].map(({ indicator }) => indicator);
      for (const id of named) {
        const what = `the rule "${rule}" of "${part.id}"`;
        look(file, what, part.audience ?? "public", id);
      }
    }
  }
  return faults;
}
