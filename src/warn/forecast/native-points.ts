/** The newest stretch of a series at its own pace. */
export interface NativePoints {
  /** Months between points: 1, 3 or 12. */
  readonly step: 1 | 3 | 12;
  readonly points: Float64Array;
  /** Place of the last point on the grid. */
  readonly last: number;
}

/**
 * A yearly figure on a monthly grid is a staircase, which any method but the naive would mistake for a course. So a series
 * is forecast at the pace at which its numerator is reported.
 * @param values one body's values over the months of the grid; NaN: not known
 * @param reported months in which the numerator was reported anew
 * @returns the points from the last gap on; undefined when the series does not reach the last `fresh` months
 */
export function takeNativePoints(
  values: Float64Array,
  reported: Uint8Array,
  fresh: number,
): NativePoints | undefined {
  const places: number[] = [];
  for (let at = values.length - 1; at >= 0; at--) {
    if (reported[at] && !Number.isNaN(values[at])) places.push(at);
  }
  const last = places[0];
  if (last === undefined || values.length - 1 - last >= fresh) return undefined;
  let step: 1 | 3 | 12 = 12;
  for (let at = 1; at < places.length; at++) {
    const gap = (places[at - 1] as number) - (places[at] as number);
    if (gap < 3) step = 1;
    else if (gap < 12 && step === 12) step = 3;
    if (step === 1) break;
  }
  const points: number[] = [];
  for (let at = last; at >= 0; at -= step) {
    if (Number.isNaN(values[at]) || !reported[at]) break;
    points.push(values[at] as number);
  }
  return { step, points: Float64Array.from(points.reverse()), last };
}
