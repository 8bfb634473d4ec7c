import type { ManifestDefinitions } from "./publish/describe-definitions.ts";
import type { Manifest } from "./publish/manifest.ts";

/** A definition, or the program, that is no longer what a period was published by. */
export interface Cause {
  readonly definition: string;
  readonly zh: string;
  readonly en: string;
}

/** Entries of a manifest that follow from definitions; a change of theirs is a cause and not a difference. */
const BY_DEFINITION: ReadonlySet<string> = new Set([
  "standard",
  "code",
  "definition",
  "sources",
  "checks",
  "indicators",
  "warnings",
  "lists",
  "rules",
  "laws",
]);

/** Which definitions differ between a manifest and the workspace as it is now. */
export function findCauses(published: Manifest, now: ManifestDefinitions): Cause[] {
  const causes: Cause[] = [];
  const say = (definition: string, zh: string, en: string) =>
    causes.push({ definition, zh: `${zh}在发布之后有变。`, en: `${en} has changed since.` });
  if (published.code.sha256 !== now.code.sha256) {
    const versions =
      published.code.version === now.code.version
        ? ""
        : `（${published.code.version} → ${now.code.version}）`;
    say("code", `程序${versions}`, "The program");
  }
  if (published.standard.sha256 !== now.standard.sha256) {
    const [before, after] = [published.standard, now.standard].map(
      ({ id, version }) => `${id} ${version}`,
    );
    const which = before === after ? before : `${before} → ${after}`;
    say("standard", `评价标准 ${which} `, `The standard ${which}`);
  }
  if (published.definition !== undefined && published.definition !== now.definition) {
    say("definition", `流程 ${published.pipeline} 的定义`, `The pipeline ${published.pipeline}`);
  }
  for (const { part, zh, en } of PARTS) {
    const before = published[part];
    if (before === undefined) continue;
    for (const id of differing(before, now[part] ?? {})) {
      say(`${part}/${id}`, `${zh} ${id} `, `The ${en} ${id}`);
    }
  }
  if (published.lists?.sha256 !== now.lists?.sha256) {
    say("lists", "名单规则", "The file of list rules");
  }
  if (published.laws !== undefined && published.laws !== now.laws) {
    say("laws", "法规登记", "The register of laws");
  }
  return causes;
}

const PARTS = [
  { part: "sources", zh: "数据源", en: "source" },
  { part: "checks", zh: "检查", en: "check" },
  { part: "indicators", zh: "指标", en: "indicator" },
  { part: "warnings", zh: "预警规则", en: "warning rules" },
  { part: "rules", zh: "记录规则", en: "record rules" },
] as const;

function differing(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): string[] {
  const ids = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...ids].filter((id) => a[id] !== b[id]).sort();
}

/**
 * Entries in which two manifests differ, as "inputs.3.rows": all but the list of files, which is compared file by file, and
 * what follows from definitions.
 */
export function compareManifests(published: Manifest, rebuilt: Manifest): string[] {
  const kept = (manifest: Manifest) =>
    Object.fromEntries(
      Object.entries(manifest).filter(([key]) => key !== "outputs" && !BY_DEFINITION.has(key)),
    );
  return compareValues(kept(published), kept(rebuilt), []);
}

function compareValues(a: unknown, b: unknown, path: readonly string[]): string[] {
  if (!isTree(a) || !isTree(b)) return Object.is(a, b) ? [] : [path.join(".")];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => compareValues(a[key], b[key], [...path, key]));
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
