import { findBand } from "../standard/evaluation-standard.ts";
import { HUNDRED, type Normalisation, rangeOf } from "../standard/standard-methods.ts";
import { areAlike, joinTies } from "./near-equal.ts";
import { countAbove, countBelow, quantile } from "./order.ts";
import type { Direction } from "./specification.ts";
import { momentsOf } from "./sums.ts";

/** How the values of one comparison become scores. */
export interface Scale {
  /** Score of a value that is there. */
  readonly score: (value: number) => number;
  /** Where the score falls evenly with the distance from a reference value: that value, and the score there. */
  readonly linear?: { readonly reference: number; readonly best: number } | undefined;
}

/** What a scale is made from, besides its rule. */
export interface Compared {
  readonly id: string;
  readonly direction: Direction;
  /** Values of the bodies compared, without gaps; nothing needs to be given to rules that compare nobody. */
  readonly values: Float64Array;
  /** Value of a body by its code, where a rule takes one as its reference. */
  readonly lookUp?: (entity: string) => number | undefined;
}

const NO_VALUES = new Float64Array(0);

/** Whether a rule's scores depend on the values of others. */
export function isCompared(rule: Normalisation): rule is ComparedRule {
  return !ALONE.has(rule.method);
}

const ALONE: ReadonlySet<string> = new Set([
  "goalposts",
  "scaled",
  "deduction",
  "points",
  "target",
]);
type AloneRule = Extract<
  Normalisation,
  { method: "goalposts" | "scaled" | "deduction" | "points" | "target" }
>;
type ComparedRule = Exclude<Normalisation, AloneRule>;

/**
 * The scale of a rule.
 * @returns undefined when there are too few peers to compare with
 * @throws Error in a sentence when the values forbid the rule: no spread, a target not better than the worst value,
 *   a reference body without a value
 */
export function makeScale(rule: Normalisation, compared: Compared): Scale | undefined {
  return isCompared(rule) ? compareWithPeers(rule, compared) : scoreAlone(rule, compared.direction);
}

function scoreAlone(rule: AloneRule, direction: Direction): Scale {
  const worse = worseBy(direction);
  switch (rule.method) {
    case "goalposts":
      return between(rule.low, rule.high, direction, rule.range, true);
    case "scaled":
      return between(rule.low, rule.high, direction, rule.range, false);
    case "deduction": {
      const { start, floor, bands, beyond = 0, per = 1, points = 0 } = rule;
      if (bands) {
        return { score: (value) => Math.max(floor, start - findBand(bands, value).points) };
      }
      return {
        score: (value) => {
          const taken = (Math.max(0, worse(value, beyond)) / per) * points;
          return Math.max(floor, start - taken);
        },
        linear: { reference: beyond, best: start },
      };
    }
    case "points":
      return { score: (value) => findBand(rule.bands, value).points };
    case "target": {
      const { target } = rule;
      if (direction === "lower") {
        return { score: (value) => (value <= target ? 100 : (100 * target) / value) };
      }
      return {
        score: (value) => (value >= target ? 100 : clamp((100 * value) / target, 0, 100)),
        linear: { reference: target, best: 100 },
      };
    }
  }
}

function compareWithPeers(rule: ComparedRule, compared: Compared): Scale | undefined {
  const { values = NO_VALUES, direction, id } = compared;
  if (values.length < (rule.minimum_peers ?? 2)) return undefined;
  const { low: bottom, high: top } = rangeOf(rule);
  const [low, high] = ends(values);
  if (areAlike(low, high)) {
    const shared = scoreAlike(rule, compared, low);
    if (shared) return shared;
  }
  const sign = direction === "higher" ? 1 : -1;
  const [worst, best] = direction === "higher" ? [low, high] : [high, low];
  switch (rule.method) {
    case "min_max": {
      const [from, to] = winsorise(rule, id, values, [low, high]);
      return between(from, to, direction, rule.range, true);
    }
    case "z_score": {
      const { mean, deviation } = momentsOf(values);
      const { mean: centre = 0, deviation: unit = 1 } = rule;
      return { score: (value) => ((sign * (value - mean)) / deviation) * unit + centre };
    }
    case "percentile_rank":
    case "rank":
    case "borda":
      return byRank(rule, values, direction);
    case "distance_to_target":
    case "distance_to_reference": {
      const target =
        rule.method === "distance_to_target" ? rule.target : referenceOf(rule, compared);
      if (!(sign * (target - worst) > 0)) {
        throw new Error(
          `"${id}" cannot be scored by ${rule.method}: ${target} is not better than the worst value, ${worst}.`,
        );
      }
      const most =
        (rule.capped ?? rule.method === "distance_to_target") ? top : Number.POSITIVE_INFINITY;
      const scale = (top - bottom) / Math.abs(target - worst);
      const score = (value: number) => Math.min(most, top - sign * (target - value) * scale);
      return { score, linear: { reference: target, best: top } };
    }
    case "fraction_of_best": {
      if (!(low > 0 || (low === 0 && direction === "higher" && high > 0))) {
        throw new Error(
          `"${id}" cannot be scored by fraction_of_best: its lowest value is ${low}, and a fraction needs values above 0.`,
        );
      }
      const span = top - bottom;
      return direction === "higher"
        ? {
            score: (value) => bottom + (span * value) / best,
            linear: { reference: best, best: top },
          }
        : { score: (value) => bottom + (span * best) / value };
    }
  }
}

function byRank(
  rule: Extract<ComparedRule, { method: "percentile_rank" | "rank" | "borda" }>,
  values: Float64Array,
  direction: Direction,
): Scale {
  const { sorted, find } = joinTies(values);
  const count = sorted.length;
  const below = (stated: number) => {
    const value = find(stated);
    const [worse, better] = [countBelow(sorted, value), countAbove(sorted, value)];
    const behind = direction === "higher" ? worse : better;
    // A value of another period need not be among those compared; then nobody ties with it.
    const tied = Math.max(0, count - worse - better - 1);
    return rule.ties === "average" ? behind + tied / 2 : behind;
  };
  switch (rule.method) {
    case "rank":
      return { score: (value) => below(value) + 1 };
    case "borda":
      return { score: below };
    case "percentile_rank": {
      const { low, high } = rangeOf(rule);
      return { score: (value) => low + ((high - low) * below(value)) / (count - 1) };
    }
  }
}

/**
 * Ends of a min-max scale. Where the quantiles coincide although the values differ, there is no scale between them, and
 * clamping would make the worst equal to the best: then the lowest and the highest value are the ends, or the values are
 * refused, as the rule says.
 */
function winsorise(
  { winsor }: Extract<ComparedRule, { method: "min_max" }>,
  id: string,
  values: Float64Array,
  extremes: readonly [number, number],
): readonly [number, number] {
  if (!winsor) return extremes;
  const sorted = values.slice().sort();
  const [from, to] = [quantile(sorted, winsor.low), quantile(sorted, winsor.high)];
  if (!areAlike(from, to)) return [from, to];
  if (winsor.when_coincide !== "refuse") return extremes;
  throw new Error(
    `“${id}”的缩尾两端（分位${winsor.low}和${winsor.high}）都是${from}，而各单位的值并不全同，无法换算。请放宽winsor，或写when_coincide: extremes（改用最低值和最高值作两端）。"${id}" cannot be scored by min_max: both ends, the quantiles ${winsor.low} and ${winsor.high}, are ${from}, though the values differ. Widen "winsor", or say "when_coincide: extremes", which takes the lowest and the highest value as ends.`,
  );
}

/** Rules by which a score follows although all compared are alike, unless the rule says what it then is. */
const WITHOUT_SPREAD: ReadonlySet<string> = new Set(["distance_to_target", "fraction_of_best"]);

/**
 * The scale where all bodies compared have one value: `when_equal` for that value. A value of another period, compared
 * with theirs, may be another one: it gets an end of the scale where the rule has ends, and is refused where it has none.
 */
function scoreAlike(
  rule: ComparedRule,
  { id, direction }: Compared,
  shared: number,
): Scale | undefined {
  const { when_equal: score } = rule;
  if (score === undefined) {
    if (WITHOUT_SPREAD.has(rule.method)) return undefined;
    throw new Error(
      `"${id}" cannot be scored by ${rule.method}: all bodies compared have the value ${shared}. Give the normalisation "when_equal", or leave the indicator out.`,
    );
  }
  const { low: bottom, high: top } = rangeOf(rule);
  const isWorse = (value: number) => (direction === "higher" ? value < shared : value > shared);
  return {
    score: (value) => {
      if (areAlike(Math.min(value, shared), Math.max(value, shared))) return score;
      if (rule.method === "min_max" || rule.method === "percentile_rank") {
        return isWorse(value) ? bottom : top;
      }
      throw new Error(
        `“${id}”无法按${rule.method}换算：参照期各单位的值都是${shared}，而另一期有单位的值是${value}。请换参照期或换算方法。"${id}" cannot be scored by ${rule.method}: in the reference period all bodies have the value ${shared}, and in another one has ${value}. Take another reference period or normalisation.`,
      );
    },
  };
}

function referenceOf(
  { entity }: Extract<ComparedRule, { method: "distance_to_reference" }>,
  { id, lookUp }: Compared,
): number {
  const value = lookUp?.(entity);
  if (value === undefined || Number.isNaN(value)) {
    throw new Error(
      `"${id}" is measured by its distance to ${entity}, which has no value. Name another body, or another normalisation.`,
    );
  }
  return value;
}

/** Linear between the ends, measured from the worse one; the better one is the reference. */
function between(
  low: number,
  high: number,
  direction: Direction,
  range: { readonly low: number; readonly high: number } | undefined,
  capped: boolean,
): Scale {
  const { low: bottom, high: top } = range ?? HUNDRED;
  const reference = direction === "higher" ? high : low;
  const width = high - low;
  const span = top - bottom;
  const linear = { reference, best: top };
  if (!capped) {
    return direction === "higher"
      ? { score: (value) => bottom + (span * (value - low)) / width, linear }
      : { score: (value) => bottom + (span * (high - value)) / width, linear };
  }
  // Both ends are exact, whatever the division rounds to.
  return direction === "higher"
    ? {
        score: (value) => {
          if (value >= high) return top;
          return value <= low ? bottom : Math.min(top, bottom + (span * (value - low)) / width);
        },
        linear,
      }
    : {
        score: (value) => {
          if (value <= low) return top;
          return value >= high ? bottom : Math.min(top, bottom + (span * (high - value)) / width);
        },
        linear,
      };
}

function worseBy(direction: Direction): (value: number, reference: number) => number {
  return direction === "higher"
    ? (value, reference) => reference - value
    : (value, reference) => value - reference;
}

function ends(values: Float64Array): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < values.length; place++) {
    const value = values[place] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
