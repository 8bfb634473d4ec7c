import type { Context } from "../context.ts";
import { SETTINGS } from "../settings.ts";
import type { RawFile } from "./raw-files.ts";

/** So many rows have the time that the setting gives. */
const ROWS = 1_000_000;

/** Seconds that conforming may take for each million rows begun; without end where what was published is rebuilt. */
export function conformSeconds({ conformSeconds: set, rebuilds }: Context): number {
  if (rebuilds) return Number.POSITIVE_INFINITY;
  return set ?? Number(SETTINGS.conformSeconds.fallback);
}

/** Seconds that conforming these files together may take. */
export function secondsFor(context: Context, files: readonly RawFile[]): number {
  const rows = files.reduce((sum, { row_count }) => sum + row_count, 0);
  return conformSeconds(context) * Math.max(1, Math.ceil(rows / ROWS));
}
