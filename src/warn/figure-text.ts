import type { Bilingual } from "../standard/bilingual.ts";

/** No more digits are written to keep two numbers apart. */
const MOST_DIGITS = 6;

/** Large sums are written in 亿元 and millions, so that they can be read. */
const LARGE_SUM = 1e6;

/**
 * A value with its unit. One digit after the point, more where the value would else look the same as one it is held against.
 * @param unit as a definition writes it; the English one in the plural
 * @param against numbers the value is compared with in the same sentence
 */
export function writeFigure(
  unit: Bilingual,
  value: number,
  against: readonly number[] = [],
): Bilingual {
  if (unit.zh === "元" && Math.abs(value) >= LARGE_SUM) {
    const zh = writeNumber(value / 1e8, scale(against, 1e8));
    return { zh: `${zh}亿元`, en: `${writeNumber(value / 1e6, scale(against, 1e6))} million yuan` };
  }
  const text = writeNumber(value, against);
  if (unit.en === "%") return { zh: `${text}%`, en: `${text}%` };
  return { zh: `${text}${unit.zh}`, en: `${text} ${text === "1" ? ofOne(unit.en) : unit.en}` };
}

/** A number without its unit, by the same rule of digits. */
export function writeNumber(value: number, against: readonly number[] = []): string {
  const others = against.filter((other) => other !== value);
  for (let digits = 1; digits < MOST_DIGITS; digits++) {
    const text = write(value, digits);
    if (others.every((other) => write(other, digits) !== text)) return text;
  }
  return write(value, MOST_DIGITS);
}

function write(value: number, digits: number): string {
  const text = value.toFixed(digits).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}

function scale(values: readonly number[], by: number): number[] {
  return values.map((value) => value / by);
}

/** The unit of one: 1 record, 1 working day. Units are written in the plural; what is none, as times the noise, is left. */
function ofOne(unit: string): string {
  if (!/^[a-z]+( [a-z]+)?$/i.test(unit)) return unit;
  return unit.replace(/([a-z]+)ies$/, "$1y").replace(/([^s])s$/, "$1");
}
