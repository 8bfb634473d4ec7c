import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../src/context.ts";
import { SILENT } from "../../src/context.ts";
import { parsePeriod, shiftPeriod } from "../../src/period.ts";
import { readStandard } from "../../src/standard/evaluation-standard.ts";
import type { IndicatorFile } from "../../src/standard/indicator-file.ts";
import { Store } from "../../src/store/store.ts";

/** An indicator as the tests need it; only what score reads is set. */
export function makeIndicator(id: string, part: Partial<IndicatorFile> = {}): IndicatorFile {
  return {
    id,
    title: { zh: `指标${id}`, en: `Indicator ${id}` },
    clause: "A1",
    levels: ["district"],
    unit: { zh: "%", en: "%" },
    direction: "higher",
    aggregate: "ratio",
    evidence: "event",
    scale: 100,
    denominator: { zh: "全部", en: "all" },
    minimum_sample: 1,
    rollup: true,
    when_empty: "not_applicable",
    reads: { complaint: [] },
    source: { zh: "测试", en: "test" },
    file: `${id}.sql`,
    sql: "",
    hash: id,
    ...part,
  };
}

export function mapIndicators(...list: IndicatorFile[]): Map<string, IndicatorFile> {
  return new Map(list.map((indicator) => [indicator.id, indicator]));
}

/** Reads a standard from YAML text by way of a workspace that is removed again. */
export function standardFrom(text: string, indicators: ReadonlyMap<string, IndicatorFile>) {
  const workspace = mkdtempSync(join(tmpdir(), "standard-"));
  try {
    mkdirSync(join(workspace, "metrics", "standards"), { recursive: true });
    writeFileSync(join(workspace, "metrics", "standards", "test.yaml"), text);
    return readStandard(workspace, "test", indicators);
  } finally {
    rmSync(workspace, { recursive: true });
  }
}

export interface City {
  readonly context: Context;
  readonly store: Store;
}

/** An empty in-memory city with a context for the standard: `history` periods before the one given. */
export async function openCity(
  yaml: string,
  indicators: ReadonlyMap<string, IndicatorFile>,
  { period = "2018-12", history = 1 } = {},
): Promise<City> {
  const store = await Store.open(":memory:", { memory: "512MB", threads: 2 });
  await store.run("SET VARIABLE as_of = TIMESTAMP '2020-01-01 00:00:00'");
  const last = parsePeriod(period);
  const periods = Array.from({ length: history + 1 }, (_, index) =>
    shiftPeriod(last, index - history),
  );
  const context = {
    store,
    standard: standardFrom(yaml, indicators),
    indicators,
    sources: [],
    periods,
    period: last,
    runId: "run",
    asOf: "2020-01-01 00:00:00",
    progress: SILENT,
  } as unknown as Context;
  return { context, store };
}

export async function addEntity(
  store: Store,
  entity: string,
  { level = "district", peer = "district", from = "2000-01-01", scored = true } = {},
): Promise<void> {
  await store.run(
    `INSERT INTO core.entity (record_key, entity_id, level, name_zh, name_en, peer_class, scored, source_id, file_id, line,
       valid_from, known_from)
     VALUES ($entity, $entity, $level, $entity, $entity, $peer, $scored, 'test', 1, 1,
       CAST($from AS DATE), TIMESTAMP '2000-01-01 00:00:00')`,
    { entity, level, peer, from, scored },
  );
}

/** Registers every indicator × period of the context as measured. */
export async function markMeasured({ context, store }: City): Promise<void> {
  for (const { id } of context.periods) {
    for (const indicator of context.indicators.keys()) {
      await store.run("INSERT INTO facts.computation VALUES ($print, $indicator, $id)", {
        print: `${indicator}|${id}`,
        indicator,
        id,
      });
      await store.run("INSERT INTO facts.run_computation VALUES ('run', $indicator, $id, $print)", {
        print: `${indicator}|${id}`,
        indicator,
        id,
      });
    }
  }
}

export interface Fact {
  readonly indicator: string;
  readonly entity: string;
  readonly period?: string;
  readonly state?: string;
  readonly value?: number | null;
  readonly numerator?: number;
  readonly denominator?: number;
}

export function addFact(store: Store, fact: Fact): Promise<void> {
  return addFacts(store, [fact]);
}

/** Adds facts in one statement; the texts are the tests' own. */
export async function addFacts(store: Store, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  const rows = facts.map(
    ({ indicator, entity, period = "2018-12", state = "assessed", value, ...fact }) =>
      `('${indicator}|${period}', '${entity}', '${state}', ${fact.numerator ?? "NULL"}, ${fact.denominator ?? "NULL"}, ${value ?? "NULL"}::DOUBLE, 10, 0, 0)`,
  );
  await store.run(`INSERT INTO facts.value VALUES ${rows.join(", ")}`);
}

export interface ItemFact {
  readonly indicator: string;
  readonly entity: string;
  readonly category: string;
  readonly on: string;
  readonly ended?: string;
  readonly key?: string;
  readonly period?: string;
  readonly disputed?: string;
}

export function addItem(store: Store, item: ItemFact): Promise<void> {
  return addItems(store, [item]);
}

/** Adds records in one statement, all from line 42 of file 7. */
export async function addItems(store: Store, items: readonly ItemFact[]): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map(
    ({
      indicator,
      entity,
      category,
      on,
      ended,
      disputed,
      period = "2018-12",
      key = `${entity}-${on}`,
    }) =>
      `('${indicator}|${period}', '${entity}', '${category}', '${key}', DATE '${on}', ${ended ? `DATE '${ended}'` : "NULL"}, NULL, 7, 42, ${disputed ? `DATE '${disputed}'` : "NULL"})`,
  );
  await store.run(`INSERT INTO facts.item VALUES ${rows.join(", ")}`);
}

export interface RankRow {
  entity_id: string;
  period: string;
  state: string;
  score: number | null;
  rank: number | null;
  ranked_of: number;
  grade: string | null;
  grade_before_veto: string | null;
  vetoed_by: string | null;
  coverage: number;
  score_previous: number | null;
  rank_previous: number | null;
  score_last_year: number | null;
  reason_zh: string;
  reason_en: string;
}

export function readRanks(store: Store, period = "2018-12"): Promise<RankRow[]> {
  return store.rows<RankRow>(
    "SELECT * FROM scores.rank WHERE period = $period ORDER BY entity_id",
    { period },
  );
}

export interface PointRow {
  entity_id: string;
  kind: string;
  node_id: string;
  points: number;
}

export function readPoints(store: Store, period = "2018-12"): Promise<PointRow[]> {
  return store.rows<PointRow>(
    "SELECT entity_id, kind, node_id, points FROM scores.contribution WHERE period = $period ORDER BY entity_id, kind, node_id",
    { period },
  );
}
