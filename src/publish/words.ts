import type { Band, Normalisation } from "../standard/evaluation-standard.ts";
import { rangeOf } from "../standard/standard-methods.ts";
import type { Bilingual } from "./report.ts";
import { MERGED, TEXTS } from "./texts.ts";
import { METHOD_TEXTS } from "./texts-methods.ts";

function describeWinsor(
  winsor: Extract<Normalisation, { method: "min_max" }>["winsor"],
): Bilingual {
  if (!winsor) return { zh: "", en: "" };
  const { low, high, when_coincide } = winsor;
  const coincide = when_coincide === "refuse" ? TEXTS.winsorRefuse : TEXTS.winsorExtremes;
  return fill(TEXTS.winsor, { low, high, coincide });
}

/** A normalisation in words. */
export function describeNormalisation(normalisation: Normalisation): Bilingual {
  switch (normalisation.method) {
    case "min_max":
      return fill(TEXTS.minMax, {
        peers: normalisation.minimum_peers ?? 2,
        winsor: describeWinsor(normalisation.winsor),
      });
    case "z_score": {
      const { mean = 0, deviation = 1 } = normalisation;
      return fill(METHOD_TEXTS.zScore, { mean, deviation });
    }
    case "percentile_rank":
      return fill(METHOD_TEXTS.percentileRank, { ...rangeOf(normalisation) });
    case "rank":
      return METHOD_TEXTS.rank;
    case "borda":
      return METHOD_TEXTS.borda;
    case "distance_to_target": {
      const { target } = normalisation;
      return fill(METHOD_TEXTS.distanceToTarget, { ...rangeOf(normalisation), target });
    }
    case "distance_to_reference": {
      const { entity } = normalisation;
      return fill(METHOD_TEXTS.distanceToReference, { ...rangeOf(normalisation), entity });
    }
    case "fraction_of_best":
      return fill(METHOD_TEXTS.fractionOfBest, { ...rangeOf(normalisation) });
    case "scaled":
      return fill(METHOD_TEXTS.scaled, { low: normalisation.low, high: normalisation.high });
    case "goalposts":
      return fill(TEXTS.goalposts, { low: normalisation.low, high: normalisation.high });
    case "deduction":
      return normalisation.bands
        ? fill(TEXTS.deductionBands, {
            start: normalisation.start,
            floor: normalisation.floor,
            bands: describeBands(normalisation.bands),
          })
        : fill(TEXTS.deductionMethod, {
            start: normalisation.start,
            floor: normalisation.floor,
            beyond: normalisation.beyond ?? 0,
            per: normalisation.per ?? 1,
            points: normalisation.points ?? 0,
          });
    case "points":
      return fill(TEXTS.pointsMethod, { bands: describeBands(normalisation.bands) });
    case "target":
      return fill(TEXTS.targetMethod, { target: normalisation.target });
  }
}

function describeBands(bands: readonly (Band & { readonly points: number })[]): Bilingual {
  return join(
    bands.map((band) => fill(TEXTS.bandPoints, { band: describeRange(band), points: band.points })),
  );
}

/** A half-open range in words. */
export function describeRange({ from, below }: Band): Bilingual {
  if (from === undefined) return fill(TEXTS.bandBelow, { below: below ?? "" });
  if (below === undefined) return fill(TEXTS.bandFrom, { from });
  return fill(TEXTS.bandBetween, { from, below });
}

/** The terms of a deduction, bonus or veto in words, from the JSON of the published table. */
export function describeTerms(
  terms: Readonly<Record<string, unknown>>,
  names: Readonly<Record<string, Bilingual>>,
): Bilingual {
  const parts: Bilingual[] = [];
  for (const [category, points] of Object.entries((terms.points as object) ?? {})) {
    parts.push(fill(TEXTS.termPoints, { category: nameCategory(category, names), points }));
  }
  const { maximum, window_months, decay, cap, above, below } = terms as {
    maximum?: number;
    window_months?: number;
    decay?: { method: string; months?: number };
    cap?: string;
    above?: number;
    below?: number;
  };
  if (decay?.months) {
    const text = decay.method === "half_life" ? TEXTS.termHalfLife : TEXTS.termLinear;
    parts.push(fill(text, { months: decay.months }));
  }
  if (window_months !== undefined) parts.push(fill(TEXTS.termWindow, { months: window_months }));
  if (maximum !== undefined) parts.push(fill(TEXTS.termMaximum, { points: maximum }));
  if (above !== undefined) parts.push(fill(TEXTS.termAbove, { value: above }));
  if (below !== undefined) parts.push(fill(TEXTS.termBelow, { value: below }));
  if (cap !== undefined) parts.push(fill(TEXTS.termCap, { grade: cap }));
  return join(parts);
}

function join(parts: readonly Bilingual[]): Bilingual {
  return {
    zh: parts.map(({ zh }) => zh).join("，"),
    en: parts.map(({ en }) => en).join(", "),
  };
}

/** `{name}`, or `{name|one|many}` for the word that stands beside the number. */
const FILLED = /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g;

/** Fills the `{name}` places of a text; a value may itself be bilingual. */
export function fill(
  text: Bilingual,
  values: Readonly<Record<string, string | number | Bilingual>>,
): Bilingual {
  const put = (language: "zh" | "en") =>
    text[language].replace(FILLED, (_, name: string, one?: string, many = "") => {
      const value = values[name];
      if (value === undefined) throw new Error(`The text "${text.en}" lacks a value for ${name}.`);
      if (one !== undefined) return String(value) === "1" ? one : many;
      return typeof value === "object" ? value[language] : String(value);
    });
  return { zh: put("zh"), en: put("en") };
}

/** The text of a code (a state, a severity), or the code itself where there is none. */
export function nameCode(code: string): Bilingual {
  return (TEXTS as Record<string, Bilingual>)[code] ?? { zh: code, en: code };
}

/** The name of a category of evidence: the standard's for a code, else as the data names it; and the merged small ones. */
export function nameCategory(
  category: string,
  names: Readonly<Record<string, Bilingual>>,
): Bilingual {
  if (category === MERGED) return TEXTS.mergedCategory;
  return names[category] ?? { zh: category, en: category };
}

/** The text of a quarantine reason, as "bad-date". */
export function nameReason(code: string): Bilingual {
  const key = `reason${code.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
  return (TEXTS as Record<string, Bilingual>)[key] ?? { zh: code, en: code };
}
