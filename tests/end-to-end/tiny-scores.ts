import { expect } from "vitest";
import type { Asked } from "./tiny-answers.ts";

const SCORES = `SELECT entity_id, score FROM scores.rank WHERE run_id = $run AND state = 'ranked'`;

/** Asks for the index of everybody ranked in a period. */
export async function expectScores(asked: Asked, period: string, expected: Record<string, number>) {
  const found = await asked.rows<{ entity_id: string; score: number }>(
    `${SCORES} AND period = '${period}' ORDER BY entity_id`,
  );
  expect(found.map(({ entity_id }) => entity_id)).toEqual(Object.keys(expected).sort(byText));
  for (const { entity_id, score } of found) {
    // Points stand on a grid of 2^-40, so ten decimals are within the rounding of at most a dozen parts.
    expect(score, entity_id).toBeCloseTo(expected[entity_id] as number, 10);
  }
}

const byText = (a: string, b: string) => (a < b ? -1 : 1);

type Points = { kind: string; node_id: string; points: number };

/** Points of a body by kind and node. */
export async function contributions(asked: Asked, entity: string, period = "2018-06") {
  const found = await asked.rows<Points>(
    `SELECT kind, node_id, points FROM scores.contribution
     WHERE run_id = $run AND period = '${period}' AND entity_id = '${entity}' AND points <> 0 ORDER BY kind, node_id`,
  );
  return Object.fromEntries(
    found.map(({ kind, node_id, points }) => [`${kind} ${node_id}`, points]),
  );
}

export const CLOSED = "indicator B2/closed-on-time";
export const AGAIN = "indicator B2/repeat-share";
export const DELAY = "indicator A1/publication-delay-median";
export const DEBT = "indicator C5/debt-ratio";

export function expectPoints(found: Record<string, number>, expected: Record<string, number>) {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, points] of Object.entries(expected)) {
    expect(found[name], name).toBeCloseTo(points, 9);
  }
}
