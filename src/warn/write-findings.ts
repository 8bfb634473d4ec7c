import type { Period } from "../period.ts";
import type { WarningDefinition } from "../standard/warning-definition.ts";
import { appendColumns } from "../store/columns.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { composeFindings } from "./composite.ts";
import type { WarningEvidence } from "./evidence.ts";
import type { Findings } from "./findings.ts";
import { METHODS } from "./forecast/forecast.ts";
import { judgeValue } from "./judge.ts";
import { describeEpisode } from "./sentence.ts";

const sql = sqlFile(import.meta.dirname, "warn.sql");

/** What has few rows goes straight in. */
export async function appendRest(
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
  await store.run(sql("note-computations"), {
    warnings: definition.id,
    period: period.id,
    fingerprints: JSON.stringify(fingerprints),
    bodies: JSON.stringify(bodies.map(({ id }) => id)),
  });
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
