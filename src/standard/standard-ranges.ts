import {
  type Aggregation,
  type Normalisation,
  needsPositive,
  rangeOf,
} from "./standard-methods.ts";
import { pickByLevel, type StandardFile } from "./standard-schema.ts";

/** Scores that something may have at all. */
interface Range {
  readonly low: number;
  readonly high: number;
}

interface MethodFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const OPEN: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/**
 * Methods that do not go with the scores below them, told before any value is seen: means that scores of 0 and less leave
 * undefined, benefit of the doubt over negative scores or shares nobody can meet, ordered weights that do not fit.
 */
export function findMethodFaults(value: StandardFile): MethodFault[] {
  const faults: MethodFault[] = [];
  for (const level of Object.keys(value.levels)) {
    const visit = (index: number): Range => {
      const node = value.nodes[index] as StandardFile["nodes"][number];
      const children = childrenOf(value, node.id, level, visit);
      const path = ["nodes", index, "aggregation"];
      for (const message of judge(node, children)) {
        if (!faults.some((fault) => fault.message === message)) faults.push({ path, message });
      }
      for (const [key, message] of judgeTerms(value, node, children)) {
        const faulty = { path: ["nodes", index, key], message };
        if (!faults.some((fault) => fault.message === message)) faults.push(faulty);
      }
      return rangeOfNode(value, node, children);
    };
    value.nodes.forEach(({ parent, weight }, index) => {
      if (parent === undefined && weight[level] !== undefined) visit(index);
    });
  }
  return faults;
}

interface Child extends Range {
  readonly id: string;
}

function childrenOf(
  value: StandardFile,
  id: string,
  level: string,
  visit: (index: number) => Range,
): Child[] {
  const nodes = value.nodes.flatMap((node, index) =>
    node.parent === id && node.weight[level] !== undefined
      ? [{ id: node.id, ...visit(index) }]
      : [],
  );
  const leaves = value.indicators.flatMap((leaf) => {
    if (leaf.parent !== id || leaf.weight[level] === undefined) return [];
    const name = pickByLevel(leaf.normalise, level) ?? value.defaults?.normalise ?? "";
    const rule = value.normalisations[name];
    return [{ id: leaf.indicator, ...(rule ? rangeOfRule(rule) : OPEN) }];
  });
  return [...nodes, ...leaves];
}

/** Scores a normalisation may give. */
export function rangeOfRule(rule: Normalisation): Range {
  const { low, high } = rangeOf(rule);
  const among = "reference_period" in rule && rule.reference_period !== undefined;
  const equal = "when_equal" in rule ? rule.when_equal : undefined;
  const withEqual = (range: Range): Range =>
    equal === undefined
      ? range
      : { low: Math.min(range.low, equal), high: Math.max(range.high, equal) };
  switch (rule.method) {
    case "min_max":
      return withEqual({ low, high });
    case "goalposts":
      return { low, high };
    case "percentile_rank":
      return withEqual({ low, high });
    case "rank":
      return withEqual({ low: 1, high: OPEN.high });
    case "borda":
      return withEqual({ low: 0, high: OPEN.high });
    case "fraction_of_best":
      return withEqual({ low, high: among ? OPEN.high : high });
    case "distance_to_target":
    case "distance_to_reference": {
      const capped = rule.capped ?? rule.method === "distance_to_target";
      // Another period's values may be worse than the worst of the reference.
      return withEqual({ low: among ? OPEN.low : low, high: capped ? high : OPEN.high });
    }
    case "z_score":
    case "scaled":
      return OPEN;
    case "deduction": {
      const most = rule.bands
        ? rule.start - Math.min(...rule.bands.map(({ points }) => points))
        : rule.start;
      return { low: rule.floor, high: Math.max(rule.floor, most) };
    }
    case "points": {
      const points = rule.bands.map((band) => band.points);
      return { low: Math.min(...points), high: Math.max(...points) };
    }
    case "target":
      return { low: 0, high: 100 };
  }
}

function rangeOfNode(
  value: StandardFile,
  { aggregation, missing, caps, normalise, direction }: StandardFile["nodes"][number],
  children: readonly Child[],
): Range {
  const rescaled = value.normalisations[normalise ?? ""];
  if (rescaled) return rangeOfRule(rescaled);
  const own = rangeOfMethod(aggregation, children, missing ?? value.missing);
  const capped = { ...own, low: Math.min(own.low, ...(caps ?? []).map(({ maximum }) => maximum)) };
  return direction === "lower" ? { low: 100 - capped.high, high: 100 - capped.low } : capped;
}

function rangeOfMethod(
  rule: Aggregation,
  children: readonly Child[],
  missing: StandardFile["missing"],
): Range {
  if (rule.method === "outranking" || rule.method === "benefit_of_the_doubt") {
    return { low: 0, high: 100 };
  }
  if (rule.method === "mazziotta_pareto") return OPEN;
  const floor = "floor" in rule ? rule.floor : undefined;
  const lows = children.map(({ low }) => Math.max(low, floor ?? OPEN.low));
  const highs = children.map(({ high }) => Math.max(high, floor ?? OPEN.low));
  const substitute = missing.rule === "substitute" ? [missing.score] : [];
  return { low: Math.min(...lows, ...substitute), high: Math.max(...highs, ...substitute) };
}

/**
 * A node's direction and weighting, where they contradict the rest: a turned index, whose grades, ranks and sentences go
 * from the highest score down; caps on a turned node, which would raise it; shares that exceed the whole.
 */
function judgeTerms(
  value: StandardFile,
  { id, parent, direction, caps, normalise, weighting, aggregation, missing }: Node,
  children: readonly Child[],
): ["direction" | "weighting", string][] {
  const faults: ["direction" | "weighting", string][] = [];
  const least = weighting?.method === "equal_influence" ? (weighting.minimum_share ?? 0) : 0;
  if (least * children.length > 1 + 1e-9) {
    faults.push([
      "weighting",
      `“${id}”下的${children.length}项不可能各占至少${least}的份额 no weights give each of the ${children.length} children of "${id}" a share of at least ${least}`,
    ]);
  }
  if (direction !== "lower") return faults;
  if (parent === undefined) {
    faults.push([
      "direction",
      `指数“${id}”不能写direction: lower：等次、名次和说明都以高分为好；请给下级指标写方向，或把上一层的分数倒过来（参见nys-fsms.yaml）the index "${id}" cannot have "direction: lower": grades, ranks and sentences take its high scores for good; give the indicators their direction, or put its children below one more node that has it (nys-fsms.yaml shows another way)`,
    ]);
  }
  if (caps?.length) {
    faults.push([
      "direction",
      `“${id}”同时有direction: lower和caps：封顶反而会抬高其得分；请把caps写在上一级 "${id}" has both "direction: lower" and "caps", and a cap on scores of which high ones are bad would raise it; put the caps on the node above`,
    ]);
  }
  const own = rangeOfMethod(aggregation, children, missing ?? value.missing);
  if (normalise === undefined && !(own.low >= 0 && own.high <= 100)) {
    faults.push([
      "direction",
      `“${id}”写了direction: lower，其得分换成100减去原分，但下级得分可能超出0到100；请写normalise "${id}" has "direction: lower", which takes its score from 100, and what is below it can score outside 0 to 100; give it "normalise"`,
    ]);
  }
  return faults;
}

type Node = StandardFile["nodes"][number];

function judge(node: StandardFile["nodes"][number], children: readonly Child[]): string[] {
  const { aggregation: rule, id } = node;
  switch (rule.method) {
    case "geometric":
    case "harmonic":
    case "power": {
      if (rule.floor !== undefined || !needsPositive(rule)) return [];
      const bad = children.find(({ low }) => low <= 0);
      if (!bad) return [];
      const lowest = Number.isFinite(bad.low) ? `can score ${bad.low}` : "can score below 0";
      return [
        `the ${rule.method} mean of "${id}" is undefined for scores of 0 and less, and "${bad.id}" below it ${lowest}: give the node a floor, or what is below it a range that starts above 0`,
      ];
    }
    case "ordered": {
      const given = [rule.weights, rule.exponent].filter((part) => part !== undefined).length;
      if (given !== 1)
        return [`the ordered average of "${id}" takes either weights or an exponent`];
      if (rule.weights && rule.weights.length !== children.length) {
        return [
          `the ordered average of "${id}" has ${rule.weights.length} weights for ${children.length} children`,
        ];
      }
      return rule.weights?.every((weight) => weight === 0)
        ? [`the ordered weights of "${id}" are all 0`]
        : [];
    }
    case "benefit_of_the_doubt": {
      const count = children.length;
      if (rule.minimum_share * count > 1 + 1e-9 || rule.maximum_share * count < 1 - 1e-9) {
        return [
          `no weights of "${id}" give each of its ${count} children a share between ${rule.minimum_share} and ${rule.maximum_share}`,
        ];
      }
      const bad = children.find(({ low }) => low < 0);
      return bad
        ? [
            `benefit of the doubt at "${id}" needs scores of 0 or more, and "${bad.id}" below it can score below 0`,
          ]
        : [];
    }
    default:
      return [];
  }
}
