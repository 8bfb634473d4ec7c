import { type DistrictCase, STANDING } from "./district-features.ts";
import { areaUnderCurve } from "./metrics.ts";

/** Places in a case's features of what may be added to the score, with the weights tried. */
const ADDED = [
  { feature: 3, weights: [0, 0.1, 0.2] },
  { feature: 6, weights: [0, 0.1, 0.2] },
  { feature: 7, weights: [0, 0.05, 0.1] },
  { feature: 8, weights: [0, 0.1, 0.2] },
] as const;

/** Weights of change, volatility, environmental score and the county's mean, beside a weight of 1 of the standing. */
export type IndexWeights = readonly number[];

/**
 * The standing among the districts of the year, in per cent, plus small shares of what else is known; what is not known
 * adds nothing. The standing and not the score: districts of several years are compared with each other, and the scale of
 * the score was changed between them, in 2017.
 */
export function scoreByIndex(weights: IndexWeights, features: Float64Array): number {
  return ADDED.reduce((sum, { feature }, at) => {
    const value = features[feature] as number;
    return sum + (weights[at] as number) * (Number.isNaN(value) ? 0 : value);
  }, features[STANDING] as number);
}

/**
 * Of a small grid the weights with the highest mean AUROC over origins, of equal ones the smallest: with some forty onsets
 * a year there is little to learn from, and a score with few free weights has little to learn wrongly.
 */
export function chooseWeights(casesByOrigin: readonly (readonly DistrictCase[])[]): IndexWeights {
  let best: IndexWeights = ADDED.map(() => 0);
  let most = -1;
  for (const weights of combine(ADDED.map(({ weights: tried }) => tried))) {
    const areas = casesByOrigin.map((cases) =>
      areaUnderCurve(
        cases.map(({ features }) => scoreByIndex(weights, features)),
        cases.map(({ came }) => came),
      ),
    );
    const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length;
    if (mean > most + 1e-9) {
      most = mean;
      best = weights;
    }
  }
  return best;
}

/** All combinations, the smallest weights first. */
function combine(lists: readonly (readonly number[])[]): number[][] {
  return lists
    .reduce<number[][]>(
      (made, list) => made.flatMap((one) => list.map((value) => [...one, value])),
      [[]],
    )
    .toSorted((a, b) => total(a) - total(b));
}

const total = (weights: readonly number[]) => weights.reduce((sum, weight) => sum + weight, 0);
