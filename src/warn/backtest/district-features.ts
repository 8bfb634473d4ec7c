import { DESIGNATED_FROM, type DistrictYear, type Panel } from "./panel.ts";

/** A district as seen at the end of a year, with what came of it. */
export interface DistrictCase {
  readonly district: string;
  readonly origin: number;
  readonly current: number;
  readonly designated: boolean;
  readonly environmental: number;
  readonly change: number;
  readonly features: Float64Array;
  readonly came: boolean;
}

/** What a model looks at; all of it is known at the origin. */
export const FEATURES = [
  "score",
  "distance to the line, where near",
  "score is zero",
  "change in a year",
  "mean of three years",
  "highest of three years",
  "volatility of three years",
  "environmental score",
  "mean score of the county's other districts",
  "share of the county's districts designated",
] as const;

/** Where a case's features hold its standing: the logistic regression, which was tried first, does not look at it. */
export const STANDING = FEATURES.length;

/** Points below the line within which a district counts as near it. */
const NEAR = 10;

/** Every district scored at an origin and `horizon` years later. */
export function listCases(
  panel: Panel,
  origins: readonly number[],
  horizon: number,
): DistrictCase[] {
  const cases: DistrictCase[] = [];
  for (const origin of origins) {
    const counties = sumCounties(panel, origin);
    const standings = rankScores(panel, origin);
    for (const [district, years] of panel) {
      const now = years.get(origin);
      const later = years.get(origin + horizon);
      if (now?.score === undefined || later?.designated === undefined) continue;
      const past = [0, 1, 2].flatMap((back) => years.get(origin - back)?.score ?? []);
      const before = years.get(origin - 1)?.score;
      cases.push({
        district,
        origin,
        current: now.score,
        designated: now.designated as boolean,
        environmental: now.environmental ?? Number.NaN,
        change: before === undefined ? Number.NaN : now.score - before,
        features: Float64Array.of(
          ...describeDistrict(now, now.score, before, past, counties),
          standings.get(now.score) as number,
        ),
        came: later.designated,
      });
    }
  }
  return cases;
}

/** Per cent of the year's districts with a lower score, those with the same counting half, by score. */
export function rankScores(panel: Panel, year: number): Map<number, number> {
  const scores = [...panel.values()]
    .flatMap((years) => years.get(year)?.score ?? [])
    .toSorted((a, b) => a - b);
  const standings = new Map<number, number>();
  for (const score of scores) {
    if (standings.has(score)) continue;
    const middle = (scores.indexOf(score) + scores.lastIndexOf(score) + 1) / 2;
    standings.set(score, (100 * middle) / scores.length);
  }
  return standings;
}

interface County {
  sum: number;
  designated: number;
  count: number;
}

function sumCounties(panel: Panel, year: number): Map<string, County> {
  const counties = new Map<string, County>();
  for (const years of panel.values()) {
    const one = years.get(year);
    if (one?.score === undefined) continue;
    const county = counties.get(one.county) ?? { sum: 0, designated: 0, count: 0 };
    counties.set(one.county, county);
    county.sum += one.score;
    county.count++;
    if (one.designated) county.designated++;
  }
  return counties;
}

function describeDistrict(
  now: DistrictYear,
  score: number,
  before: number | undefined,
  past: readonly number[],
  counties: ReadonlyMap<string, County>,
): Float64Array {
  const mean = past.reduce((sum, value) => sum + value, 0) / past.length;
  const spread = Math.sqrt(past.reduce((sum, value) => sum + (value - mean) ** 2, 0) / past.length);
  const county = counties.get(now.county);
  const others = county && county.count > 1 ? county.count - 1 : Number.NaN;
  return Float64Array.of(
    score,
    Math.max(0, score - (DESIGNATED_FROM - NEAR)),
    score === 0 ? 1 : 0,
    before === undefined ? Number.NaN : score - before,
    mean,
    Math.max(...past),
    past.length > 1 ? spread : Number.NaN,
    now.environmental ?? Number.NaN,
    ((county?.sum ?? 0) - score) / others,
    ((county?.designated ?? 0) - (now.designated ? 1 : 0)) / others,
  );
}
