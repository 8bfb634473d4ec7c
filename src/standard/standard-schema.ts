import { z } from "zod";
import { bilingual } from "./bilingual.ts";
import { gradeBands, groupBands } from "./standard-bands.ts";
import {
  aggregation,
  imputation,
  missing,
  normalisation,
  treatment,
  weighting,
} from "./standard-methods.ts";
import { numbers } from "./standard-origin.ts";
import { uncertainty } from "./uncertainty-schema.ts";

const identifier = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9/_-]*$/, "letters, digits, hyphens and slashes only");
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write the day as 2018-01-01");
const share = z.number().min(0).max(1);

/** Points per level: { district: 20, department: 25 }. A level that is absent does not have the node. */
const weight = z.record(
  z.string(),
  z.number().positive("weights are above 0; leave the level out where the node has no part"),
);

const node = numbers({
  id: identifier,
  /** Id of the node above; the one node without it is the index. */
  parent: identifier.optional(),
  title: bilingual,
  /** Clause of the policy the node serves, where it is one. */
  clause: z.string().optional(),
  weight,
  aggregation: aggregation.default({ method: "arithmetic" }),
  /** Where its children's weights come from; default: as given. */
  weighting: weighting.optional(),
  /** Its own rule for missing children; default: the standard's. */
  missing: missing.optional(),
  /** Name of a normalisation that lays its scores on another range before its parent takes them. */
  normalise: z.string().optional(),
  /** lower: a high score of this node is bad for its parent. Default higher. */
  direction: z.enum(["higher", "lower"]).optional(),
  /** Limits of its score while a child is too low: what no other child can make good. */
  caps: z.array(numbers({ child: identifier, below: z.number(), maximum: z.number() })).optional(),
});

/** A name for all levels, or one for each level. */
const byLevel = z.union([z.string(), z.record(z.string(), z.string())]);

const weighted = numbers({
  indicator: identifier,
  parent: identifier,
  weight,
  /** Name of a normalisation, for all levels or by level; default: that of `defaults`. */
  normalise: byLevel.optional(),
  /** What it is called here; of a family's member, what its figures mean. Default: as the indicator says. */
  title: bilingual.optional(),
  unit: z.strictObject({ zh: z.string(), en: z.string() }).optional(),
  /** Which end is good; default: as the indicator says. */
  direction: z.enum(["higher", "lower"]).optional(),
  /** Name of a denominator its values are divided by. */
  denominate: byLevel.optional(),
  /** Name of an imputation, or "none". */
  impute: byLevel.optional(),
  /** Name of a treatment of outliers, or "none". */
  treat: byLevel.optional(),
  /** empirical_bayes: counts of few cases are drawn towards the peer class's common share or rate; the raw one is kept beside. */
  shrink: z.literal("empirical_bayes").optional(),
});

const decay = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("none") }),
  /** Half the points are left after so many months. */
  z.strictObject({ method: z.literal("half_life"), months: z.number().positive() }),
  /** Falls evenly to nothing after so many months. */
  z.strictObject({ method: z.literal("linear"), months: z.number().positive() }),
]);

const schedule = numbers({
  id: identifier,
  title: bilingual,
  /** A list indicator; its records' category picks the points. */
  indicator: identifier,
  /** Default: every level of the standard the indicator applies to. */
  levels: z.array(z.string()).min(1).optional(),
  points: z.record(z.string(), z.number().min(0)),
  decay: decay.default({ method: "none" }),
  /** Records older than this many months, the period's own included, no longer count. */
  window_months: z.number().int().positive(),
  /** The most points all records together take (or give). */
  maximum: z.number().positive(),
  /** Deductions: whether a record goes on counting while an objection to it is open (default), or is left out until it is decided. */
  disputed: z.enum(["counted", "frozen"]).optional(),
});

const veto = numbers({
  id: identifier,
  title: bilingual,
  indicator: identifier,
  levels: z.array(z.string()).min(1).optional(),
  /** List indicators: only records of these categories; default any. */
  categories: z.array(z.string()).min(1).optional(),
  window_months: z.number().int().positive().optional(),
  /** Other indicators: the veto falls when the value is above, or below, this. */
  above: z.number().optional(),
  below: z.number().optional(),
  /** Id of the best grade still open to a body under the veto. */
  cap: z.string(),
});

export const grade = numbers({
  id: z.string().min(1),
  zh: z.string().min(1),
  en: z.string().min(1),
  colour: z.string().regex(/^#[0-9a-f]{6}$/i, "write the colour as #1a9850"),
  from: z.number().optional(),
  below: z.number().optional(),
});

export const standardSchema = z.strictObject({
  standard: z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only"),
  version: z.string().min(1),
  title: bilingual,
  /** First and last day on which the standard is in force. */
  effective: z.strictObject({ from: day, to: day.optional() }),
  /** Months of evidence behind a period's value, ending with the period. */
  window_months: numbers({ value: z.number().int().min(1) }),
  levels: z.record(
    z.string(),
    numbers({
      zh: z.string().min(1),
      en: z.string().min(1),
      /** Least share of the applicable weight that must be assessed for a body to be ranked. */
      minimum_coverage: share,
      /** Least share of the whole weight that must be assessed for a body to be ranked, what does not apply included. */
      minimum_assessed: share.default(0),
    }),
  ),
  peer_classes: z
    .array(z.strictObject({ id: z.string(), level: z.string(), zh: z.string(), en: z.string() }))
    .min(1),
  /** What a missing value does: its weight goes to its siblings while the node's coverage holds. */
  missing,
  /** points (default): the weights below a node sum to its own; relative: they are divided by their sum. */
  weights: z.enum(["points", "relative"]).optional(),
  /** Scores no further below the first of their run than the tolerance, in points, share its rank; default 1e-9. */
  ties: numbers({ tolerance: z.number().min(0) }).optional(),
  /** Which rules an indicator follows that names none. */
  defaults: z
    .strictObject({
      normalise: z.string().optional(),
      impute: z.string().optional(),
      treat: z.string().optional(),
    })
    .optional(),
  /** What values are divided by: the value of an indicator, times a scale. */
  denominators: z
    .record(z.string(), numbers({ indicator: identifier, scale: z.number().positive().default(1) }))
    .optional(),
  /** Other groupings than peer classes: half-open bands of an indicator's value. */
  groupings: z.record(z.string(), numbers({ indicator: identifier, bands: groupBands })).optional(),
  /** Bodies with too few values are left out of all comparisons, scores and ranks. */
  screening: numbers({
    /** Least share of a body's indicators that must have a value. */
    minimum_available: share,
    /** Least share that must have a value other than 0. */
    minimum_nonzero: share.optional(),
    /** observed: before imputation; imputed: after it. */
    counts: z.enum(["observed", "imputed"]),
  }).optional(),
  imputations: z.record(z.string(), imputation).optional(),
  treatments: z.record(z.string(), treatment).optional(),
  nodes: z.array(node).min(1),
  indicators: z.array(weighted).min(1),
  /** Indicators that stand for a duty and carry no weight, each with the reason; no run computes them. */
  unweighted: z.array(z.strictObject({ indicator: identifier, reason: bilingual })).default([]),
  normalisations: z.record(z.string(), normalisation),
  deductions: z.array(schedule).default([]),
  bonuses: z.array(schedule).default([]),
  vetoes: z.array(veto).default([]),
  /** Limits of the index after deductions and bonuses. */
  bounds: numbers({ minimum: z.number(), maximum: z.number().optional() }),
  grades: gradeBands(grade),
  /** How its own choices are varied, to see how much of a ranking hangs on them. */
  uncertainty: uncertainty.optional(),
  /** Names of the evidence's categories that are codes, for the sentences; a code without a name is not mentioned. */
  category_names: z.record(z.string(), bilingual).default({}),
});

export type { Normalisation } from "./standard-methods.ts";
export type StandardFile = z.infer<typeof standardSchema>;
export type TreeNode = StandardFile["nodes"][number];
export type WeightedIndicator = StandardFile["indicators"][number];
export type Schedule = z.infer<typeof schedule>;
export type Veto = z.infer<typeof veto>;
export type Grade = z.infer<typeof grade>;
export type Decay = z.infer<typeof decay>;

/** A name given for all levels, or one for each level. */
export type ByLevel = string | Readonly<Record<string, string>> | undefined;

/** The name given for a level, if there is one. */
export function pickByLevel(choice: ByLevel, level: string): string | undefined {
  return typeof choice === "object" ? choice[level] : choice;
}
