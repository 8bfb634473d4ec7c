import type { Bilingual } from "../standard/bilingual.ts";
import type {
  ChangeSeries,
  SeriesDefinition,
  SurgeSeries,
} from "../standard/warning-definition.ts";
import { writeFigure, writeNumber } from "./figure-text.ts";
import type { BodyEpisode } from "./findings.ts";
import { describeChange } from "./sentence-lines.ts";

type Valued = Pick<BodyEpisode, "part" | "value" | "numerator" | "denominator">;

/**
 * What a series is, in words: 债务率为104.2%; 债务余额同比增长186.4%; 投诉（物业）42件.
 * @param series all of the definition: a change is told of the series that changed
 * @param when the period of the value; undefined for the one asked for
 * @param against lines that stand in the same sentence
 */
export function describeValue(
  series: readonly SeriesDefinition[],
  on: SeriesDefinition,
  valued: Valued,
  when: Bilingual | undefined,
  against: readonly number[],
): Bilingual {
  const { part, value } = valued;
  const of = on.from === "change" ? series.find(({ id }) => id === on.of) : on;
  const title = of?.title ?? on.title;
  const subject = {
    zh: `${title.zh}${part ? `（${part}）` : ""}${when?.zh ?? ""}`,
    en: `${title.en}${part ? ` (${part})` : ""}${when ? `, ${when.en}` : ""}`,
  };
  const said = describeBySort(on, valued, against);
  const is = said === undefined ? "为" : "";
  const figure = said ?? writeFigure(on.unit, value, against);
  return { zh: `${subject.zh}${is}${figure.zh}`, en: `${subject.en}: ${figure.en}` };
}

function describeBySort(
  on: SeriesDefinition,
  valued: Valued,
  against: readonly number[],
): Bilingual | undefined {
  if (on.from === "change") return describeMovement(on, valued.value, against);
  if (on.from === "surge") return describeCount(on, valued, against);
  if (on.from === "score_drop") return describeDrop(on, valued, against);
  return undefined;
}

function describeMovement(on: ChangeSeries, value: number, against: readonly number[]): Bilingual {
  const than = on.months === 12 ? "同比" : `较${on.months}个月前`;
  const change = describeChange(on, value, against);
  return { zh: `${than}${change.zh}`, en: `${change.en} in ${on.months} months` };
}

function describeCount(
  on: SurgeSeries,
  { value, numerator, denominator }: Valued,
  against: readonly number[],
): Bilingual {
  const span =
    on.months === 1
      ? { zh: "", en: "" }
      : { zh: `近${on.months}个月`, en: ` in ${on.months} months` };
  const count = writeNumber(numerator);
  if (numerator < on.minimum_count) {
    return {
      zh: `${span.zh}为${count}件，不足${on.minimum_count}件，不判为异常增加`,
      en: `${count}${span.en}, too few to be a surge (${on.minimum_count})`,
    };
  }
  const apart = writeFigure(on.unit, Math.abs(value), against);
  const usual = writeNumber(denominator, [numerator]);
  const side = value < 0 ? { zh: "低于", en: "below" } : { zh: "高出", en: "above" };
  return {
    zh: `${span.zh}为${count}件，${side.zh}通常水平（${usual}件）${apart.zh}`,
    en: `${count}${span.en}, ${apart.en} ${side.en} what is usual (${usual})`,
  };
}

/** Digits of a score, as it is published. */
const SCORE_DIGITS = 2;

function describeDrop(
  on: SeriesDefinition,
  { value, numerator }: Valued,
  against: readonly number[],
): Bilingual {
  const points = Math.abs(numerator).toFixed(SCORE_DIGITS);
  const times = writeFigure(on.unit, Math.abs(value), against);
  return value < 0
    ? { zh: `较上期上升${points}分`, en: `${points} points up on the period before` }
    : {
        zh: `较上期下降${points}分，为${times.zh}`,
        en: `${points} points down on the period before, ${times.en}`,
      };
}
