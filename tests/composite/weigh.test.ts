import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { completeUnits, correlate, firstComponent } from "../../src/composite/correlate.ts";
import { evaluate } from "../../src/composite/evaluate.ts";
import { findReversals } from "../../src/composite/reversal.ts";
import { loadSolver, type Solver } from "../../src/composite/solver.ts";
import { momentsOf } from "../../src/composite/sums.ts";
import { toPoints } from "../../src/composite/tree.ts";
import { reportWeights } from "../../src/composite/weigh.ts";
import type { Normalisation, Weighting } from "../../src/standard/standard-methods.ts";
import { makePanel, makeSpecification } from "./make-panel.ts";

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const flat = (weighting: Weighting, count: number) =>
  makeSpecification(
    [{ id: "index", weight: 1, weighting }],
    Array.from({ length: count }, (_, leaf) => ({
      id: `leaf${leaf}`,
      parent: "index",
      weight: leaf + 1,
    })),
  );

const weigh = (weighting: Weighting, columns: (number | null)[][]) =>
  [...evaluate(flat(weighting, columns.length), makePanel(columns), solver).weights].slice(1);

test("given weights are relative: 1, 2, 3 are a sixth, a third and a half", () => {
  const columns = [[1], [1], [1]];
  weigh({ method: "given" }, columns).forEach((weight, leaf) => {
    expect(weight).toBeCloseTo((leaf + 1) / 6, 14);
  });
  expect(weigh({ method: "equal" }, columns)).toEqual([1 / 3, 1 / 3, 1 / 3]);
});

test("weights below 0, and none at all, are refused in a sentence", () => {
  const items = flat({ method: "given" }, 2).tree.items;
  expect(() => toPoints(items, Float64Array.of(1, -1, 2))).toThrow(
    /The weight of "leaf0" is -1; weights must be 0 or more/,
  );
  expect(() => toPoints(items, Float64Array.of(1, 0, 0))).toThrow(
    /All weights below "index" are 0/,
  );
});

// Of [[1, r], [r, 1]] the first component is (1, 1)/√2; of a matrix of 0.5s and 1s, (1, 1, 1)/√3.
test("the first component, by hand", () => {
  firstComponent(Float64Array.of(1, 0.3, 0.3, 1), 2).forEach((part) => {
    expect(part).toBeCloseTo(Math.SQRT1_2, 12);
  });
  firstComponent(Float64Array.of(1, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 1), 3).forEach((part) => {
    expect(part).toBeCloseTo(1 / Math.sqrt(3), 12);
  });
  // [[2, 1], [1, 2]] and a separate 5: the component is the third alone.
  const alone = firstComponent(Float64Array.of(2, 1, 0, 1, 2, 0, 0, 0, 5), 3);
  expect([...alone].map((part) => Math.round(part * 1e9) / 1e9 + 0)).toEqual([0, 0, 1]);
});

test("weights by the first component are its squared loadings; opposed children are refused", () => {
  const [one, other] = weigh({ method: "principal_component" }, [
    [1, 2, 3, 5],
    [2, 1, 4, 4],
  ]);
  expect(one).toBeCloseTo(0.5, 12);
  expect(other).toBeCloseTo(0.5, 12);
  expect(() =>
    weigh({ method: "principal_component" }, [
      [1, 2, 3, 5],
      [4, 3, 2, 1],
    ]),
  ).toThrow(/the first component has loadings of both signs/);
});

test("equal influence by hand: uncorrelated children weigh in inverse proportion to their spread", () => {
  // Deviations of 1 and 2 to one another, correlation 0.
  const [one, other] = weigh({ method: "equal_influence" }, [
    [1, 1, 2, 2],
    [2, 4, 2, 4],
  ]);
  expect(one).toBeCloseTo(2 / 3, 7);
  expect(other).toBeCloseTo(1 / 3, 7);
});

test("with equal influence all children that weigh correlate with the index alike, and the others more", () => {
  const column = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), {
    minLength: 12,
    maxLength: 12,
  });
  fc.assert(
    fc.property(fc.array(column, { minLength: 2, maxLength: 5 }), (columns) => {
      if (columns.some((values) => Math.max(...values) - Math.min(...values) < 20)) return;
      const least = { method: "equal_influence", minimum_share: 0.01 } as const;
      const specification = flat(least, columns.length);
      const { nodes, weights } = evaluate(specification, makePanel(columns), solver);
      expect(weights.every((weight) => weight > 0)).toBe(true);
      const index = nodes.score[0]!;
      const influence = columns.map((_, leaf) =>
        correlate(nodes.score[leaf + 1]!, index, completeUnits([index])),
      );
      const parts = columns.map((values, leaf) => weights[leaf + 1]! * spreadOf(values));
      const sum = parts.reduce((total, part) => total + part, 0);
      const free = influence.filter((_, leaf) => parts[leaf]! / sum > 0.01 + 1e-6);
      const lowest = Math.min(...free);
      expect(Math.max(...free) - lowest).toBeLessThan(1e-4);
      for (const own of influence) expect(own).toBeGreaterThan(lowest - 1e-4);
    }),
    { numRuns: 40 },
  );
});

// The third is the mean of the others, which differ most: it follows the index more than they do at any weight above 0.
const FOLLOWING = [
  [10, 20, 60, 80, 30],
  [70, 20, 40, 60, 90],
  [40, 20, 50, 70, 60],
];

test("equal influence never takes a child's whole weight: it is refused, or keeps the share the standard states", () => {
  expect(() => weigh({ method: "equal_influence" }, FOLLOWING)).toThrow(
    /The weights below "index" cannot be found by equal_influence: "leaf2" would weigh 0/,
  );
  const found = weigh({ method: "equal_influence", minimum_share: 0.1 }, FOLLOWING);
  const parts = FOLLOWING.map((values, leaf) => found[leaf]! * spreadOf(values));
  const sum = parts.reduce((total, part) => total + part, 0);
  expect(parts[2]! / sum).toBeCloseTo(0.1, 6);
});

test("a child without any part in the first component is refused, not weighed by 0", () => {
  // The third correlates with neither of the others, which correlate with each other.
  expect(() =>
    weigh({ method: "principal_component" }, [
      [1, 2, 3, 4],
      [2, 4, 6, 8],
      [1, 0, 0, 1],
    ]),
  ).toThrow(/cannot be found by principal_component: "leaf2" would weigh 0/);
});

test("without spread no weights can be found", () => {
  expect(() =>
    weigh({ method: "equal_influence" }, [
      [1, 1, 1],
      [1, 2, 3],
    ]),
  ).toThrow(/it needs three bodies with all scores, and scores that differ/);
});

test("what an item ought to count, and what it does", () => {
  const specification = makeSpecification(
    [
      { id: "index" },
      { id: "A", parent: "index", weight: 3 },
      { id: "B", parent: "index", weight: 1 },
    ],
    [
      { id: "a", parent: "A", weight: 1 },
      { id: "b", parent: "A", weight: 4 },
      { id: "c", parent: "B", weight: 9 },
    ],
  );
  const { weights, nodes } = evaluate(
    specification,
    makePanel([
      [1, 2, 3],
      [1, 2, 3],
      [5, 5, 5],
    ]),
  );
  const report = reportWeights(specification.tree, weights, nodes);
  // index, A = 3/4, a = 3/4 · 1/5, b = 3/4 · 4/5, B = c = 1/4
  [1, 0.75, 0.15, 0.6, 0.25, 0.25].forEach((nominal, position) => {
    expect(report[position]?.nominal).toBeCloseTo(nominal, 14);
  });
  expect(report[2]?.influence).toBeCloseTo(1, 12);
  expect(report[5]?.influence).toBeNaN();
});

describe("who reverses the order of others", () => {
  const specify = (normalisation: Normalisation) =>
    makeSpecification(
      [{ id: "index" }],
      ["a", "b"].map((id) => ({ id, parent: "index", normalisation })),
    );

  // With the far body unit2, unit0 has (0 + 100)/2 = 50 before unit1's (1 + 90)/2 = 45.5. Without it the scale of a ends
  // at 1, and unit1 has (100 + 90)/2 = 95.
  test("against peers, whoever sets an end of the scale may", () => {
    const panel = makePanel([
      [0, 1, 100, 0.5],
      [100, 90, 0, 0],
    ]);
    expect(findReversals(specify({ method: "min_max" }), panel, ["unit2"])).toEqual([
      { entity: "unit2", pairs: 1, example: { period: "2018", ahead: "unit0", behind: "unit1" } },
    ]);
    expect(findReversals(specify({ method: "min_max" }), panel, ["unit3"])).toEqual([]);
  });

  test("against fixed goalposts, nobody", () => {
    const values = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), {
      minLength: 6,
      maxLength: 6,
    });
    fc.assert(
      fc.property(values, values, (one, other) => {
        const fixed = specify({ method: "goalposts", low: 0, high: 100 });
        expect(findReversals(fixed, makePanel([one, other]))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

/** Sample standard deviation. */
function spreadOf(values: readonly number[]): number {
  return momentsOf(Float64Array.from(values)).deviation;
}
