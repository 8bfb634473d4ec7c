import { createHash } from "node:crypto";
import { z } from "zod";
import { readText } from "../whole-file.ts";
import { type Audience, audience, usesHiddenDebt } from "./audience.ts";
import { bilingual, citation } from "./bilingual.ts";
import { DefinitionError, type Fault, parseYaml, type YamlDocument } from "./yaml-document.ts";

/** A column's name, with a mark behind it: `?`, the value stands without it; `+`, some record must give it. */
const COLUMN = /^[a-z][a-z0-9_]*[?+]?$/;

/** Columns by table, as `reads` of a header. */
export type Reads = Readonly<Record<string, readonly string[]>>;

const header = z.strictObject({
  title: bilingual,
  clause: z.string(),
  /** Levels of entities it applies to. */
  levels: z.array(z.string()).min(1),
  unit: z.strictObject({ zh: z.string(), en: z.string() }),
  direction: z.enum(["higher", "lower"]),
  /** ratio: scale × Σnumerator / Σdenominator; median: of numerator over rows; list: single records, for deductions, bonuses and vetoes. */
  aggregate: z.enum(["ratio", "median", "list"]),
  /** event: a row counts in every window that holds its occurred_on; state: the SQL joins table `period` itself and gives a period column. */
  evidence: z.enum(["event", "state"]).default("event"),
  scale: z.number().positive().default(1),
  /** The numerator in words: which rows count, the edge of a limit included. */
  numerator: bilingual.optional(),
  /** The denominator in words: what is selected, and what is left out. */
  denominator: bilingual,
  /** Fewer evidence rows than this: state too_few. */
  minimum_sample: z.number().int().min(1).default(1),
  /** Whether a body counts its children's evidence too. */
  rollup: z.boolean().default(true),
  /**
   * State of an entity without any evidence row, when the sources did deliver: nothing to do, a figure that is lacking, or
   * nothing done. Default: no_data for reported figures, which every body should have; not_applicable for events.
   */
  when_empty: z.enum(["not_applicable", "no_data", "zero"]).optional(),
  /** Whether it is a family: its SQL holds $member, and standards name its members, as ASEM/figure/LPI. */
  family: z.literal(true).optional(),
  /**
   * The known.* tables its SQL reads, without schema, each with the columns it reads that a file may lack, as
   * { complaint: [closed_at, due_at, category?] }. A record whose file does not deliver a column is left out and counted.
   * Not so for `category?`, without which the value stands, and `gdp+`, which another record of the body may give: there it
   * is enough that somebody delivers it. A list of tables when there are no such columns. Checked against the SQL;
   * entity_lineage and calendar_day need not be named.
   */
  reads: z
    .union([z.array(z.string()).min(1), z.record(z.string(), z.array(z.string().regex(COLUMN)))])
    .transform(
      (reads): Reads =>
        Array.isArray(reads) ? Object.fromEntries(reads.map((table) => [table, []])) : reads,
    )
    .refine((reads) => Object.keys(reads).length > 0, "name at least one table"),
  /** Statute, standard or paper the definition comes from. */
  source: citation,
  /** It may be applied where or when a law of its source does not bind; what is published then says so. */
  by_analogy: z.literal(true).optional(),
  /** For whom its values, reasons and evidence are; default: by the columns it reads (src/standard/audience.ts). */
  audience: audience.optional(),
  note: bilingual.optional(),
});

type WhenEmpty = NonNullable<z.infer<typeof header>["when_empty"]>;

/** An indicator: its documentation and the SELECT of its evidence rows. */
export interface IndicatorFile extends Omit<z.infer<typeof header>, "when_empty"> {
  readonly when_empty: WhenEmpty;
  /** Path below metrics/indicators without ending, as "A1/publication-on-time". */
  readonly id: string;
  readonly file: string;
  readonly sql: string;
  /** sha-256 of the file. */
  readonly hash: string;
}

/** Views that every computation depends on anyway; an indicator need not declare them. */
const ALWAYS_READ = new Set(["entity_lineage", "calendar_day"]);

/** What an indicator must not contain, for its value to be the same whenever and wherever it is computed. */
const FORBIDDEN: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern: /\b(core|raw|restricted|quarantine|facts|scores|checks)\s*\./i,
    why: "an indicator reads only known.* tables, so that nothing known later counts",
  },
  {
    pattern: /\b(now|today|random|uuid|gen_random_uuid|get_current_timestamp)\s*\(/i,
    why: "its value would depend on the moment or on chance",
  },
  { pattern: /\bcurrent_(date|time|timestamp)\b/i, why: "its value would depend on the moment" },
  {
    pattern: /\bqualify\b|\bgroup\s+by\s+all\b/i,
    why: "not portable; use a subquery or name the columns",
  },
  { pattern: /\bapprox_\w+\s*\(/i, why: "an approximate figure cannot be checked" },
];

/**
 * Reads an indicator. The file opens with a block comment that holds its header as YAML;
 * the rest is one SELECT of evidence rows.
 * @throws DefinitionError with the line of every fault: of the header, of tables declared in `reads` but not read
 *   or read but not declared, and of SQL whose value would not be reproducible
 */
export function readIndicator(file: string, id: string): IndicatorFile {
  const text = readText(file).replaceAll("\r\n", "\n");
  const match = /^\/\*\n([\s\S]*?)\n\*\/\n/.exec(text);
  // A leading empty line stands for the comment's opening, so that line numbers in faults are the file's own.
  const parsed = parseYaml(`\n${match?.[1] ?? ""}`, file, header);
  const start = match?.[0].length ?? 0;
  const faults = [
    ...readsFaults(parsed, text.slice(start), id),
    ...forbiddenFaults(file, text, start),
    ...familyFaults(parsed, text.slice(start)),
    ...audienceFaults(parsed, text.slice(start)),
  ];
  if (faults.length > 0) throw new DefinitionError(faults);
  return {
    ...parsed.value,
    when_empty: parsed.value.when_empty ?? emptyMeans(parsed.value.reads),
    id,
    file,
    sql: wholeFigures(text.slice(start).trim().replace(/;$/, "")),
    hash: createHash("sha256").update(text).digest("hex"),
  };
}

/**
 * The bundled indicator of reported figures that workspaces of older programs hold scaled figures up and cast them to what
 * core and facts held then, which would cut off what they hold now. Read as it is bundled today.
 */
function wholeFigures(statement: string): string {
  return statement.replace(
    /CAST\(CAST\((\w+\.value) AS DECIMAL\(28,15\)\) \* 1000000000 AS DECIMAL\(38,6\)\) AS numerator,\s+1000000000 AS denominator/,
    "$1 AS numerator, 1 AS denominator",
  );
}

/** Whether an indicator counts working days, and so needs a calendar. */
export function countsWorkingDays({ sql }: Pick<IndicatorFile, "sql">): boolean {
  return /\bworking_day(_count|s_between|_after)\s*\(|\bknown\s*\.\s*"?calendar_day\b/i.test(
    withoutComments(sql),
  );
}

/** Tables of figures that every body reports, rather than of things that happen. */
const FIGURES = new Set(["observation"]);

function emptyMeans(reads: Reads): WhenEmpty {
  const tables = Object.keys(reads).filter((table) => table !== "entity");
  return tables.every((table) => FIGURES.has(table)) ? "no_data" : "not_applicable";
}

/** The tables an indicator reads, in order. */
export function tablesOf({ reads }: Pick<IndicatorFile, "reads">): readonly string[] {
  return Object.keys(reads).sort();
}

/** What an indicator wants of a column that a file may lack. */
export interface WantedColumn {
  readonly name: string;
  /** every: of each record it counts; some: of any; none: the value stands without it. */
  readonly of: "every" | "some" | "none";
}

/** The columns an indicator reads of a table, in order, of those that a file may lack. */
export function wantedColumns(
  { reads }: Pick<IndicatorFile, "reads">,
  table: string,
): readonly WantedColumn[] {
  return [...(reads[table] ?? [])].sort().map((declared) => ({
    name: declared.replace(/[?+]$/, ""),
    of: declared.endsWith("?") ? "none" : declared.endsWith("+") ? "some" : "every",
  }));
}

/**
 * The SQL with some of its known tables read from another schema, as known.complaint from temp.complaint.
 * Comments and texts stay as they are.
 */
export function readFromSchema(sql: string, tables: ReadonlySet<string>, schema: string): string {
  let moved = "";
  let done = 0;
  for (const { 0: found, 1: table, index } of withoutComments(sql).matchAll(KNOWN_TABLE)) {
    if (!tables.has((table as string).toLowerCase())) continue;
    moved += `${sql.slice(done, index)}${schema}.${table}`;
    done = index + found.length;
  }
  return moved + sql.slice(done);
}

const KNOWN_TABLE = /\bknown\s*\.\s*"?(\w+)"?/gi;

function readsFaults(
  parsed: YamlDocument<z.infer<typeof header>>,
  statement: string,
  id: string,
): Fault[] {
  const read = new Set(
    [...withoutComments(statement).matchAll(KNOWN_TABLE)]
      .map(([, table]) => (table as string).toLowerCase())
      .filter((table) => !ALWAYS_READ.has(table)),
  );
  const declared = Object.keys(parsed.value.reads);
  const faults = [
    ...[...read]
      .filter((table) => !declared.includes(table))
      .map((table) => `the SQL reads known.${table}, which reads does not declare; add it`),
    ...declared
      .filter((table) => !read.has(table))
      .map(
        (table) => `reads declares ${table}, but the SQL does not read known.${table}; remove it`,
      ),
  ].map((message) => parsed.fault(["reads"], message));
  const folder = id.split("/")[0] as string;
  if (id.includes("/") && folder !== parsed.value.clause) {
    faults.push(
      parsed.fault(
        ["clause"],
        `clause is ${parsed.value.clause}, but the file is in the folder ${folder}`,
      ),
    );
  }
  return faults;
}

function familyFaults(
  { value, fault }: YamlDocument<z.infer<typeof header>>,
  statement: string,
): Fault[] {
  const holds = withoutComments(statement).includes("$member");
  if (holds === (value.family ?? false)) return [];
  return [
    value.family
      ? fault(
          ["family"],
          "a family's SQL holds $member where its member's name belongs; this has none",
        )
      : fault([], "the SQL holds $member, so the header must say family: true"),
  ];
}

function audienceFaults(
  { value, fault }: YamlDocument<z.infer<typeof header>>,
  sql: string,
): Fault[] {
  const stated: Audience | undefined = value.audience;
  if (stated === undefined || stated === "internal" || !usesHiddenDebt({ sql })) return [];
  const why = "the indicator counts hidden debt, which is for the offices alone";
  return [fault(["audience"], `${why}: write "audience: internal", or leave the key out`)];
}

function forbiddenFaults(file: string, text: string, start: number): Fault[] {
  const faults: Fault[] = [];
  const statement = " ".repeat(start) + withoutComments(text.slice(start));
  for (const { pattern, why } of FORBIDDEN) {
    const found = pattern.exec(statement);
    if (!found) continue;
    const before = text.slice(0, found.index).split("\n");
    faults.push({
      file,
      line: before.length,
      column: (before.at(-1) as string).length + 1,
      message: `"${found[0].trim()}" may not stand in an indicator: ${why}`,
    });
  }
  return faults;
}

/** The statement with its comments and texts blanked, every character still in its place. */
export function withoutComments(statement: string): string {
  return statement.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, (found) =>
    found.replace(/[^\n]/g, " "),
  );
}
