import { z } from "zod";
import { readYaml, type YamlDocument } from "./yaml-document.ts";

const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

const schema = z.strictObject({
  pipeline: z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only"),
  title: bilingual,
  /** Whose data this is; also the folder below DATA_DIR. */
  jurisdiction: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only"),
  time_zone: z.string(),
  frequency: z.enum(["month", "quarter", "year"]),
  /** Ids of the sources, in the order in which they are conformed: entities before what refers to them. */
  sources: z.array(z.string()).min(1),
  /** File of the working-day calendar, relative to the workspace; none: the jurisdiction counts no working days. */
  calendar: z.string().optional(),
  /** Id of the standard in metrics/standards. */
  standard: z.string(),
  /** Ids of warning rules in metrics/warnings. */
  warnings: z.array(z.string()).optional(),
  /** Periods before the one asked for that are computed too, for movements and trends. */
  history: z.number().int().min(0).default(24),
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
    /** GeoJSON of the first level, relative to the workspace; features carry properties.code. */
    map: z.string().optional(),
    /** Said at the top of every output when the data is invented. */
    synthetic: bilingual.optional(),
    /** Terms and attribution of the data. */
    attribution: bilingual.optional(),
  }),
});

export type PipelineDefinition = z.infer<typeof schema>;

/**
 * Reads a pipeline file of pipelines/.
 * @throws DefinitionError with line and column of every fault
 */
export function readPipeline(file: string): YamlDocument<PipelineDefinition> {
  return readYaml(file, schema);
}
