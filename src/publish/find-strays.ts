import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { CHAIN } from "./chain.ts";
import { isOlderLayout, LATEST, publishedFolder } from "./layout.ts";

/**
 * What lies among the publications of a pipeline without being one: folders that hold nothing of a publication, files, links.
 * @param isRun whether a folder is one of its runs, also put aside or damaged
 * @param periods those that something was published of, be it gone
 * @returns paths below the folder of the jurisdiction
 */
export function findStrays(
  dataDir: string,
  pipeline: string,
  isRun: (folder: string) => boolean,
  periods: ReadonlySet<string>,
): string[] {
  const published = publishedFolder(dataDir);
  const own = join(published, pipeline);
  const strays = list(published)
    .filter((name) => name !== pipeline && !isElsewhere(join(published, name), name))
    .map((name) => join(published, name));
  for (const period of list(own)) {
    const folder = join(own, period);
    if (period === CHAIN) continue;
    const runs = isFolder(folder) ? list(folder) : [];
    if (runs.length === 0 && !periods.has(period)) strays.push(folder);
    else strays.push(...runs.map((run) => join(folder, run)).filter((run) => !isRun(run)));
  }
  return strays.map((path) => relative(dataDir, path)).sort();
}

/** Whether it is of another pipeline, or of an older program: what is to be said of it is said there. */
function isElsewhere(path: string, name: string): boolean {
  return isFolder(path) && (isOlderLayout(name) || existsSync(join(path, CHAIN)) || hasRuns(path));
}

function hasRuns(folder: string): boolean {
  return list(folder).some((period) => list(join(folder, period)).length > 0);
}

/** Names in a folder; the pointers of ours are links of a known name. */
function list(folder: string): string[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder).filter(
    (name) => !(name === LATEST && lstatSync(join(folder, name)).isSymbolicLink()),
  );
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
