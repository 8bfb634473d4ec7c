import {
  LEVELS,
  type Level,
  lineOf,
  reaches,
  severity,
  type WarningDefinition,
  type WarningRule,
} from "../standard/warning-definition.ts";
import type { BodyForecast, PeriodSeries, WarningEvidence } from "./evidence.ts";
import { periodIdAt } from "./grid.ts";
import { type Episode, judgeSeries, nextBand } from "./judge.ts";

/** Two-sided 80 % of a normal error. */
export const Z80 = 1.2816;
/** Two-sided 95 %. */
export const Z95 = 1.96;

/** An episode of a body under a rule; of an outlook it begins with the period asked for. */
export interface BodyEpisode extends Episode {
  readonly body: number;
  readonly part: string;
  readonly ruleId: string;
  readonly value: number;
  readonly line: number;
  /** What the value was worked out from: a count and what is usual, points and their noise; NaN where nothing is. */
  readonly numerator: number;
  readonly denominator: number;
  /** Of an outlook: the period in which the line is expected to be reached. */
  readonly expected?: string;
  /** Of an outlook: the ends of the 80 % interval of the value. */
  readonly interval?: readonly [number, number];
}

/** When a series is expected to reach the next line of its rule. */
export interface Crossing {
  readonly body: number;
  readonly series: string;
  readonly rule: WarningRule;
  readonly level: Level;
  readonly line: number;
  /** Period in which the central forecast reaches it; undefined: not within the horizon. */
  readonly period: string | undefined;
  /** Period in which the worse end of the 80 % interval reaches it. */
  readonly earliest: string | undefined;
}

/** What a rule makes of its series: levels of each row over the periods (0 green to 3 red). */
export interface RuleLevels {
  readonly rule: WarningRule;
  readonly series: PeriodSeries;
  readonly levels: Uint8Array;
}

/** Composite of a body at a period without a single value. */
export const NO_DATA = 255;

export interface Findings {
  readonly rules: readonly RuleLevels[];
  readonly episodes: readonly BodyEpisode[];
  readonly crossings: readonly Crossing[];
  /** Composite severity by body × period; NO_DATA where nothing is known. */
  readonly composite: Uint8Array;
}

/** Judges all series of a definition by its rules, and its forecasts by its outlooks. */
export function findWarnings(definition: WarningDefinition, evidence: WarningEvidence): Findings {
  const rules: RuleLevels[] = [];
  const episodes: BodyEpisode[] = [];
  const count = evidence.periods.length;
  for (const rule of definition.rules) {
    const series = evidence.series.get(rule.series);
    if (!series) continue;
    const levels = new Uint8Array(series.values.length);
    for (let row = 0; row < series.bodies.length; row++) {
      const body = series.bodies[row] as number;
      if (rule.levels && !rule.levels.includes(evidence.bodies[body]?.level ?? "")) continue;
      for (const episode of judgeSeries(rule, series.values, row * count, count, levels)) {
        const cell = row * count + episode.at;
        episodes.push({
          ...episode,
          body,
          part: series.parts[row] as string,
          ruleId: rule.id,
          value: series.values[cell] as number,
          numerator: series.numerator?.[cell] ?? Number.NaN,
          denominator: series.denominator?.[cell] ?? Number.NaN,
          line: lineOfLevel(rule, episode.ended === undefined ? episode.level : episode.peak),
        });
      }
    }
    rules.push({ rule, series, levels });
  }
  const crossings = evidence.forecasts.flatMap((one) => findCrossings(definition, one, evidence));
  episodes.push(...findOutlooks(definition, evidence, crossings));
  return { rules, episodes, crossings, composite: composeLevels(definition, evidence, rules) };
}

function lineOfLevel(rule: WarningRule, level: Level): number {
  return lineOf(
    rule.bands.find((band) => band.level === level) ??
      (rule.bands[0] as WarningRule["bands"][number]),
  );
}

function findCrossings(
  { rules, series }: WarningDefinition,
  { body, series: id, forecast, native, lastMonth }: BodyForecast,
  { periods }: WarningEvidence,
): Crossing[] {
  const worse = series.find((one) => one.id === id)?.worse === "lower" ? -1 : 1;
  const frequency =
    (periods[0] ?? "").length === 4
      ? "year"
      : (periods[0] ?? "").includes("Q")
        ? "quarter"
        : "month";
  const now = native.points.at(-1) as number;
  return rules
    .filter((rule) => rule.series === id)
    .flatMap((rule) => {
      const band = nextBand(rule, now);
      if (!band) return [];
      const find = (width: number) => {
        for (let step = 0; step < forecast.central.length; step++) {
          const value =
            (forecast.central[step] as number) + worse * width * (forecast.spread[step] as number);
          if (reaches(band, value))
            return periodIdAt(frequency, lastMonth + (step + 1) * native.step);
        }
        return undefined;
      };
      return [
        {
          body,
          series: id,
          rule,
          level: band.level,
          line: lineOf(band),
          period: find(0),
          earliest: find(Z80),
        },
      ];
    });
}

/** A line that the central forecast reaches, and that the rule does not stand at already, raises an outlook. */
function findOutlooks(
  { outlooks, rules }: WarningDefinition,
  evidence: WarningEvidence,
  crossings: readonly Crossing[],
): BodyEpisode[] {
  const last = evidence.periods.length - 1;
  return outlooks.flatMap((outlook) => {
    const rule = rules.find(({ id }) => id === outlook.rule) as WarningRule;
    const band = rule.bands.find(
      ({ level }) => level === outlook.reaches,
    ) as WarningRule["bands"][number];
    const series = evidence.series.get(rule.series) as PeriodSeries;
    return evidence.forecasts.flatMap((one) => {
      if (one.series !== rule.series) return [];
      const value = series.values[(one.body + 1) * evidence.periods.length - 1] as number;
      if (reaches(band, value)) return [];
      const step = one.forecast.central.findIndex((central) => reaches(band, central));
      if (step < 0) return [];
      const next = crossings.find(({ body, rule: of }) => body === one.body && of.id === rule.id);
      const expected = next?.level === band.level ? next.period : undefined;
      const central = one.forecast.central[step] as number;
      const width = Z80 * (one.forecast.spread[step] as number);
      return [
        {
          body: one.body,
          part: "",
          ruleId: outlook.id,
          began: last,
          ended: undefined,
          level: outlook.level,
          peak: outlook.level,
          since: last,
          at: last,
          value: central,
          line: lineOf(band),
          numerator: Number.NaN,
          denominator: Number.NaN,
          interval: [central - width, central + width],
          expected: expected ?? expectedPeriod(one, step, evidence.periods),
        },
      ];
    });
  });
}

function expectedPeriod(
  { lastMonth, native }: BodyForecast,
  step: number,
  periods: readonly string[],
): string {
  const sample = periods[0] ?? "";
  const frequency = sample.length === 4 ? "year" : sample.includes("Q") ? "quarter" : "month";
  return periodIdAt(frequency, lastMonth + (step + 1) * native.step);
}

/** The worst level of the rules that count; several at a level may make it worse. */
function composeLevels(
  { composite }: WarningDefinition,
  { bodies, periods }: WarningEvidence,
  rules: readonly RuleLevels[],
): Uint8Array {
  const count = periods.length;
  const worst = new Uint8Array(bodies.length * count).fill(NO_DATA);
  const several = composite?.several;
  const least = several ? severity(several.at_least) : 0;
  const standing = new Uint8Array(worst.length);
  for (const { rule, series, levels } of rules) {
    if (!rule.composite) continue;
    for (let row = 0; row < series.bodies.length; row++) {
      const body = (series.bodies[row] as number) * count;
      for (let at = 0; at < count; at++) {
        const level = levels[row * count + at] as number;
        if (level === 0 && Number.isNaN(series.values[row * count + at])) continue;
        const held = worst[body + at] as number;
        if (held === NO_DATA || level > held) worst[body + at] = level;
        if (several && level >= least) standing[body + at] = (standing[body + at] as number) + 1;
      }
    }
  }
  if (several) {
    standing.forEach((number, at) => {
      if (number < several.count) return;
      worst[at] = Math.max(worst[at] as number, severity(several.become));
    });
  }
  return worst;
}

/** The level a severity stands for; no data is a state of its own. */
export function nameLevel(place: number): Level | "no_data" {
  return place === NO_DATA ? "no_data" : (LEVELS[place] as Level);
}
