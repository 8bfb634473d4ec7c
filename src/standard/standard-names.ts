import { resolveIndicator, unknownIndicator } from "./indicator-family.ts";
import type { IndicatorFile } from "./indicator-file.ts";
import type { Add } from "./standard-references.ts";
import type { ByLevel, StandardFile } from "./standard-schema.ts";

/** Faults of the names by which a standard's parts call each other: rules, denominators, groupings, children. */
export function checkNames(
  value: StandardFile,
  known: ReadonlyMap<string, IndicatorFile>,
  add: Add,
): void {
  const has = (list: object | undefined, name: string) => list !== undefined && name in list;
  const { defaults } = value;
  const rules = {
    normalise: { list: value.normalisations, kind: "normalisation" },
    impute: { list: value.imputations, kind: "imputation" },
    treat: { list: value.treatments, kind: "treatment" },
    denominate: { list: value.denominators, kind: "denominator" },
  } as const;
  for (const key of ["normalise", "impute", "treat"] as const) {
    const name = defaults?.[key];
    if (name !== undefined && !has(rules[key].list, name)) {
      add(["defaults", key], `there is no ${rules[key].kind} "${name}"`);
    }
  }
  value.indicators.forEach((entry, index) => {
    for (const key of ["impute", "treat", "denominate"] as const) {
      for (const name of namesIn(entry[key])) {
        if (name === "none" && key !== "denominate") continue;
        if (!has(rules[key].list, name)) {
          add(["indicators", index, key], `there is no ${rules[key].kind} "${name}"`);
        }
      }
    }
  });
  for (const list of ["denominators", "groupings"] as const) {
    for (const [name, { indicator }] of Object.entries(value[list] ?? {})) {
      const file = resolveIndicator(known, indicator);
      const path = [list, name, "indicator"];
      if (!file) add(path, unknownIndicator(indicator));
      else if (file.aggregate === "list") {
        add(path, `"${indicator}" lists records; it has no value to divide or group by`);
      }
    }
  }
  checkUnweighted(value, known, add);
  checkComparisons(value, add);
  checkNodes(value, add);
}

/** What carries no weight must exist, stand once, and carry none. */
function checkUnweighted(
  { indicators, unweighted }: StandardFile,
  known: ReadonlyMap<string, IndicatorFile>,
  add: Add,
): void {
  const weighted = new Set(indicators.map(({ indicator }) => indicator));
  const seen = new Set<string>();
  unweighted.forEach(({ indicator }, index) => {
    const path = ["unweighted", index, "indicator"];
    if (!resolveIndicator(known, indicator)) add(path, unknownIndicator(indicator));
    else if (weighted.has(indicator)) {
      add(path, `"${indicator}" has a weight; take it from "unweighted" or from "indicators"`);
    } else if (seen.has(indicator)) add(path, `"${indicator}" stands twice; take one away`);
    seen.add(indicator);
  });
}

function namesIn(choice: ByLevel): string[] {
  if (choice === undefined) return [];
  return typeof choice === "string" ? [choice] : Object.values(choice);
}

/** What a comparison is drawn among must be a grouping there is. */
function checkComparisons(value: StandardFile, add: Add): void {
  const groupings = ["peers", "level", ...Object.keys(value.groupings ?? {})];
  for (const list of ["normalisations", "imputations", "treatments"] as const) {
    for (const [name, rule] of Object.entries(value[list] ?? {})) {
      const among = "among" in rule ? rule.among : undefined;
      if (among !== undefined && !groupings.includes(among)) {
        add(
          [list, name, "among"],
          `there is no grouping "${among}"; the groupings are: ${groupings.join(", ")}`,
        );
      }
    }
  }
}

function checkNodes(value: StandardFile, add: Add): void {
  value.nodes.forEach(({ id, normalise, caps }, index) => {
    if (normalise !== undefined && !(normalise in value.normalisations)) {
      add(["nodes", index, "normalise"], `there is no normalisation "${normalise}"`);
    }
    const children = [
      ...value.nodes.filter(({ parent }) => parent === id).map((node) => node.id),
      ...value.indicators.filter(({ parent }) => parent === id).map((leaf) => leaf.indicator),
    ];
    caps?.forEach(({ child }, place) => {
      if (!children.includes(child)) {
        add(
          ["nodes", index, "caps", place, "child"],
          `"${child}" is no child of "${id}"; its children are: ${children.join(", ")}`,
        );
      }
    });
  });
}
