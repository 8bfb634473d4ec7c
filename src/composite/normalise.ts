import type { Normalisation } from "../standard/standard-methods.ts";
import { type Comparison, columnOf, compare, gather, type Panel } from "./panel.ts";
import { isCompared, makeScale, type Scale } from "./scale.ts";
import type { Direction, Specification } from "./specification.ts";

/** Scales that the values of one column went through, by comparison. */
export interface ColumnScales {
  readonly comparisons: readonly Comparison[];
  /** undefined where there were too few peers to compare with. */
  readonly scales: readonly (Scale | undefined)[];
}

/**
 * Scores of all values; `out` may be used again. Missing values, and those without enough peers, have none.
 * @param columns those to work out; the others stay as `out` has them, so that a draw that changes one rule redoes one column
 * @returns the scales of each column worked out
 * @throws Error in a sentence when values forbid a rule
 */
export function normalise(
  { leaves }: Specification,
  panel: Panel,
  values: Float64Array,
  out: Float64Array,
  columns: Iterable<number> = leaves.keys(),
): Map<number, ColumnScales> {
  const comparisons = makeComparisons(panel);
  const found = new Map<number, ColumnScales>();
  for (const column of columns) {
    const leaf = leaves[column];
    if (!leaf) continue;
    found.set(
      column,
      scaleColumn(panel, leaf.normalisation, leaf, comparisons(leaf.normalisation), {
        values: columnOf(panel, values, column),
        out: columnOf(panel, out, column),
      }),
    );
  }
  return found;
}

/** Scores of one column by one rule. */
export function scaleColumn(
  panel: Panel,
  rule: Normalisation,
  { id, direction }: { readonly id: string; readonly direction: Direction },
  comparisons: readonly Comparison[],
  { values, out }: { readonly values: Float64Array; readonly out: Float64Array },
): ColumnScales {
  if (!isCompared(rule)) {
    const scale = makeScale(rule, { id, direction, values: new Float64Array(0) }) as Scale;
    for (let unit = 0; unit < values.length; unit++) {
      const value = values[unit] as number;
      out[unit] = !Number.isNaN(value) ? scale.score(value) : Number.NaN;
    }
    return { comparisons, scales: comparisons.map(() => scale) };
  }
  out.fill(Number.NaN);
  const scales = comparisons.map(({ feeding, using }) => {
    const lookUp = (entity: string) => {
      const unit = feeding.find((one) => panel.entity[one] === entity);
      return unit === undefined ? undefined : (values[unit] as number);
    };
    const scale = makeScale(rule, { id, direction, values: gather(values, feeding), lookUp });
    if (!scale) return undefined;
    for (let place = 0; place < using.length; place++) {
      const unit = using[place] as number;
      const value = values[unit] as number;
      if (!Number.isNaN(value)) out[unit] = scale.score(value);
    }
    return scale;
  });
  return { comparisons, scales };
}

/** Comparisons worked out already, by the groupings and periods they were drawn from: replications share them. */
const MADE = new WeakMap<object, WeakMap<object, Map<string, readonly Comparison[]>>>();

/** Comparisons by what rules say they are drawn among, each worked out once. */
export function makeComparisons(panel: Panel): (rule: Normalisation) => readonly Comparison[] {
  const byPeriod = MADE.get(panel.groupings) ?? new WeakMap();
  MADE.set(panel.groupings, byPeriod);
  const made: Map<string, readonly Comparison[]> = byPeriod.get(panel.period) ?? new Map();
  byPeriod.set(panel.period, made);
  return (rule) => {
    const among = isCompared(rule) ? rule : { among: "level" };
    const key = `${among.among ?? ""}\n${"reference_period" in among ? among.reference_period : ""}`;
    const comparisons = made.get(key) ?? compare(panel, among);
    made.set(key, comparisons);
    return comparisons;
  };
}
