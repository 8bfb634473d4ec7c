import fc from "fast-check";
import { expect, test } from "vitest";
import { scoreTree } from "../../src/score/aggregate.ts";
import { splitOnGrid, toGrid } from "../../src/score/grid.ts";
import type { LevelTree, TreeItem } from "../../src/score/tree.ts";

const MISSING = {
  rule: "reweight",
  minimum_coverage: 0.5,
  not_applicable: "excluded",
  assumption: true,
} as const;

/** An index over two nodes, of two and three indicators. */
function makeTree(
  index: TreeItem["aggregation"],
  node: TreeItem["aggregation"],
  weights: readonly number[],
): LevelTree {
  const [a, b, c, d, e] = weights as [number, number, number, number, number];
  const leaf = (id: number, parent: number, weight: number): TreeItem => ({
    id: `leaf${id}`,
    kind: "indicator",
    place: 0,
    leaf: id,
    parent,
    children: [],
    weight,
    aggregation: { method: "arithmetic" },
  });
  const items: TreeItem[] = [
    {
      id: "index",
      kind: "index",
      place: 0,
      leaf: -1,
      parent: -1,
      children: [1, 4],
      weight: a + b + c + d + e,
      aggregation: index,
    },
    {
      id: "A",
      kind: "dimension",
      place: 0,
      leaf: -1,
      parent: 0,
      children: [2, 3],
      weight: a + b,
      aggregation: node,
    },
    leaf(0, 1, a),
    leaf(1, 1, b),
    {
      id: "B",
      kind: "dimension",
      place: 0,
      leaf: -1,
      parent: 0,
      children: [5, 6, 7],
      weight: c + d + e,
      aggregation: node,
    },
    leaf(2, 4, c),
    leaf(3, 4, d),
    leaf(4, 4, e),
  ];
  return { level: "district", items, rules: [] };
}

const ARITHMETIC = { method: "arithmetic" } as const;
const GEOMETRIC = { method: "geometric", floor: 1 } as const;
const given = (scores: readonly (number | null)[]) => (leaf: number) => ({
  score: scores[leaf] ?? Number.NaN,
  applicable: true,
});

test("weighted means, by hand", () => {
  const tree = makeTree(ARITHMETIC, GEOMETRIC, [30, 10, 20, 20, 20]);
  const { score } = scoreTree(tree, given([16, 81, 10, 10, 80]), MISSING);
  // A = 16^(3/4) · 81^(1/4) = 8 · 3 = 24; B = (10 · 10 · 80)^(1/3) = 20; index = 0.4 · 24 + 0.6 · 20.
  expect(score[1]).toBeCloseTo(24, 10);
  expect(score[4]).toBeCloseTo(20, 10);
  expect(score[0]).toBeCloseTo(21.6, 10);
});

test("a zero counts as the floor in a geometric node", () => {
  const tree = makeTree(ARITHMETIC, GEOMETRIC, [20, 20, 20, 20, 20]);
  expect(scoreTree(tree, given([0, 100, 50, 50, 50]), MISSING).score[1]).toBeCloseTo(10, 10);
});

test("missing weight goes to the siblings, while coverage holds", () => {
  const tree = makeTree(ARITHMETIC, ARITHMETIC, [30, 30, 10, 10, 20]);
  const result = scoreTree(tree, given([80, null, null, null, 60]), MISSING);
  // A: 30 of 60 assessed, just enough: 80. B: 20 of 40 assessed: 60. Index: 0.6 · 80 + 0.4 · 60.
  expect(Array.from(result.score)).toEqual([
    72,
    80,
    80,
    Number.NaN,
    60,
    Number.NaN,
    Number.NaN,
    60,
  ]);
  expect(result.coverage[0]).toBe(0.5);
  expect(result.share[2]).toBeCloseTo(0.6, 12);
  // One point less of B assessed, and B has no score: A is the whole index, and the index's coverage is 30 of 100: too little.
  const short = scoreTree(
    makeTree(ARITHMETIC, ARITHMETIC, [30, 30, 10, 11, 19]),
    given([80, null, null, null, 60]),
    MISSING,
  );
  expect(short.score[4]).toBeNaN();
  expect(short.coverage[0]).toBeCloseTo(0.3, 12);
  expect(short.score[0]).toBeNaN();
});

test("what does not apply leaves coverage alone, or lowers it, as the standard says", () => {
  const tree = makeTree(ARITHMETIC, ARITHMETIC, [20, 20, 20, 20, 20]);
  const leaves = (leaf: number) => ({ score: leaf < 2 ? 90 : Number.NaN, applicable: leaf < 2 });
  expect(scoreTree(tree, leaves, MISSING).coverage[0]).toBe(1);
  expect(
    scoreTree(tree, leaves, { ...MISSING, not_applicable: "missing" }).coverage[0],
  ).toBeCloseTo(0.4, 12);
});

const weights = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 5, maxLength: 5 });
const scores = fc.array(fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { freq: 5 }), {
  minLength: 5,
  maxLength: 5,
});
const method = fc.constantFrom(ARITHMETIC, GEOMETRIC);

test("shares and leverages of the leaves account for the whole index, however it is averaged", () => {
  fc.assert(
    fc.property(method, method, weights, scores, (index, node, own, values) => {
      const tree = makeTree(index, node, own);
      const { score, share, leverage } = scoreTree(tree, given(values), MISSING);
      if (Number.isNaN(score[0])) return;
      let sum = 0;
      tree.items.forEach(({ leaf }, position) => {
        if (leaf < 0 || Number.isNaN(share[position])) return;
        sum += share[position]! * (100 - leverage[position]! * (100 - score[position]!));
      });
      expect(sum).toBeCloseTo(score[0]!, 8);
    }),
    { numRuns: 500 },
  );
});

test("a better score of an indicator never lowers the index", () => {
  fc.assert(
    fc.property(
      method,
      method,
      weights,
      scores,
      fc.nat(4),
      fc.double({ min: 0, max: 100, noNaN: true }),
      (index, node, own, values, leaf, gain) => {
        if (values[leaf] === null) return;
        const tree = makeTree(index, node, own);
        const better = values.with(leaf, Math.min(100, values[leaf]! + gain));
        const before = scoreTree(tree, given(values), MISSING).score[0]!;
        const after = scoreTree(tree, given(better), MISSING).score[0]!;
        if (Number.isNaN(before)) expect(after).toBeNaN();
        else expect(after).toBeGreaterThanOrEqual(before - 1e-10);
      },
    ),
    { numRuns: 500 },
  );
});

test("parts on the grid sum to the total on the grid exactly, each within two steps of its own value", () => {
  const part = fc.double({ min: -50, max: 60, noNaN: true });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 70 }), (parts) => {
      const total = parts.reduce((sum, own) => sum + own, 0);
      const split = splitOnGrid(parts, total);
      expect(split.reduce((sum, own) => sum + own, 0)).toBe(toGrid(total));
      split.forEach((own, index) => {
        expect(Math.abs(own - parts[index]!)).toBeLessThanOrEqual(2 * 2 ** -40);
        expect(Number.isInteger(own * 2 ** 40)).toBe(true);
      });
    }),
  );
});
