import type { Imputation } from "../standard/standard-methods.ts";
import { quantile } from "./order.ts";
import { type Comparison, columnOf, compare, gather, type Panel } from "./panel.ts";
import type { Specification } from "./specification.ts";
import { meanOf } from "./sums.ts";

/**
 * Puts values in the place of missing ones, in place, as each indicator's rule says. What does not apply stays
 * without, unless the standard counts it as missing.
 * @param kept units that were not screened out; the others neither give nor get a value
 * @returns 1 where a value was put in, like `values`
 */
export function impute(
  { leaves, missing }: Specification,
  panel: Panel,
  values: Float64Array,
  kept?: Uint8Array,
): Uint8Array {
  const imputed = new Uint8Array(values.length);
  const inapplicable = missing.not_applicable === "excluded" ? panel.inapplicable : undefined;
  leaves.forEach(({ imputation }, column) => {
    if (!imputation) return;
    const own = columnOf(panel, values, column);
    const standIns = findStandIns(imputation, panel, own);
    for (let unit = 0; unit < panel.units; unit++) {
      const cell = column * panel.units + unit;
      const known = own[unit] as number;
      if (!Number.isNaN(known) || inapplicable?.[cell] || kept?.[unit] === 0) continue;
      const value = standIns[unit] as number;
      if (Number.isNaN(value)) continue;
      own[unit] = value;
      imputed[cell] = 1;
    }
  });
  return imputed;
}

/** For every unit, the value that would stand in for its own; NaN where there is none. */
function findStandIns(rule: Imputation, panel: Panel, values: Float64Array): Float64Array {
  switch (rule.method) {
    case "mean":
      return spread(panel, compare(panel, rule), (list) => meanOf(gather(values, list.feeding)));
    case "median":
      return spread(panel, compare(panel, rule), (list) =>
        quantile(gather(values, list.feeding).sort(), 0.5),
      );
    case "last_observation":
      return inTime(panel, values, (history, place) => {
        const before = history.findLast(([time]) => time < place);
        if (!before || place - before[0] > (rule.maximum_age ?? Number.POSITIVE_INFINITY)) {
          return Number.NaN;
        }
        return before[1];
      });
    case "linear":
      return inTime(panel, values, (history, place) => between(history, place, rule.extend));
  }
}

function spread(
  { units }: Panel,
  comparisons: readonly Comparison[],
  find: (comparison: Comparison) => number,
): Float64Array {
  const found = new Float64Array(units).fill(Number.NaN);
  for (const comparison of comparisons) {
    const value = find(comparison);
    for (const unit of comparison.using) found[unit] = value;
  }
  return found;
}

/** Period and value, in time. */
type History = readonly (readonly [number, number])[];

function inTime(
  { entity, period, units }: Panel,
  values: Float64Array,
  find: (history: History, place: number) => number,
): Float64Array {
  const histories = new Map<string, [number, number][]>();
  for (let unit = 0; unit < units; unit++) {
    const value = values[unit] as number;
    if (Number.isNaN(value)) continue;
    const code = entity[unit] as string;
    const history = histories.get(code) ?? [];
    histories.set(code, history);
    history.push([period[unit] as number, value]);
  }
  for (const history of histories.values()) history.sort(([a], [b]) => a - b);
  return Float64Array.from(entity, (code, unit) =>
    find(histories.get(code) ?? [], period[unit] as number),
  );
}

/** Linear between the neighbours in time. */
function between(history: History, place: number, extend = false): number {
  const before = history.findLast(([time]) => time < place);
  const after = history.find(([time]) => time > place);
  if (before && after) {
    const share = (place - before[0]) / (after[0] - before[0]);
    return before[1] + (after[1] - before[1]) * share;
  }
  return extend ? ((before ?? after)?.[1] ?? Number.NaN) : Number.NaN;
}
