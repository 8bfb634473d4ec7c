import type { Transform } from "../standard/standard-methods.ts";
import { meanOf, momentsOf } from "./sums.ts";

/**
 * The function that a transformation is, with what it takes from the values compared.
 * @param values without gaps
 * @param id of the indicator, for messages
 * @throws Error in a sentence where the values forbid it: no spread, or logarithms of nothing
 */
export function makeTransform(
  rule: Transform,
  values: Float64Array,
  id: string,
): (value: number) => number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // What lies beyond the values compared (another period's) counts as the lowest of them: below it, there is no logarithm.
  const above = (value: number) => Math.max(value, low) - low;
  switch (rule.method) {
    case "log":
      if (low <= 0) {
        throw new Error(
          `"${id}" cannot be transformed by "log": its lowest value is ${low}, and the logarithm needs values above 0. Use log_shift or log_range.`,
        );
      }
      return (value) => Math.log(Math.max(value, low));
    case "log_shift":
      return (value) => Math.log(above(value) + 1);
    case "log_range": {
      const tail = 0.01 * (high - low);
      return (value) => Math.log(above(value) + tail);
    }
    case "log_gii":
      if (high <= 1) {
        throw new Error(
          `"${id}" cannot be transformed by "log_gii": its highest value is ${high}, and at 1 or below the transformation turns best into worst. Use log_range.`,
        );
      }
      return (value) => Math.log(((high - 1) * above(value)) / (high - low) + 1);
    case "box_cox": {
      const shifted = values.map((value) => above(value) + 1);
      const lambda = rule.lambda === "maximum_likelihood" ? findLambda(shifted) : rule.lambda;
      return (value) => boxCox(above(value) + 1, lambda);
    }
  }
}

/** G. E. P. Box, D. R. Cox, "An analysis of transformations", J. R. Stat. Soc. B 26 (1964) 211-252. */
function boxCox(value: number, lambda: number): number {
  return lambda === 0 ? Math.log(value) : (value ** lambda - 1) / lambda;
}

const [LEAST, MOST] = [-5, 5];
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** λ of the greatest likelihood between −5 and 5, by golden section. */
function findLambda(values: Float64Array): number {
  const logarithms = meanOf(values.map(Math.log));
  const likelihood = (lambda: number) => {
    const { deviation } = momentsOf(values.map((value) => boxCox(value, lambda)));
    return (lambda - 1) * logarithms - Math.log(deviation);
  };
  let low = LEAST;
  let high = MOST;
  while (high - low > 1e-8) {
    const step = GOLDEN * (high - low);
    if (likelihood(high - step) < likelihood(low + step)) low = high - step;
    else high = low + step;
  }
  return (low + high) / 2;
}
