import fc from "fast-check";
import { expect, test } from "vitest";
import { aggregate } from "../../src/composite/aggregate.ts";
import { evaluate } from "../../src/composite/evaluate.ts";
import { openScores } from "../../src/composite/node-scores.ts";
import { normalise } from "../../src/composite/normalise.ts";
import { toPoints } from "../../src/composite/tree.ts";
import { makePanel, makeSpecification, plain } from "./make-panel.ts";

const NODES = [{ id: "index" }, { id: "A", parent: "index" }, { id: "B", parent: "index" }];
const leaves = (weights: readonly number[]) =>
  ["A", "A", "B"].map((parent, leaf) => ({
    id: `leaf${leaf}`,
    parent,
    weight: weights[leaf]!,
    normalisation: { method: "min_max" } as const,
  }));

const column = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), {
  minLength: 6,
  maxLength: 6,
});
const table = fc
  .tuple(column, column, column)
  .filter((columns) => columns.every((values) => new Set(values).size > 1));
const weights = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
);

test("a draw of weights needs the last stage only, in the same room, and leaves the base as it was", () => {
  fc.assert(
    fc.property(table, weights, weights, (columns, base, drawn) => {
      const panel = makePanel(columns);
      const specification = makeSpecification(NODES, leaves(base));
      const evaluation = evaluate(specification, panel);
      const before = plain(evaluation.nodes.score[0]);
      const room = openScores(specification.tree, panel);
      const anew = evaluate(makeSpecification(NODES, leaves(drawn)), panel);
      for (let turn = 0; turn < 2; turn++) {
        aggregate(specification, panel, evaluation.leaves, anew.weights, room);
        expect(plain(room.score[0])).toEqual(plain(anew.nodes.score[0]));
        aggregate(specification, panel, evaluation.leaves, evaluation.weights, room);
        expect(plain(room.score[0])).toEqual(before);
      }
    }),
  );
});

test("a draw of one indicator's scale redoes its column alone", () => {
  const panel = makePanel([
    [0, 5, 10],
    [1, 2, 3],
    [4, 9, 7],
  ]);
  const specification = makeSpecification(NODES, leaves([1, 1, 1]));
  const base = evaluate(specification, panel);
  const changed = {
    ...specification,
    leaves: specification.leaves.with(1, {
      ...specification.leaves[1]!,
      normalisation: { method: "rank" },
    }),
  };
  const scores = base.leaves.slice();
  const done = normalise(changed, panel, base.treated, scores, [1]);
  expect([...done.keys()]).toEqual([1]);
  expect(plain(scores)).toEqual(plain(evaluate(changed, panel).leaves));
  expect(plain(scores).slice(3, 6)).toEqual([1, 2, 3]);
});

test("weights become points: children share their parent's in proportion", () => {
  const { tree } = makeSpecification(
    [
      { id: "index", weight: 100 },
      { id: "A", parent: "index", weight: 3 },
    ],
    [
      { id: "a", parent: "A", weight: 1 },
      { id: "b", parent: "A", weight: 3 },
      { id: "c", parent: "index", weight: 1 },
    ],
  );
  // index 100: A 75 (a 18.75, b 56.25), c 25
  expect([...toPoints(tree.items, Float64Array.of(100, 3, 1, 3, 1))]).toEqual([
    100, 75, 18.75, 56.25, 25,
  ]);
});
