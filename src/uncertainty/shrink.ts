import type { Count } from "./worlds.ts";

/** The cases behind a value. */
export type Cases = Pick<Count, "numerator" | "denominator">;

/** What shrinking makes of a peer class's counts. */
export interface Shrunk {
  /** Shares or rates, in the order given, before any scale. */
  readonly values: Float64Array;
  /**
   * What each count's own evidence is added to: cases a and, of shares, other cases b; of rates, a denominator of b.
   * Undefined when the peers differ by no more than chance: all then have their common value.
   */
  readonly prior: { readonly a: number; readonly b: number } | undefined;
}

/** With fewer peers nothing can be learnt from them, and values stay as they are. */
export const LEAST_PEERS = 3;

/**
 * Empirical Bayes: each share or rate is drawn towards its peers' common one, the more the fewer cases it rests on.
 *
 * Shares: with common share p and Q = Σ nᵢ(pᵢ − p)², the variance between peers is estimated by moments as
 * σ² = (Q − (k − 1) p(1 − p)) ÷ (N − Σnᵢ²/N − (k − 1)) (after J. C. Kleinman, "Proportions with extraneous variance", J. Am.
 * Stat. Assoc. 68 (1973) 46-54), the prior is Beta(Mp, M(1 − p)) with M = p(1 − p)/σ² − 1, and the value (x + Mp) ÷ (n + M).
 *
 * Rates: A = Σ Eᵢ(rᵢ − m)²/ΣE − m ÷ mean E, and the value m + (rᵢ − m) A ÷ (A + m/Eᵢ) (R. J. Marshall, "Mapping disease and
 * mortality rates using empirical Bayes estimators", Appl. Statist. 40 (1991) 283-294), which is the mean of
 * Gamma(x + m²/A) ÷ (E + m/A).
 */
export function shrink(model: Count["model"], peers: readonly Cases[]): Shrunk {
  const raw = Float64Array.from(peers, ({ numerator, denominator }) => numerator / denominator);
  if (peers.length < LEAST_PEERS) return { values: raw, prior: { a: 0, b: 0 } };
  const whole = sum(peers, ({ denominator }) => denominator);
  const common = sum(peers, ({ numerator }) => numerator) / whole;
  const spread = sum(
    peers,
    ({ denominator }, at) => denominator * ((raw[at] as number) - common) ** 2,
  );
  const prior =
    model === "share"
      ? findBeta(peers, whole, common, spread)
      : findGamma(peers.length, whole, common, spread);
  if (!prior) return { values: raw.fill(common), prior };
  const values = Float64Array.from(peers, ({ numerator, denominator }) =>
    model === "share"
      ? (numerator + prior.a) / (denominator + prior.a + prior.b)
      : (numerator + prior.a) / (denominator + prior.b),
  );
  return { values, prior };
}

function findBeta(peers: readonly Cases[], whole: number, common: number, spread: number) {
  const chance = common * (1 - common);
  const others = peers.length - 1;
  const effective = whole - sum(peers, ({ denominator }) => denominator ** 2) / whole - others;
  const between = (spread - others * chance) / effective;
  if (!(between > 0)) return undefined;
  // Peers cannot differ by more than being all or nothing.
  const weight = Math.max(0, chance / between - 1);
  return { a: weight * common, b: weight * (1 - common) };
}

function findGamma(count: number, whole: number, common: number, spread: number) {
  const between = spread / whole - common / (whole / count);
  return between > 0 ? { a: common ** 2 / between, b: common / between } : undefined;
}

function sum(peers: readonly Cases[], term: (cases: Cases, at: number) => number): number {
  return peers.reduce((total, cases, at) => total + term(cases, at), 0);
}
