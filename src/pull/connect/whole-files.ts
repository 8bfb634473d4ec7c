import { setTimeout as pause } from "node:timers/promises";
import type { DeliveryRules } from "../../standard/connector-definition.ts";
import { compilePattern } from "../find-files.ts";

/** A file in a delivery folder, here or on a server. */
export interface FoundFile {
  /** Relative to the folder, with "/" between parts. */
  readonly name: string;
  readonly size: number;
  /** Time of change, in milliseconds since 1970. */
  readonly modified: number;
}

/** Names programs use while they write: the file gets its own when it is whole. */
const TEMPORARY = [
  "*.part",
  "*.partial",
  "*.tmp",
  "*.temp",
  "*.filepart",
  "*.crdownload",
  "*.writing",
  "*.lock",
];

/**
 * The files of a delivery folder that are new and whole. Half-written ones are told by their names, by a marker file
 * that is not there yet, and by size and time, which must stand still: the folder is listed twice, `settle_seconds` apart.
 * Nothing is waited for when nothing is new.
 * @param list reads the folder, all files below it
 * @param isNew whether a file in this version is wanted
 * @param onNone called when not one file is there that is wanted, new or not, whole or not
 */
export async function findWholeFiles(
  rules: DeliveryRules,
  list: () => Promise<readonly FoundFile[]>,
  isNew: (file: FoundFile) => boolean,
  onNone: () => Promise<void>,
): Promise<readonly FoundFile[]> {
  const there = await list();
  const wanted = compilePattern(rules.match);
  if (!there.some(({ name }) => wanted.test(name))) await onNone();
  const before = choose(rules, there).filter(isNew);
  if (before.length === 0 || rules.settle_seconds === 0) return before;
  await pause(rules.settle_seconds * 1000);
  const after = new Map((await list()).map((file) => [file.name, file]));
  return before.filter((file) => {
    const now = after.get(file.name);
    return now !== undefined && versionOf(now) === versionOf(file);
  });
}

/** What tells one version of a file from another without reading it. */
export function versionOf({ size, modified }: FoundFile): string {
  return `${size} bytes, changed ${new Date(modified).toISOString()}`;
}

/** The files that are wanted and not known to be half-written, in the order of their names. */
function choose(
  { match, temporary = [], done_marker }: DeliveryRules,
  files: readonly FoundFile[],
): FoundFile[] {
  const wanted = compilePattern(match);
  const unfinished = [...TEMPORARY, ...temporary].map(compilePattern);
  const names = new Set(files.map(({ name }) => name));
  return files
    .filter(({ name }) => {
      const last = name.split("/").at(-1) as string;
      if (/^(\.|~\$)/.test(last) || name.split("/").some((part) => part.startsWith(".")))
        return false;
      if (unfinished.some((pattern) => pattern.test(last.toLowerCase()))) return false;
      if (done_marker && (name.endsWith(done_marker) || !names.has(name + done_marker))) {
        return false;
      }
      return wanted.test(name);
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
