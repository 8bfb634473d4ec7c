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

const LONGEST = 240;
const earlier = new Float64Array(LONGEST);
const distances = new Float64Array(LONGEST);

/**
 * How far the counts that end at a month stand above what was usual: (count − baseline) ÷ spread. The baseline is the median
 * of earlier stretches of the same length, times the season: how much the same stretch a year ago stood above the
 * median of the year around it, at least 1. The spread is 1.4826 × the median absolute deviation, but no less than
 * chance alone makes (the square root of the baseline, as of a Poisson count) and no less than 1.
 * @param counts by month from the first one known; the stretch ends at `at`
 */
export function measureSurge(counts: Float64Array, at: number, options: SurgeOptions): SurgeMonth {
  const { months, baselineMonths, minimumCount } = options;
  const count = at >= months - 1 ? sumStretch(counts, at, months) : Number.NaN;
  let held = 0;
  for (let end = at - months; end >= Math.max(months - 1, at - baselineMonths); end--) {
    earlier[held++] = sumStretch(counts, end, months);
  }
  if (Number.isNaN(count) || held < LEAST_BASELINE) {
    return { value: Number.NaN, count, baseline: Number.NaN };
  }
  const usual = medianOf(earlier, held);
  const baseline = usual * seasonOf(counts, at, months);
  for (let one = 0; one < held; one++) distances[one] = Math.abs((earlier[one] as number) - usual);
  const away = medianOf(distances, held);
  const value = (count - baseline) / Math.max(NORMAL * away, Math.sqrt(baseline), 1);
  // Too few to be a surge, however unusual: a calm value, so that an earlier alert can end.
  return { value: count < minimumCount ? Math.min(0, value) : value, count, baseline };
}

function seasonOf(counts: Float64Array, at: number, months: number): number {
  const yearAgo = at - 12;
  if (yearAgo - 11 - months < 0) return 1;
  let held = 0;
  for (let end = yearAgo - 6; end <= Math.min(yearAgo + 5, at - months); end++) {
    distances[held++] = sumStretch(counts, end, months);
  }
  const usual = medianOf(distances, held);
  return usual > 0 ? Math.max(1, sumStretch(counts, yearAgo, months) / usual) : 1;
}

function sumStretch(counts: Float64Array, end: number, months: number): number {
  let sum = 0;
  for (let month = end - months + 1; month <= end; month++) sum += counts[month] as number;
  return sum;
}
