import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { parseYaml } from "./yaml-document.ts";

const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

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
  /** The denominator in words. */
  denominator: bilingual,
  /** Fewer evidence rows than this: state too_few. */
  minimum_sample: z.number().int().min(1).default(1),
  /** Whether a body counts its children's evidence too. */
  rollup: z.boolean().default(true),
  /** State of an entity without any evidence row, when the sources did deliver. */
  when_empty: z.enum(["not_applicable", "zero"]).default("not_applicable"),
  /** known.* tables it reads; filled from the SQL and checked against it. */
  reads: z.array(z.string()).min(1),
  /** Statute, standard or paper the definition comes from. */
  source: z.string().min(1),
  note: bilingual.optional(),
});

/** An indicator: its documentation and the SELECT of its evidence rows. */
export interface IndicatorFile extends z.infer<typeof header> {
  /** Path below metrics/indicators without ending, as "A1/publication-on-time". */
  readonly id: string;
  readonly file: string;
  readonly sql: string;
  /** sha-256 of the file. */
  readonly hash: string;
}

/**
 * Reads an indicator. The file opens with a block comment that holds its header as YAML;
 * the rest is one SELECT of evidence rows.
 * @throws DefinitionError with the line of every fault
 */
export function readIndicator(file: string, id: string): IndicatorFile {
  const text = readFileSync(file, "utf8");
  const match = /^\/\*\n([\s\S]*?)\n\*\/\n/.exec(text);
  // A leading empty line stands for the comment's opening, so that line numbers in faults are the file's own.
  const parsed = parseYaml(`\n${match?.[1] ?? ""}`, file, header);
  return {
    ...parsed.value,
    id,
    file,
    sql: text
      .slice(match?.[0].length ?? 0)
      .trim()
      .replace(/;$/, ""),
    hash: createHash("sha256").update(text).digest("hex"),
  };
}
