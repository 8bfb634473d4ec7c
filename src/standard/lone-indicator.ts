import { audienceOfIndicator, isWithin } from "./audience.ts";
import type { Bilingual } from "./bilingual.ts";
import type { EvaluationStandard } from "./evaluation-standard.ts";
import type { IndicatorFile } from "./indicator-file.ts";

/**
 * Indicators that are alone in not being public at a level: in public, what is undisclosed is folded into one figure, which would be
 * theirs alone. A publication keeps another back with them (src/publish/complement.ts); its author may want to say which.
 */
export function findLone(
  standard: Pick<EvaluationStandard, "title" | "levels" | "indicators">,
  indicators: ReadonlyMap<string, Pick<IndicatorFile, "title" | "audience" | "reads" | "sql">>,
): Bilingual[] {
  return Object.keys(standard.levels).flatMap((level) => {
    const hidden = standard.indicators.flatMap(({ indicator, weight }) => {
      const file = indicators.get(indicator);
      if (!file || !weight[level]) return [];
      return isWithin(audienceOfIndicator(file), "public") ? [] : [file];
    });
    const [only] = hidden;
    return hidden.length === 1 && only ? [say(standard.title, level, only.title)] : [];
  });
}

function say(standard: Bilingual, level: string, indicator: Bilingual): Bilingual {
  return {
    zh: `“${standard.zh}”在 ${level} 一级只有“${indicator.zh}”一项不公开：公开的总分减去各项公开得分即得其得分，因此发布时另有一项指标与其一并不公开。如需指定是哪一项，请将其也设为不公开，或在该级不设此项。`,
    en: `In “${standard.en}”, “${indicator.en}” is the only indicator of the level ${level} that is not public: its points would be the published total less the published ones, so another is kept from the public with it. To say which, give one an audience too, or leave this one out at that level.`,
  };
}
