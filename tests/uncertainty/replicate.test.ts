import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/composite/evaluate.ts";
import { rankDown } from "../../src/composite/order.ts";
import type { Panel } from "../../src/composite/panel.ts";
import type { Specification } from "../../src/composite/specification.ts";
import { planDraws } from "../../src/uncertainty/design.ts";
import type { Design } from "../../src/uncertainty/draw.ts";
import { readDraws, tabulateDraws } from "../../src/uncertainty/draw-table.ts";
import { type Ground, openEvaluator } from "../../src/uncertainty/evaluate-draws.ts";
import { replicate } from "../../src/uncertainty/replicate.ts";
import { AS_STATED, type Way } from "../../src/uncertainty/ways.ts";
import { type Count, openWorlds } from "../../src/uncertainty/worlds.ts";
import { makePanel, makeSpecification } from "../composite/make-panel.ts";

const SPECIFICATION = makeSpecification(
  [{ id: "index" }, { id: "a", parent: "index" }, { id: "b", parent: "index" }],
  [
    { id: "a1", parent: "a", weight: 2 },
    { id: "a2", parent: "a" },
    { id: "b1", parent: "b" },
  ],
);

/** Three bodies, a2 and b1 unlike a1. */
const PANEL = makePanel([
  [90, 60, 30],
  [40, 70, 50],
  [80, 50, 90],
]);

const useMinMax: Way = {
  id: "peers",
  change: (specification) => ({
    ...specification,
    leaves: specification.leaves.map((leaf) => ({
      ...leaf,
      normalisation: { method: "min_max", minimum_peers: 2, assumption: true } as const,
    })),
  }),
};

const useGeometric: Way = {
  id: "geometric",
  change: (specification) => ({
    ...specification,
    tree: {
      ...specification.tree,
      items: specification.tree.items.map((item) =>
        item.node
          ? { ...item, node: { ...item.node, aggregation: { method: "geometric" } } }
          : item,
      ),
    },
  }),
};

const WAYS: Ground["ways"] = {
  normalisation: [AS_STATED, useMinMax],
  aggregation: [AS_STATED, useGeometric],
  treatment: [AS_STATED],
  imputation: [AS_STATED],
};

const COUNTS: Count[] = [0, 1, 2].map((unit) => ({
  cell: unit,
  entity: `unit${unit}`,
  indicator: "a1",
  model: "share",
  numerator: [9, 6, 3][unit] as number,
  denominator: 10,
  scale: 100,
}));

function plan(changes: Partial<Parameters<typeof planDraws>[1]> = {}): Design {
  return planDraws(SPECIFICATION.tree, {
    seed: 5,
    replications: 40,
    spread: 0.25,
    ways: { normalisation: 2, aggregation: 1, treatment: 1, imputation: 1 },
    counts: true,
    sensitivity: true,
    ...changes,
  });
}

function ground(design: Design, changes: Partial<Ground> = {}): Ground {
  return {
    specification: SPECIFICATION,
    panel: PANEL,
    ways: WAYS,
    multipliers: design.multipliers,
    openWorlds: () => openWorlds(COUNTS, 0.5, 5),
    ...changes,
  };
}

/** Index scores of every draw. */
function scoresOf(design: Design, changes: Partial<Ground> = {}): number[][] {
  const { evaluate: evaluateDraw } = openEvaluator(ground(design, changes));
  return design.draws.map((draw) => [...evaluateDraw(draw)]);
}

function groupOf(specification: Specification, panel: Panel) {
  const { nodes } = evaluate(specification, panel);
  const ranks = rankDown(nodes.score[0] as Float64Array, 0);
  const units = Int32Array.from(ranks.keys()).sort((a, b) => ranks[a]! - ranks[b]!);
  return { units, stated: units.map((unit) => ranks[unit]!) };
}

describe("draws", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(scoresOf(plan())).toEqual(scoresOf(plan()));
    expect(scoresOf(plan({ seed: 6 }))).not.toEqual(scoresOf(plan()));
  });

  it("give the same scores again when they are written down and read back", () => {
    const design = plan();
    const [head = [], ...rows] = tabulateDraws(design, WAYS, SPECIFICATION.tree);
    const records = rows.map((row) => Object.fromEntries(row.map((cell, at) => [head[at], cell])));
    const again = readDraws(records as Record<string, string>[], WAYS, SPECIFICATION.tree);
    expect(again.factors).toEqual(design.factors);
    expect(scoresOf(again)).toEqual(scoresOf(design));
  });

  it("read back say what does not fit", () => {
    const [head = [], first = []] = tabulateDraws(plan(), WAYS, SPECIFICATION.tree);
    const record = Object.fromEntries(first.map((cell, at) => [head[at], cell])) as Record<
      string,
      string
    >;
    const read = (changes: Record<string, string>) => () =>
      readDraws([{ ...record, ...changes }], WAYS, SPECIFICATION.tree);
    expect(read({ normalisation: "guess" })).toThrow(
      'Draw 1 makes the choice "guess" of normalisation, which the standard does not offer: as stated, peers.',
    );
    expect(read({ a1: "-1" })).toThrow('Draw 1 has "-1" under "a1"');
  });

  it("vary weights within the spread, and leave the sum of siblings alone", () => {
    const { multipliers } = plan({ replications: 1000 });
    const all = multipliers.map((set) => set[2] as number);
    expect(Math.min(...all)).toBeGreaterThan(0.75);
    expect(Math.max(...all)).toBeLessThan(1.25);
    expect(Math.min(...all)).toBeLessThan(0.76);
    expect(Math.max(...all)).toBeGreaterThan(1.24);
    // The index of a body that scores 60 everywhere is 60 whatever the weights.
    const panel = makePanel([[60], [60], [60]]);
    const design = plan({
      counts: false,
      ways: { normalisation: 1, aggregation: 1, treatment: 1, imputation: 1 },
    });
    for (const [score] of scoresOf(design, { panel })) expect(score).toBeCloseTo(60, 12);
  });

  it("do not depend on the order of the bodies", () => {
    const order = [2, 0, 1];
    const panel = makePanel(
      [0, 1, 2].map((column) => order.map((unit) => PANEL.values[column * 3 + unit]!)),
      { entity: order.map((unit) => `unit${unit}`) },
    );
    const counts = COUNTS.map((count) => ({ ...count, cell: order.indexOf(count.cell) }));
    const design = plan();
    const turned = scoresOf(design, { panel, openWorlds: () => openWorlds(counts, 0.5, 5) });
    scoresOf(design).forEach((scores, row) => {
      expect(turned[row]).toEqual(order.map((unit) => scores[unit]));
    });
  });
});

describe("an evaluation of draws", () => {
  it("runs only the stages that a draw touches again", () => {
    const design = plan({ counts: false, sensitivity: false });
    const { evaluate: evaluateDraw, runs } = openEvaluator(ground(design));
    for (const draw of design.draws) evaluateDraw(draw);
    // 40 sets of weights on two normalisations of one set of values
    expect(runs).toEqual({ prepare: 1, treat: 0, normalise: 2, aggregate: 40 });
  });

  it("gives what the engine gives when nothing is varied", () => {
    const { nodes } = evaluate(SPECIFICATION, PANEL);
    const draw = {
      part: "",
      number: 0,
      choices: { normalisation: 0, aggregation: 0, treatment: 0, imputation: 0 },
      weights: -1,
      data: -1,
    };
    // a = (2·90 + 40)/3, index = (a + 80)/2 and so on
    const expected = [(220 / 3 + 80) / 2, (190 / 3 + 50) / 2, (110 / 3 + 90) / 2];
    const found = openEvaluator(ground(plan())).evaluate(draw);
    expect([...found]).toEqual([...(nodes.score[0] as Float64Array)]);
    found.forEach((score, unit) => {
      expect(score).toBeCloseTo(expected[unit]!, 12);
    });
  });
});

describe("replications", () => {
  it("that fail are counted with their reason and left out", () => {
    // min-max gives 0, of which there is no geometric mean: with both choices about a quarter of the draws fail
    const design = plan({
      replications: 200,
      counts: false,
      sensitivity: false,
      ways: { normalisation: 2, aggregation: 2, treatment: 1, imputation: 1 },
    });
    const both = design.draws.filter(
      ({ choices }) => choices.normalisation === 1 && choices.aggregation === 1,
    ).length;
    expect(both).toBeGreaterThan(20);
    const { failures, evaluated, groups } = replicate(ground(design), design, [
      groupOf(SPECIFICATION, PANEL),
    ]);
    expect(evaluated).toBe(200);
    expect(failures.reduce((sum, { count }) => sum + count, 0)).toBe(both);
    expect(failures[0]?.message).toContain("geometric mean");
    expect(groups[0]?.summaries.all?.[0]?.replications).toBe(200 - both);
  });

  it("part the error of the counts from that of weights and choices", () => {
    // a1 alone counts and is certain: only the counts can move it
    const specification = makeSpecification([{ id: "index" }], [{ id: "a1", parent: "index" }]);
    const panel = makePanel([[90, 60, 30]]);
    const design = planDraws(specification.tree, {
      seed: 1,
      replications: 200,
      spread: 0.5,
      ways: { normalisation: 1, aggregation: 1, treatment: 1, imputation: 1 },
      counts: true,
      sensitivity: true,
    });
    const { groups } = replicate(ground(design, { specification, panel }), design, [
      groupOf(specification, panel),
    ]);
    const [result] = groups;
    for (const own of result?.summaries.choices ?? []) expect(own.low).toBe(own.high);
    // 3 of 10 is above 6 of 10 in about 9 of 100 worlds, more than one in twenty
    expect(result?.summaries.data?.[1]?.high).toBe(3);
    const shares = result?.sensitivities.filter(({ place }) => place === -1);
    expect(shares?.find(({ factor }) => factor === "weights")).toMatchObject({
      firstOrder: 0,
      total: 0,
    });
    expect(shares?.find(({ factor }) => factor === "data")?.total).toBeGreaterThan(0.8);
  });

  it("put a body above another as often as Beta says, when only counts are varied", () => {
    const specification = makeSpecification([{ id: "index" }], [{ id: "a1", parent: "index" }]);
    const panel = makePanel([[90, 60, 30]]);
    const design = planDraws(specification.tree, {
      seed: 3,
      replications: 20_000,
      ways: { normalisation: 1, aggregation: 1, treatment: 1, imputation: 1 },
      counts: true,
      sensitivity: false,
    });
    const { groups } = replicate(ground(design, { specification, panel }), design, [
      groupOf(specification, panel),
    ]);
    const above = groups[0]?.pairs.find(({ place, other }) => place === 1 && other === 2)?.above;
    // P(Beta(6.5, 4.5) > Beta(3.5, 7.5)) by integrating the two densities
    expect(Math.abs((above ?? 0) - chanceAbove([6.5, 4.5], [3.5, 7.5]))).toBeLessThan(0.01);
  });

  it("never leave the range of ranks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const design = plan({ seed });
        const { groups } = replicate(ground(design), design, [groupOf(SPECIFICATION, PANEL)]);
        for (const own of groups[0]?.summaries.all ?? []) {
          expect(own.low).toBeGreaterThanOrEqual(1);
          expect(own.high).toBeLessThanOrEqual(3);
          expect(own.low).toBeLessThanOrEqual(own.median);
          expect(own.median).toBeLessThanOrEqual(own.high);
          expect(own.topThree).toBe(1);
        }
      }),
      { numRuns: 20 },
    );
  });
});

/** P(X > Y) of two Beta distributions, by the midpoint rule. */
function chanceAbove([a, b]: readonly [number, number], [c, d]: readonly [number, number]): number {
  const steps = 20_000;
  const at = (step: number) => (step + 0.5) / steps;
  const density = (x: number, p: number, q: number) => x ** (p - 1) * (1 - x) ** (q - 1);
  const total = (p: number, q: number) => {
    let sum = 0;
    for (let step = 0; step < steps; step++) sum += density(at(step), p, q);
    return sum;
  };
  let below = 0;
  let chance = 0;
  for (let step = 0; step < steps; step++) {
    const own = density(at(step), c, d);
    chance += density(at(step), a, b) * (below + own / 2);
    below += own;
  }
  return chance / (total(a, b) * total(c, d));
}
