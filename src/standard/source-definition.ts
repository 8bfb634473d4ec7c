import { z } from "zod";
import { bilingual } from "./bilingual.ts";
import { connector, findConnectorFaults } from "./connector-definition.ts";
import { findCaseFaults } from "./deciding-cases.ts";
import { findFolderFaults } from "./folder-meaning.ts";
import { findOptionalFaults } from "./optional-columns.ts";
import { column, conditions, names, pattern } from "./source-column.ts";
import { format } from "./source-format.ts";
import { DefinitionError, readYaml, type YamlDocument } from "./yaml-document.ts";

/** The record kinds: core tables a source may fill. */
export const KINDS = [
  "entity",
  "entity_code",
  "complaint",
  "dishonesty_record",
  "commitment",
  "publicity_item",
  "decision_procedure",
  "proposal",
  "contract",
  "debt_position",
  "training",
  "inspection",
  "honour",
  "task",
  "third_party_rating",
  "service_commitment",
  "observation",
  "record_event",
] as const;

const schema = z.strictObject({
  source: z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only"),
  title: bilingual,
  /** The body that answers for this source (clause D1). */
  owner: bilingual,
  synthetic: z.boolean().default(false),
  /** Core table the rows go to. */
  kind: z.enum(KINDS),
  /** How its files come here. */
  connector,
  /**
   * Of a source of type folder: what it means when a file is no longer there. deliveries (unless said otherwise): files
   * stay as evidence, wherever they went. mirror: the folder is the truth, and a file taken away or replaced ends its rows.
   */
  folder: z.enum(["deliveries", "mirror"]).optional(),
  format,
  /** Names under `columns` that together name a record; joined by "|" they are its record_key. Use a column record_key for a number that has no core column of its own. */
  key: z.array(z.string()).min(1),
  /** Names under `columns` (date or timestamp): the day from which the fact was true, and the first day on which it no longer was. */
  valid: z.strictObject({ from: z.string(), to: z.string().optional() }),
  /** When a row became known: a column of the source, a pattern on the file name that finds a date, a fixed day, or receipt by us. */
  known_at: z.union([
    z.literal("receipt"),
    z.strictObject({
      column: names,
      formats: z.array(z.string()).optional(),
      /** For rows without a value: when we received the file. */
      otherwise: z.literal("receipt").optional(),
      /** With `otherwise`: for files without the column, too. */
      optional: z.boolean().optional(),
    }),
    z.strictObject({ file: pattern, template: z.string().optional() }),
    z.strictObject({ date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/) }),
  ]),
  /**
   * Of rows with one key and one known-at time that say different things, which is the latest: the one with the greatest
   * value in this column, a name under `columns` or else a column of the source, read as a number or a time. Without it
   * such rows contradict each other and none of them is used.
   */
  order: z.string().min(1).optional(),
  /** Keep only rows whose source column has one of the values; the others are counted as not for this kind. */
  only: conditions.optional(),
  /** Leave out rows whose source column has one of the values ("" is empty); counted as not for this kind. */
  except: conditions.optional(),
  /** Texts that mean "empty" in every column, beside those of the column itself. */
  empty: z.array(z.string()).optional(),
  /** By core column; also record_key, valid_from and valid_to. */
  columns: z.record(z.string(), column),
  /** Personal columns that no core column needs but that must be kept apart and forgotten in time; `of` is the *_ref column whose person they belong to. */
  restricted: z
    .array(
      z.strictObject({
        from: z.string(),
        role: z.string(),
        field: z.string(),
        of: z.string(),
        /** As for a column. */
        optional: z.boolean().optional(),
      }),
    )
    .optional(),
  /** Months after known_from when personal values are deleted; needed as soon as there are any. */
  retention_months: z.number().int().positive().optional(),
  expectations: z
    .strictObject({
      /** Rows of one file; fewer than min: the file is refused and the source stale, more than max warns. */
      rows: z.strictObject({ min: z.number().optional(), max: z.number().optional() }).optional(),
      /** Least share of rows in which a core column is filled, 0 to 1; below it warns. */
      fill: z.record(z.string(), z.number().min(0).max(1)).optional(),
      /** Days from the newest known_from to the end of the period after which the source is stale. */
      freshness_days: z.number().positive().optional(),
      /** Freshness goes by when the newest row became known, or by when what it says happened: for lists whose entries are updated all the time. */
      freshness_by: z.enum(["known_from", "valid_from"]).optional(),
      /** Days without anything new, up to the as-of time, after which the source is silent and an operations alert is raised. */
      silent_days: z.number().int().positive().optional(),
      /** Records of each day against the same weekday of the weeks before; far fewer raise an operations alert. */
      volume: z
        .strictObject({
          /** The day a record counts for: when it happened, or when it became known. */
          by: z.enum(["valid_from", "known_from"]).default("valid_from"),
          /** Weeks of history. */
          weeks: z.number().int().min(4).max(104).default(12),
          /** How many deviations below the median are too few. */
          deviations: z.number().positive().default(4),
          /** The last days before the as-of time whose records may still be on their way. */
          settle_days: z.number().int().min(0).default(1),
        })
        .optional(),
      /** Share of a file's rows that may be quarantined; above it the file fails the source. */
      quarantine_share: z.number().min(0).max(1).default(0.05),
    })
    .prefault({}),
});

export type ColumnMapping = z.infer<typeof column>;
export type SourceDefinition = z.infer<typeof schema>;

/** Reads a source file of pipelines/sources. @throws DefinitionError with line and column of every fault */
export function readSource(file: string): YamlDocument<SourceDefinition> {
  const document = readYaml(file, schema);
  const faults = findContradictions(document.value).map(({ path, message }) =>
    document.fault(path, `${path.join(".")}: ${message}`),
  );
  if (faults.length > 0) throw new DefinitionError(faults);
  return document;
}

/** What a source's fields say against one another. */
function findContradictions(source: SourceDefinition) {
  const faults: { path: string[]; message: string }[] = [];
  const add = (path: string[], message: string) => faults.push({ path, message });
  for (const [name, mapping] of Object.entries(source.columns)) {
    const origins = ["from", "first_of", "matching", "file", "template", "value"] as const;
    const used = origins.filter((origin) => mapping[origin] !== undefined).join("+");
    if (
      ![
        "from",
        "first_of",
        "matching",
        "from+matching",
        "file",
        "file+template",
        "template",
        "value",
      ].includes(used)
    ) {
      add(
        ["columns", name],
        `says its origin by ${used || "nothing"}; give from, first_of, matching, file, template or value`,
      );
    }
    const paths = [mapping.from ?? [], mapping.first_of ?? []].flat();
    if (paths.some((path) => path.includes("[*]")) && !mapping.pick) {
      add(["columns", name], "chooses several elements; say with pick which, or their sum");
    }
    if (mapping.pick && !paths.some((path) => /\[(\*|[^\]]*=)/.test(path))) {
      add(["columns", name, "pick"], "pick is for paths that choose elements of a list");
    }
    if (mapping.person && !name.endsWith("_ref")) {
      add(
        ["columns", name],
        "a column of a person must be a *_ref column, which holds a pseudonym",
      );
    }
    if (mapping.person && (mapping.min ?? mapping.max) !== undefined) {
      add(["columns", name], "a person has no min or max");
    }
    if (mapping.entity && mapping.codes) {
      add(["columns", name, "codes"], "give entity or codes, not both");
    }
  }
  faults.push(...findCaseFaults(source), ...findOptionalFaults(source));
  faults.push(...findConnectorFaults(source.connector, source.format.type));
  faults.push(...findFolderFaults(source.folder, source.connector.type));
  const must = (path: string[], name: string) => {
    if (!(name in source.columns)) add(path, `"${name}" is not among the columns`);
  };
  for (const name of source.key) must(["key"], name);
  for (const [name, { on = [] }] of Object.entries(source.columns)) {
    for (const day of on) must(["columns", name, "on"], day);
  }
  must(["valid", "from"], source.valid.from);
  if (source.valid.to) must(["valid", "to"], source.valid.to);
  for (const name of Object.keys(source.expectations.fill ?? {})) {
    must(["expectations", "fill", name], name);
  }
  for (const { of } of source.restricted ?? []) {
    if (!source.columns[of]?.person) add(["restricted"], `"${of}" is not a column with person`);
  }
  if (hasPersons(source) && isCompiled(source)) {
    add(["columns"], "releases of OCDS are kept whole, so none of their values may be personal");
  }
  if (hasPersons(source) && !source.retention_months) {
    add(["columns"], "there is personal data; say with retention_months how long it is kept");
  }
  return faults;
}

/** Whether what a file says can only be told beside the other files of its source: releases, which are compiled. */
export function isCompiled({ format }: Pick<SourceDefinition, "format">): boolean {
  return format.type === "ocds";
}

/** Whether a source carries personal data. */
export function hasPersons(source: SourceDefinition): boolean {
  return (
    (source.restricted ?? []).length > 0 ||
    Object.values(source.columns).some(({ person }) => person)
  );
}
