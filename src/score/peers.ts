import type { Context } from "../context.ts";
import type { Normalisation } from "../standard/evaluation-standard.ts";
import type { Evidence, Unit } from "./evidence.ts";
import { type PeerRange, peerRange } from "./normalise.ts";
import type { LevelTree } from "./tree.ts";

/** Ranges of values by period, level, peer class and indicator. */
export type PeerRanges = ReadonlyMap<string, PeerRange>;

const NO_RANGE: PeerRange = { low: Number.NaN, high: Number.NaN, peers: 0 };

/** Ranges of the values of each period's peer classes, for the indicators that are compared with peers. */
export function findPeerRanges(
  { standard }: Context,
  evidence: Evidence,
  trees: ReadonlyMap<string, LevelTree>,
): PeerRanges {
  const groups = new Map<string, { rule: Normalisation; values: number[] }>();
  evidence.units.forEach((unit, number) => {
    const tree = trees.get(unit.level) as LevelTree;
    tree.rules.forEach((name, leaf) => {
      const rule = standard.normalisations[name ?? ""];
      const value = evidence.value[number * evidence.leaves.length + leaf] as number;
      if (rule?.method !== "min_max" || Number.isNaN(value)) return;
      const key = peerKey(unit, leaf);
      const group = groups.get(key) ?? { rule, values: [] };
      groups.set(key, group);
      group.values.push(value);
    });
  });
  return new Map(
    [...groups].map(([key, { rule, values }]) => [
      key,
      peerRange(values, rule.method === "min_max" ? rule.winsor : undefined),
    ]),
  );
}

/** The range a body's value is compared with; empty where the rule compares with none. */
export function rangeOf(
  ranges: PeerRanges,
  rule: Normalisation,
  unit: Unit,
  leaf: number,
): PeerRange {
  return rule.method === "min_max" ? (ranges.get(peerKey(unit, leaf)) ?? NO_RANGE) : NO_RANGE;
}

function peerKey({ period, level, peerClass }: Unit, leaf: number): string {
  return `${period}\n${leaf}\n${level}\n${peerClass}`;
}
