/** Smoothing weights tried: of the level, of the trend, and the damping of the trend (1: none). */
const ALPHAS = [0.2, 0.4, 0.6, 0.8, 1];
const BETAS = [0.05, 0.1, 0.3, 0.6];
const DAMPINGS = [1, 0.95, 0.85];

const COMBINATIONS = ALPHAS.flatMap((alpha) =>
  BETAS.flatMap((beta) => DAMPINGS.map((phi) => ({ alpha, beta, phi }))),
);
const SIZE = COMBINATIONS.length;
const ALPHA = Float64Array.from(COMBINATIONS, ({ alpha }) => alpha);
const BETA = Float64Array.from(COMBINATIONS, ({ beta }) => beta);
const PHI = Float64Array.from(COMBINATIONS, ({ phi }) => phi);

/**
 * Holt's linear trend (1957) and its damped form (Gardner and McKenzie 1985), all weights of a grid at once.
 * One pass over the points gives what each would have forecast at every origin: at an origin those weights are taken
 * whose one-step errors up to it were least, so that nothing later is looked at.
 *   level = alpha y + (1 - alpha)(level + phi trend); trend = beta (level - level before) + (1 - beta) phi trend
 *   forecast h ahead = level + (phi + phi² + … + phi^h) trend
 */
export class HoltGrid {
  private readonly level = new Float64Array(SIZE);
  private readonly trend = new Float64Array(SIZE);
  private readonly squares = new Float64Array(SIZE);

  /** Starts anew from the first two points. */
  begin(first: number, second: number): void {
    this.level.fill(first);
    this.trend.fill(second - first);
    this.squares.fill(0);
  }

  /** Takes the next point in. */
  add(value: number): void {
    const { level, trend, squares } = this;
    for (let at = 0; at < SIZE; at++) {
      const damped = (PHI[at] as number) * (trend[at] as number);
      const expected = (level[at] as number) + damped;
      const error = value - expected;
      squares[at] = (squares[at] as number) + error * error;
      const next = expected + (ALPHA[at] as number) * error;
      trend[at] = damped + (BETA[at] as number) * (next - (level[at] as number) - damped);
      level[at] = next;
    }
  }

  /** Writes the forecasts 1 … steps ahead into `out` from `offset`, undamped or damped. */
  forecast(damped: boolean, steps: number, out: Float64Array, offset: number): void {
    const best = this.findBest(damped);
    const phi = PHI[best] as number;
    let power = 1;
    let sum = 0;
    for (let step = 0; step < steps; step++) {
      power *= phi;
      sum += power;
      out[offset + step] = (this.level[best] as number) + sum * (this.trend[best] as number);
    }
  }

  private findBest(damped: boolean): number {
    let best = -1;
    for (let at = 0; at < SIZE; at++) {
      if ((PHI[at] as number) < 1 !== damped) continue;
      if (best < 0 || (this.squares[at] as number) < (this.squares[best] as number)) best = at;
    }
    return best;
  }
}
