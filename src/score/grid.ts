/** Points are multiples of 2^-40: sums and differences of such doubles below 8192 are exact. */
const STEPS = 2 ** 40;

/** The nearest multiple of 2^-40; never a negative zero, which would be written as another number. */
export function toGrid(points: number): number {
  return Math.round(points * STEPS) / STEPS + 0;
}

/**
 * Rounds parts to the grid so that they sum to the rounded total exactly. Each part takes its nearest multiple;
 * the few steps still missing go to the parts whose rounding lost (or won) most, the earlier first.
 * @param total what the parts sum to, but for floating-point error
 */
export function splitOnGrid(parts: readonly number[], total: number): Float64Array {
  const steps = Float64Array.from(parts, (part) => Math.round(part * STEPS));
  let missing = Math.round(total * STEPS) - steps.reduce((sum, step) => sum + step, 0);
  if (missing !== 0 && parts.length > 0) {
    const sign = Math.sign(missing);
    const order = parts
      .map((part, index) => ({ index, lost: sign * (part * STEPS - (steps[index] as number)) }))
      .sort((a, b) => b.lost - a.lost || a.index - b.index);
    for (let turn = 0; missing !== 0; turn++, missing -= sign) {
      const { index } = order[turn % order.length] as { index: number };
      steps[index] = (steps[index] as number) + sign;
    }
  }
  return steps.map((step) => step / STEPS + 0);
}
