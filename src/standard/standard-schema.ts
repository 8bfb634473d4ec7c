import { z } from "zod";
import { bands, gradeBands } from "./standard-bands.ts";

const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const identifier = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9/_-]*$/, "letters, digits, hyphens and slashes only");
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write the day as 2018-01-01");
const share = z.number().min(0).max(1);

/**
 * Where numbers come from: every block that holds some says it. `source` names the text they are taken from,
 * `assumption` says that they are this standard's own choice; both together, that the source gives some of them only.
 */
const origin = { source: z.string().min(1).optional(), assumption: z.literal(true).optional() };

interface Origin {
  readonly source?: string | undefined;
  readonly assumption?: true | undefined;
}

const saysOrigin = (block: Origin) => block.source !== undefined || block.assumption !== undefined;
const ORIGIN_MISSING =
  'holds numbers, so it must say where they come from: "source: ..." or "assumption: true"';

/** A strict block of numbers that says its origin. */
function numbers<S extends z.ZodRawShape>(shape: S) {
  return z
    .strictObject({ ...shape, ...origin })
    .refine((block) => saysOrigin(block as Origin), ORIGIN_MISSING);
}

/** Points per level: { district: 20, department: 25 }. A level that is absent does not have the node. */
const weight = z.record(z.string(), z.number().positive());

const aggregation = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("arithmetic") }),
  /** floor: a child's score below it counts as it, so that a single zero does not wipe out the node. */
  z.strictObject({ method: z.literal("geometric"), floor: z.number().positive().max(100) }),
]);

const node = numbers({
  id: identifier,
  /** Id of the node above; the one node without it is the index. */
  parent: identifier.optional(),
  title: bilingual,
  /** Clause of the policy the node serves, where it is one. */
  clause: z.string().optional(),
  weight,
  aggregation: aggregation.default({ method: "arithmetic" }),
});

const weighted = numbers({
  indicator: identifier,
  parent: identifier,
  weight,
  /** Name of a normalisation, for all levels or by level. */
  normalise: z.union([z.string(), z.record(z.string(), z.string())]),
});

/** How a value becomes a score of 0 to 100; which end is good is the indicator's direction. */
const normalisation = z.discriminatedUnion("method", [
  numbers({
    method: z.literal("min_max"),
    /** Quantiles of the peer class beyond which values count as the quantile, as { low: 0.05, high: 0.95 }. */
    winsor: z.strictObject({ low: share, high: share }).optional(),
    /** With fewer assessed peers there is no comparison and no score. */
    minimum_peers: z.number().int().min(2),
    /** Score of all when all peers have the same value. */
    when_equal: z.number().min(0).max(100),
  }),
  /** The worse end scores 0, the better end 100, linear between, capped outside. */
  numbers({ method: z.literal("goalposts"), low: z.number(), high: z.number() }),
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
  missing: numbers({
    rule: z.literal("reweight"),
    minimum_coverage: share,
    /** excluded: what does not apply to a body leaves its coverage alone; missing: it lowers it. */
    not_applicable: z.enum(["excluded", "missing"]),
  }),
  nodes: z.array(node).min(1),
  indicators: z.array(weighted).min(1),
  normalisations: z.record(z.string(), normalisation),
  deductions: z.array(schedule).default([]),
  bonuses: z.array(schedule).default([]),
  vetoes: z.array(veto).default([]),
  /** Limits of the index after deductions and bonuses. */
  bounds: numbers({ minimum: z.number(), maximum: z.number().optional() }),
  grades: gradeBands(grade),
  /** Names of the evidence's categories that are codes, for the sentences; a code without a name is not mentioned. */
  category_names: z.record(z.string(), bilingual).default({}),
});

export type StandardFile = z.infer<typeof standardSchema>;
export type TreeNode = StandardFile["nodes"][number];
export type WeightedIndicator = StandardFile["indicators"][number];
export type Normalisation = z.infer<typeof normalisation>;
export type Schedule = z.infer<typeof schedule>;
export type Veto = z.infer<typeof veto>;
export type Grade = z.infer<typeof grade>;
export type Decay = z.infer<typeof decay>;
