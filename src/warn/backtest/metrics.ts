/** How warnings and what came after fall together. */
export interface Confusion {
  /** Warned, and it came. */
  readonly hits: number;
  /** Warned, and it did not come. */
  readonly falseAlarms: number;
  /** Not warned, and it came. */
  readonly misses: number;
  readonly quiet: number;
}

/** Counts warnings against outcomes, pair by pair. */
export function confuse(warned: readonly boolean[], came: readonly boolean[]): Confusion {
  let hits = 0;
  let falseAlarms = 0;
  let misses = 0;
  let quiet = 0;
  warned.forEach((warning, at) => {
    if (came[at]) warning ? hits++ : misses++;
    else warning ? falseAlarms++ : quiet++;
  });
  return { hits, falseAlarms, misses, quiet };
}

/** Share of warnings that came true; NaN without a warning. */
export const precision = ({ hits, falseAlarms }: Confusion) => hits / (hits + falseAlarms);
/** Share of what came that was warned of; NaN when nothing came. */
export const recall = ({ hits, misses }: Confusion) => hits / (hits + misses);
/** Share of the quiet ones that were warned of. */
export const falseAlarmRate = ({ falseAlarms, quiet }: Confusion) =>
  falseAlarms / (falseAlarms + quiet);

/** Noise to signal (Kaminsky, Lizondo and Reinhart 1998): false alarm rate ÷ recall; below 1 a warning tells something. */
export const noiseToSignal = (confusion: Confusion) =>
  falseAlarmRate(confusion) / recall(confusion);

/**
 * Usefulness (Alessi and Detken 2011): min(θ, 1 − θ) − (θ × share missed + (1 − θ) × false alarm rate). Above 0 the warnings
 * are worth more than having none, or always warning, to somebody who minds misses by θ and false alarms by 1 − θ.
 */
export function usefulness(confusion: Confusion, theta: number): number {
  return (
    Math.min(theta, 1 - theta) -
    (theta * (1 - recall(confusion)) + (1 - theta) * falseAlarmRate(confusion))
  );
}

/**
 * Area under the receiver operating characteristic: the chance that something that came has a higher score than something that
 * did not, ties counting half (Mann-Whitney). 0.5 is no knowledge. NaN when all or none came.
 */
export function areaUnderCurve(scores: readonly number[], came: readonly boolean[]): number {
  const order = scores
    .map((_, at) => at)
    .toSorted((a, b) => (scores[a] as number) - (scores[b] as number));
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && scores[order[end] as number] === scores[order[start] as number])
      end++;
    const rank = (start + 1 + end) / 2;
    for (let at = start; at < end; at++) {
      if (!came[order[at] as number]) continue;
      rankSum += rank;
      positives++;
    }
    start = end;
  }
  const negatives = scores.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** The middle value; NaN of none. */
export function medianOfList(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/**
 * The threshold that would have been most useful on the scores given, to be used on later ones: a score at or above it warns.
 */
export function chooseThreshold(
  scores: readonly number[],
  came: readonly boolean[],
  theta: number,
): number {
  const positives = came.filter(Boolean).length;
  const negatives = came.length - positives;
  const order = scores
    .map((_, at) => at)
    .toSorted((a, b) => (scores[b] as number) - (scores[a] as number));
  let best = Number.POSITIVE_INFINITY;
  let most = 0;
  let hits = 0;
  let alarms = 0;
  order.forEach((at, place) => {
    if (came[at]) hits++;
    else alarms++;
    const next = order[place + 1];
    if (next !== undefined && scores[next] === scores[at]) return;
    const gain = theta * (hits / positives) - (1 - theta) * (alarms / negatives);
    if (gain > most) {
      most = gain;
      best = scores[at] as number;
    }
  });
  return best;
}
