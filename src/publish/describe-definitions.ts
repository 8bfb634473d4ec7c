import { createHash } from "node:crypto";
import { join } from "node:path";
import canonicalize from "canonicalize";
import type { Context } from "../context.ts";
import { listsOf, warningsOf } from "../definitions-on.ts";
import { readChecks } from "../standard/check-file.ts";
import { readLaws } from "../standard/law-register.ts";
import { withoutTimetable } from "../standard/pipeline-definition.ts";
import { readRuleFile } from "../standard/record-rules.ts";
import { readText, sumFile } from "../whole-file.ts";
import { listFolder } from "./folder-files.ts";

const PROGRAM = join(import.meta.dirname, "..", "..");

/** What a publication was made by. */
export interface ManifestDefinitions {
  readonly standard: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly code: { readonly version: string; readonly sha256: string };
  /** sha-256 of the pipeline's definition without its schedule. Like sources and checks absent in manifests of older programs. */
  readonly definition?: string;
  /** sha-256 of the definitions of sources by id. */
  readonly sources?: Readonly<Record<string, string>>;
  /** sha-256 of the SQL checks by id. */
  readonly checks?: Readonly<Record<string, string>>;
  /** sha-256 of the indicators by id. */
  readonly indicators: Readonly<Record<string, string>>;
  /** sha-256 of the warning rules by id. */
  readonly warnings: Readonly<Record<string, string>>;
  /** The list rules and the sha-256 of their file; none: the pipeline draws up no lists. */
  readonly lists: { readonly id: string; readonly sha256: string } | null;
  /** sha-256 of the register of laws that the definitions cite. Absent in manifests of older programs. */
  readonly laws?: string;
  /** sha-256 of the dated rules of records by id. */
  readonly rules: Readonly<Record<string, string>>;
}

/** What a publication is made by: the program and every definition, each by its hash. */
export function describeDefinitions(context: Context): ManifestDefinitions {
  const { pipeline, standard, workspace } = context;
  const byId = (entries: readonly { readonly id: string; readonly hash: string }[]) =>
    Object.fromEntries(entries.map(({ id, hash }): [string, string] => [id, hash]).sort());
  return {
    standard: { id: standard.id, version: standard.version, sha256: standard.hash },
    code: readCodeVersion(),
    definition: hashValue(withoutTimetable(pipeline)),
    sources: byId(context.sources.map((one) => ({ id: one.source, hash: hashValue(one) }))),
    checks: byId(readChecks(workspace)),
    indicators: byId([...context.indicators.values()]),
    warnings: byId(warningsOf(context)),
    lists: identifyLists(context),
    laws: readLaws(workspace).hash,
    rules: byId(
      (pipeline.rules ?? []).map((id) => ({ id, hash: readRuleFile(workspace, id).hash })),
    ),
  };
}

function hashValue(value: unknown): string {
  const text = canonicalize(JSON.parse(JSON.stringify(value))) as string;
  return createHash("sha256").update(text).digest("hex");
}

/** The list rules in effect; null in a period for which none are drawn up. */
function identifyLists(context: Context) {
  const lists = listsOf(context);
  return lists === undefined ? null : { id: lists.id, sha256: lists.hash };
}

/**
 * The program: its package version, and sha-256 over the lines "<sha-256>  <path>\n" of every file below src/,
 * by path. `( cd src && find . -type f | LC_ALL=C sort | xargs sha256sum ) | sed 's| \./| |' | sha256sum` gives the same.
 */
export function readCodeVersion(): { version: string; sha256: string } {
  const { version } = JSON.parse(readText(join(PROGRAM, "package.json")));
  const folder = join(PROGRAM, "src");
  const sum = createHash("sha256");
  for (const path of listFolder(folder)) sum.update(`${sumFile(join(folder, path))}  ${path}\n`);
  return { version, sha256: sum.digest("hex") };
}
