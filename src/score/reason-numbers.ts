/** Digits of scores and points, as in the published tables. */
const DIGITS = 2;

/** What is smaller reads as nothing. */
export const LEAST_SHOWN = 0.5 * 10 ** -DIGITS;

/** Points or a score, with the digits of the tables. */
export function showPoints(points: number): string {
  return points.toFixed(DIGITS);
}

/** Points with their sign. */
export function showSigned(points: number): string {
  return `${points < 0 ? "−" : "+"}${showPoints(Math.abs(points))}`;
}

/** A share as percent, cut rather than rounded, so that what is below a threshold never reads as the threshold. */
export function showShare(share: number): string {
  return `${(Math.floor(share * 1000 + 1e-6) / 10).toFixed(1)}%`;
}

/** Two values with as many decimals as it takes to tell them apart, one at least. */
export function showBoth(before: number, now: number): [string, string] {
  for (let digits = 1; digits < 6; digits++) {
    if (before.toFixed(digits) !== now.toFixed(digits)) {
      return [showValue(before, digits), showValue(now, digits)];
    }
  }
  return [showValue(before, 6), showValue(now, 6)];
}

function showValue(value: number, digits: number): string {
  const shown = Math.abs(value).toFixed(digits);
  return value < 0 && Number(shown) !== 0 ? `−${shown}` : shown;
}

/** Whether two values are the same to six decimals. */
export function isUnchanged(before: number, now: number): boolean {
  return before.toFixed(6) === now.toFixed(6);
}
