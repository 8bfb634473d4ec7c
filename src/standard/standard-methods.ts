import { z } from "zod";
import { bands } from "./standard-bands.ts";
import { numbers } from "./standard-origin.ts";

const share = z.number().min(0).max(1);

/** Whose values a statistic is taken from. */
const among = {
  /** peers (default): the peer class; level: all bodies of the level; else the id of a grouping. */
  among: z.string().min(1).optional(),
  /** Id of the one period whose values serve all periods, so that scores stay comparable over time; else each its own. */
  reference_period: z.string().min(1).optional(),
};

/** What a comparison with others needs, and what it gives when all are alike. */
const compared = {
  ...among,
  /** With fewer assessed peers there is no comparison and no score; default 2. */
  minimum_peers: z.number().int().min(2).optional(),
  /** Score of all when all peers have the same value; without it, such values are refused. */
  when_equal: z.number().optional(),
};

/** Ends of the scale a comparison is laid on; default 0 and 100. */
const range = {
  range: z.strictObject({ low: z.number(), high: z.number() }).optional(),
};

/** Ties: lowest (default) gives all the place of the worst of them, average their mean place. */
const ties = { ties: z.enum(["lowest", "average"]).optional() };

/** How a value becomes a score; which end is good is the indicator's direction. */
export const normalisation = z.discriminatedUnion("method", [
  /** Between the worst and the best of the peers. */
  numbers({
    method: z.literal("min_max"),
    ...range,
    /** Quantiles of the peers beyond which values count as the quantile, as { low: 0.05, high: 0.95 }. */
    winsor: z
      .strictObject({
        low: share,
        high: share,
        /** Where both quantiles are one value though the peers differ: take their extremes (default), or refuse. */
        when_coincide: z.enum(["extremes", "refuse"]).optional(),
      })
      .optional(),
    ...compared,
  }),
  /** Distance from the peers' mean, in their standard deviations (n − 1), laid on a mean and deviation. */
  numbers({
    method: z.literal("z_score"),
    /** Default 0 and 1. */
    mean: z.number().optional(),
    deviation: z.number().positive().optional(),
    ...compared,
  }),
  /** Share of the other peers that are worse. */
  numbers({ method: z.literal("percentile_rank"), ...range, ...ties, ...compared }),
  /** 1 for the worst of the peers, n for the best. */
  numbers({ method: z.literal("rank"), ...ties, ...compared }),
  /** How many peers are worse. */
  numbers({ method: z.literal("borda"), ...ties, ...compared }),
  /** Worst of the peers: 0; the target: 1, times the scale; beyond it more, unless capped. */
  numbers({
    method: z.literal("distance_to_target"),
    target: z.number(),
    capped: z.boolean().optional(),
    ...range,
    ...compared,
  }),
  /** As distance_to_target, the target being the value of one body. */
  numbers({
    method: z.literal("distance_to_reference"),
    /** Code of the body. */
    entity: z.string().min(1),
    capped: z.boolean().optional(),
    ...range,
    ...compared,
  }),
  /** Value ÷ the best of the peers (or the best ÷ value when less is better). */
  numbers({ method: z.literal("fraction_of_best"), ...range, ...compared }),
  /** The worse end scores 0, the better end 100, linear between, capped outside. */
  numbers({ method: z.literal("goalposts"), low: z.number(), high: z.number(), ...range }),
  /** As goalposts, not capped. */
  numbers({ method: z.literal("scaled"), low: z.number(), high: z.number(), ...range }),
  /** Start, less points for each unit (per) by which the value is worse than `beyond`. */
  numbers({
    method: z.literal("deduction"),
    start: z.number().positive().max(100),
    beyond: z.number().optional(),
    per: z.number().positive().optional(),
    points: z.number().positive().optional(),
    /** Instead of per and points: points taken by half-open bands of the value. */
    bands: bands.optional(),
    floor: z.number().min(0),
  }),
  /** Score by half-open bands of the value. */
  numbers({ method: z.literal("points"), bands }),
  /** 100 at the target or better; else 100 × value ÷ target (higher is better) or 100 × target ÷ value (lower is better). */
  numbers({ method: z.literal("target"), target: z.number().positive() }),
]);

/** What stands in for a missing value. */
export const imputation = z.discriminatedUnion("method", [
  numbers({ method: z.literal("mean"), ...among }),
  numbers({ method: z.literal("median"), ...among }),
  /** The body's last value, no older than so many periods. */
  numbers({
    method: z.literal("last_observation"),
    maximum_age: z.number().int().positive().optional(),
  }),
  /** Between the body's values before and after, by time; outside them, the nearest one where `extend` says so. */
  numbers({ method: z.literal("linear"), extend: z.boolean().optional() }),
]);

const transform = z.discriminatedUnion("method", [
  /** ln(v − min + 0.01 × (max − min)). */
  z.strictObject({ method: z.literal("log_range") }),
  /** ln(v − min + 1). */
  z.strictObject({ method: z.literal("log_shift") }),
  /** ln((max − 1) × (v − min) ÷ (max − min) + 1), as the Global Innovation Index 2020. */
  z.strictObject({ method: z.literal("log_gii") }),
  /** ln(v); values must be above 0. */
  z.strictObject({ method: z.literal("log") }),
  /** (u^λ − 1) ÷ λ of u = v − min + 1; `maximum_likelihood` finds λ between −5 and 5. */
  z.strictObject({
    method: z.literal("box_cox"),
    lambda: z.union([z.number(), z.literal("maximum_likelihood")]),
  }),
]);

/** What is done about outliers before values are normalised. */
export const treatment = z.discriminatedUnion("method", [
  /** Values beyond two quantiles count as the quantile. */
  numbers({ method: z.literal("winsorise"), low: share, high: share, ...among }),
  /** Every value is transformed. */
  numbers({ method: z.literal("transform"), transform, ...among }),
  /**
   * Only where |skewness| and kurtosis both reach their limits: the outermost values count as the next, one by one, up
   * to `winsorise` values; where that does not help, `otherwise` transforms the values as they were.
   */
  numbers({
    method: z.literal("skew_kurtosis"),
    skewness: z.number().positive(),
    kurtosis: z.number(),
    winsorise: z.number().int().min(0),
    otherwise: transform.optional(),
    ...among,
  }),
]);

/** Children's scores below the floor count as it, so that a single zero does not wipe out the node. */
const floor = { floor: z.number().positive().optional() };

/** How a node's score comes from its children's. */
export const aggregation = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("arithmetic") }),
  z.strictObject({ method: z.literal("geometric"), ...floor }),
  z.strictObject({ method: z.literal("harmonic"), ...floor }),
  /** Generalised mean (Σ w s^p)^(1/p). */
  z.strictObject({ method: z.literal("power"), exponent: z.number(), ...floor }),
  /** Weighted median. */
  z.strictObject({ method: z.literal("median") }),
  /** Ordered weighted average; weights from the best child down, or the quantifier r^exponent. */
  z.strictObject({
    method: z.literal("ordered"),
    weights: z.array(z.number().min(0)).min(1).optional(),
    exponent: z.number().positive().optional(),
  }),
  /** Mean less (negative) or plus (positive) standard deviation × coefficient of variation. */
  z.strictObject({
    method: z.literal("mazziotta_pareto"),
    penalty: z.enum(["negative", "positive"]),
  }),
  /** Weighted duels with each peer: 100 × the mean share of the weight on which the body is ahead (draws half), or of duels won. */
  z.strictObject({ method: z.literal("outranking"), count: z.enum(["weight", "duels"]) }),
  /** Each body's own most favourable weights, against its peers; shares bound each child's part of the sum. */
  z.strictObject({
    method: z.literal("benefit_of_the_doubt"),
    minimum_share: share.default(0),
    maximum_share: share.default(1),
  }),
]);

/** How a node weighs its children. */
export const weighting = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("given") }),
  z.strictObject({ method: z.literal("equal") }),
  /** Squared loadings of the first principal component of the children's scores. */
  z.strictObject({ method: z.literal("principal_component") }),
  /**
   * Such that every child correlates with the node alike. Where that would take a child's whole weight away it is refused,
   * unless `minimum_share` keeps a share of the weights (of standardised scores) for each child.
   */
  z.strictObject({
    method: z.literal("equal_influence"),
    minimum_share: z.number().positive().max(1).optional(),
  }),
]);

/** What a missing child does to its node. */
export const missing = z.discriminatedUnion("rule", [
  /** Its weight goes to its siblings while the node's coverage holds. */
  numbers({
    rule: z.literal("reweight"),
    minimum_coverage: share,
    /** excluded: what does not apply to a body leaves its coverage alone; missing: it lowers it. */
    not_applicable: z.enum(["excluded", "missing"]),
  }),
  /** Without it the node has no score. */
  numbers({ rule: z.literal("require"), not_applicable: z.enum(["excluded", "missing"]) }),
  /** It counts as the score stated. */
  numbers({
    rule: z.literal("substitute"),
    score: z.number(),
    not_applicable: z.enum(["excluded", "missing"]),
  }),
]);

export type Normalisation = z.infer<typeof normalisation>;
export type Imputation = z.infer<typeof imputation>;
export type Transform = z.infer<typeof transform>;
export type Treatment = z.infer<typeof treatment>;
export type Aggregation = z.infer<typeof aggregation>;
export type Weighting = z.infer<typeof weighting>;
export type Missing = z.infer<typeof missing>;

/** Ends of the scale a rule lays values on. */
export function rangeOf(rule: Normalisation): { readonly low: number; readonly high: number } {
  return ("range" in rule ? rule.range : undefined) ?? HUNDRED;
}

export const HUNDRED = { low: 0, high: 100 } as const;

/** Least share of a node's applicable weight that must be assessed for it to have a score. */
export function minimumCoverage(rule: Missing): number {
  if (rule.rule === "reweight") return rule.minimum_coverage;
  return rule.rule === "require" ? 1 : 0;
}

/** Means of transformed scores: φ(mean) = Σ wᵢ φ(sᵢ). */
export type MeanRule = Extract<
  Aggregation,
  { method: "arithmetic" | "geometric" | "harmonic" | "power" }
>;

/** Whether a mean is undefined for scores of 0 and less: at or below an exponent of 0, or a fractional one. */
export function needsPositive(rule: MeanRule): boolean {
  if (rule.method === "power") return rule.exponent <= 0 || !Number.isInteger(rule.exponent);
  return rule.method !== "arithmetic";
}
