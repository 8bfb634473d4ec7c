import type { NodeScores } from "./node-scores.ts";
import type { Panel } from "./panel.ts";
import type { LevelTree } from "./tree.ts";

/**
 * Points of the weight below each node that rest on observed values, by position and unit: what is assessed less what was
 * put in. Divided by the applicable points it is the availability beside a score. Of leaves not kept.
 */
export function countAvailable(
  { items }: LevelTree,
  { units }: Panel,
  weights: Float64Array,
  imputed: Uint8Array,
  { score, assessed }: NodeScores,
): readonly Float64Array[] {
  if (!imputed.includes(1)) return assessed;
  const available = items.map(({ column }) => new Float64Array(column < 0 ? units : 0));
  for (let position = items.length - 1; position >= 0; position--) {
    const own = available[position] as Float64Array;
    for (const child of items[position]?.children ?? []) {
      const column = items[child]?.column ?? -1;
      const scores = score[child] as Float64Array;
      const below = available[child] as Float64Array;
      for (let unit = 0; unit < own.length; unit++) {
        if (Number.isNaN(scores[unit])) continue;
        const points =
          column < 0
            ? (below[unit] as number)
            : imputed[column * units + unit]
              ? 0
              : (weights[child] as number);
        own[unit] = (own[unit] as number) + points;
      }
    }
  }
  return available;
}
