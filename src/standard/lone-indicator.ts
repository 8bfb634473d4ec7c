import { audienceOfIndicator, isWithin } from "./audience.ts";
import type { Bilingual } from "./bilingual.ts";
import type { EvaluationStandard } from "./evaluation-standard.ts";
import type { IndicatorFile } from "./indicator-file.ts";

type Judged = Pick<
  EvaluationStandard,
  "title" | "levels" | "indicators" | "deductions" | "bonuses" | "vetoes"
>;
type Judging = Pick<IndicatorFile, "title" | "audience" | "reads" | "sql">;

/**
 * Indicators that are not public, and that readers can work out all the same from what is: alone at a level, where what is
 * undisclosed is folded into one figure; behind a deduction, bonus or veto; and where nothing else makes the index. Of the first a
 * publication keeps another back with them (src/publish/complement.ts), and their author may want to say which; for the others
 * nothing can be done but in the definitions.
 */
export function findLone(standard: Judged, indicators: ReadonlyMap<string, Judging>): Bilingual[] {
  const hiddenOf = (id: string) => {
    const file = indicators.get(id);
    return file && !isWithin(audienceOfIndicator(file), "public") ? file : undefined;
  };
  const levels = Object.keys(standard.levels).flatMap((level) => {
    const own = standard.indicators.filter(({ weight }) => weight[level]);
    const hidden = own.flatMap(({ indicator }) => hiddenOf(indicator) ?? []);
    const [only] = hidden;
    if (hidden.length !== 1 || !only) return [];
    return [(own.length === 1 ? sayWhole : sayLone)(standard.title, level, only.title)];
  });
  const rules = (["deductions", "bonuses", "vetoes"] as const).flatMap((kind) =>
    standard[kind].flatMap(({ title, indicator }) => {
      const file = hiddenOf(indicator);
      return file ? [sayRule(RULES[kind], standard.title, title, file.title)] : [];
    }),
  );
  return [...levels, ...rules];
}

const RULES = {
  deductions: { zh: "扣分", en: "deduction" },
  bonuses: { zh: "加分", en: "bonus" },
  vetoes: { zh: "等次限制", en: "veto" },
} as const;

function sayLone(standard: Bilingual, level: string, indicator: Bilingual): Bilingual {
  return {
    zh: `“${standard.zh}”在 ${level} 一级只有“${indicator.zh}”一项不公开：公开的总分减去各项公开得分即得其得分，因此发布时另有一项指标与其一并不公开。如需指定是哪一项，请将其也设为不公开，或在该级不设此项。`,
    en: `In “${standard.en}”, “${indicator.en}” is the only indicator of the level ${level} that is not public: its points would be the published total less the published ones, so another is kept from the public with it. To say which, give one an audience too, or leave this one out at that level.`,
  };
}

function sayWhole(standard: Bilingual, level: string, indicator: Bilingual): Bilingual {
  return {
    zh: `“${standard.zh}”在 ${level} 一级只有“${indicator.zh}”一项指标，且该项不公开：公开的总分就是其得分，无法遮蔽。请将该项设为公开，或在该级另设指标，或不公开本流程。`,
    en: `In “${standard.en}”, “${indicator.en}” is the only indicator of the level ${level} and is not public: the published total is its score, which nothing can keep back. Make it public, add indicators at that level, or give the pipeline an audience.`,
  };
}

function sayRule(
  kind: Bilingual,
  standard: Bilingual,
  rule: Bilingual,
  indicator: Bilingual,
): Bilingual {
  return {
    zh: `“${standard.zh}”的${kind.zh}项“${rule.zh}”依据的“${indicator.zh}”不公开：其他扣分、加分和等次限制都公开，公开的总分和等次会让人推算出它，无法遮蔽。请将该指标设为公开，或改用公开的指标，或不设此项。`,
    en: `In “${standard.en}”, the ${kind.en} “${rule.en}” goes by “${indicator.en}”, which is not public: the other deductions, bonuses and vetoes are, so the published score and grade tell it, which nothing can keep back. Make the indicator public, go by a public one, or leave the ${kind.en} out.`,
  };
}
