import type { SourceDefinition } from "../standard/source-definition.ts";
import { isObject } from "../standard/walk-record.ts";
import { listNames } from "./read-column.ts";

/**
 * The paths that a row of releases cannot do without: for its key, its body, the day it is valid from and what the source calls
 * required, those any of which gives it. What comes from no path is always there.
 */
export function listNeeded({ columns, key, valid }: SourceDefinition): string[][] {
  const needed = new Set([...key, valid.from, "entity_id"]);
  return Object.entries(columns).flatMap(([core, { from, first_of, value, required }]) => {
    const paths = [...listNames(from), ...(first_of ?? [])];
    const isNeeded = needed.has(core) || required === true;
    return isNeeded && value === undefined && paths.length > 0 ? [paths] : [];
  });
}

/** Whether something stands at a path; of lists in some element, whichever the path chooses. */
export function hasValue(row: unknown, path: string): boolean {
  const steps = path.replace(/\[[^\]]*\]/g, "").split(".");
  return reaches(row, steps);
}

function reaches(value: unknown, steps: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((each) => reaches(each, steps));
  const [step, ...rest] = steps;
  if (step === undefined) return value !== undefined && value !== null && value !== "";
  return isObject(value) && reaches(value[step], rest);
}
