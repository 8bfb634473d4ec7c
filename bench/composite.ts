import { aggregate } from "../src/composite/aggregate.ts";
import { evaluate } from "../src/composite/evaluate.ts";
import { openScores } from "../src/composite/node-scores.ts";
import { normalise } from "../src/composite/normalise.ts";
import type { Panel } from "../src/composite/panel.ts";
import type { Specification } from "../src/composite/specification.ts";
import type { TreeItem } from "../src/composite/tree.ts";
import { weightsOf } from "../src/composite/tree.ts";
import type { Aggregation, Normalisation } from "../src/standard/standard-methods.ts";

/**
 * The engine on synthetic numbers: one pass of normalising and aggregating, duels, and all stages at once.
 * Milliseconds: the median of the runs; the processor's time of one more, which other work on the machine leaves alone;
 * and the first run, as a single evaluation pays it.
 */
export function benchComposite(): void {
  const wide = makePanel(3000, 60);
  for (const method of ["min_max", "z_score", "percentile_rank"] as const) {
    show(`3,000 × 60, ${method} + arithmetic`, passOf(wide, { method }, { method: "arithmetic" }));
  }
  const spread: Normalisation = { method: "min_max", range: { low: 1, high: 100 } };
  show("3,000 × 60, min_max + geometric", passOf(wide, spread, { method: "geometric" }));
  const duels: Aggregation = { method: "outranking", count: "duels" };
  show("300 × 60, Copeland", passOf(makePanel(300, 60), { method: "min_max" }, duels, 1));
  show("3,000 × 60, Copeland", passOf(wide, { method: "min_max" }, duels, 1), 3);
  const all = specifyFor(60, { method: "min_max" }, { method: "arithmetic" });
  const treatment = {
    method: "skew_kurtosis",
    skewness: 2,
    kurtosis: 3.5,
    winsorise: 5,
    otherwise: { method: "log_range" },
    assumption: true,
  } as const;
  const treated = { ...all, leaves: all.leaves.map((leaf) => ({ ...leaf, treatment })) };
  show("3,000 × 60, all stages, outliers treated", () => evaluate(treated, wide), 10);
}

function passOf(
  panel: Panel,
  normalisation: Normalisation,
  aggregation: Aggregation,
  nodes = 6,
): () => void {
  const columns = panel.values.length / panel.units;
  const specification = specifyFor(columns, normalisation, aggregation, nodes);
  const scores = new Float64Array(panel.values.length);
  const out = openScores(specification.tree, panel);
  const weights = weightsOf(specification.tree);
  return () => {
    normalise(specification, panel, panel.values, scores);
    aggregate(specification, panel, scores, weights, out);
  };
}

function show(name: string, work: () => void, runs = 21): void {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  const [first] = times;
  const median = times.toSorted((a, b) => a - b)[Math.floor(runs / 2)];
  const cpu = (user + system) / 1000;
  console.log(
    `${name.padEnd(40)} ${median?.toFixed(1).padStart(8)} ms   processor ${cpu.toFixed(1).padStart(7)} ms   first ${first?.toFixed(1)} ms`,
  );
}

/** Skewed synthetic values, the same in every run. */
function makePanel(units: number, columns: number): Panel {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    units,
    entity: Array.from({ length: units }, (_, unit) => `unit${unit}`),
    periods: ["2018"],
    period: new Int32Array(units),
    groupings: { peers: new Int32Array(units) },
    values: Float64Array.from({ length: units * columns }, () =>
      Math.exp(2 * (next() + next() + next() - 1.5)),
    ),
    denominators: {},
  };
}

/** An index over so many nodes (or none: one), which share the indicators evenly. */
function specifyFor(
  columns: number,
  normalisation: Normalisation,
  aggregation: Aggregation,
  nodes = 6,
): Specification {
  const node = (id: string) => ({
    id,
    title: { zh: id, en: id },
    weight: {},
    aggregation,
    assumption: true as const,
  });
  const items: (Omit<TreeItem, "children"> & { children: number[] })[] = [];
  const base = { place: 0, leaf: -1, column: -1, children: [] };
  items.push({
    ...base,
    id: "index",
    kind: "index",
    parent: -1,
    weight: columns,
    node: node("index"),
    children: [],
  });
  for (let place = 0; place < nodes; place++) {
    // A single node is the index itself.
    const parent = nodes === 1 ? 0 : items.length;
    const size = columns / nodes;
    if (nodes > 1) {
      items[0]?.children.push(parent);
      items.push({
        ...base,
        id: `n${place}`,
        kind: "dimension",
        parent: 0,
        weight: size,
        node: node(`n${place}`),
        children: [],
      });
    }
    for (let leaf = place * size; leaf < (place + 1) * size; leaf++) {
      items[parent]?.children.push(items.length);
      items.push({
        ...base,
        id: `i${leaf}`,
        kind: "indicator",
        leaf,
        column: leaf,
        parent,
        weight: 1,
        node: undefined,
        children: [],
      });
    }
  }
  const positions = new Int32Array(columns);
  items.forEach(({ column }, position) => {
    if (column >= 0) positions[column] = position;
  });
  return {
    tree: { level: "body", items, columns: positions },
    leaves: Array.from({ length: columns }, (_, leaf) => ({
      id: `i${leaf}`,
      direction: "higher",
      normalisation,
    })),
    rescaled: new Map(),
    missing: {
      rule: "reweight",
      minimum_coverage: 0,
      not_applicable: "excluded",
      assumption: true,
    },
    tolerance: 0,
  };
}
