import type { LeafRules, Specification } from "../composite/specification.ts";
import type { EvaluationStandard } from "../standard/evaluation-standard.ts";
import type { Uncertainty } from "../standard/uncertainty-schema.ts";
import type { Choice, Draw } from "./draw.ts";

/** One of the ways a choice can be made. */
export interface Way {
  /** As shown and exported: "as stated", or the name of what is used instead. */
  readonly id: string;
  readonly change: (specification: Specification) => Specification;
}

export const AS_STATED: Way = { id: "as stated", change: (specification) => specification };

/** The ways of every choice, the standard's own first. */
export function listWays(
  standard: EvaluationStandard,
  uncertainty: Uncertainty,
): Readonly<Record<Choice, readonly Way[]>> {
  const rule = <T>(rules: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
    rules?.[name];
  return {
    normalisation: [
      AS_STATED,
      ...uncertainty.normalisations.map(({ use, instead_of }) =>
        changeLeaves(use, (leaf) => {
          const normalisation = rule(standard.normalisations, use);
          const named = namesOf(standard.normalisations, leaf.normalisation);
          if (!normalisation || !isMeant(named, instead_of)) return leaf;
          return { ...leaf, normalisation };
        }),
      ),
    ],
    treatment: [
      AS_STATED,
      ...uncertainty.treatments.map(({ use, instead_of }) =>
        changeLeaves(use, (leaf) => {
          const named = namesOf(standard.treatments, leaf.treatment);
          if (!isMeant(named, instead_of)) return leaf;
          return { ...leaf, treatment: rule(standard.treatments, use) };
        }),
      ),
    ],
    imputation: [
      AS_STATED,
      ...uncertainty.imputations.map(({ use, instead_of }) =>
        changeLeaves(use, (leaf) => {
          const named = namesOf(standard.imputations, leaf.imputation);
          if (!isMeant(named, instead_of)) return leaf;
          return { ...leaf, imputation: rule(standard.imputations, use) };
        }),
      ),
    ],
    aggregation: [
      AS_STATED,
      ...uncertainty.aggregations.map(
        ({ use, nodes }): Way => ({
          id: nameAggregation(use),
          change: (specification) => ({
            ...specification,
            tree: {
              ...specification.tree,
              items: specification.tree.items.map((item) =>
                item.node && (nodes === undefined || nodes.includes(item.id))
                  ? { ...item, node: { ...item.node, aggregation: use } }
                  : item,
              ),
            },
          }),
        }),
      ),
    ],
  };
}

function changeLeaves(id: string, change: (leaf: LeafRules) => LeafRules): Way {
  return {
    id,
    change: (specification) => ({ ...specification, leaves: specification.leaves.map(change) }),
  };
}

/** Names under which the standard states a rule; "none" where there is no rule. */
function namesOf<T>(rules: Readonly<Record<string, T>> | undefined, rule: T | undefined): string[] {
  if (rule === undefined) return ["none"];
  return Object.entries(rules ?? {}).flatMap(([name, own]) => (own === rule ? [name] : []));
}

function isMeant(names: readonly string[], meant: readonly string[] | undefined): boolean {
  return meant === undefined || names.some((name) => meant.includes(name));
}

type Aggregation = Uncertainty["aggregations"][number]["use"];

function nameAggregation(rule: Aggregation): string {
  const terms = Object.entries(rule).filter(([key]) => key !== "method");
  return [rule.method, ...terms.map(([key, value]) => `${key} ${value}`)].join(" ");
}

/** The specification as a draw has it. */
export function applyChoices(
  specification: Specification,
  ways: Readonly<Record<Choice, readonly Way[]>>,
  choices: Draw["choices"],
): Specification {
  let changed = specification;
  for (const [choice, number] of Object.entries(choices) as [Choice, number][]) {
    const way = ways[choice][number];
    if (!way) throw new Error(`There is no way number ${number} of the choice "${choice}".`);
    changed = way.change(changed);
  }
  return changed;
}
