import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { chooseRun, type RunChoice } from "./choose-run.ts";
import { type Manifest, readManifest } from "./manifest.ts";

/** A published run of a period, and whether the period's pointer names it. */
export interface PublishedRun {
  readonly period: string;
  readonly run: string;
  readonly asOf: string;
  readonly latest: boolean;
  readonly folder: string;
}

/** Every published run of a jurisdiction, by period, then as-of time, then run. */
export function listPublished(dataDir: string): PublishedRun[] {
  const published = join(dataDir, "published");
  return foldersOf(published)
    .flatMap((period) => {
      const latest = tryRealPath(join(published, period, "latest"));
      return foldersOf(join(published, period)).flatMap((run): PublishedRun[] => {
        const folder = join(published, period, run);
        const manifest = tryManifest(folder);
        if (manifest?.run !== run) return [];
        const isLatest = latest !== undefined && basename(latest) === run;
        return [{ period, run, asOf: manifest.as_of, latest: isLatest, folder }];
      });
    })
    .sort(
      (a, b) => compare(a.period, b.period) || compare(a.asOf, b.asOf) || compare(a.run, b.run),
    );
}

/**
 * Finds a published folder by the rule of chooseRun; the newest period is the one the pointer of all periods names.
 * @param dataDir folder of the jurisdiction
 * @throws Error in a sentence that names what there is
 */
export function findPublished(
  dataDir: string,
  periodId?: string,
  which: Omit<RunChoice, "period"> = {},
): string {
  const all = listPublished(dataDir);
  const newest = tryManifest(join(dataDir, "published", "latest"))?.period.id;
  const chosen = chooseRun(all, { period: periodId, ...which }, newest);
  if (chosen) return chosen.folder;
  const wanted = [
    periodId ? `the period ${periodId}` : "any period",
    which.run && `the run ${which.run}`,
    which.asOf && `what was known no later than ${which.asOf}`,
  ].filter(Boolean);
  const there = all.map(({ period: id, run, asOf }) => `${id} (run ${run}, as of ${asOf})`);
  throw new Error(
    `Nothing is published for ${wanted.join(", ")}. ${there.length > 0 ? `Published are: ${there.join("; ")}.` : "Run the pipeline first."}`,
  );
}

function foldersOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function tryManifest(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch {
    // Without a readable manifest it is nothing published.
    return undefined;
  }
}

function tryRealPath(path: string): string | undefined {
  return existsSync(path) ? realpathSync(path) : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
