/** Scores of some units by child, unit after unit: `rows[row * children + child]`; NaN: missing. */
export interface DuelTable {
  readonly rows: Float64Array;
  readonly units: number;
  readonly weights: Float64Array;
}

/**
 * Duels of every unit with every other. A duel goes by the children that both have: the share of their weight on which
 * the one is ahead, and half the share on which they are level. Without any child in common it is a draw.
 * G. Munda, M. Nardo, "Noncompensatory/nonlinear composite indicators for ranking countries", Applied Economics 41 (2009)
 * 1513-1523; A. H. Copeland, "A reasonable social welfare function" (1951).
 * @param tolerance scores no further apart are level
 * @returns `ahead[unit]`: mean share of the weight ahead, over its duels, 0 to 1; `won[unit]`: share of duels won, draws half
 */
export function duel(
  { rows, units, weights }: DuelTable,
  tolerance: number,
): { readonly ahead: Float64Array; readonly won: Float64Array } {
  const children = weights.length;
  // From the lightest up, and those ahead apart from those behind: then the order of the children decides nothing.
  const order = [...weights.keys()].sort((a, b) => (weights[a] as number) - (weights[b] as number));
  const ahead = new Float64Array(units);
  const won = new Float64Array(units);
  for (let one = 0; one < units; one++) {
    const own = one * children;
    for (let other = one + 1; other < units; other++) {
      const theirs = other * children;
      let common = 0;
      let before = 0;
      let behind = 0;
      for (const child of order) {
        const distance = (rows[own + child] as number) - (rows[theirs + child] as number);
        if (Number.isNaN(distance)) continue;
        const weight = weights[child] as number;
        common += weight;
        if (distance > tolerance) before += weight;
        else if (distance < -tolerance) behind += weight;
      }
      // On a grid, sums over the duels do not depend on the order of the units.
      const share = common > 0 ? Math.round(((before - behind) / common) * GRID) / GRID : 0;
      ahead[one] = (ahead[one] as number) + 0.5 + share / 2;
      ahead[other] = (ahead[other] as number) + 0.5 - share / 2;
      const outcome = Math.sign(share);
      won[one] = (won[one] as number) + 0.5 + outcome / 2;
      won[other] = (won[other] as number) + 0.5 - outcome / 2;
    }
  }
  const duels = units - 1;
  return { ahead: ahead.map((sum) => sum / duels), won: won.map((sum) => sum / duels) };
}

/** Fine enough for 10^-12; coarse enough that the last bits of sums such as 0.1 + 0.2 − 0.3 do not decide a duel. */
const GRID = 2 ** 40;

/** Of one unit: the share of its duels in which the other is ahead, by child (draws half); what it lost its score to. */
export function countDefeats({ rows, units, weights }: DuelTable, tolerance: number): Float64Array {
  const children = weights.length;
  const defeats = new Float64Array(units * children);
  for (let child = 0; child < children; child++) {
    for (let one = 0; one < units; one++) {
      const own = rows[one * children + child] as number;
      if (Number.isNaN(own)) continue;
      let lost = 0;
      let met = 0;
      for (let other = 0; other < units; other++) {
        const distance = own - (rows[other * children + child] as number);
        if (other === one || Number.isNaN(distance)) continue;
        met++;
        if (distance < -tolerance) lost++;
        else if (distance <= tolerance) lost += 0.5;
      }
      defeats[one * children + child] = met > 0 ? lost / met : 0;
    }
  }
  return defeats;
}
