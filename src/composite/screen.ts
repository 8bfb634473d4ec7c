import { columnOf, type Panel } from "./panel.ts";
import type { Specification } from "./specification.ts";

/** How much is known of each unit, and who is left out for too little. */
export interface Screened {
  /** Share of the indicators that apply and have a value, 0 to 1. */
  readonly available: Float64Array;
  /** Share that have a value other than 0. */
  readonly nonzero: Float64Array;
  /** 1 where the unit stays. */
  readonly kept: Uint8Array;
}

const TOLERANCE = 1e-9;

/** Judges the units by the values there are; takes the values of those left out away, in place. */
export function screen(
  { leaves, screening, missing }: Specification,
  panel: Panel,
  values: Float64Array,
): Screened {
  const { units } = panel;
  const inapplicable = missing.not_applicable === "excluded" ? panel.inapplicable : undefined;
  const counted = new Float64Array(units);
  const available = new Float64Array(units);
  const nonzero = new Float64Array(units);
  for (let cell = 0; cell < leaves.length * units; cell++) {
    if (inapplicable?.[cell]) continue;
    const unit = cell % units;
    counted[unit] = (counted[unit] as number) + 1;
    const value = values[cell] as number;
    if (Number.isNaN(value)) continue;
    available[unit] = (available[unit] as number) + 1;
    if (value !== 0) nonzero[unit] = (nonzero[unit] as number) + 1;
  }
  const kept = new Uint8Array(units);
  for (let unit = 0; unit < units; unit++) {
    const all = Math.max(1, counted[unit] as number);
    available[unit] = (available[unit] as number) / all;
    nonzero[unit] = (nonzero[unit] as number) / all;
    const enough =
      (available[unit] as number) >= (screening?.minimum_available ?? 0) - TOLERANCE &&
      (nonzero[unit] as number) >= (screening?.minimum_nonzero ?? 0) - TOLERANCE;
    kept[unit] = enough ? 1 : 0;
  }
  if (screening) {
    leaves.forEach((_, column) => {
      const own = columnOf(panel, values, column);
      for (let unit = 0; unit < units; unit++) if (!kept[unit]) own[unit] = Number.NaN;
    });
  }
  return { available, nonzero, kept };
}
