import type { StandardFile } from "./standard-schema.ts";
import type { Uncertainty } from "./uncertainty-schema.ts";
import type { Fault, YamlDocument } from "./yaml-document.ts";

type Path = readonly (string | number)[];
type Add = (path: Path, message: string) => void;

/** Faults of the uncertainty block: names of nothing, and choices that cannot go together. */
export function readUncertaintyFaults(document: YamlDocument<StandardFile>): Fault[] {
  const { value } = document;
  const { uncertainty } = value;
  if (!uncertainty) return [];
  const faults: Fault[] = [];
  const add: Add = (path, message) =>
    faults.push(document.fault(["uncertainty", ...path], message));
  checkAlternatives(uncertainty, "normalisations", Object.keys(value.normalisations), add);
  for (const list of ["treatments", "imputations"] as const) {
    checkAlternatives(uncertainty, list, ["none", ...Object.keys(value[list] ?? {})], add);
  }
  checkAggregations(value, uncertainty, add);
  const known = new Set(value.indicators.map(({ indicator }) => indicator));
  uncertainty.counts?.indicators?.forEach((indicator, index) => {
    if (known.has(indicator)) return;
    add(
      ["counts", "indicators", index],
      `"${indicator}" is no weighted indicator of this standard`,
    );
  });
  if (!variesAnything(uncertainty)) {
    add([], "nothing is varied: give weights, counts, or an alternative of some choice");
  }
  return faults;
}

function variesAnything({ weights, counts, ...lists }: Uncertainty): boolean {
  return (
    weights !== undefined ||
    counts !== undefined ||
    [lists.normalisations, lists.treatments, lists.imputations, lists.aggregations].some(
      (list) => list.length > 0,
    )
  );
}

function checkAlternatives(
  uncertainty: Uncertainty,
  list: "normalisations" | "treatments" | "imputations",
  names: readonly string[],
  add: Add,
): void {
  uncertainty[list].forEach(({ use, instead_of }, index) => {
    if (!names.includes(use)) add([list, index, "use"], unknown(use, list, names));
    instead_of?.forEach((name, place) => {
      if (!names.includes(name)) {
        add([list, index, "instead_of", place], unknown(name, list, names));
      }
    });
  });
}

function unknown(name: string, list: string, names: readonly string[]): string {
  return `"${name}" is not among the ${list} of this standard: ${names.join(", ")}`;
}

/** Means that need scores above 0 are refused when they have no floor and some child can score 0. */
function checkAggregations(value: StandardFile, uncertainty: Uncertainty, add: Add): void {
  const nodes = new Map(value.nodes.map((node) => [node.id, node]));
  uncertainty.aggregations.forEach(({ use, nodes: named = [...nodes.keys()] }, index) => {
    named.forEach((id, place) => {
      if (!nodes.has(id)) {
        add(["aggregations", index, "nodes", place], `there is no node "${id}"`);
      }
    });
    if (!needsPositive(use) || ("floor" in use && use.floor !== undefined)) return;
    const reaching = Object.entries(value.normalisations).find(([, rule]) => reachesZero(rule));
    if (reaching) {
      add(
        ["aggregations", index, "use"],
        `the ${use.method} mean is undefined for scores of 0, which the normalisation "${reaching[0]}" gives: add a floor, or lay the normalisation on a range above 0`,
      );
    }
  });
}

function needsPositive(rule: Uncertainty["aggregations"][number]["use"]): boolean {
  if (rule.method === "power") return rule.exponent <= 0 || !Number.isInteger(rule.exponent);
  return rule.method === "geometric" || rule.method === "harmonic";
}

function reachesZero(rule: StandardFile["normalisations"][string]): boolean {
  switch (rule.method) {
    case "z_score":
    case "scaled":
    case "borda":
    case "target":
      return true;
    case "rank":
      return false;
    case "deduction":
      return rule.floor <= 0;
    case "points":
      return rule.bands.some(({ points }) => points <= 0);
    default:
      return (rule.range?.low ?? 0) <= 0;
  }
}
