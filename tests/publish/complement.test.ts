import { expect, test } from "vitest";
import { complement, type ScoredNode } from "../../src/publish/complement.ts";
import type { Output } from "../../src/publish/outputs.ts";

// index has the nodes A (a1, a2, a3) and B (b1, b2) and C (c1).
const TREE: readonly ScoredNode[] = [
  ["index", null],
  ["A", "index"],
  ["B", "index"],
  ["C", "index"],
  ...["a1", "a2", "a3"].map((id) => [id, "A"] as const),
  ...["b1", "b2"].map((id) => [id, "B"] as const),
  ["c1", "C"] as const,
].map(([id, parent]) => ({
  id: id as string,
  parent: parent ?? null,
  leaf: /\d/.test(id as string),
}));
const without = (...ids: string[]) => TREE.filter(({ id }) => !ids.includes(id));
const WEIGHTS = new Map(Object.entries({ a1: 5, a2: 3, a3: 4, b1: 2, b2: 1, c1: 9 }));

const added = (
  hidden: Readonly<Record<string, Output["audience"]>>,
  trees: readonly (readonly ScoredNode[])[] = [TREE],
) =>
  Object.fromEntries(
    complement(
      trees,
      TREE.filter(({ leaf }) => leaf).map(({ id }) => ({
        kind: "indicator",
        id,
        audience: hidden[id] ?? "public",
      })),
      WEIGHTS,
    ).map(({ id, audience }) => [id, audience]),
  );

test("nothing more is kept back where nothing is hidden, or two of a node are", () => {
  expect(added({})).toEqual({});
  expect(added({ a1: "internal", a2: "internal" })).toEqual({});
});

test("one alone takes the least by weight of its node with it, for the same eyes", () => {
  expect(added({ a1: "internal" })).toEqual({ a2: "internal" });
  expect(added({ b1: "officers" })).toEqual({ b2: "officers" });
});

test("two are one where a reader may see the other", () => {
  // Officers see a3, so for them a1 is alone; the public sees neither.
  expect(added({ a1: "internal", a3: "officers" })).toEqual({ a2: "internal" });
});

test("an only child takes its node with it, and then another branch's least with the nodes above it", () => {
  expect(added({ c1: "internal" })).toEqual({ C: "internal", B: "internal", b2: "internal" });
});

test("every body counts, also one of which an indicator was not assessed", () => {
  expect(added({ a1: "internal", a2: "internal" }, [TREE, without("a2")])).toEqual({
    a3: "internal",
  });
});

test("an index of one indicator is that indicator, which nothing keeps back", () => {
  const tree = without("A", "B", "C", "a2", "a3", "b1", "b2", "c1").map((one) =>
    one.id === "a1" ? { ...one, parent: "index" } : one,
  );
  expect(added({ a1: "internal" }, [tree])).toEqual({});
});

// An oracle of its own: a child can be reckoned when a known node has it as its only unknown one, a node when all of its children
// are known, and what was reckoned is known from then on.
function reckon(tree: readonly ScoredNode[], hidden: ReadonlySet<string>): string[] {
  const unknown = new Set(tree.filter(({ id }) => hidden.has(id)).map(({ id }) => id));
  for (let again = true; again; ) {
    again = false;
    for (const node of tree.filter(({ leaf, id }) => !leaf && !unknown.has(id))) {
      const children = tree.filter(({ parent }) => parent === node.id);
      const open = children.filter(({ id }) => unknown.has(id));
      if (open.length === 1) {
        unknown.delete((open[0] as ScoredNode).id);
        again = true;
      }
    }
    // A node whose children are all known is known.
    for (const node of tree.filter(({ leaf, id }) => !leaf && unknown.has(id))) {
      const children = tree.filter(({ parent }) => parent === node.id);
      if (children.every(({ id }) => !unknown.has(id))) {
        unknown.delete(node.id);
        again = true;
      }
    }
  }
  return [...hidden].filter((id) => !unknown.has(id));
}

test("of whatever is hidden, nothing can be reckoned from the scores that are shown", () => {
  const leaves = TREE.filter(({ leaf }) => leaf).map(({ id }) => id);
  for (let mask = 1; mask < 2 ** leaves.length; mask++) {
    const stated = leaves.filter((_, at) => mask & (1 << at));
    const more = added(Object.fromEntries(stated.map((id) => [id, "internal" as const])));
    const hidden = new Set([...stated, ...Object.keys(more)]);
    expect(reckon(TREE, hidden), stated.join()).toEqual([]);
  }
});
