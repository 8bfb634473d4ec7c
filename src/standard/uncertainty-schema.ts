import { z } from "zod";
import { aggregation } from "./standard-methods.ts";
import { numbers } from "./standard-origin.ts";

const names = z.array(z.string().min(1)).min(1);

/** Another normalisation, treatment or imputation of the standard, by its name; "none" of the latter two takes it away. */
const alternative = z.strictObject({
  use: z.string().min(1),
  /** Only in place of these; default: of any. */
  instead_of: names.optional(),
});

/** Another aggregation, at these nodes; default: at all. */
const otherAggregation = z.strictObject({ use: aggregation, nodes: names.optional() });

/**
 * How a standard's own choices are varied to see how much of a ranking hangs on them. Each list of alternatives is drawn
 * from evenly, what the standard states being one of the choices.
 */
export const uncertainty = numbers({
  /** Evaluations whose ranks are summarised: the two independent halves of the design, so an even number. */
  replications: z.number().int().min(20).max(100_000).multipleOf(2),
  /** Each weight is multiplied by a number between 1 - spread and 1 + spread, evenly; siblings then share their node's points again. */
  weights: numbers({ spread: z.number().positive().lt(1) }).optional(),
  normalisations: z.array(alternative).default([]),
  treatments: z.array(alternative).default([]),
  imputations: z.array(alternative).default([]),
  aggregations: z.array(otherAggregation).default([]),
  /**
   * Sampling error of counts: shares whose denominator counts cases are drawn from Beta(x + prior, n - x + prior), rates of
   * cases from Gamma(x + prior) ÷ denominator.
   */
  counts: numbers({
    prior: z.number().positive(),
    /** Only these indicators; default: all whose evidence shows that they count cases. */
    indicators: names.optional(),
  }).optional(),
  /** Two bodies can be told apart when the probability that the one is above the other reaches this. */
  distinguishable: numbers({ probability: z.number().gt(0.5).max(1) }),
  /** Whether first-order and total indices of each choice are worked out, which takes as many further evaluations as half the replications, for each. */
  sensitivity: z.boolean().default(true),
});

export type Uncertainty = z.infer<typeof uncertainty>;
