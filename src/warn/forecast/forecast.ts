import { HoltGrid } from "./holt.ts";
import { robustSlope } from "./robust-trend.ts";

/** From the simplest on: of errors that hardly differ the simpler's is taken. */
export const METHODS = ["naive", "seasonal", "trend", "holt", "damped"] as const;
export type Method = (typeof METHODS)[number];

/** A forecast and how its method was chosen. */
export interface Forecast {
  readonly method: Method;
  /** Points it was made from. */
  readonly points: number;
  /** Origins of the backtest. */
  readonly origins: number;
  /** Mean absolute error of each method over all origins and steps, by METHODS; NaN where it could not be tried. */
  readonly errors: Float64Array;
  /** 1 … steps ahead. */
  readonly central: Float64Array;
  /** The same by each method, method × step; NaN where it cannot be made. */
  readonly byMethod: Float64Array;
  /** Standard deviation of the error at each step, never falling. */
  readonly spread: Float64Array;
}

/** Points before the first origin: of months and quarters, and of years, of which there are few. */
const TRAINING = 8;
const TRAINING_YEARS = 4;
/** Most origins tried: the newest, evenly spaced. */
const ORIGINS = 12;
/** How far back origins go. */
const BACK = 24;
/** A method must be better than a simpler one by this share to be taken. */
const GAIN = 0.1;
/** Errors of a step that its spread is taken from; with fewer it follows from the first step's. */
const ENOUGH = 3;
/** Below so many points only the naive forecast is given. */
export const LEAST_POINTS = 4;

const COUNT = METHODS.length;
const holt = new HoltGrid();

/**
 * Forecasts a series by the method that would have forecast it best: naive (the last value), seasonal naive (the value
 * a year before), robust trend (Theil-Sen), Holt, and Holt with a damped trend are each made at up to twelve earlier
 * origins from the points up to there, and compared with what came (rolling-origin evaluation, Tashman 2000).
 * @param points evenly spaced, none missing, oldest first
 * @param steps how far ahead
 * @param season points of a year; 1 or less: no season
 */
export function forecastSeries(
  points: Float64Array,
  steps: number,
  season: number,
): Forecast | undefined {
  const { length } = points;
  if (length < LEAST_POINTS) return undefined;
  const origins = chooseOrigins(length, season > 1 ? TRAINING : TRAINING_YEARS);
  const made = makeForecasts(points, origins, steps, season);
  const scores = scoreMethods(points, origins, made, steps, season);
  let best = 0;
  for (let method = 1; method < COUNT; method++) {
    if ((scores.errors[method] as number) < (1 - GAIN) * (scores.errors[best] as number))
      best = method;
  }
  const end = (origins.length - 1) * COUNT * steps;
  const last = end + best * steps;
  return {
    method: METHODS[best] as Method,
    points: length,
    origins: origins.length - 1,
    errors: scores.errors,
    central: made.slice(last, last + steps),
    byMethod: made.slice(end, end + COUNT * steps),
    spread: spreadErrors(points, scores, best, steps),
  };
}

/** Numbers of points known at each origin; the last is all of them, from which the forecast itself is made. */
function chooseOrigins(length: number, training: number): number[] {
  const first = Math.max(training, length - BACK);
  const candidates = Math.max(0, length - first);
  const stride = Math.max(1, Math.ceil(candidates / ORIGINS));
  const origins: number[] = [length];
  for (let known = length - 1; known >= first; known -= stride) origins.unshift(known);
  return origins;
}

/** Forecasts by origin × method × step. */
function makeForecasts(
  points: Float64Array,
  origins: readonly number[],
  steps: number,
  season: number,
): Float64Array {
  const made = new Float64Array(origins.length * COUNT * steps).fill(Number.NaN);
  let known = 2;
  holt.begin(points[0] as number, points[1] as number);
  holt.add(points[1] as number);
  origins.forEach((origin, place) => {
    for (; known < origin; known++) holt.add(points[known] as number);
    const start = place * COUNT * steps;
    const last = points[origin - 1] as number;
    const slope = robustSlope(points, origin);
    for (let step = 0; step < steps; step++) {
      made[start + step] = last;
      const back = origin - season + (step % season);
      if (season > 1 && back >= 0) made[start + steps + step] = points[back] as number;
      made[start + 2 * steps + step] = last + slope * (step + 1);
    }
    holt.forecast(false, steps, made, start + 3 * steps);
    holt.forecast(true, steps, made, start + 4 * steps);
  });
  return made;
}

interface Scores {
  readonly errors: Float64Array;
  /** Sums of squared errors and their number, by method × step. */
  readonly squares: Float64Array;
  readonly counts: Int32Array;
}

function scoreMethods(
  points: Float64Array,
  origins: readonly number[],
  made: Float64Array,
  steps: number,
  season: number,
): Scores {
  const errors = new Float64Array(COUNT);
  const squares = new Float64Array(COUNT * steps);
  const counts = new Int32Array(COUNT * steps);
  for (let method = 0; method < COUNT; method++) {
    let sum = 0;
    let count = 0;
    for (let place = 0; place < origins.length - 1; place++) {
      const origin = origins[place] as number;
      for (let step = 0; step < steps && origin + step < points.length; step++) {
        const error =
          (points[origin + step] as number) -
          (made[(place * COUNT + method) * steps + step] as number);
        sum += Math.abs(error);
        count++;
        squares[method * steps + step] = (squares[method * steps + step] as number) + error * error;
        counts[method * steps + step] = (counts[method * steps + step] as number) + 1;
      }
    }
    // A method that could not be tried at every origin is not compared.
    errors[method] = count > 0 ? sum / count : method === 0 ? 0 : Number.NaN;
    if (method === 1 && season <= 1) errors[method] = Number.NaN;
  }
  return { errors, squares, counts };
}

function spreadErrors(
  points: Float64Array,
  { squares, counts }: Scores,
  method: number,
  steps: number,
): Float64Array {
  const spread = new Float64Array(steps);
  const first = counts[method * steps] as number;
  const unit =
    first >= ENOUGH
      ? Math.sqrt((squares[method * steps] as number) / first)
      : rootMeanSquareStep(points);
  let widest = 0;
  for (let step = 0; step < steps; step++) {
    const count = counts[method * steps + step] as number;
    const own =
      count >= ENOUGH
        ? Math.sqrt((squares[method * steps + step] as number) / count)
        : unit * Math.sqrt(step + 1);
    widest = Math.max(widest, own);
    spread[step] = widest;
  }
  return spread;
}

function rootMeanSquareStep(points: Float64Array): number {
  let sum = 0;
  for (let at = 1; at < points.length; at++)
    sum += ((points[at] as number) - (points[at - 1] as number)) ** 2;
  return Math.sqrt(sum / (points.length - 1));
}
