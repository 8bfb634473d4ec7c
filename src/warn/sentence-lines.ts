import type { Bilingual } from "../standard/bilingual.ts";
import { lineOf, type SeriesDefinition, type WarningBand } from "../standard/warning-definition.ts";
import { writeFigure } from "./figure-text.ts";

/**
 * A warning line in words: 80%; of a change its direction too: 增长40%, 下降5个百分点.
 * @param value what it is held against in the sentence, so that both are told apart
 */
export function describeLine(on: SeriesDefinition, band: WarningBand, value: number): Bilingual {
  const line = lineOf(band);
  if (on.from !== "change") return writeFigure(on.unit, line, [value]);
  return describeChange(on, line, [value]);
}

/** A change in words: 增长3%, 上升2个百分点, 持平. English: a rise of 3%. */
export function describeChange(
  on: Extract<SeriesDefinition, { from: "change" }>,
  value: number,
  against: readonly number[],
): Bilingual {
  if (value === 0) return { zh: "持平", en: "no change" };
  const figure = writeFigure(on.unit, Math.abs(value), against.map(Math.abs));
  const rises = on.as === "percent" ? "增长" : "上升";
  return value > 0
    ? { zh: `${rises}${figure.zh}`, en: `a rise of ${figure.en}` }
    : { zh: `下降${figure.zh}`, en: `a fall of ${figure.en}` };
}

/**
 * On which side of its line a value stands, or stood when the level was taken (without a value): 达到, 超过, 低于. Of a fall that is
 * measured as a change below a line, to be beyond it is to exceed it.
 */
export function describeSide(
  on: SeriesDefinition,
  band: WarningBand,
  value: number | undefined,
): Bilingual {
  const line = lineOf(band);
  if (band.from !== undefined && (value === undefined || value === line)) {
    return { zh: "达到", en: "at or above" };
  }
  if (band.below === undefined) return { zh: "超过", en: "above" };
  const isFall = on.from === "change" && line < 0;
  return isFall ? { zh: "超过", en: "beyond" } : { zh: "低于", en: "below" };
}

/** When a level is given up, in words: 低于115%, 不超过6个工作日, 84%以上; of a change as 降幅不超过7个百分点. */
export function describeRelease(on: SeriesDefinition, band: WarningBand, value: number): Bilingual {
  const { release } = band;
  if (on.from === "change" && band.below !== undefined && release < 0) {
    const figure = writeFigure(on.unit, -release, [Math.abs(value)]);
    return { zh: `降幅不超过${figure.zh}`, en: `a fall of no more than ${figure.en}` };
  }
  const isRise = on.from === "change" && release >= 0;
  const of = isRise ? { zh: "升幅", en: "a rise of " } : { zh: "", en: "" };
  const figure = writeFigure(on.unit, release, [value]);
  if (band.from !== undefined) {
    const en = isRise ? `a rise of less than ${figure.en}` : `below ${figure.en}`;
    return { zh: `${of.zh}低于${figure.zh}`, en };
  }
  if (band.above !== undefined) {
    return { zh: `${of.zh}不超过${figure.zh}`, en: `${of.en}no more than ${figure.en}` };
  }
  return { zh: `${of.zh}${figure.zh}以上`, en: `${of.en}${figure.en} or more` };
}
