import { columnOf, type Panel } from "./panel.ts";
import type { Specification } from "./specification.ts";

/**
 * Divides the values of the indicators that have a denominator by it. A denominator that is missing or 0 leaves no
 * value. `out` may be used again.
 * @throws Error in a sentence when the panel lacks a denominator
 */
export function denominate(
  { leaves }: Specification,
  panel: Panel,
  out: Float64Array = new Float64Array(panel.values.length),
): Float64Array {
  out.set(panel.values);
  leaves.forEach(({ id, denominator }, column) => {
    if (denominator === undefined) return;
    const by = panel.denominators[denominator];
    if (!by) {
      throw new Error(`"${id}" is divided by "${denominator}", of which there are no values.`);
    }
    const values = columnOf(panel, out, column);
    for (let unit = 0; unit < panel.units; unit++) {
      const divisor = by[unit] as number;
      values[unit] = divisor === 0 ? Number.NaN : (values[unit] as number) / divisor;
    }
  });
  return out;
}
