import type { Bilingual } from "../standard/bilingual.ts";
import {
  type EvaluationStandard,
  pickByLevel,
  type Schedule,
  type Veto,
} from "../standard/evaluation-standard.ts";
import type { IndicatorFile } from "../standard/indicator-file.ts";
import { citedAs } from "./cited.ts";

/** The indicators as rows of the published table. */
export function indicatorRows(indicators: ReadonlyMap<string, IndicatorFile>) {
  return [...indicators.values()].map((indicator) => ({
    indicator_id: indicator.id,
    clause: indicator.clause,
    title_zh: indicator.title.zh,
    title_en: indicator.title.en,
    unit_zh: indicator.unit.zh,
    unit_en: indicator.unit.en,
    direction: indicator.direction,
    aggregate: indicator.aggregate,
    scale: indicator.scale,
    numerator_zh: indicator.numerator?.zh ?? null,
    numerator_en: indicator.numerator?.en ?? null,
    denominator_zh: indicator.denominator.zh,
    denominator_en: indicator.denominator.en,
    minimum_sample: indicator.minimum_sample,
    levels: indicator.levels.join(", "),
    evidence: indicator.evidence,
    rollup: indicator.rollup,
    ...citedAs(indicator.source),
    hash: indicator.hash,
  }));
}

/** The tree of every level, in the order of a table of contents: a node, then what is below it. */
export function nodeRows(
  standard: EvaluationStandard,
  indicators: ReadonlyMap<string, IndicatorFile>,
) {
  return Object.keys(standard.levels).flatMap((level) => {
    const rows: ReturnType<typeof nodeRow>[] = [];
    const visit = (parent: string | undefined) => {
      for (const node of standard.nodes) {
        if (node.parent !== parent || node.weight[level] === undefined) continue;
        rows.push(
          nodeRow(node, level, {
            node_id: node.id,
            node_level: parent === undefined ? "index" : "dimension",
            title: node.title,
            clause: node.clause,
            aggregation: node.aggregation.method,
          }),
        );
        for (const leaf of standard.indicators) {
          if (leaf.parent !== node.id || leaf.weight[level] === undefined) continue;
          const file = indicators.get(leaf.indicator);
          rows.push(
            nodeRow(leaf, level, {
              node_id: leaf.indicator,
              node_level: "indicator",
              title: file?.title ?? { zh: leaf.indicator, en: leaf.indicator },
              clause: file?.clause,
              normalisation: pickByLevel(leaf.normalise, level) ?? standard.defaults?.normalise,
            }),
          );
        }
        visit(node.id);
      }
    };
    visit(undefined);
    return rows.map((row, place) => ({ place, ...row }));
  });
}

interface Weighted {
  readonly parent?: string | undefined;
  readonly weight: Readonly<Record<string, number>>;
  readonly source?: Bilingual | undefined;
  readonly assumption?: true | undefined;
}

function nodeRow(
  weighted: Weighted,
  level: string,
  own: {
    readonly node_id: string;
    readonly node_level: string;
    readonly title: { readonly zh: string; readonly en: string };
    readonly clause?: string | undefined;
    readonly normalisation?: string | undefined;
    readonly aggregation?: string | undefined;
  },
) {
  return {
    level,
    node_id: own.node_id,
    node_level: own.node_level,
    parent_node: weighted.parent ?? null,
    title_zh: own.title.zh,
    title_en: own.title.en,
    clause: own.clause ?? null,
    weight: weighted.weight[level] ?? null,
    normalisation: own.normalisation ?? null,
    aggregation: own.aggregation ?? null,
    ...citedAs(weighted.source),
    assumption: weighted.assumption ?? false,
  };
}

/** Deductions, bonuses and vetoes. `terms` are their numbers as JSON, keys in alphabetical order. */
export function ruleRows(standard: EvaluationStandard) {
  const kinds: readonly (readonly [string, readonly (Schedule | Veto)[]])[] = [
    ["deduction", standard.deductions],
    ["bonus", standard.bonuses],
    ["veto", standard.vetoes],
  ];
  return kinds
    .flatMap(([kind, rules]) => rules.map((rule) => ({ kind, rule })))
    .map(({ kind, rule }, place) => {
      const { id, title, indicator, levels, source, assumption, ...terms } = rule;
      return {
        place,
        kind,
        rule_id: id,
        title_zh: title.zh,
        title_en: title.en,
        indicator_id: indicator,
        levels: levels?.join(", ") ?? null,
        terms: JSON.stringify(Object.fromEntries(Object.entries(terms).sort())),
        ...citedAs(source),
        assumption: assumption ?? false,
      };
    });
}

/** Grades from the best down. */
export function gradeRows(standard: EvaluationStandard) {
  return standard.grades.map((grade, place) => ({
    place,
    grade: grade.id,
    title_zh: grade.zh,
    title_en: grade.en,
    colour: grade.colour,
    from_score: grade.from ?? null,
    below_score: grade.below ?? null,
    ...citedAs(grade.source),
    assumption: grade.assumption ?? false,
  }));
}
