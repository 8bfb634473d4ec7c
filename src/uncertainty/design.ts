import type { LevelTree } from "../composite/tree.ts";
import {
  CHOICES,
  CHOICES_ONLY,
  type Choice,
  DATA_ONLY,
  type Design,
  type Draw,
  type Factor,
  FIRST,
  SECOND,
} from "./draw.ts";
import { openStream } from "./random.ts";

/** What is varied, and how often. */
export interface Plan {
  readonly seed: number;
  /** Evaluations of the two independent halves together; even. */
  readonly replications: number;
  /** How far weights are spread, as a share of them; without it they stay. */
  readonly spread?: number | undefined;
  /** How many ways there are of each choice, the standard's own included. */
  readonly ways: Readonly<Record<Choice, number>>;
  /** Whether counts are drawn. */
  readonly counts: boolean;
  readonly sensitivity: boolean;
}

/**
 * The draws of one level. Two independent samples A and B; for each factor, A with that factor's column from B, from
 * which first-order and total indices are estimated (A. Saltelli et al., "Variance based sensitivity analysis of model
 * output", Computer Physics Communications 181 (2010) 259-270); and A with only the counts, or only the rest, varied.
 * Every factor draws from a stream of its own, so that adding one leaves the others' draws as they were.
 */
export function planDraws(tree: LevelTree, plan: Plan): Design {
  const factors: Factor[] = [
    ...(plan.spread === undefined ? [] : (["weights"] as const)),
    ...CHOICES.filter((choice) => plan.ways[choice] > 1),
    ...(plan.counts ? (["data"] as const) : []),
  ];
  const first = drawHalf(plan, factors, FIRST);
  const second = drawHalf(plan, factors, SECOND);
  const several = factors.length > 1;
  // Row by row: what two draws share is worked out once, and worlds of counts follow each other.
  const draws = first.flatMap((draw, row) => {
    const other = second[row] as Draw;
    const swapped = several && plan.sensitivity ? factors : [];
    return [
      draw,
      other,
      ...swapped.map((factor) => ({ ...replace(draw, factor, other), part: factor, number: row })),
      ...(plan.counts && several
        ? [
            { ...AS_STATED, part: DATA_ONLY, number: row, data: draw.data },
            { ...draw, part: CHOICES_ONLY, number: row, data: -1 },
          ]
        : []),
    ];
  });
  return {
    draws,
    multipliers: plan.spread === undefined ? [] : drawMultipliers(tree, plan),
    factors,
  };
}

const AS_STATED: Omit<Draw, "part" | "number"> = {
  choices: { normalisation: 0, aggregation: 0, treatment: 0, imputation: 0 },
  weights: -1,
  data: -1,
};

/** One of the two halves. Sets of weights and worlds are numbered in turn: row 0 of A, row 0 of B, row 1 of A, and so on. */
function drawHalf(plan: Plan, factors: readonly Factor[], part: string): Draw[] {
  const turn = part === FIRST ? 0 : 1;
  const streams = new Map(CHOICES.map((choice) => [choice, openStream(plan.seed, part, choice)]));
  const pick = (choice: Choice) => {
    const ways = plan.ways[choice];
    return ways > 1 ? Math.floor((streams.get(choice)?.() ?? 0) * ways) : 0;
  };
  return Array.from({ length: plan.replications / 2 }, (_, row) => ({
    part,
    number: row,
    choices: {
      normalisation: pick("normalisation"),
      aggregation: pick("aggregation"),
      treatment: pick("treatment"),
      imputation: pick("imputation"),
    },
    weights: factors.includes("weights") ? 2 * row + turn : -1,
    data: factors.includes("data") ? 2 * row + turn : -1,
  }));
}

function replace(draw: Draw, factor: Factor, other: Draw): Draw {
  if (factor === "weights" || factor === "data") return { ...draw, [factor]: other[factor] };
  return { ...draw, choices: { ...draw.choices, [factor]: other.choices[factor] } };
}

/** Every item's multiplier comes from a stream named after it, so that the order of the standard's lines does not matter. */
function drawMultipliers({ items }: LevelTree, plan: Plan): Float64Array[] {
  const spread = plan.spread ?? 0;
  const sets = Array.from({ length: plan.replications }, () =>
    new Float64Array(items.length).fill(1),
  );
  items.forEach(({ id, parent }, position) => {
    if (parent < 0) return;
    const stream = openStream(plan.seed, "weights", id);
    for (const set of sets) set[position] = 1 + spread * (2 * stream() - 1);
  });
  return sets;
}
