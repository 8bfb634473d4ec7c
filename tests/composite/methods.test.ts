import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { attribute, pointsOf } from "../../src/composite/attribute.ts";
import { evaluate } from "../../src/composite/evaluate.ts";
import type { Panel } from "../../src/composite/panel.ts";
import { selectUnits } from "../../src/composite/reversal.ts";
import { loadSolver, type Solver } from "../../src/composite/solver.ts";
import type { Specification } from "../../src/composite/specification.ts";
import type { Aggregation } from "../../src/standard/standard-methods.ts";
import { makePanel, makeSpecification, plain, type TestNode } from "./make-panel.ts";

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

/** One node over leaves whose scores are the values. */
const flat = (
  aggregation: Aggregation,
  weights: readonly number[],
  node: Partial<TestNode> = {},
): Specification =>
  makeSpecification(
    [{ id: "index", aggregation, ...node }],
    weights.map((weight, leaf) => ({ id: `leaf${leaf}`, parent: "index", weight })),
  );

/** Columns from rows: one row a unit. */
const rows = (...units: (number | null)[][]): Panel =>
  makePanel((units[0] ?? []).map((_, column) => units.map((unit) => unit[column] ?? null)));

const indexOf = (specification: Specification, panel: Panel) =>
  plain(evaluate(specification, panel, solver).nodes.score[0]);

describe("by hand", () => {
  test.each<[string, Aggregation, number[], number[], number]>([
    ["harmonic: 2 / (1/40 + 1/60)", { method: "harmonic" }, [1, 1], [40, 60], 48],
    ["harmonic, weighted: 4 / (3/30 + 1/90)", { method: "harmonic" }, [3, 1], [30, 90], 36],
    ["quadratic: √((49 + 2401) / 2)", { method: "power", exponent: 2 }, [1, 1], [7, 49], 35],
    ["power 1 is arithmetic", { method: "power", exponent: 1 }, [1, 3], [20, 40], 35],
    ["power 0 is geometric", { method: "power", exponent: 0 }, [1, 1], [16, 25], 20],
    ["power -1 is harmonic", { method: "power", exponent: -1 }, [1, 1], [40, 60], 48],
    ["median of three", { method: "median" }, [1, 1, 1], [10, 90, 40], 40],
    ["median between two halves", { method: "median" }, [1, 1], [10, 90], 50],
    ["median where one weighs most", { method: "median" }, [1, 5, 1], [10, 90, 40], 90],
    [
      "ordered: 0.5·90 + 0.3·40 + 0.2·10",
      { method: "ordered", weights: [0.5, 0.3, 0.2] },
      [1, 1, 1],
      [10, 90, 40],
      59,
    ],
    [
      "ordered weights need not sum to 1",
      { method: "ordered", weights: [5, 3, 2] },
      [1, 1, 1],
      [10, 90, 40],
      59,
    ],
    [
      "ordered by r²: 90/9 + 40·3/9 + 10·5/9",
      { method: "ordered", exponent: 2 },
      [1, 1, 1],
      [10, 90, 40],
      260 / 9,
    ],
    // Importances 1/4 and 3/4, best first: Q = r²: 90·(1/16) + 10·(15/16)
    ["ordered by r² with importances", { method: "ordered", exponent: 2 }, [3, 1], [10, 90], 15],
    // Mean 100, deviation 10, variation 0.1
    [
      "Mazziotta-Pareto, negative",
      { method: "mazziotta_pareto", penalty: "negative" },
      [1, 1],
      [90, 110],
      99,
    ],
    [
      "Mazziotta-Pareto, positive",
      { method: "mazziotta_pareto", penalty: "positive" },
      [1, 1],
      [90, 110],
      101,
    ],
  ])("%s", (_name, aggregation, weights, scores, expected) => {
    expect(indexOf(flat(aggregation, weights), rows(scores))[0]).toBeCloseTo(expected, 10);
  });

  // a beats b on the weights 3 of 6 and 2 tied, so by 3 + 1 of 6; a against c: 1 + 3 of 6; b against c: 2 + 1 of 6, as below.
  test("duels, as COINr's outranking matrix counts them", () => {
    const panel = rows([5, 5, 1], [3, 5, 2], [4, 1, 2]);
    const weight: Aggregation = { method: "outranking", count: "weight" };
    const duels: Aggregation = { method: "outranking", count: "duels" };
    const weights = [3, 2, 1];
    // a-b: 3 + 2/2 = 4 of 6. a-c: 3 + 2 = 5 of 6. b-c: 2 + 1/2 = 2.5 of 6.
    const ahead = [4 + 5, 2 + 2.5, 1 + 3.5].map((sum) => (100 * sum) / 6 / 2);
    indexOf(flat(weight, weights), panel).forEach((score, unit) => {
      expect(score).toBeCloseTo(ahead[unit]!, 9);
    });
    // Won: a two, c one (against b), b none.
    expect(indexOf(flat(duels, weights), panel)).toEqual([100, 0, 50]);
  });

  test("a duel is a draw where both are level, or have nothing in common", () => {
    const duels: Aggregation = { method: "outranking", count: "duels" };
    expect(indexOf(flat(duels, [1, 1]), rows([1, 2], [2, 1]))).toEqual([50, 50]);
    expect(indexOf(flat(duels, [1, 1]), rows([1, null], [null, 9]))).toEqual([50, 50]);
    // Weights of 0.1 + 0.2 against 0.3: rounding must not decide.
    expect(indexOf(flat(duels, [0.1, 0.2, 0.3]), rows([1, 1, 0], [0, 0, 1]))).toEqual([50, 50]);
  });

  test("benefit of the doubt: everybody by the weights that suit it best", () => {
    const doubt: Aggregation = {
      method: "benefit_of_the_doubt",
      minimum_share: 0,
      maximum_share: 1,
    };
    // The third: max w·(.5, .5) while w·(1, .5) ≤ 1 and w·(.5, 1) ≤ 1: w = (2/3, 2/3).
    const found = indexOf(flat(doubt, [1, 1]), rows([100, 50], [50, 100], [50, 50], [100, 0]));
    [100, 100, 200 / 3, 100].forEach((expected, unit) => {
      expect(found[unit]).toBeCloseTo(expected, 7);
    });
  });

  test("benefit of the doubt: near-parallel peers, which presolve would call infeasible", () => {
    const doubt: Aggregation = {
      method: "benefit_of_the_doubt",
      minimum_share: 0,
      maximum_share: 1,
    };
    const found = indexOf(flat(doubt, [1, 1]), rows([0.5, 80.000008], [0, 80], [0, 0]));
    // The second at best: 80 / 80.000008.
    expect(found[0]).toBeCloseTo(100, 7);
    expect(found[1]).toBeCloseTo(8000 / 80.000008, 7);
    expect(found[2]).toBe(0);
  });

  test("benefit of the doubt: shares keep a body from living on one child", () => {
    const doubt: Aggregation = {
      method: "benefit_of_the_doubt",
      minimum_share: 0.4,
      maximum_share: 1,
    };
    // (100, 10) must draw 0.4 of its sum S from its second child: w₂ = 4 S, w₁ = 0.6 S. The peer (10, 100) allows
    // 0.06 S + 4 S ≤ 1: S = 1 / 4.06.
    const found = indexOf(flat(doubt, [1, 1]), rows([100, 10], [10, 100]));
    expect(found[0]).toBeCloseTo(100 / 4.06, 6);
    expect(found[1]).toBeCloseTo(100 / 4.06, 6);
  });
});

// Each linear programme takes milliseconds, more on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const ALL: readonly Aggregation[] = [
  { method: "arithmetic" },
  { method: "geometric", floor: 1 },
  { method: "harmonic", floor: 1 },
  { method: "power", exponent: 0.5, floor: 1 },
  { method: "median" },
  { method: "ordered", exponent: 2 },
  { method: "mazziotta_pareto", penalty: "negative" },
  { method: "outranking", count: "weight" },
  { method: "outranking", count: "duels" },
];
const DOUBT: Aggregation = { method: "benefit_of_the_doubt", minimum_share: 0, maximum_share: 1 };

const score = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 20, 50, 80, 100) },
  { weight: 2, arbitrary: fc.double({ min: 0.5, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const table = fc.array(fc.array(score, { minLength: 5, maxLength: 5 }), {
  minLength: 2,
  maxLength: 8,
});
const weights = fc.array(fc.constantFrom(0.1, 0.2, 0.3, 1, 2.5), { minLength: 5, maxLength: 5 });

/** A tree of two nodes under an index, with caps, a scale and a direction of their own. */
function makeTree(index: Aggregation, node: Aggregation, own: readonly number[], special: boolean) {
  const extra: Partial<TestNode> = special
    ? {
        caps: [{ child: "leaf0", below: 30, maximum: 40, assumption: true }],
        normalise: "stretch",
      }
    : {};
  return makeSpecification(
    [
      { id: "index", aggregation: index },
      { id: "A", parent: "index", aggregation: node, weight: own[0]!, ...extra },
      {
        id: "B",
        parent: "index",
        aggregation: node,
        weight: own[1]!,
        ...(special ? { direction: "lower" as const } : {}),
      },
    ],
    ["A", "A", "B", "B", "B"].map((parent, leaf) => ({
      id: `leaf${leaf}`,
      parent,
      weight: own[leaf]!,
    })),
    {
      normalisations: {
        stretch: { method: "min_max", when_equal: 50, range: { low: 10, high: 90 } },
      },
    },
  );
}

describe("laws", () => {
  const method = fc.constantFrom(...ALL);
  // An index of Mazziotta and Pareto takes no scores below 0, which another one may give.
  const below = fc.constantFrom(...ALL.filter(({ method }) => method !== "mazziotta_pareto"));

  test("the order of the units changes nothing, missing values or not", () => {
    fc.assert(
      fc.property(
        method,
        below,
        table,
        weights,
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (index, node, units, own, special, dice) => {
          const specification = makeTree(index, node, own, special);
          const order = units
            .map((_, unit) => ({ unit, key: dice.next().value! }))
            .sort((a, b) => a.key - b.key)
            .map(({ unit }) => unit);
          const panel = rows(...units);
          const straight = evaluate(specification, panel).nodes.score;
          const turned = evaluate(specification, selectUnits(panel, order)).nodes.score;
          straight.forEach((scores, position) => {
            expect(plain(turned[position])).toEqual(order.map((unit) => plain(scores)[unit]));
          });
        },
      ),
      { numRuns: 400 },
    );
  });

  test("the parts of the leaves sum to the index, by every method, with caps, scales and directions", () => {
    fc.assert(
      fc.property(
        method,
        below,
        table,
        weights,
        fc.boolean(),
        (index, node, units, own, special) => {
          const specification = makeTree(index, node, own, special);
          const panel = rows(...units);
          const { nodes, weights } = evaluate(specification, panel);
          const attribution = attribute(specification, panel, weights, nodes);
          units.forEach((_, unit) => {
            if (Number.isNaN(nodes.score[0]![unit])) return;
            let sum = 0;
            specification.tree.columns.forEach((position) => {
              if (Number.isNaN(attribution.share[position]![unit])) return;
              sum += pointsOf(attribution, nodes, position, unit);
            });
            expect(sum).toBeCloseTo(nodes.score[0]![unit]!, 6);
          });
        },
      ),
      { numRuns: 600 },
    );
  });

  test("so they do by benefit of the doubt, whose scores lie between 0 and 100 and favour everybody most", () => {
    fc.assert(
      fc.property(table, weights, (units, own) => {
        const specification = makeTree(DOUBT, DOUBT, own, false);
        const panel = rows(...units);
        const { nodes, weights } = evaluate(specification, panel, solver);
        const attribution = attribute(specification, panel, weights, nodes);
        units.forEach((_, unit) => {
          const index = nodes.score[0]![unit]!;
          if (Number.isNaN(index)) return;
          expect(index).toBeGreaterThanOrEqual(0);
          expect(index).toBeLessThanOrEqual(100);
          let sum = 0;
          specification.tree.columns.forEach((position) => {
            if (Number.isNaN(attribution.share[position]![unit])) return;
            sum += pointsOf(attribution, nodes, position, unit);
          });
          expect(sum).toBeCloseTo(index, 6);
        });
        // Somebody stands at the frontier, unless all scores are 0.
        const best = Math.max(...plain(nodes.score[1]).map((own) => own ?? 0));
        if (best > 0) expect(best).toBeCloseTo(100, 6);
      }),
      { numRuns: 12 },
    );
  });

  test("scores of a node lie between its worst and best child; children alike give the node their score", () => {
    const means = fc.constantFrom(
      ...ALL.filter(({ method }) => method !== "outranking" && method !== "mazziotta_pareto"),
    );
    const full = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(means, full, weights, (aggregation, scores, own) => {
        const [found] = indexOf(flat(aggregation, own), rows(scores));
        expect(found).toBeGreaterThanOrEqual(Math.min(...scores) - 1e-9);
        expect(found).toBeLessThanOrEqual(Math.max(...scores) + 1e-9);
        const same = indexOf(flat(aggregation, own), rows(scores.map(() => scores[0]!)));
        expect(same[0]).toBeCloseTo(scores[0]!, 10);
      }),
      { numRuns: 300 },
    );
  });

  test("the order of the units changes nothing by benefit of the doubt either, not even who lost what", () => {
    const turned = fc.tuple(table, weights).chain(([units, own]) =>
      fc.tuple(
        fc.constant(units),
        fc.constant(own),
        fc.shuffledSubarray([...units.keys()], {
          minLength: units.length,
          maxLength: units.length,
        }),
      ),
    );
    const partsOf = (panel: Panel, own: readonly number[]) => {
      const specification = flat(DOUBT, own);
      const { nodes, weights } = evaluate(specification, panel, solver);
      const attribution = attribute(specification, panel, weights, nodes);
      return panel.entity.map((_, unit) =>
        own.map((__, leaf) => pointsOf(attribution, nodes, leaf + 1, unit)),
      );
    };
    fc.assert(
      fc.property(turned, ([units, own, order]) => {
        const panel = rows(...units);
        const straight = partsOf(panel, own);
        expect(partsOf(selectUnits(panel, order), own)).toEqual(
          order.map((unit) => straight[unit]),
        );
      }),
      { numRuns: 12 },
    );
  });

  test("only the proportions of weights matter", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL), table, weights, (aggregation, units, own) => {
        const twice = own.map((weight) => 2 * weight);
        expect(indexOf(flat(aggregation, twice), rows(...units))).toEqual(
          indexOf(flat(aggregation, own), rows(...units)),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("rules of single nodes", () => {
  const mean: Aggregation = { method: "arithmetic" };

  test("a cap holds a node down while the child it names is too low", () => {
    const caps = [{ child: "leaf0", below: 30, maximum: 40, assumption: true as const }];
    const specification = flat(mean, [1, 1], { caps });
    // 29 and 100 would give 64.5; 30 is not below 30; 10 and 20 are below the cap anyway.
    expect(indexOf(specification, rows([29, 100], [30, 100], [10, 20]))).toEqual([40, 65, 15]);
  });

  test("a node whose high scores are bad turns round, and its loss goes to who brought it", () => {
    const specification = flat(mean, [1, 1], { direction: "lower" });
    const panel = rows([80, 40]);
    const { nodes, weights } = evaluate(specification, panel);
    expect(nodes.score[0]![0]).toBe(40);
    const attribution = attribute(specification, panel, weights, nodes);
    // Of the 60 lost, 80 brought two thirds: 50 - 40 and 50 - 20.
    expect(pointsOf(attribution, nodes, 1, 0)).toBeCloseTo(10, 12);
    expect(pointsOf(attribution, nodes, 2, 0)).toBeCloseTo(30, 12);
  });

  test("a node is laid on another range before its parent takes it", () => {
    const specification = makeSpecification(
      [{ id: "index" }, { id: "A", parent: "index", normalise: "stretch" }],
      [{ id: "leaf", parent: "A" }],
      { normalisations: { stretch: { method: "min_max", range: { low: 0, high: 10 } } } },
    );
    expect(indexOf(specification, rows([20], [40], [30]))).toEqual([0, 10, 5]);
  });

  test("a missing child: the node has none, or it counts as a stated score, or its weight is shared", () => {
    const units = rows([80, null], [80, 40]);
    const with_ = (missing: TestNode["missing"]) =>
      indexOf(flat(mean, [1, 1], missing ? { missing } : {}), units);
    const common = { not_applicable: "missing", assumption: true } as const;
    expect(with_({ rule: "require", ...common })).toEqual([null, 60]);
    expect(with_({ rule: "substitute", score: 20, ...common })).toEqual([50, 60]);
    expect(with_({ rule: "reweight", minimum_coverage: 0.5, ...common })).toEqual([80, 60]);
    expect(with_({ rule: "reweight", minimum_coverage: 0.6, ...common })).toEqual([null, 60]);
  });

  test("scores that forbid a method stop it in a sentence", () => {
    const run = (aggregation: Aggregation, scores: number[]) => () =>
      indexOf(flat(aggregation, [1, 1]), rows(scores));
    expect(run({ method: "geometric" }, [0, 50])).toThrow(
      /The geometric mean of "index" is undefined: a child has the score 0/,
    );
    expect(run({ method: "mazziotta_pareto", penalty: "negative" }, [-5, 5])).toThrow(
      /the mean of its children is 0, and it divides by it/,
    );
    expect(run(DOUBT, [-1, 5])).toThrow(/needs scores of 0 or more; one of its children has -1/);
  });
});
