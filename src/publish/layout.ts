import { join } from "node:path";

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

/**
 * Whether a folder below published/ is one of an older layout, published/<period>/<run>/, in which pipelines stood side by
 * side. A period begins with a digit, the name of a pipeline with a letter.
 */
export function isOlderLayout(name: string): boolean {
  return /^\d/.test(name);
}

/** Ending of a folder still being written; whatever is found under it was left by a crash. */
export const UNFINISHED = ".unfinished";
