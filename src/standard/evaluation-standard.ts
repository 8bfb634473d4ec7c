import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { isThere } from "../whole-file.ts";
import type { IndicatorFile } from "./indicator-file.ts";
import { readReferenceFaults } from "./standard-references.ts";
import type {
  Grade,
  Normalisation,
  Schedule,
  StandardFile,
  TreeNode,
  Veto,
  WeightedIndicator,
} from "./standard-schema.ts";
import { standardSchema } from "./standard-schema.ts";
import { readTreeFaults } from "./standard-tree.ts";
import { readUncertaintyFaults } from "./uncertainty-references.ts";
import { DefinitionError, readYaml } from "./yaml-document.ts";

export type { Band } from "./standard-bands.ts";
export { findBand } from "./standard-bands.ts";
export type {
  Decay,
  Grade,
  Normalisation,
  Schedule,
  TreeNode,
  Veto,
  WeightedIndicator,
} from "./standard-schema.ts";
export { type ByLevel, pickByLevel } from "./standard-schema.ts";

/**
 * An evaluation standard: the tree of index, dimensions and indicators with their weights by level, and every rule
 * that turns values into a score, a rank and a grade.
 */
export interface EvaluationStandard {
  readonly id: string;
  readonly version: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** First and last day in force; without `to` it still is. */
  readonly effective: { readonly from: string; readonly to?: string | undefined };
  /** Months of evidence behind a period's value, ending with the period. */
  readonly window_months: number;
  /** Names and thresholds by level, in the order of the file. */
  readonly levels: StandardFile["levels"];
  readonly peer_classes: StandardFile["peer_classes"];
  readonly missing: StandardFile["missing"];
  readonly weights?: StandardFile["weights"];
  readonly ties?: StandardFile["ties"];
  readonly defaults?: StandardFile["defaults"];
  readonly denominators?: StandardFile["denominators"];
  readonly groupings?: StandardFile["groupings"];
  readonly screening?: StandardFile["screening"];
  readonly imputations?: StandardFile["imputations"];
  readonly treatments?: StandardFile["treatments"];
  readonly uncertainty?: StandardFile["uncertainty"];
  /** Index and dimensions; the node without a parent is the index. Weights are points: children's sum to their parent's. */
  readonly nodes: readonly TreeNode[];
  /** The leaves. */
  readonly indicators: readonly WeightedIndicator[];
  /** Indicators that stand for a duty and carry no weight, with the reason; no run computes them. */
  readonly unweighted: StandardFile["unweighted"];
  readonly normalisations: Readonly<Record<string, Normalisation>>;
  readonly deductions: readonly Schedule[];
  readonly bonuses: readonly Schedule[];
  readonly vetoes: readonly Veto[];
  readonly bounds: StandardFile["bounds"];
  /** From the best down. */
  readonly grades: readonly Grade[];
  /** Names of categories that are codes, as "minor". */
  readonly category_names: StandardFile["category_names"];
  /** The file, absolute. */
  readonly file: string;
  /** sha-256 of the file. */
  readonly hash: string;
}

/**
 * Reads metrics/standards/<id>.yaml and checks it against the indicators there are.
 * @param named the standard's id; or a file that ends in .yaml, absolute or below the workspace
 * @throws DefinitionError naming line and column of every fault: weights that do not sum, an unknown or unfit
 * indicator, overlapping or gapping bands, a cycle, something named twice, days inverted, a number of unsaid origin
 */
export function readStandard(
  workspace: string,
  named: string,
  knownIndicators: ReadonlyMap<string, IndicatorFile>,
): EvaluationStandard {
  const isFile = named.endsWith(".yaml");
  const id = isFile ? basename(named, ".yaml") : named;
  const file = isFile
    ? resolve(workspace, named)
    : join(workspace, "metrics", "standards", `${id}.yaml`);
  if (!isThere(file)) {
    throw new Error(
      isFile
        ? `There is no file ${file}. Give the path of a standard, or the name of one in metrics/standards.`
        : `There is no standard "${id}": metrics/standards has no ${id}.yaml. Write it, or name another in the pipeline.`,
    );
  }
  const document = readYaml(file, standardSchema);
  const { standard, window_months, ...value } = document.value;
  const faults = [
    ...readTreeFaults(document),
    ...readReferenceFaults(document, knownIndicators),
    ...readUncertaintyFaults(document),
  ];
  if (standard !== id) {
    faults.push(
      document.fault(
        ["standard"],
        `the standard calls itself "${standard}", but its file is ${id}.yaml; make the two agree`,
      ),
    );
  }
  if (value.effective.to !== undefined && value.effective.to < value.effective.from) {
    faults.push(
      document.fault(
        ["effective", "to"],
        `the standard ends on ${value.effective.to}, before it begins on ${value.effective.from}`,
      ),
    );
  }
  if (faults.length > 0) {
    throw new DefinitionError(faults.toSorted((a, b) => a.line - b.line || a.column - b.column));
  }
  return {
    ...value,
    id,
    window_months: window_months.value,
    file,
    hash: createHash("sha256").update(document.text).digest("hex"),
  };
}

/**
 * Points by which two scores may differ and still share a rank, where a standard says nothing: far above what rounding
 * does to equal scores that were worked out by different ways, far below what any figure could mean.
 */
const TIE_TOLERANCE = 1e-9;

/** Scores no further apart share a rank; points. The standard's `ties`, or the default. */
export function tieTolerance({ ties }: Pick<EvaluationStandard, "ties">): number {
  return ties?.tolerance ?? TIE_TOLERANCE;
}

/**
 * Ids of every indicator the standard needs: weighted, dividing, grouping, deducting, giving a bonus or a veto; sorted.
 */
export function indicatorIds(standard: EvaluationStandard): string[] {
  const named = [
    ...standard.indicators,
    ...Object.values(standard.denominators ?? {}),
    ...Object.values(standard.groupings ?? {}),
    ...standard.deductions,
    ...standard.bonuses,
    ...standard.vetoes,
  ];
  return [...new Set(named.map(({ indicator }) => indicator))].sort();
}

/** Ids of every indicator the standard names: those it needs, and those it says carry no weight. */
export function namedIndicatorIds(standard: EvaluationStandard): string[] {
  return [...indicatorIds(standard), ...standard.unweighted.map(({ indicator }) => indicator)];
}
