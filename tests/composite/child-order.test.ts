import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { evaluate } from "../../src/composite/evaluate.ts";
import { rankDown } from "../../src/composite/order.ts";
import { loadSolver, type Solver } from "../../src/composite/solver.ts";
import { sumSorted } from "../../src/composite/sums.ts";
import { tieTolerance } from "../../src/standard/evaluation-standard.ts";
import type { Aggregation, Weighting } from "../../src/standard/standard-methods.ts";
import { makePanel, makeSpecification, plain } from "./make-panel.ts";

// Each linear programme takes milliseconds, more on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

/** Methods whose score of a body hangs on that body alone, and is the same number whatever the order. */
const ALONE: readonly Aggregation[] = [
  { method: "arithmetic" },
  { method: "geometric", floor: 1 },
  { method: "harmonic", floor: 1 },
  { method: "power", exponent: 0.5, floor: 1 },
  { method: "power", exponent: 0, floor: 1 },
  { method: "power", exponent: -2, floor: 0.5 },
  { method: "power", exponent: 3 },
  { method: "median" },
  { method: "ordered", exponent: 2 },
  { method: "ordered", weights: [0.1, 0.2, 0.7] },
  { method: "mazziotta_pareto", penalty: "negative" },
  { method: "mazziotta_pareto", penalty: "positive" },
];
const DUELS: readonly Aggregation[] = [
  { method: "outranking", count: "weight" },
  { method: "outranking", count: "duels" },
];
const DOUBT: Aggregation = { method: "benefit_of_the_doubt", minimum_share: 0, maximum_share: 1 };

const score = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(3000 / 51, 3800 / 55, 2200 / 39, 20, 100) },
  { weight: 3, arbitrary: fc.double({ min: 0.5, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const full = fc.double({ min: 0.5, max: 100, noNaN: true });
const weight = fc.constantFrom(0.1, 0.2, 0.3, 1, 2.5, 1 / 3);

/** An index over two nodes and two indicators; one node of three indicators, one of four. */
const LEAVES = ["A", "A", "A", "B", "B", "B", "B", "index", "index"];

interface Turned {
  readonly rows: readonly (readonly (number | null)[])[];
  readonly weights: readonly number[];
  readonly leaves: readonly number[];
  readonly backwards: boolean;
}

function turned(cell: fc.Arbitrary<number | null>, units: number): fc.Arbitrary<Turned> {
  const places = [...LEAVES.keys()];
  return fc.record({
    rows: fc.array(fc.array(cell, { minLength: LEAVES.length, maxLength: LEAVES.length }), {
      minLength: units,
      maxLength: units + 4,
    }),
    weights: fc.array(weight, { minLength: LEAVES.length, maxLength: LEAVES.length }),
    leaves: fc.shuffledSubarray(places, { minLength: places.length }),
    backwards: fc.boolean(),
  });
}

/** Scores and covered weights of all items by their ids, the lines of the standard standing in some order. */
function evaluateIn(
  { rows, weights, backwards }: Turned,
  leaves: readonly number[],
  index: Aggregation,
  node: Aggregation,
  weighting?: Weighting,
) {
  const own = weighting ? { weighting } : {};
  const nodes = [
    { id: "A", parent: "index", aggregation: node, weight: 1.3, ...own },
    { id: "B", parent: "index", aggregation: node, weight: 0.7, ...own },
  ];
  const specification = makeSpecification(
    [{ id: "index", aggregation: index }, ...(backwards ? nodes.reverse() : nodes)],
    leaves.map((leaf) => ({
      id: `leaf${leaf}`,
      parent: LEAVES[leaf] as string,
      weight: weights[leaf] as number,
    })),
  );
  const columns = leaves.map((leaf) => rows.map((row) => row[leaf] as number | null));
  const found = evaluate(specification, makePanel(columns), solver);
  return Object.fromEntries(
    specification.tree.items.map(({ id }, position) => [
      id,
      {
        weight: found.weights[position],
        score: plain(found.nodes.score[position]),
        applicable: plain(found.nodes.applicable[position]),
        assessed: plain(found.nodes.assessed[position]),
      },
    ]),
  );
}

function expectSame(one: Turned, index: Aggregation, node: Aggregation, weighting?: Weighting) {
  const stated = { ...one, backwards: false };
  const places = [...LEAVES.keys()];
  let straight: ReturnType<typeof evaluateIn>;
  try {
    straight = evaluateIn(stated, places, index, node, weighting);
  } catch (error) {
    // What is refused is refused in any order.
    expect(() => evaluateIn(one, one.leaves, index, node, weighting)).toThrow(
      /cannot be found|is undefined/,
    );
    expect(String(error)).toMatch(/cannot be found|is undefined/);
    return;
  }
  expect(evaluateIn(one, one.leaves, index, node, weighting)).toEqual(straight);
}

describe("the order of the standard's lines changes no score, to the last bit", () => {
  const four = ({ method, ...rest }: Aggregation) => !(method === "ordered" && "weights" in rest);
  const any = fc.constantFrom(...[...ALONE, ...DUELS].filter(four));

  test("by every method", () => {
    fc.assert(
      fc.property(turned(score, 1), any, any, (one, index, node) => {
        expectSame(one, index, node);
      }),
      { numRuns: 600 },
    );
  });

  test("by benefit of the doubt", () => {
    fc.assert(
      fc.property(turned(score, 2), (one) => {
        expectSame(one, DOUBT, DOUBT);
      }),
      { numRuns: 12 },
    );
  });

  test("with weights found from the scores", () => {
    const found = fc.constantFrom<Weighting>(
      { method: "equal" },
      { method: "principal_component" },
      { method: "equal_influence" },
      { method: "equal_influence", minimum_share: 0.1 },
    );
    fc.assert(
      fc.property(turned(full, 6), found, (one, weighting) => {
        expectSame(one, { method: "arithmetic" }, { method: "arithmetic" }, weighting);
      }),
      { numRuns: 60 },
    );
  });
});

describe("bodies that change their scores about among children of one weight", () => {
  const three = fc.tuple(score, score, score);
  const turns = [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const scoresOf = (own: readonly (number | null)[], aggregation: Aggregation) => {
    const specification = makeSpecification(
      [{ id: "index", aggregation }],
      own.map((_, leaf) => ({ id: `leaf${leaf}`, parent: "index", weight: 1 / 3 })),
    );
    const columns = own.map((_, leaf) => turns.map((turn) => own[turn[leaf]!]!));
    const gaps = columns.map((column) => column.map((value) => value ?? null));
    return plain(evaluate(specification, makePanel(gaps), solver).nodes.score[0]);
  };

  test("score alike to the last bit by every method", () => {
    fc.assert(
      fc.property(three, fc.constantFrom(...ALONE), (own, aggregation) => {
        // With weights for three places all three children must be there.
        if ("weights" in aggregation && own.includes(null)) return;
        const found = scoresOf(own, aggregation);
        expect(found).toEqual(found.map(() => found[0]));
      }),
      { numRuns: 600 },
    );
  });

  test("share the first rank: 30/51, 38/55 and 22/39 in three orders", () => {
    const found = scoresOf([3000 / 51, 3800 / 55, 2200 / 39], { method: "arithmetic" });
    expect([...rankDown(Float64Array.from(found, Number), tieTolerance({}))]).toEqual([1, 1, 1, 1]);
    // Over 3·5·11·13·17 = 36465: 21450 + 25194 + 20570 = 67214; a third of it is 61.4415… %.
    expect(found[0]).toBeCloseTo((100 * 67_214) / (3 * 36_465), 10);
  });
});

test("without a word in the standard scores tie within 1e-9 of the first of their run, and a chain joins nobody else", () => {
  const tolerance = tieTolerance({});
  expect(tolerance).toBe(1e-9);
  // The second is 0.8e-9 below the first, the third as much below the second, but 1.6e-9 below the first.
  const chain = [60, 60 - 0.8e-9, 60 - 1.6e-9, 60 - 2.3e-9];
  expect([...rankDown(Float64Array.from(chain), tolerance)]).toEqual([1, 1, 3, 3]);
  expect([...rankDown(Float64Array.from(chain.toReversed()), tolerance)]).toEqual([3, 3, 1, 1]);
  expect(tieTolerance({ ties: { tolerance: 0, assumption: true } })).toBe(0);
});

test("a sum of few or many terms does not go by their order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 60 }),
      (terms) => {
        const sum = sumSorted(Float64Array.from(terms));
        expect(sumSorted(Float64Array.from(terms.toReversed()))).toBe(sum);
        expect(sumSorted(Float64Array.from([...terms, 9, 9]), terms.length)).toBe(sum);
      },
    ),
  );
});
