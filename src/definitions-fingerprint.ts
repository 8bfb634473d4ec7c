import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Context } from "./context.ts";
import { readChecks } from "./standard/check-file.ts";
import { readLaws } from "./standard/law-register.ts";
import { readLists } from "./standard/list-definition.ts";
import { withoutTimetable } from "./standard/pipeline-definition.ts";
import { readRecordRules } from "./standard/record-rules.ts";
import type { SourceDefinition } from "./standard/source-definition.ts";
import { readWarnings } from "./standard/warning-definition.ts";
import { readBytes } from "./whole-file.ts";

/** What a run is defined by, as far as it is read already. */
export type Defined = Pick<Context, "workspace" | "pipeline" | "sources" | "standard"> & {
  /** Those that the standard names. */
  readonly indicators: ReadonlyMap<string, { readonly id: string; readonly hash: string }>;
};

/**
 * One fingerprint over all definitions that bear on what a pipeline finds: pipeline, sources with their code lists, standard, indicators,
 * checks, warnings, lists, rules, laws, calendar, rates and map. Ids of runs and of jobs go by it: another definition is another question.
 * @returns sha-256, hexadecimal
 * @throws DefinitionError, or Error in a sentence
 */
export function fingerprintDefinitions(defined: Defined): string {
  const { workspace, pipeline, sources, standard, indicators } = defined;
  const hashed = (entries: Iterable<{ readonly id: string; readonly hash: string }>) =>
    [...entries].map(({ id, hash }) => `${id} ${hash}`);
  const parts = [
    JSON.stringify(withoutTimetable(pipeline)),
    JSON.stringify(sources),
    standard.hash,
    ...hashed(indicators.values()),
    ...hashed(readChecks(workspace)),
    ...(pipeline.warnings ?? []).map((id) => readWarnings(workspace, id).hash),
    ...(pipeline.lists ?? []).map(
      (id) => readLists(workspace, id, standard, pipeline.division).hash,
    ),
    readRecordRules(workspace, pipeline.rules).hash,
    readLaws(workspace).hash,
    ...listNamedFiles(defined).map((file) => sumOf(workspace, file)),
  ];
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

/** Files that definitions name and whose content counts, relative to the workspace. */
function listNamedFiles({ pipeline, sources }: Pick<Defined, "pipeline" | "sources">): string[] {
  const codes = new Set(sources.flatMap(listCodes));
  return [
    ...[...codes].sort().map((name) => join("pipelines", "codes", `${name}.yaml`)),
    ...[pipeline.calendar, pipeline.rates, pipeline.report.map].filter(
      (file) => file !== undefined,
    ),
  ];
}

function listCodes({ columns }: SourceDefinition): string[] {
  return Object.values(columns).flatMap(({ codes }) => (typeof codes === "string" ? [codes] : []));
}

/** A file that is not there is for its reader to report. */
function sumOf(workspace: string, file: string): string {
  const path = resolve(workspace, file);
  if (!existsSync(path)) return `${file} none`;
  return `${file} ${createHash("sha256").update(readBytes(path)).digest("hex")}`;
}
