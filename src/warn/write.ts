import type { Period } from "../period.ts";
import type { WarningDefinition } from "../standard/warning-definition.ts";
import { appendColumns } from "../store/columns.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { composeFindings } from "./composite.ts";
import type { WarningEvidence } from "./evidence.ts";
import { type Findings, Z80, Z95 } from "./findings.ts";
import { METHODS } from "./forecast/forecast.ts";
import { periodIdAt } from "./grid.ts";
import { judgeValue } from "./judge.ts";
import { describeEpisode } from "./sentence.ts";

const sql = sqlFile(import.meta.dirname, "warn.sql");

/** Tables that hold rows of computations. */
export const BY_COMPUTATION = [
  "value",
  "judgement",
  "episode",
  "forecast",
  "forecast_choice",
  "stress",
  "composite",
  "computation",
];

/**
 * Writes what was found of bodies under their fingerprints. Belongs to the caller's transaction.
 * @param fingerprints by place of the body
 * @param kept how many of the newest periods are written; episodes are written whatever their age
 */
export async function writeFindings(
  store: Store,
  definition: WarningDefinition,
  evidence: WarningEvidence,
  findings: Findings,
  fingerprints: readonly string[],
  period: Period,
  kept: number,
): Promise<void> {
  const first = Math.max(0, evidence.periods.length - kept);
  await layOutNames(store, definition, evidence, fingerprints, period);
  await appendValues(store, evidence, first);
  await appendJudgements(store, evidence, findings, first);
  await appendForecasts(store, definition, evidence);
  await store.run(sql("insert-value"));
  await store.run(sql("insert-judgement"));
  await store.run(sql("insert-forecast"), { z80: Z80, z95: Z95 });
  await appendRest(store, definition, evidence, findings, fingerprints, period, kept);
  for (const table of ["value", "judgement", "forecast", "name"]) {
    await store.run(sql("drop-temporary", { table: `warn_${table}` }));
  }
}

/** Months a forecast may reach beyond the period. */
const AHEAD_MONTHS = 36;

async function layOutNames(
  store: Store,
  definition: WarningDefinition,
  evidence: WarningEvidence,
  fingerprints: readonly string[],
  period: Period,
): Promise<void> {
  const ahead = aheadPeriods(evidence, period);
  const lists: [string, readonly string[]][] = [
    ["body", fingerprints],
    ["series", definition.series.map(({ id }) => id)],
    ["rule", definition.rules.map(({ id }) => id)],
    ["part", listParts(evidence)],
    ["period", evidence.periods],
    ["ahead", ahead.ids],
  ];
  await store.run(sql("create-name"));
  await appendColumns(store, { catalog: "temp", schema: "main", table: "warn_name" }, [
    lists.flatMap(([kind, names]) => names.map(() => kind)),
    Int32Array.from(lists.flatMap(([, names]) => names.map((_, at) => at))),
    lists.flatMap(([, names]) => names),
  ]);
}

/** Ids of the months from the oldest last point to the furthest step, by their distance from the first of them. */
function aheadPeriods({ forecasts }: WarningEvidence, { frequency }: Period) {
  const first = forecasts.reduce(
    (least, { lastMonth }) => Math.min(least, lastMonth),
    Number.POSITIVE_INFINITY,
  );
  const last =
    forecasts.reduce((most, { lastMonth }) => Math.max(most, lastMonth), 0) + AHEAD_MONTHS;
  const ids = Number.isFinite(first)
    ? Array.from({ length: last - first + 1 }, (_, at) => periodIdAt(frequency, first + at))
    : [];
  return { first, ids };
}

function listParts({ series }: WarningEvidence): string[] {
  return [...new Set([...series.values()].flatMap(({ parts }) => parts))].sort();
}

async function appendValues(store: Store, evidence: WarningEvidence, first: number): Promise<void> {
  const count = evidence.periods.length;
  const parts = new Map(listParts(evidence).map((part, at) => [part, at]));
  const sheet = openSheet(4, 3);
  let place = 0;
  for (const series of evidence.series.values()) {
    for (let row = 0; row < series.bodies.length; row++) {
      const part = parts.get(series.parts[row] as string) as number;
      for (let at = first; at < count; at++) {
        const cell = row * count + at;
        const value = series.values[cell] as number;
        if (!Number.isFinite(value)) continue;
        sheet.add(
          [series.bodies[row] as number, place, part, at],
          [value, series.numerator?.[cell] ?? Number.NaN, series.denominator?.[cell] ?? Number.NaN],
        );
      }
    }
    place++;
  }
  await store.run(sql("create-value"));
  await appendColumns(
    store,
    { catalog: "temp", schema: "main", table: "warn_value" },
    sheet.columns(),
  );
}

async function appendJudgements(
  store: Store,
  evidence: WarningEvidence,
  { rules }: Findings,
  first: number,
): Promise<void> {
  const count = evidence.periods.length;
  const parts = new Map(listParts(evidence).map((part, at) => [part, at]));
  const sheet = openSheet(5, 1);
  rules.forEach(({ series, levels }, place) => {
    for (let row = 0; row < series.bodies.length; row++) {
      for (let at = first; at < count; at++) {
        const level = levels[row * count + at] as number;
        if (level === 0) continue;
        const part = parts.get(series.parts[row] as string) as number;
        sheet.add(
          [series.bodies[row] as number, place, part, at, level],
          [series.values[row * count + at] as number],
        );
      }
    }
  });
  await store.run(sql("create-judgement"));
  await appendColumns(
    store,
    { catalog: "temp", schema: "main", table: "warn_judgement" },
    sheet.columns(),
  );
}

async function appendForecasts(
  store: Store,
  definition: WarningDefinition,
  evidence: WarningEvidence,
): Promise<void> {
  const places = new Map(definition.series.map(({ id }, at) => [id, at]));
  const first = evidence.forecasts.reduce(
    (least, { lastMonth }) => Math.min(least, lastMonth),
    Number.POSITIVE_INFINITY,
  );
  const sheet = openSheet(4, 2);
  for (const { body, series, native, forecast, lastMonth } of evidence.forecasts) {
    forecast.central.forEach((central, step) => {
      const month = lastMonth + (step + 1) * native.step - first;
      sheet.add(
        [body, places.get(series) as number, step + 1, month],
        [central, forecast.spread[step] as number],
      );
    });
  }
  await store.run(sql("create-forecast"));
  await appendColumns(
    store,
    { catalog: "temp", schema: "main", table: "warn_forecast" },
    sheet.columns(),
  );
}

/** What has few rows goes straight in. */
async function appendRest(
  store: Store,
  definition: WarningDefinition,
  evidence: WarningEvidence,
  findings: Findings,
  fingerprints: readonly string[],
  period: Period,
  kept: number,
): Promise<void> {
  const { periods, bodies, stress } = evidence;
  const append = (table: string, columns: Parameters<typeof appendColumns>[2]) =>
    appendColumns(store, { schema: "warn", table }, columns);
  const print = ({ body }: { readonly body: number }) => fingerprints[body] as string;
  const outlooks = new Set(definition.outlooks.map(({ id }) => id));
  const episodes = findings.episodes;
  const messages = episodes.map((episode) => describeEpisode(definition, episode, periods));
  await append("episode", [
    episodes.map(print),
    episodes.map(({ ruleId }) => ruleId),
    episodes.map(({ part }) => part),
    episodes.map(({ began }) => periods[began] as string),
    episodes.map(({ ended }) => (ended === undefined ? null : (periods[ended] as string))),
    episodes.map(({ level }) => level),
    episodes.map(({ peak }) => peak),
    Float64Array.from(episodes, ({ value }) => value),
    Float64Array.from(episodes, ({ line }) => line),
    episodes.map(({ ruleId }) => (outlooks.has(ruleId) ? "outlook" : "rule")),
    episodes.map(({ expected }) => expected ?? null),
    messages.map(({ zh }) => zh),
    messages.map(({ en }) => en),
  ]);
  const composites = composeFindings(definition, evidence, findings, kept);
  await append("composite", [
    composites.map(print),
    composites.map(({ at }) => periods[at] as string),
    composites.map(({ level }) => level),
    composites.map(({ list }) => list ?? null),
    composites.map(({ emergency }) => emergency ?? null),
    composites.map(({ reason }) => reason.zh),
    composites.map(({ reason }) => reason.en),
  ]);
  const rules = new Map(definition.rules.map((rule) => [rule.series, rule]));
  const level = (series: string, value: number) => {
    const rule = rules.get(series);
    return rule ? judgeValue(rule, value) : "green";
  };
  const held = stress.filter(({ series }) => rules.has(series));
  await append("stress", [
    held.map(print),
    held.map(({ scenario }) => scenario),
    held.map(({ series }) => series),
    Float64Array.from(held, ({ value }) => value),
    Float64Array.from(held, ({ baseline }) => baseline),
    held.map(({ series, value }) => level(series, value)),
    held.map(({ series, baseline }) => level(series, baseline)),
  ]);
  await appendChoices(store, evidence, findings, fingerprints);
  await append("computation", [
    [...fingerprints],
    bodies.map(() => definition.id),
    bodies.map(({ id }) => id),
    bodies.map(() => period.id),
  ]);
}

async function appendChoices(
  store: Store,
  { forecasts }: WarningEvidence,
  { crossings }: Findings,
  fingerprints: readonly string[],
): Promise<void> {
  const nearest = new Map<string, (typeof crossings)[number]>();
  for (const crossing of crossings) {
    const key = `${crossing.body}\n${crossing.series}`;
    if (!nearest.has(key)) nearest.set(key, crossing);
  }
  const crossing = forecasts.map(({ body, series }) => nearest.get(`${body}\n${series}`));
  const errors = METHODS.map((_, method) =>
    Float64Array.from(forecasts, ({ forecast }) =>
      forecast.origins === 0 ? Number.NaN : (forecast.errors[method] as number),
    ),
  );
  await appendColumns(store, { schema: "warn", table: "forecast_choice" }, [
    forecasts.map(({ body }) => fingerprints[body] as string),
    forecasts.map(({ series }) => series),
    forecasts.map(({ forecast }) => forecast.method),
    Int32Array.from(forecasts, ({ forecast }) => forecast.points),
    Int32Array.from(forecasts, ({ forecast }) => forecast.origins),
    Float64Array.from(forecasts, ({ forecast }) =>
      forecast.origins === 0
        ? Number.NaN
        : (forecast.errors[METHODS.indexOf(forecast.method)] as number),
    ),
    ...errors,
    crossing.map((one) => one?.level ?? null),
    Float64Array.from(crossing, (one) => one?.line ?? Number.NaN),
    crossing.map((one) => one?.period ?? null),
    crossing.map((one) => one?.earliest ?? null),
  ]);
}

/** Columns of integers and numbers that grow row by row. */
function openSheet(integers: number, numbers: number) {
  let size = 1024;
  let rows = 0;
  let whole = Array.from({ length: integers }, () => new Int32Array(size));
  let real = Array.from({ length: numbers }, () => new Float64Array(size));
  return {
    add(first: readonly number[], second: readonly number[]): void {
      if (rows === size) {
        size *= 2;
        whole = whole.map((column) => growInto(new Int32Array(size), column));
        real = real.map((column) => growInto(new Float64Array(size), column));
      }
      for (let at = 0; at < integers; at++) (whole[at] as Int32Array)[rows] = first[at] as number;
      for (let at = 0; at < numbers; at++) (real[at] as Float64Array)[rows] = second[at] as number;
      rows++;
    },
    columns: () => [
      ...whole.map((column) => column.subarray(0, rows)),
      ...real.map((column) => column.subarray(0, rows)),
    ],
  };
}

function growInto<T extends Int32Array | Float64Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
