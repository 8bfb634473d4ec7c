import { z } from "zod";
import { readYaml, type YamlDocument } from "./yaml-document.ts";

const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

/** Factors to the base unit of a core column: money to yuan (or the currency's unit), people to persons. */
export const UNITS: Record<string, string> = {
  元: "1",
  千元: "1000",
  万元: "10000",
  百万元: "1000000",
  亿元: "100000000",
  人: "1",
  万人: "10000",
  USD: "1",
  thousand_usd: "1000",
  "%": "0.01",
  "1": "1",
};

const column = z.strictObject({
  /** Column as the source names it, or several names it has had over the years (the first present is taken); a dotted path for JSON. */
  from: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  /** Or: a pattern on the file's name whose groups fill the template. */
  file: z.string().optional(),
  template: z.string().optional(),
  /** Or: the same value for every row. */
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** Taken when the source's value is empty. */
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** Texts that mean "empty", as "-" or "NULL"; the empty text always does. */
  empty: z.array(z.string()).optional(),
  /** Keeps only what the first group of the pattern matches. */
  extract: z.string().optional(),
  /** strptime formats tried in order; default: ISO date or timestamp, 2018/1/5, 20180105, 2018年1月5日. */
  formats: z.array(z.string()).optional(),
  /** Unit in which the source writes the number; converted to the core column's base unit. */
  unit: z
    .string()
    .refine((unit) => unit in UNITS, "unknown unit")
    .optional(),
  /** Code list: source value to core value, inline or the name of a file in pipelines/codes/. */
  codes: z.union([z.string(), z.record(z.string(), z.union([z.string(), z.boolean()]))]).optional(),
  /** What a value outside the code list does: the row is quarantined, the value is dropped with a flag, or kept with a flag. */
  unknown: z.enum(["quarantine", "drop", "keep"]).default("quarantine"),
  /** Look the value up among the codes and names of entities, in force on the row's valid_from day. */
  entity: z.array(z.enum(["gb2260", "uscc", "name", "local"])).optional(),
  /** Check characters to verify; a failure is flagged, not refused. */
  check: z.enum(["uscc"]).optional(),
  /** Personal data: kept in the restricted table; the core column (a *_ref) holds a pseudonym. */
  person: z.strictObject({ role: z.string(), field: z.string() }).optional(),
  required: z.boolean().optional(),
  min: z.union([z.string(), z.number()]).optional(),
  max: z.union([z.string(), z.number()]).optional(),
});

const schema = z.strictObject({
  source: z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only"),
  title: bilingual,
  /** The body that answers for this source (clause D1). */
  owner: bilingual,
  synthetic: z.boolean().default(false),
  /** Core table the rows go to. */
  kind: z.string(),
  connector: z.strictObject({
    type: z.literal("folder"),
    /** Relative to the workspace. */
    path: z.string(),
    /** Glob on names below the folder. */
    match: z.string().default("*"),
  }),
  format: z.strictObject({
    type: z.enum(["csv", "ndjson", "json", "parquet", "arrow", "xlsx"]),
    encoding: z.enum(["utf-8", "gb18030", "utf-16"]).default("utf-8"),
    delimiter: z.string().default(","),
    /** Lines before the header to skip. */
    skip: z.number().int().min(0).default(0),
    sheet: z.string().optional(),
    /** JSON: names of the nested arrays to walk, as [releases, contracts]; columns are then named from them, as contracts.dateSigned. */
    records: z.array(z.string()).optional(),
  }),
  /** Core columns that together name a record; joined they are its record_key. */
  key: z.array(z.string()).min(1),
  /** Core column (date or timestamp) from which the fact was true, and to which. */
  valid: z.strictObject({ from: z.string(), to: z.string().optional() }),
  /** When a row became known: a column of the source, a pattern on the file name that finds a date, a fixed day, or receipt by us. */
  known_at: z.union([
    z.literal("receipt"),
    z.strictObject({ column: z.string(), formats: z.array(z.string()).optional() }),
    z.strictObject({ file: z.string() }),
    z.strictObject({ date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/) }),
  ]),
  /** Keep only rows whose source column has one of the values; the others are counted as not for this kind. */
  only: z.record(z.string(), z.array(z.string())).optional(),
  columns: z.record(z.string(), column),
  /** Personal columns that no core column needs but that must be kept apart and forgotten in time. */
  restricted: z
    .array(
      z.strictObject({ from: z.string(), role: z.string(), field: z.string(), of: z.string() }),
    )
    .optional(),
  retention_months: z.number().int().positive().optional(),
  expectations: z
    .strictObject({
      /** Rows of one delivery; fewer than min stops the source, more than max warns. */
      rows: z.strictObject({ min: z.number().optional(), max: z.number().optional() }).optional(),
      /** Least share of rows in which a core column is filled, 0 to 1; below it warns. */
      fill: z.record(z.string(), z.number().min(0).max(1)).optional(),
      /** Days from the newest known_from to the end of the period after which the source is stale. */
      freshness_days: z.number().positive().optional(),
      /** Share of a file's rows that may be quarantined; above it the file fails the source. */
      quarantine_share: z.number().min(0).max(1).default(0.05),
    })
    .prefault({}),
});

export type ColumnMapping = z.infer<typeof column>;
export type SourceDefinition = z.infer<typeof schema>;

/**
 * Reads a source file of pipelines/sources.
 * @throws DefinitionError with line and column of every fault
 */
export function readSource(file: string): YamlDocument<SourceDefinition> {
  return readYaml(file, schema);
}
