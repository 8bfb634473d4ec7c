import { findBand } from "../standard/standard-bands.ts";
import type { Level, WarningDefinition } from "../standard/warning-definition.ts";

/** A government credit rating. */
export interface Rating {
  readonly score: number;
  readonly grade: string;
  /** Before the cap of the composite level. */
  readonly uncapped: string;
}

/**
 * Rates a body by the scores that the standard gives its nodes: their weighted mean falls into a half-open grade band, and a
 * composite level may cap the grade.
 * @param scores by node, 0 to 100
 * @returns undefined unless every node has a score
 */
export function rateBody(
  definition: WarningDefinition,
  scores: ReadonlyMap<string, number>,
  level: Level | "no_data",
): Rating | undefined {
  const { rating } = definition;
  if (!rating) return undefined;
  let sum = 0;
  let weights = 0;
  for (const [node, weight] of Object.entries(rating.nodes)) {
    const score = scores.get(node);
    if (score === undefined) return undefined;
    sum += weight * score;
    weights += weight;
  }
  const score = sum / weights;
  const uncapped = findBand(rating.grades, score).id;
  const cap = level === "green" || level === "no_data" ? undefined : rating.caps[level];
  const place = (grade: string) => rating.grades.findIndex(({ id }) => id === grade);
  return {
    score,
    uncapped,
    grade: cap !== undefined && place(cap) > place(uncapped) ? cap : uncapped,
  };
}
