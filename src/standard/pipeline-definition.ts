import { CronExpressionParser } from "cron-parser";
import { z } from "zod";
import { audience } from "./audience.ts";
import { bilingual } from "./bilingual.ts";
import { readYaml, type YamlDocument } from "./yaml-document.ts";

const catchUp = z.enum(["once", "all", "none"]).default("once");

function isCron(text: string): boolean {
  try {
    return text.trim().split(/\s+/).length === 5 && CronExpressionParser.parse(text) !== undefined;
  } catch {
    return false;
  }
}

/** When a pipeline runs by itself, in its own time zone, and what becomes of times missed while nothing was running. */
const schedule = z.union([
  z.strictObject({
    /** Five fields: minute, hour, day of month, month, day of week. */
    cron: z.string().refine(isCron, 'five fields, as "0 3 * * 1" for Mondays at three'),
    catch_up: catchUp,
  }),
  z.strictObject({
    /** Which working day of the month: 3 is the third, -1 the last. Counted in the pipeline's calendar. */
    working_day: z
      .number()
      .int()
      .min(-20)
      .max(20)
      .refine((day) => day !== 0, "1 is the first working day, -1 the last"),
    at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, as "03:00"'),
    catch_up: catchUp,
  }),
]);

export type Schedule = z.infer<typeof schedule>;

/** How long finished jobs stay where a pipeline says nothing. */
export const JOBS_DAYS = 90;
/** So long what was never published is kept where a pipeline does not say. */
export const DRAFTS_DAYS = 90;

const schema = z.strictObject({
  pipeline: z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only"),
  title: bilingual,
  /** Whose data this is; also the folder below DATA_DIR. */
  jurisdiction: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only"),
  /** Its code by GB/T 2260, where it has one: by it one knows which provincial and city laws bind it. */
  division: z
    .string()
    .regex(/^\d{6}$/, "six digits, as 370200")
    .optional(),
  /** The office that issues documents: certificates of repair, correction notices, credit reports. */
  office: z
    .strictObject({
      title: bilingual,
      /** The word its document numbers begin with, as 青信. */
      mark: z.string().min(1).max(12),
      /** Other names by which delivered events call it. */
      known_as: z.array(z.string().min(1)).default([]),
    })
    .optional(),
  /** For whom its publications are, default public; what is for fewer in them is for fewer all the same. */
  audience: audience.optional(),
  /** The offices that internal outputs are for, by id, as tokens name theirs. */
  offices: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only"),
      bilingual,
    )
    .optional(),
  time_zone: z.string(),
  frequency: z.enum(["month", "quarter", "year"]),
  /** Ids of the sources, in the order in which they are conformed: entities before what refers to them. */
  sources: z.array(z.string()).min(1),
  /** File of the working-day calendar, relative to the workspace; none: the jurisdiction counts no working days. */
  calendar: z.string().optional(),
  /** The currency in which money is counted, by ISO 4217; CNY unless said otherwise. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "a code of ISO 4217, as CNY")
    .optional(),
  /** File of dated exchange rates, relative to the workspace; none: amounts in other currencies are left out and counted. */
  rates: z.string().optional(),
  /** Id of the standard in metrics/standards. */
  standard: z.string(),
  /** Ids of warning rules in metrics/warnings. */
  warnings: z.array(z.string()).optional(),
  /** Ids of list rules in metrics/lists: red and black list, restrictions and the like; in a period those in effect hold. */
  lists: z.union([z.string().transform((id) => [id]), z.array(z.string()).min(1)]).optional(),
  /** Ids of the dated rules of records in metrics/rules: publication, repair, objection, discipline. */
  rules: z.array(z.string()).optional(),
  /** Periods before the one asked for that are computed too, for movements and trends. */
  history: z.number().int().min(0).default(24),
  /** When it runs by itself under `zhengxin up` or `zhengxin scheduler`; none: only when somebody asks. */
  schedule: schedule.optional(),
  /** How many of the sources must have been fetched for a run to go on with the last good data of the others. */
  require: z.enum(["all", "quorum", "any"]).default("any"),
  /** The share of the sources that `require: quorum` asks for. */
  quorum: z.number().gt(0).max(1).default(0.5),
  /** How often a source is tried in a queued run, and how long before the second try; the wait doubles, with jitter. */
  retry: z
    .strictObject({
      attempts: z.number().int().min(1).max(20).default(5),
      first_wait_seconds: z.number().min(0).default(30),
    })
    .default({ attempts: 5, first_wait_seconds: 30 }),
  /** What is kept of publications that a newer one of their period has superseded; without it all of them for ever. */
  keep: z
    .strictObject({
      /** So many of a period, the newest, beside the run in force. */
      superseded_runs: z.number().int().min(0).max(10_000).default(12),
      /** None goes before it was published so many days ago. */
      superseded_days: z.number().int().min(0).max(36_500).default(90),
      /** Finished jobs of runs stay in the queue's lists so long, with their lines. */
      jobs_days: z.number().int().min(1).max(36_500).default(JOBS_DAYS),
      /** What was measured or scored and never published goes so many days after, once a newer run of its period was begun. */
      drafts_days: z.number().int().min(1).max(36_500).default(DRAFTS_DAYS),
    })
    .optional(),
  /** What an unadorned run does: the newest period the bundled data holds, and the as-of time that makes it reproducible. */
  example: z
    .strictObject({
      period: z.string(),
      as_of: z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
    })
    .optional(),
  report: z.strictObject({
    title: bilingual,
    /** Levels in the order in which they are shown, with their names. */
    levels: z.array(z.strictObject({ level: z.string(), zh: z.string(), en: z.string() })).min(1),
    /** A reviewed GeoJSON of the first level, relative to the workspace; absent: tiles without outlines. */
    map: z.string().optional(),
    /** Said at the top of every output when the data is invented. */
    synthetic: bilingual.optional(),
    /** Terms and attribution of the data. */
    attribution: bilingual.optional(),
  }),
});

export type PipelineDefinition = z.infer<typeof schema>;

/** What of a pipeline bears on what it finds: all but when it runs, how often it tries, who signs its documents and what is kept. */
export function withoutTimetable(
  pipeline: PipelineDefinition,
): Omit<PipelineDefinition, "schedule" | "retry" | "office" | "keep"> {
  const { schedule: _, retry: __, office: ___, keep: ____, ...question } = pipeline;
  return question;
}

/** How many of its sources a pipeline's policy asks to be fetched. */
export function countRequired({
  require: policy,
  quorum,
  sources,
}: Pick<PipelineDefinition, "require" | "quorum" | "sources">): number {
  if (policy === "all") return sources.length;
  return policy === "any" ? 1 : Math.ceil(quorum * sources.length);
}

/**
 * Reads a pipeline file of pipelines/.
 * @throws DefinitionError with line and column of every fault
 */
export function readPipeline(file: string): YamlDocument<PipelineDefinition> {
  return readYaml(file, schema);
}
