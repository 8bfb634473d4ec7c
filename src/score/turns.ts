import type { EvaluationStandard } from "../standard/evaluation-standard.ts";

/**
 * How many nodes above an indicator turn its score round (`direction: lower`). Of an odd number, a high score of the
 * indicator is bad for the index.
 */
export function countTurns(
  { nodes, indicators }: Pick<EvaluationStandard, "nodes" | "indicators">,
  indicator: string,
): number {
  let turns = 0;
  let above = indicators.find((entry) => entry.indicator === indicator)?.parent;
  while (above !== undefined) {
    const id = above;
    const node = nodes.find((one) => one.id === id);
    if (node?.direction === "lower") turns++;
    above = node?.parent;
  }
  return turns;
}
