import { join } from "node:path";
import { AUDIENCES, type Audience } from "../standard/audience.ts";

/**
 * Version of the layout of a published month, which its manifest states: 1 until there were editions for several audiences.
 * It rises whenever a reader of today could not read what is written tomorrow. Older ones are brought up when they are opened
 * (open-published.ts, bring-up-report.ts), never rewritten.
 */
export const LAYOUT = 2;

/** Name of the pointers to the run in force of a period, and to the newest period of a pipeline. */
export const LATEST = "latest";

/** Folder of everything published of a jurisdiction. */
export function publishedFolder(dataDir: string): string {
  return join(dataDir, "published");
}

/** Folder of a published run: every pipeline has months of its own, several may share a jurisdiction. */
export function runFolder(dataDir: string, pipeline: string, period: string, run: string): string {
  return join(publishedFolder(dataDir), pipeline, period, run);
}

/** Folder of the renderings of a published run, without records that are published no more. */
export function runRenderings(
  dataDir: string,
  { pipeline, period, run }: Readonly<Record<"pipeline" | "period" | "run", string>>,
): string {
  return join(dataDir, "redacted", pipeline, period, run);
}

/**
 * Whether a folder below published/ is one of an older layout, published/<period>/<run>/, in which pipelines stood side by
 * side. A period begins with a digit, the name of a pipeline with a letter.
 */
export function isOlderLayout(name: string): boolean {
  return /^\d/.test(name);
}

/** Folder of an edition of a published run: everybody's is the run's own. */
export function editionFolder(run: string, audience: Audience): string {
  return audience === "public" ? run : join(run, audience);
}

/** For whom a file of a published run is, by its path below the run's folder. Single records are not for everybody. */
export function audienceOfFile(path: string): Audience {
  const [first = ""] = path.split("/");
  const edition = AUDIENCES.find((one) => one === first);
  if (edition) return edition;
  if (first === "lapsed.parquet") return "internal";
  return first === "records.duckdb" ? "officers" : "public";
}

/** Ending of the folder that holds what is left of a run that was tidied away: its manifest and signature. */
export const TIDIED = ".tidied";

/** Ending of a folder still being written; whatever is found under it was left by a crash. */
export const UNFINISHED = ".unfinished";
