import { medianOf } from "./forecast/robust-trend.ts";

/** Makes the median absolute deviation of normal numbers their standard deviation. */
const NORMAL = 1.4826;
/** Fewer earlier stretches make no baseline. */
const LEAST_BASELINE = 6;

export interface SurgeOptions {
  /** Length of a stretch that is counted together, and how far back the baseline goes, in months. */
  readonly months: number;
  readonly baselineMonths: number;
  /** Smaller counts are no surge. */
  readonly minimumCount: number;
}

export interface SurgeMonth {
  /** Robust standard deviations above the baseline; NaN without one. */
  readonly value: number;
  readonly count: number;
  readonly baseline: number;
}

/**
 * How far the counts that end at a month stand above what was usual: (count − baseline) ÷ spread. The baseline is the median
 * of earlier stretches of the same length, times the season: how much the same stretch a year ago stood above the
 * median of the year around it, at least 1. The spread is 1.4826 × the median absolute deviation, but no less than
 * chance alone makes (the square root of the baseline, as of a Poisson count) and no less than 1.
 * @param counts by month from the first one known; the stretch ends at `at`
 */
export function measureSurge(counts: Float64Array, at: number, options: SurgeOptions): SurgeMonth {
  const { months, baselineMonths, minimumCount } = options;
  const stretch = (end: number) => {
    let sum = 0;
    for (let month = end - months + 1; month <= end; month++) sum += counts[month] as number;
    return sum;
  };
  const count = at >= months - 1 ? stretch(at) : Number.NaN;
  const earlier: number[] = [];
  for (let end = at - months; end >= Math.max(months - 1, at - baselineMonths); end--)
    earlier.push(stretch(end));
  if (Number.isNaN(count) || earlier.length < LEAST_BASELINE) {
    return { value: Number.NaN, count, baseline: Number.NaN };
  }
  const usual = medianOf(Float64Array.from(earlier), earlier.length);
  const baseline = usual * seasonOf(stretch, at, months);
  const away = medianOf(
    Float64Array.from(earlier, (one) => Math.abs(one - usual)),
    earlier.length,
  );
  const spread = Math.max(NORMAL * away, Math.sqrt(baseline), 1);
  // Too few to be a surge, however unusual: the calmest value, so that an earlier alert can end.
  return {
    value:
      count < minimumCount ? Math.min(0, (count - baseline) / spread) : (count - baseline) / spread,
    count,
    baseline,
  };
}

function seasonOf(stretch: (end: number) => number, at: number, months: number): number {
  const yearAgo = at - 12;
  if (yearAgo - 11 - months < 0) return 1;
  const around: number[] = [];
  for (let end = yearAgo - 6; end <= Math.min(yearAgo + 5, at - months); end++)
    around.push(stretch(end));
  const usual = medianOf(Float64Array.from(around), around.length);
  return usual > 0 ? Math.max(1, stretch(yearAgo) / usual) : 1;
}
