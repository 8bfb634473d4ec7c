import fc from "fast-check";
import { expect, test } from "vitest";
import { attribute, pointsOf } from "../../src/composite/attribute.ts";
import { evaluate } from "../../src/composite/evaluate.ts";
import type { Aggregation, Missing } from "../../src/standard/standard-methods.ts";
import { makePanel, makeSpecification, plain, REWEIGHT } from "./make-panel.ts";

const HALF: Missing = { ...REWEIGHT, rule: "reweight", minimum_coverage: 0.5 };
const ARITHMETIC = { method: "arithmetic" } as const;
const GEOMETRIC = { method: "geometric", floor: 1 } as const;

/** An index over two nodes, of two and three indicators. Positions: index 0, A 1, its leaves 2 and 3, B 4, its leaves 5 to 7. */
function makeTree(
  index: Aggregation,
  node: Aggregation,
  weights: readonly number[],
  missing: Missing = HALF,
) {
  const [a, b, c, d, e] = weights as [number, number, number, number, number];
  return makeSpecification(
    [
      { id: "index", weight: a + b + c + d + e, aggregation: index },
      { id: "A", parent: "index", weight: a + b, aggregation: node },
      { id: "B", parent: "index", weight: c + d + e, aggregation: node },
    ],
    [
      { id: "leaf0", parent: "A", weight: a },
      { id: "leaf1", parent: "A", weight: b },
      { id: "leaf2", parent: "B", weight: c },
      { id: "leaf3", parent: "B", weight: d },
      { id: "leaf4", parent: "B", weight: e },
    ],
    { missing },
  );
}

function scoreOne(
  specification: ReturnType<typeof makeTree>,
  scores: readonly (number | null)[],
  inapplicable?: readonly number[],
) {
  const panel = makePanel(
    scores.map((score) => [score]),
    inapplicable ? { inapplicable: Uint8Array.from(inapplicable) } : {},
  );
  const { nodes, weights } = evaluate(specification, panel);
  const at = (arrays: readonly Float64Array[]) =>
    specification.tree.items.map((_, position) => arrays[position]?.[0] ?? Number.NaN);
  const attribution = attribute(specification, panel, weights, nodes);
  const coverage = nodes.assessed[0]![0]! / nodes.applicable[0]![0]!;
  return { score: at(nodes.score), share: at(attribution.share), coverage, attribution, nodes };
}

test("weighted means, by hand", () => {
  const tree = makeTree(ARITHMETIC, GEOMETRIC, [30, 10, 20, 20, 20]);
  const { score } = scoreOne(tree, [16, 81, 10, 10, 80]);
  // A = 16^(3/4) · 81^(1/4) = 8 · 3 = 24; B = (10 · 10 · 80)^(1/3) = 20; index = 0.4 · 24 + 0.6 · 20.
  expect(score[1]).toBeCloseTo(24, 10);
  expect(score[4]).toBeCloseTo(20, 10);
  expect(score[0]).toBeCloseTo(21.6, 10);
});

test("a zero counts as the floor in a geometric node", () => {
  const tree = makeTree(ARITHMETIC, GEOMETRIC, [20, 20, 20, 20, 20]);
  expect(scoreOne(tree, [0, 100, 50, 50, 50]).score[1]).toBeCloseTo(10, 10);
});

test("missing weight goes to the siblings, while coverage holds", () => {
  const tree = makeTree(ARITHMETIC, ARITHMETIC, [30, 30, 10, 10, 20]);
  const result = scoreOne(tree, [80, null, null, null, 60]);
  // A: 30 of 60 assessed, just enough: 80. B: 20 of 40 assessed: 60. Index: 0.6 · 80 + 0.4 · 60.
  expect(plain(result.score)).toEqual([72, 80, 80, null, 60, null, null, 60]);
  expect(result.coverage).toBe(0.5);
  expect(result.share[2]).toBeCloseTo(0.6, 12);
  // One point less of B assessed, and B has no score: A is the whole index, and the index's coverage is 30 of 100: too little.
  const short = scoreOne(makeTree(ARITHMETIC, ARITHMETIC, [30, 30, 10, 11, 19]), [
    80,
    null,
    null,
    null,
    60,
  ]);
  expect(short.score[4]).toBeNaN();
  expect(short.coverage).toBeCloseTo(0.3, 12);
  expect(short.score[0]).toBeNaN();
});

test("what does not apply leaves coverage alone, or lowers it, as the standard says", () => {
  const weights = [20, 20, 20, 20, 20];
  const scores = [90, 90, null, null, null];
  const inapplicable = [0, 0, 1, 1, 1];
  const excluded = makeTree(ARITHMETIC, ARITHMETIC, weights);
  expect(scoreOne(excluded, scores, inapplicable).coverage).toBe(1);
  const counted = makeTree(ARITHMETIC, ARITHMETIC, weights, { ...HALF, not_applicable: "missing" });
  expect(scoreOne(counted, scores, inapplicable).coverage).toBeCloseTo(0.4, 12);
});

const weights = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 5, maxLength: 5 });
const score = fc.double({ min: 0, max: 100, noNaN: true });
const scores = fc.array(fc.option(score, { freq: 5 }), { minLength: 5, maxLength: 5 });
const method = fc.constantFrom<Aggregation>(
  ARITHMETIC,
  GEOMETRIC,
  { method: "harmonic", floor: 1 },
  { method: "power", exponent: 0.5, floor: 1 },
  { method: "power", exponent: 3 },
  { method: "power", exponent: -2, floor: 0.5 },
  { method: "median" },
  { method: "ordered", exponent: 2 },
  { method: "ordered", weights: [0.2, 0.3, 0.5] },
);

test("the parts of the leaves account for the whole index, however it is averaged", () => {
  fc.assert(
    fc.property(method, method, weights, scores, (index, node, own, values) => {
      const tree = makeTree(index, node, own);
      const { score, share, attribution, nodes } = scoreOne(tree, values);
      if (Number.isNaN(score[0])) return;
      let sum = 0;
      tree.tree.items.forEach(({ leaf }, position) => {
        if (leaf < 0 || Number.isNaN(share[position])) return;
        sum += pointsOf(attribution, nodes, position, 0);
      });
      expect(sum).toBeCloseTo(score[0]!, 7);
    }),
    { numRuns: 1000 },
  );
});

test("a score a rounding below full points is accounted for too, under any power", () => {
  for (const exponent of [0.5, 3, -2, -1, 1]) {
    const power = { method: "power", exponent, floor: 1 } as const;
    const last = 99.99999999999999;
    const tree = makeTree(ARITHMETIC, power, [1, 1, 8, 1, 1]);
    const { attribution, nodes, score } = scoreOne(tree, [null, null, last, null, null]);
    expect(score[0]).toBe(last);
    expect(pointsOf(attribution, nodes, 5, 0)).toBeCloseTo(last, 10);
  }
});

test("a better score of an indicator never lowers the index", () => {
  fc.assert(
    fc.property(
      method,
      method,
      weights,
      scores,
      fc.nat(4),
      score,
      (index, node, own, values, leaf, gain) => {
        if (values[leaf] === null) return;
        const tree = makeTree(index, node, own);
        const better = values.with(leaf, Math.min(100, values[leaf]! + gain));
        const before = scoreOne(tree, values).score[0]!;
        const after = scoreOne(tree, better).score[0]!;
        if (Number.isNaN(before)) expect(after).toBeNaN();
        else expect(after).toBeGreaterThanOrEqual(before - 1e-10);
      },
    ),
    { numRuns: 1000 },
  );
});
