import { audienceOfIndicator, isWithin } from "./audience.ts";
import type { Bilingual } from "./bilingual.ts";
import type { EvaluationStandard } from "./evaluation-standard.ts";
import type { IndicatorFile } from "./indicator-file.ts";

/**
 * Indicators that are alone in not being public at a level: in public, what is undisclosed is folded into one figure, which is then
 * theirs alone, so that anybody can reckon their points. Statistical offices speak of secondary suppression.
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
    zh: `“${standard.zh}”在 ${level} 一级只有“${indicator.zh}”一项不公开：公开的总分减去各项公开得分即得其得分。请再设一项不公开的指标，或在该级不设此项。`,
    en: `In “${standard.en}”, “${indicator.en}” is the only indicator of the level ${level} that is not public: its points are the published total less the published ones. Keep another from the public too, or leave it out at that level.`,
  };
}
