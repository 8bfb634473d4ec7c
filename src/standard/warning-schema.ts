import { z } from "zod";
import { audience } from "./audience.ts";
import { bilingual, citation } from "./bilingual.ts";
import { gradeBands } from "./standard-bands.ts";
import { numbers } from "./standard-origin.ts";
import { grade } from "./standard-schema.ts";
import { FLOWS, STOCKS } from "./warning-columns.ts";

const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only");

/** Levels of risk from the calmest up. */
export const LEVELS = ["green", "yellow", "orange", "red"] as const;
export type Level = (typeof LEVELS)[number];
const raised = z.enum(["yellow", "orange", "red"]);

const stock = z.enum(STOCKS);
const flow = z.enum(FLOWS);
const columns = <T extends z.ZodType>(column: T) => z.array(column).min(1);

/**
 * A sum of columns of the debt positions. `stock`: the newest figure at the period's end. `year`: what flowed in the twelve
 * months up to the period's end: from months or quarters where all are there, else the newest year's figure.
 * `or`: summed instead when the first are not reported; `less`: taken away, unknown counting as nothing.
 */
const term = z.union([
  z.strictObject({
    stock: columns(stock),
    or: columns(stock).optional(),
    less: columns(stock).optional(),
  }),
  z.strictObject({
    year: columns(flow),
    or: columns(flow).optional(),
    less: columns(flow).optional(),
  }),
]);

const shared = {
  id: identifier,
  title: bilingual,
  unit: bilingual,
  /** Which end is the bad one. */
  worse: z.enum(["higher", "lower"]).default("higher"),
  source: citation.optional(),
  by_analogy: z.literal(true).optional(),
};

const seriesDefinition = z.discriminatedUnion("from", [
  /** Numerator ÷ denominator × scale of the debt positions; without a denominator the numerator itself. */
  z.strictObject({
    ...shared,
    from: z.literal("position"),
    scope: z.enum(["statutory", "with_hidden"]).default("statutory"),
    numerator: term,
    denominator: term.optional(),
    scale: z.number().positive().default(1),
    /** Whether it is forecast. */
    forecast: z.boolean().default(false),
  }),
  /** How much another series moved in so many months: in points, or in per cent of what it was. */
  z.strictObject({
    ...shared,
    from: z.literal("change"),
    of: identifier,
    months: z.number().int().positive(),
    as: z.enum(["points", "percent"]),
  }),
  /** An indicator's value as measured. */
  z.strictObject({ ...shared, from: z.literal("indicator"), indicator: z.string() }),
  /** Points by which the score of a node of the standard fell since the period before, beyond what is noise. */
  z.strictObject({ ...shared, from: z.literal("score_drop"), node: z.string() }),
  /**
   * By how many robust standard deviations a count of the last months stands above its baseline: the median of the same
   * stretch in the months before, lifted by the season where two years are known.
   */
  z.strictObject({
    ...shared,
    from: z.literal("surge"),
    count: z.enum(["complaints", "broken_promises"]),
    by_category: z.boolean().default(false),
    months: z.number().int().positive(),
    baseline_months: z.number().int().min(6),
    minimum_count: z.number().int().min(1),
  }),
  /**
   * Steps in the life of records whose limit in working days ran out on the body that must take them: objections not answered,
   * revoked records not withdrawn. A step counts in every period in which it stood overdue; in the newest, as of the as-of day.
   */
  z.strictObject({
    ...shared,
    from: z.literal("overdue_steps"),
    step: z.enum(["answer", "withdraw"]),
  }),
]);

/** Where a level begins, and where it is given up again: not before the value is well on the good side of the line. */
const band = z.strictObject({
  level: raised,
  from: z.number().optional(),
  above: z.number().optional(),
  below: z.number().optional(),
  release: z.number(),
});

const rule = numbers({
  id: identifier,
  series: identifier,
  title: bilingual,
  bands: z.array(band).min(1),
  /** Periods in a row on which the value must stand in a band before the level is taken. */
  persistence: z.number().int().min(1),
  /** Periods in a row on the good side of the release line before the level is given up. */
  release_after: z.number().int().min(1),
  /** A breach of law or a default: never outweighed. */
  hard: z.boolean().default(false),
  /** Whether it counts for the composite level. */
  composite: z.boolean().default(true),
  /** Levels of bodies it applies to; default: those of the file. */
  levels: z.array(z.string()).min(1).optional(),
  owner: identifier.optional(),
  note: bilingual.optional(),
});

/** An alert when the forecast of a series reaches a level of a rule within the four quarters ahead. */
const outlook = numbers({
  id: identifier,
  title: bilingual,
  rule: identifier,
  reaches: raised,
  /** Level of the alert. */
  level: raised,
  owner: identifier.optional(),
});

const shock = z.strictObject({
  column: z.enum([...STOCKS, ...FLOWS]),
  /** Multiplied by this, then these shares of other columns are added. */
  times: z.number().min(0).default(1),
  add: z.partialRecord(z.enum([...STOCKS, ...FLOWS]), z.number()).default({}),
  /** Taken when none of the columns of `add` is known. */
  or_add: z.partialRecord(z.enum([...STOCKS, ...FLOWS]), z.number()).optional(),
});

const scenario = numbers({ id: identifier, title: bilingual, shocks: z.array(shock).min(1) });

export const warningSchema = z.strictObject({
  warnings: identifier,
  version: z.string().min(1),
  title: bilingual,
  clause: z.string(),
  /** For whom they are; default: internal on debt positions, public on anything else. */
  audience: audience.optional(),
  /** What everybody may see of warnings that are not public: numerator and denominator of a series, as balance and limit. */
  public_form: z
    .strictObject({
      balance_and_limit: identifier,
      /** What the figures are shown in, and by what the positions' are divided for it. */
      unit: bilingual,
      divide: z.number().positive().default(1),
    })
    .optional(),
  /** Levels of bodies it looks at. */
  levels: z.array(z.string()).min(1),
  /** To whom its alerts go unless a rule says otherwise: an owner of `owners`. */
  owner: identifier,
  owners: z.record(identifier, bilingual),
  /** Days within which an alert must be acknowledged, and handled, before it is escalated. */
  deadlines: z.record(
    raised,
    numbers({ acknowledge_days: z.number().positive(), handle_days: z.number().positive() }),
  ),
  escalate_to: identifier,
  series: z.array(seriesDefinition).min(1),
  rules: z.array(rule).min(1),
  outlooks: z.array(outlook).default([]),
  scenarios: z.array(scenario).default([]),
  /** Several rules at a level make the composite one level worse. */
  composite: numbers({
    several: z
      .strictObject({ count: z.number().int().min(2), at_least: raised, become: raised })
      .optional(),
  }).optional(),
  /** 预警名单 and 提示名单: the first by certain rules at a level, the second by any rule or outlook. */
  lists: numbers({
    warning: z.strictObject({ rules: z.array(identifier).min(1), at_least: raised }),
    hint: z.strictObject({ at_least: raised }),
  }).optional(),
  /** Rules that, above green, make a case of emergency grade IV; the graver grades are a province's to judge. */
  emergency: numbers({ rules: z.array(identifier).min(1) }).optional(),
  /** A credit rating on the scores of nodes of the standard, capped by the composite level. */
  rating: numbers({
    nodes: z.record(z.string(), z.number().positive()),
    caps: z.partialRecord(raised, z.string()).default({}),
    grades: gradeBands(grade),
  }).optional(),
});

export type WarningFile = z.infer<typeof warningSchema>;
export type SeriesDefinition = WarningFile["series"][number];
export type PositionSeries = Extract<SeriesDefinition, { from: "position" }>;
export type ChangeSeries = Extract<SeriesDefinition, { from: "change" }>;
export type SurgeSeries = Extract<SeriesDefinition, { from: "surge" }>;
export type WarningRule = WarningFile["rules"][number];
export type WarningBand = WarningRule["bands"][number];
export type Outlook = WarningFile["outlooks"][number];
export type Scenario = WarningFile["scenarios"][number];
export type Term = PositionSeries["numerator"];
