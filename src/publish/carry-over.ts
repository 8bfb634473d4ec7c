import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isLink, nextFree, pointTo } from "./atomic.ts";
import { listAllPublished } from "./find-published.ts";
import { isOlderLayout, LATEST, publishedFolder, runFolder, UNFINISHED } from "./layout.ts";
import { readManifest } from "./manifest.ts";

/**
 * Moves what an older program published, published/<period>/<run>/ for all pipelines of a jurisdiction together, into the
 * folders of the pipelines, and takes the pointers away that named one month for all of them. Pointers are set first and
 * every folder moves by one rename, so that readers find the same runs before, between and afterwards, and a crash leaves
 * nothing that the next time does not finish. What belongs to no pipeline stays where it is.
 * @param dataDir folder of the jurisdiction, which nobody else may be writing to
 * @returns how many folders were moved
 */
export function carryOver(dataDir: string): number {
  const published = publishedFolder(dataDir);
  if (!existsSync(published)) return 0;
  const older = readdirSync(published, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && isOlderLayout(entry.name),
  );
  if (older.length > 0) setPointers(dataDir);
  for (const name of [LATEST, `${LATEST}${UNFINISHED}`]) {
    if (isLink(join(published, name))) rmSync(join(published, name));
  }
  return older.reduce((moved, { name }) => moved + carryPeriod(dataDir, name), 0);
}

/** Pointers of every pipeline that name what its readers find now. */
function setPointers(dataDir: string): void {
  const published = publishedFolder(dataDir);
  for (const { pipeline, period, run, latest, newest } of listAllPublished(dataDir)) {
    if (!latest) continue;
    const folder = join(published, pipeline, period);
    mkdirSync(folder, { recursive: true });
    pointTo(folder, run);
    if (newest) pointTo(dirname(folder), join(period, LATEST));
  }
}

function carryPeriod(dataDir: string, period: string): number {
  const folder = join(publishedFolder(dataDir), period);
  let moved = 0;
  for (const { name } of readdirSync(folder, { withFileTypes: true })) {
    const from = join(folder, name);
    if (name === LATEST || name.endsWith(UNFINISHED)) {
      rmSync(from, { recursive: true, force: true });
      continue;
    }
    const pipeline = tryPipeline(from);
    if (pipeline === undefined) continue;
    const to = runFolder(dataDir, pipeline, period, name);
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, existsSync(to) ? nextFree(`${to}.superseded`) : to);
    moved++;
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
  return moved;
}

function tryPipeline(folder: string): string | undefined {
  try {
    return readManifest(folder).pipeline;
  } catch {
    // Without a readable manifest nobody can say whose it is.
    return undefined;
  }
}
