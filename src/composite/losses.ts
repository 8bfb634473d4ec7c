import type { Aggregation, MeanRule } from "../standard/standard-methods.ts";
import { fallsBelow, nameNode, presentOf, tabulate } from "./aggregate.ts";
import { doubt } from "./benefit-of-the-doubt.ts";
import { isMean, raise } from "./means.ts";
import type { NodeScores } from "./node-scores.ts";
import { isOrdered, judgeUnit } from "./ordered.ts";
import { countDefeats } from "./outrank.ts";
import type { Specification } from "./specification.ts";
import type { TreeItem } from "./tree.ts";

/**
 * How a node's shortfall of 100 divides among its children. With relative weights wᵢ,
 * Σ wᵢ × costᵢ × (100 − sᵢ) + Σ lossᵢ = 100 − node, exactly but for rounding.
 */
export interface Losses {
  /** By child; a multiple of its own weighted shortfall. */
  readonly costs: Float64Array;
  /** By child; points of the node. */
  readonly losses: Float64Array;
}

export type LossSplit = (unit: number) => Losses;

/** Divides a node's shortfall, by the node's method, its caps, its scale and its direction. */
export function splitLosses(
  specification: Specification,
  position: number,
  children: readonly Float64Array[],
  weights: Float64Array,
  nodes: NodeScores,
): LossSplit {
  const item = specification.tree.items[position] as TreeItem;
  const own = item.children.map((child) => weights[child] as number);
  const plain = nodes.plain.get(position);
  const score = nodes.score[position] as Float64Array;
  const split = splitByMethod(specification, item, children, own, plain ?? score, nodes);
  if (!plain) return split;
  return (unit) => {
    const capped = capOf(item, nodes, unit);
    const before = plain[unit] as number;
    const kept = capped ? Math.min(before, capped.maximum) : before;
    const shortfall = 100 - (score[unit] as number);
    if (item.node?.direction === "lower") return spreadByScore(children, own, unit, shortfall);
    const { costs, losses } = split(unit);
    if (capped && before > capped.maximum) {
      losses[capped.place] = (losses[capped.place] as number) + before - capped.maximum;
    }
    // Another scale stretches all losses alike; where there were none to stretch, the weights share them.
    if (Math.abs(100 - kept) < SHORT && kept !== (score[unit] as number)) {
      return { costs: costs.fill(0), losses: shareByWeight(children, own, unit, shortfall) };
    }
    if (kept === 100) return { costs, losses };
    const stretch = shortfall / (100 - kept);
    return {
      costs: costs.map((cost) => cost * stretch),
      losses: losses.map((loss) => loss * stretch),
    };
  };
}

/** Shorter than this, a shortfall is rounding and cannot be stretched. */
const SHORT = 1e-6;

/** The lowest cap that holds a unit down. */
function capOf({ node, children }: TreeItem, nodes: NodeScores, unit: number) {
  return (node?.caps ?? [])
    .map((cap) => ({ ...cap, place: children.findIndex((one) => nodes.ids[one] === cap.child) }))
    .filter(
      ({ place, below }) =>
        place >= 0 && fallsBelow(nodes.score[children[place] as number]?.[unit] as number, below),
    )
    .sort((a, b) => a.maximum - b.maximum)[0];
}

function splitByMethod(
  { tolerance }: Specification,
  item: TreeItem,
  children: readonly Float64Array[],
  weights: readonly number[],
  score: Float64Array,
  nodes: NodeScores,
): LossSplit {
  const rule: Aggregation = item.node?.aggregation ?? { method: "arithmetic" };
  const count = children.length;
  const none = () => new Float64Array(count);
  const scoreOf = (child: number, unit: number) =>
    (children[child] as Float64Array)[unit] as number;
  if (isMean(rule)) {
    return (unit) => {
      const costs = Float64Array.from({ length: count }, (_, child) =>
        costOfShortfall(rule, scoreOf(child, unit), score[unit] as number),
      );
      return { costs, losses: none() };
    };
  }
  if (isOrdered(rule)) {
    return (unit) => {
      const present = presentOf(children, weights, unit);
      const sum = present.weights.reduce((total, weight) => total + weight, 0);
      const { score: own, parts } = judgeUnit(rule, present.scores, present.weights, item.id);
      const [costs, losses] = [none(), none()];
      let mean = 0;
      present.places.forEach((child, row) => {
        const part = parts[row] as number;
        mean += part * (present.scores[row] as number);
        const weight = (present.weights[row] as number) / sum;
        if (weight > 0) costs[child] = part / weight;
        else losses[child] = part * (100 - (present.scores[row] as number));
      });
      if (rule.method === "mazziotta_pareto") {
        shareImbalance(mean - own, mean, present, parts, losses);
      }
      return { costs, losses };
    };
  }
  // The methods that compare with peers are worked out again for all peers, then read unit by unit.
  const found = new Map<number, Float64Array>();
  for (const { using } of nodes.peers) {
    const units = using.filter((unit) => !Number.isNaN(score[unit]));
    if (rule.method === "benefit_of_the_doubt") {
      doubt(rule, nameNode(item, nodes), children, units, nodes.solver).forEach(
        ({ weights: own }, row) => {
          found.set(units[row] as number, own);
        },
      );
    } else {
      const rows = tabulate(children, units);
      const table = { rows, units: units.length, weights: Float64Array.from(weights) };
      const defeats = countDefeats(table, tolerance);
      units.forEach((unit, row) => {
        found.set(unit, defeats.subarray(row * count, (row + 1) * count));
      });
    }
  }
  return (unit) => {
    const own = found.get(unit) ?? none();
    const shortfall = 100 - (score[unit] as number);
    if (rule.method === "benefit_of_the_doubt") {
      // What the child's full points are short of by what it adds, v × s.
      const full = shareByWeight(children, weights, unit, 100);
      return {
        costs: none(),
        losses: full.map((points, child) => {
          const score = scoreOf(child, unit);
          return !Number.isNaN(score) ? points - (own[child] as number) * score : 0;
        }),
      };
    }
    const lost = own.map((defeats, child) => defeats * (weights[child] as number));
    const total = lost.reduce((sum, part) => sum + part, 0);
    const losses =
      total > 0
        ? lost.map((part) => (shortfall * part) / total)
        : shareByWeight(children, weights, unit, shortfall);
    return { costs: none(), losses };
  };
}

/** The cost of imbalance, by each child's part of the variance. */
function shareImbalance(
  imbalance: number,
  mean: number,
  { places, scores }: { readonly places: readonly number[]; readonly scores: Float64Array },
  parts: Float64Array,
  losses: Float64Array,
): void {
  const squares = scores.map((score, row) => (parts[row] as number) * (score - mean) ** 2);
  const variance = squares.reduce((sum, square) => sum + square, 0);
  if (variance === 0) return;
  places.forEach((child, row) => {
    losses[child] = (losses[child] as number) + (imbalance * (squares[row] as number)) / variance;
  });
}

/** Points divided by the weights of the children that are there. */
function shareByWeight(
  children: readonly Float64Array[],
  weights: readonly number[],
  unit: number,
  points: number,
): Float64Array {
  return shareBy(children, unit, points, (child) => weights[child] as number);
}

/** Of a node whose high scores are bad: its loss, by what each child added to it. */
function spreadByScore(
  children: readonly Float64Array[],
  weights: readonly number[],
  unit: number,
  points: number,
): Losses {
  const costs = new Float64Array(children.length);
  const added = (child: number) =>
    Math.max(0, (weights[child] as number) * ((children[child] as Float64Array)[unit] as number));
  const losses = shareBy(children, unit, points, added);
  return {
    costs,
    losses: losses.some(Number.isNaN) ? shareByWeight(children, weights, unit, points) : losses,
  };
}

function shareBy(
  children: readonly Float64Array[],
  unit: number,
  points: number,
  measure: (child: number) => number,
): Float64Array {
  const measures = Float64Array.from(children, (scores, child) =>
    Number.isNaN(scores[unit]) ? 0 : measure(child),
  );
  const sum = measures.reduce((total, own) => total + own, 0);
  return measures.map((own) => (points * own) / sum);
}

/**
 * Points of the node lost per point its child falls short of 100, as a multiple of the child's weight. A mean
 * φ(M) = Σ wᵢ φ(xᵢ) divides its shortfall as φ does: 100 − M = Σ wᵢ (φ(100) − φ(xᵢ)) × (100 − M) ÷ (φ(100) − φ(M)),
 * without a residual. For the geometric mean this is the additive logarithmic mean Divisia index
 * (B. W. Ang, "The LMDI approach to decomposition analysis: a practical guide", Energy Policy 33 (2005) 867-871).
 */
function costOfShortfall(rule: MeanRule, child: number, node: number): number {
  if (rule.method === "arithmetic" || Number.isNaN(child)) return 1;
  const own = raise(rule, child);
  if (rule.method === "geometric" || (rule.method === "power" && rule.exponent === 0)) {
    if (child === 100) return logarithmicMean(node) / 100;
    return (logarithmicMean(node) * logDistance(own)) / (100 - child);
  }
  if (rule.method === "harmonic") {
    return child === 100 ? node / 100 : ((node / own) * (100 - own)) / (100 - child);
  }
  // φ′(100), where the distance to 100 vanishes.
  const slope = rule.exponent * 100 ** (rule.exponent - 1);
  const ofNode = node === 100 ? slope : powerDistance(node, rule.exponent) / (100 - node);
  const ofChild = child === 100 ? slope : powerDistance(own, rule.exponent) / (100 - child);
  return ofChild / ofNode;
}

/** 100ᵖ − xᵖ; near 100 the two powers may be the same number, though x is not 100. */
function powerDistance(x: number, exponent: number): number {
  if (Math.abs(x - 100) > 1) return 100 ** exponent - x ** exponent;
  return -(100 ** exponent) * Math.expm1(exponent * Math.log1p((x - 100) / 100));
}

/** L(x, 100), with L(a, b) = (a − b) ÷ ln(a ÷ b). */
function logarithmicMean(x: number): number {
  return x === 100 ? 100 : (100 - x) / logDistance(x);
}

/** ln(100 / x), exact near 100. */
function logDistance(x: number): number {
  return -Math.log1p((x - 100) / 100);
}
