import type { StandardFile } from "./standard-schema.ts";
import type { Fault, YamlDocument } from "./yaml-document.ts";

/** Faults of the tree's shape: ids twice, parents that are none, cycles, more than one index, weights that do not sum. */
export function readTreeFaults(document: YamlDocument<StandardFile>): Fault[] {
  const faults = [...readIdFaults(document), ...readParentFaults(document)];
  // Sums mean nothing while the tree is broken.
  if (faults.length > 0) return faults;
  return document.value.weights === "relative"
    ? readEmptyFaults(document)
    : readWeightFaults(document);
}

function readIdFaults({ value, fault }: YamlDocument<StandardFile>): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  value.nodes.forEach(({ id }, index) => {
    if (seen.has(id)) faults.push(fault(["nodes", index, "id"], `the node "${id}" is there twice`));
    seen.add(id);
  });
  value.indicators.forEach(({ indicator }, index) => {
    if (seen.has(indicator)) {
      faults.push(
        fault(["indicators", index, "indicator"], `the indicator "${indicator}" is listed twice`),
      );
    }
    seen.add(indicator);
  });
  return faults;
}

function readParentFaults({ value, fault }: YamlDocument<StandardFile>): Fault[] {
  const faults: Fault[] = [];
  const parents = new Map(value.nodes.map(({ id, parent }) => [id, parent]));
  const check = (path: (string | number)[], parent: string | undefined) => {
    if (parent !== undefined && !parents.has(parent)) {
      faults.push(fault(path, `there is no node "${parent}" to be the parent`));
    }
  };
  value.nodes.forEach(({ id, parent }, index) => {
    const path = ["nodes", index, "parent"];
    check(path, parent);
    const cycle = findCycle(id, parents);
    if (cycle) {
      faults.push(fault(path, `the parents go round in a cycle: ${cycle.join(" → ")}`));
    }
  });
  value.indicators.forEach(({ parent }, index) => {
    check(["indicators", index, "parent"], parent);
  });
  const roots = value.nodes.flatMap(({ parent }, index) => (parent === undefined ? [index] : []));
  if (roots.length === 0) {
    faults.push(fault(["nodes"], "no node is without a parent, so there is no index"));
  }
  for (const index of roots.slice(1)) {
    faults.push(
      fault(["nodes", index, "id"], "a second node without a parent; only the index has none"),
    );
  }
  return faults;
}

/** The round trip from a node back to itself along the parents, or undefined. */
function findCycle(
  start: string,
  parents: ReadonlyMap<string, string | undefined>,
): string[] | undefined {
  const path = [start];
  for (let id = parents.get(start); id !== undefined; id = parents.get(id)) {
    path.push(id);
    if (id === start) return path;
    if (path.length > parents.size + 1) return undefined;
  }
  return undefined;
}

/** At each level, the weights of a node's children sum to the node's own: to 1e-9, far below any weight in use. */
/** Nodes without anything below them at a level, and weights below a node that has none there. */
function readEmptyFaults({ value, fault }: YamlDocument<StandardFile>): Fault[] {
  const faults: Fault[] = [];
  const children = [
    ...value.nodes.map((node) => ({ name: node.id, ...node })),
    ...value.indicators.map((leaf) => ({ name: leaf.indicator, ...leaf })),
  ];
  value.nodes.forEach((node, index) => {
    for (const level of Object.keys(value.levels)) {
      const has = node.weight[level] !== undefined;
      const under = children.filter(
        (child) => child.parent === node.id && child.weight[level] !== undefined,
      );
      const path = ["nodes", index, "weight"];
      if (!has && node.parent === undefined) {
        faults.push(fault(path, `the index has no weight at the level "${level}"`));
      } else if (!has && under.length > 0) {
        faults.push(
          fault(
            path,
            `"${node.id}" has no weight at the level "${level}", but "${under[0]?.name}" below it has`,
          ),
        );
      } else if (has && under.length === 0) {
        faults.push(
          fault(path, `at the level "${level}" there is nothing below "${node.id}" to score it by`),
        );
      }
    }
  });
  return faults;
}

function readWeightFaults({ value, fault }: YamlDocument<StandardFile>): Fault[] {
  const faults: Fault[] = [];
  const levels = Object.keys(value.levels);
  const children = [
    ...value.nodes.map((node) => ({ name: node.id, ...node })),
    ...value.indicators.map((leaf) => ({ name: leaf.indicator, ...leaf })),
  ];
  value.nodes.forEach((node, index) => {
    for (const level of levels) {
      const own = node.weight[level];
      const under = children.filter(
        (child) => child.parent === node.id && child.weight[level] !== undefined,
      );
      const sum = under.reduce((total, child) => total + (child.weight[level] ?? 0), 0);
      if (own === undefined && node.parent === undefined) {
        faults.push(
          fault(["nodes", index, "weight"], `the index has no weight at the level "${level}"`),
        );
      } else if (own === undefined && under.length > 0) {
        faults.push(
          fault(
            ["nodes", index, "weight"],
            `"${node.id}" has no weight at the level "${level}", but "${under[0]?.name}" below it has`,
          ),
        );
      } else if (own !== undefined && Math.abs(sum - own) > 1e-9) {
        faults.push(
          fault(
            ["nodes", index, "weight", level],
            `at the level "${level}" the weights below "${node.id}" sum to ${Number(sum.toFixed(9))}, not to its ${own}`,
          ),
        );
      }
    }
  });
  return faults;
}
