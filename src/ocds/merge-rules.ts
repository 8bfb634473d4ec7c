import { join } from "node:path";
import { readText } from "../whole-file.ts";

/** Versions of the standard whose rules are known. */
export type OcdsVersion = "1.0" | "1.1";

export type MergeRule = "identifierMerge" | "omitWhenMerged" | "versionId" | "wholeListMerge";

/** The rules of one version, by path as "awards/suppliers". */
export type MergeRules = ReadonlyMap<string, ReadonlySet<MergeRule>>;

const known = new Map<OcdsVersion, MergeRules>();

/** The rules that the release schema of a version declares, by path. */
export function mergeRules(version: OcdsVersion): MergeRules {
  if (known.size === 0) readRules();
  return known.get(version) as MergeRules;
}

function readRules(): void {
  const rules: Record<OcdsVersion, Map<string, Set<MergeRule>>> = {
    "1.0": new Map(),
    "1.1": new Map(),
  };
  const [, ...lines] = readText(join(import.meta.dirname, "merge-rules.csv"))
    .trim()
    .split(/\r?\n/);
  for (const line of lines) {
    const [version, path, rule] = line.split(",") as [string, string, MergeRule];
    const own = rules[version.slice(0, 3) as OcdsVersion];
    own.set(path, (own.get(path) ?? new Set()).add(rule));
  }
  // 1.0 says of these fields elsewhere that they describe the release and not the process.
  for (const path of ["id", "date", "tag"]) rules["1.0"].set(path, new Set(["omitWhenMerged"]));
  for (const version of ["1.0", "1.1"] as const) known.set(version, rules[version]);
}
