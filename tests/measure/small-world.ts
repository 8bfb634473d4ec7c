import { readFileSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { type Context, SILENT } from "../../src/context.ts";
import { parsePeriod } from "../../src/period.ts";
import type { IndicatorFile } from "../../src/standard/indicator-file.ts";
import { quoteIdentifier } from "../../src/store/sql-file.ts";
import { Store } from "../../src/store/store.ts";

/** Rows of core tables as a test writes them: only what matters; the rest is filled in. */
export type KnownRows = Record<string, readonly Record<string, unknown>[]>;

const ROOT = join(import.meta.dirname, "..", "..");

/** The bodies of the small world: two districts and a third without anything, their streets and a town, three departments. */
export const BODIES: readonly Record<string, unknown>[] = [
  body("C", "city", null, { scored: false }),
  body("D1", "district", "C", { population: 300_000 }),
  body("D2", "district", "C", { population: 200_000 }),
  body("D3", "district", "C", { population: 100_000 }),
  body("S1", "township", "D1", { population: 50_000 }),
  body("T1", "township", "D1", { population: 20_000 }),
  body("S2", "township", "D2", { population: 40_000 }),
  body("P1", "department", "C", {}),
  body("P2", "department", "C", {}),
  body("P3", "department", "C", {}),
];

function body(
  entity_id: string,
  level: string,
  parent_id: string | null,
  more: Record<string, unknown>,
): Record<string, unknown> {
  return {
    entity_id,
    level,
    parent_id,
    name_zh: entity_id,
    name_en: entity_id,
    peer_class: level,
    scored: true,
    valid_from: "2010-01-01",
    ...more,
  };
}

/** What a column holds when a test does not say: the plainest thing that the table allows. */
const DEFAULTS: Record<string, Record<string, unknown>> = {
  dishonesty_record: {
    record_type: "violation",
    severity: "general",
    subject_kind: "organ",
    state: "published",
  },
  commitment: { kind: "quality", made_on: "2018-01-02" },
  publicity_item: { document_no: "1", subject_kind: "organisation" },
  proposal: { assigned_on: "2018-01-02" },
  debt_position: { currency: "CNY", scope: "statutory" },
  task: { assigned_on: "2018-01-02" },
  honour: { title: "honour" },
  service_commitment: { promised_on: "2018-01-02" },
  third_party_rating: { rater: "rater" },
  entity: { scored: true },
};

/** The day from which a row is taken to be true, when a test does not say. */
const TRUE_FROM = [
  "received_at",
  "decided_on",
  "made_on",
  "as_at",
  "held_on",
  "planned_on",
  "awarded_on",
  "assigned_on",
  "rated_on",
  "promised_on",
  "award_notice_on",
  "signed_on",
  "delivered_on",
  "evaluation_report_on",
  "challenge_received_on",
  "outcome_on",
];

/** Opens a database in memory with China's calendar and the rows given, known since 2010. */
export async function openWorld(
  known: KnownRows,
  { asOf = "2018-07-10 00:00:00", bodies = BODIES } = {},
): Promise<Store> {
  const store = await Store.open(":memory:", { memory: "512MB", threads: 2 });
  await loadCalendar(store);
  await insertRows(store, { ...known, entity: known.entity ?? bodies });
  await setAsOf(store, asOf);
  return store;
}

export async function setAsOf(store: Store, asOf: string): Promise<void> {
  await store.run(`SET VARIABLE as_of = TIMESTAMP '${asOf}'`);
}

/** Adds rows to core tables. */
export async function insertRows(store: Store, known: KnownRows): Promise<void> {
  for (const [table, rows] of Object.entries(known)) {
    if (rows.length === 0) continue;
    const columns = await store.rows<{ column_name: string; data_type: string }>(
      "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'core' AND table_name = $table ORDER BY ordinal_position",
      { table },
    );
    const names = columns.map(({ column_name }) => column_name);
    const unknown = rows.flatMap((row) => Object.keys(row)).filter((name) => !names.includes(name));
    if (unknown.length > 0) throw new Error(`core.${table} has no column ${unknown.join(", ")}`);
    const complete = rows.map((row, index) => completeRow(table, row, index));
    const shape = Object.fromEntries(
      columns.map(({ column_name, data_type }) => [column_name, data_type]),
    );
    const list = names.map(quoteIdentifier).join(", ");
    await store.run(
      `INSERT INTO core.${quoteIdentifier(table)} (${list})
       SELECT ${list} FROM (SELECT unnest(from_json($rows, '${JSON.stringify([shape])}'), recursive := true))`,
      { rows: JSON.stringify(complete) },
    );
  }
}

function completeRow(table: string, row: Record<string, unknown>, index: number) {
  const filled: Record<string, unknown> = { ...DEFAULTS[table], ...row };
  const key = table === "entity" ? filled.entity_id : `${table}-${index + 1}`;
  const named = TRUE_FROM.find((name) => filled[name]);
  const day = named ? String(filled[named]).slice(0, 10) : "2018-01-02";
  return {
    record_key: key,
    source_id: "test",
    file_id: 1,
    line: index + 2,
    valid_from: day,
    known_from: "2010-01-01 00:00:00",
    ...filled,
  };
}

async function loadCalendar(store: Store): Promise<void> {
  const file = join(ROOT, "metrics", "calendar", "china.csv");
  const days = readFileSync(file, "utf8").trim().split("\n").slice(1);
  await store.run(
    `INSERT INTO core.calendar_day
     SELECT CAST(day AS DATE), is_working, sum(CAST(is_working AS INTEGER)) OVER (ORDER BY day), NULL
     FROM (SELECT unnest(from_json($days, '[{"day":"VARCHAR","is_working":"BOOLEAN"}]'), recursive := true))`,
    {
      days: JSON.stringify(
        days.map((text) => {
          const [day, isWorking] = text.split(",");
          return { day, is_working: isWorking === "true" };
        }),
      ),
    },
  );
}

/** A context that measures the indicators given, for the periods given. */
export function makeContext(
  store: Store,
  indicators: readonly IndicatorFile[],
  periods: readonly string[],
  { asOf = "2018-07-10 00:00:00", windowMonths = 12, runId = "run" } = {},
): Context {
  const parsed = periods.map(parsePeriod);
  return {
    store,
    workspace: ROOT,
    dataDir: ROOT,
    pipeline: undefined as never,
    sources: [],
    standard: { window_months: windowMonths } as Context["standard"],
    indicators: new Map(indicators.map((indicator) => [indicator.id, indicator])),
    asOf,
    receivedAt: asOf,
    period: parsed.at(-1)!,
    periods: parsed,
    runId,
    seed: 1,
    pseudonymKey: "0".repeat(32),
    log: pino({ level: "silent" }),
    progress: SILENT,
  };
}

/** One measured value, as tests compare it. */
export interface MeasuredValue {
  readonly indicator_id: string;
  readonly entity_id: string;
  readonly period: string;
  readonly state: string;
  readonly numerator: string | null;
  readonly denominator: string | null;
  readonly value: number | null;
  readonly sample_size: number;
  readonly excluded: number;
}

/** The values of a run, in order. */
export function readValues(store: Store, runId = "run"): Promise<MeasuredValue[]> {
  return store.rows<MeasuredValue>(
    `SELECT r.indicator_id, v.entity_id, r.period, v.state, v.numerator, v.denominator, v.value, v.sample_size, v.excluded
     FROM facts.run_computation r JOIN facts.value v ON v.fingerprint = r.fingerprint
     WHERE r.run_id = $runId ORDER BY r.indicator_id, r.period, v.entity_id`,
    { runId },
  );
}
