import type { Period } from "../period.ts";
import type { WarningDefinition } from "../standard/warning-definition.ts";
import { appendColumns } from "../store/columns.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import type { WarningEvidence } from "./evidence.ts";
import { type Findings, Z80, Z95 } from "./findings.ts";
import { periodIdAt } from "./grid.ts";
import { openSheet } from "./row-sheet.ts";
import { appendRest } from "./write-findings.ts";

const sql = sqlFile(import.meta.dirname, "warn.sql");

/**
 * Tables that hold what computations found. The computations themselves stay: a row that is deleted and inserted again under its key ends
 * the process if the disk is full at the commit (docs/decisions.md).
 */
export const BY_COMPUTATION = [
  "value",
  "judgement",
  "episode",
  "forecast",
  "forecast_choice",
  "stress",
  "composite",
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
