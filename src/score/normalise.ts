import { findBand, type Normalisation } from "../standard/evaluation-standard.ts";

export type Direction = "higher" | "lower";

/** The ends of a peer class's values, after the winsor limits. */
export interface PeerRange {
  readonly low: number;
  readonly high: number;
  readonly peers: number;
}

export interface Normalised {
  /** 0 to 100. */
  readonly score: number;
  /** Where the score falls evenly with the distance from a reference value: that value, and the score there. */
  readonly linear?: { readonly reference: number; readonly best: number };
}

/**
 * Score of a value.
 * @param range of the body's peer class; read by min_max only
 * @returns undefined when there are too few peers to compare with
 */
export function normalise(
  rule: Normalisation,
  direction: Direction,
  value: number,
  range: PeerRange,
): Normalised | undefined {
  const worse = (reference: number) =>
    direction === "higher" ? reference - value : value - reference;
  switch (rule.method) {
    case "min_max": {
      if (range.peers < rule.minimum_peers) return undefined;
      if (range.low === range.high) return { score: rule.when_equal };
      return between(range.low, range.high, direction, worse);
    }
    case "goalposts":
      return between(rule.low, rule.high, direction, worse);
    case "deduction": {
      const { start, floor } = rule;
      if (rule.bands) {
        return { score: Math.max(floor, start - findBand(rule.bands, value).points) };
      }
      const { beyond = 0, per = 1, points = 0 } = rule;
      const taken = (Math.max(0, worse(beyond)) / per) * points;
      return { score: Math.max(floor, start - taken), linear: { reference: beyond, best: start } };
    }
    case "points":
      return { score: findBand(rule.bands, value).points };
    case "target": {
      if (worse(rule.target) <= 0) return { score: 100 };
      if (direction === "lower") return { score: (100 * rule.target) / value };
      return {
        score: clamp((100 * value) / rule.target),
        linear: { reference: rule.target, best: 100 },
      };
    }
  }
}

/**
 * Range of the values of one peer class. Quantiles interpolate linearly between order statistics
 * (type 7 of Hyndman and Fan 1996).
 */
export function peerRange(
  values: readonly number[],
  winsor?: { readonly low: number; readonly high: number },
): PeerRange {
  const sorted = Float64Array.from(values).sort();
  return {
    low: quantile(sorted, winsor?.low ?? 0),
    high: quantile(sorted, winsor?.high ?? 1),
    peers: sorted.length,
  };
}

function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}

function between(
  low: number,
  high: number,
  direction: Direction,
  worse: (reference: number) => number,
): Normalised {
  const reference = direction === "higher" ? high : low;
  return {
    score: clamp(100 - (100 * worse(reference)) / (high - low)),
    linear: { reference, best: 100 },
  };
}

function clamp(score: number): number {
  return Math.min(100, Math.max(0, score));
}
