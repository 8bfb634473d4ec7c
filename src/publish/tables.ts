import type { Context } from "../context.ts";
import { warningsOf } from "../definitions-on.ts";
import { periodLastYear, shiftPeriod } from "../period.ts";
import { nameRules, readRecordRules } from "../standard/record-rules.ts";
import { MINIMUM_CASES } from "../standard/small-counts.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Parameters } from "../store/store.ts";
import { listRows, listRuleRows, readParts } from "./list-report.ts";
import type { Output } from "./outputs.ts";
import { REDUCED, reduceTable } from "./reduce-tables.ts";
import { gradeRows, indicatorRows, nodeRows, ruleRows } from "./standard-rows.ts";
import { MERGED, TEXTS } from "./texts.ts";
import { leaveOutLapsed, type NamingPlace, REASONS } from "./unnamed.ts";
import { publicForms, warningRuleRows } from "./warning-report.ts";

const DRAFT: NamingPlace = { schema: "draft.published_", lapsed: "draft.publish_lapsed" };
const sql = sqlFile(import.meta.dirname, "tables.sql");
const listSql = sqlFile(import.meta.dirname, "list-tables.sql");
const recordSql = sqlFile(import.meta.dirname, "record-tables.sql");
const warningSql = sqlFile(import.meta.dirname, "warning-tables.sql");

/**
 * The published tables in the order in which they are made, with the text columns that repeat few values.
 * docs/published-data.md describes their columns; a test holds the two together.
 */
export const TABLES = [
  { name: "run", dictionaries: [] },
  { name: "period", dictionaries: ["run_id"] },
  { name: "entity", dictionaries: ["run_id", "level", "kind", "peer_class", "parent_id"] },
  { name: "indicator", dictionaries: ["run_id", "clause", "direction", "aggregate"] },
  { name: "standard_node", dictionaries: ["run_id", "level", "node_level"] },
  { name: "rule", dictionaries: ["run_id", "kind"] },
  { name: "grade", dictionaries: ["run_id"] },
  { name: "file", dictionaries: ["run_id", "source_id", "format"] },
  {
    name: "rank",
    dictionaries: ["run_id", "period", "level", "peer_class", "entity_id", "state", "grade"],
  },
  {
    name: "rank_uncertainty",
    dictionaries: ["run_id", "period", "level", "peer_class", "entity_id", "error_source"],
  },
  {
    name: "rank_pair",
    dictionaries: ["run_id", "period", "level", "peer_class", "entity_id", "other_id"],
  },
  {
    name: "rank_sensitivity",
    dictionaries: ["run_id", "period", "level", "peer_class", "entity_id", "factor"],
  },
  { name: "replication", dictionaries: ["run_id", "period", "level", "outcome"] },
  { name: "shrunk_value", dictionaries: ["run_id", "period", "entity_id", "indicator_id"] },
  {
    name: "node",
    dictionaries: [
      "run_id",
      "period",
      "entity_id",
      "node_id",
      "node_level",
      "parent_node",
      "state",
    ],
  },
  { name: "contribution", dictionaries: ["run_id", "period", "entity_id", "kind", "node_id"] },
  {
    name: "contribution_detail",
    dictionaries: ["run_id", "period", "entity_id", "kind", "node_id", "detail_kind"],
  },
  { name: "value", dictionaries: ["run_id", "period", "entity_id", "indicator_id", "state"] },
  { name: "category", dictionaries: ["run_id", "period", "entity_id", "indicator_id", "category"] },
  {
    name: "item",
    dictionaries: ["run_id", "period", "entity_id", "indicator_id", "category"],
  },
  {
    name: "dishonesty_record",
    dictionaries: ["run_id", "entity_id", "record_type", "severity", "state"],
  },
  { name: "record_event", dictionaries: ["run_id", "entity_id", "event"] },
  { name: "source_state", dictionaries: ["run_id", "state"] },
  { name: "check_result", dictionaries: ["run_id", "severity"] },
  { name: "quarantine", dictionaries: ["run_id", "source_id", "reason"] },
  {
    name: "warning_level",
    dictionaries: ["run_id", "period", "entity_id", "warnings_id", "level"],
  },
  { name: "warning_rule", dictionaries: ["run_id", "warnings_id", "kind"] },
  { name: "warning_episode", dictionaries: ["run_id", "warnings_id", "entity_id", "rule_id"] },
  {
    name: "warning_value",
    dictionaries: ["run_id", "period", "warnings_id", "entity_id", "series_id", "part"],
  },
  { name: "warning_forecast", dictionaries: ["run_id", "warnings_id", "entity_id", "series_id"] },
  { name: "warning_method", dictionaries: ["run_id", "warnings_id", "entity_id", "series_id"] },
  { name: "warning_stress", dictionaries: ["run_id", "warnings_id", "entity_id", "series_id"] },
  { name: "list", dictionaries: ["run_id"] },
  { name: "list_rule", dictionaries: ["run_id", "list_id"] },
  {
    name: "list_entry",
    dictionaries: ["run_id", "period", "list_id", "kind", "entity_id", "rule_id"],
  },
  { name: "body_code", dictionaries: ["run_id", "scheme", "entity_id"] },
  { name: "commitment_summary", dictionaries: ["run_id", "period", "entity_id", "kind"] },
  { name: "third_party_rating", dictionaries: ["run_id", "entity_id", "rater", "grade"] },
  { name: "restriction", dictionaries: ["run_id", "period", "field", "entity_id", "rule_id"] },
  { name: "debt_limit", dictionaries: ["run_id", "period", "warnings_id", "entity_id"] },
  { name: "output_audience", dictionaries: ["run_id", "kind", "audience"] },
] as const satisfies readonly { name: string; dictionaries: readonly string[] }[];

export type TableName = (typeof TABLES)[number]["name"];

/** Periods whose records and categories are published: the one reported and the two it is compared with. */
export function detailedPeriods(context: Context): Set<string> {
  return new Set([
    context.period.id,
    shiftPeriod(context.period, -1).id,
    periodLastYear(context.period).id,
  ]);
}

/**
 * Makes the tables published_<name>, each in its published order, in a database in memory that every lane sees: every
 * output file is written from them, so that all say the same. Nothing personal is in them: they are built from what is known of bodies, from facts and scores.
 */
export async function createTables(context: Context, outputs: readonly Output[]): Promise<void> {
  const { store, runId, standard, pipeline } = context;
  const detailed = detailedPeriods(context);
  const rows = (value: unknown) => ({ rows: JSON.stringify(value) });
  const more: Partial<Record<TableName, Parameters>> = {
    run: {
      standard_version: standard.version,
      synthetic: pipeline.report.synthetic !== undefined,
    },
    period: rows(
      context.periods.map(({ id, start, end }, place) => ({
        place,
        id,
        start,
        last: end,
        detailed: detailed.has(id),
      })),
    ),
    entity: { period_end: context.period.end },
    indicator: rows(indicatorRows(context.indicators)),
    standard_node: rows(nodeRows(standard, context.indicators)),
    rule: rows(ruleRows(standard)),
    grade: rows(gradeRows(standard)),
    contribution_detail: { other: MERGED },
    quarantine: { sources: JSON.stringify(pipeline.sources) },
    file: { sources: JSON.stringify(pipeline.sources) },
    warning_rule: rows(warningRuleRows(warningsOf(context))),
    warning_value: { minimum: MINIMUM_CASES },
    commitment_summary: {
      period: context.period.id,
      ends_on: context.period.end,
      months: standard.window_months,
    },
    dishonesty_record: rows(nameRules(readRecordRules(context.workspace, pipeline.rules))),
    third_party_rating: { ends_on: context.period.end },
    debt_limit: rows(publicForms(warningsOf(context))),
    output_audience: rows(outputs),
    list: rows(listRows(readParts(context))),
    list_rule: rows(listRuleRows(readParts(context))),
  };
  await store.run(sql("open-draft"));
  for (const { name } of TABLES) {
    if (name === "contribution_detail") {
      await store.run(recordSql("create-disputed"));
      await store.run(sql("create-category-shown"), {
        run_id: runId,
        minimum: MINIMUM_CASES,
        other: MERGED,
      });
    }
    const make = statementsOf(name);
    await store.run(make(`create-${name}`), { run_id: runId, ...more[name] });
    if (name === "file") await store.run(sql("create-file-number"));
  }
  await store.run(recordSql("create-lapsed", { lapsed: recordSql("lapsed") }));
  await leaveOutLapsed(store, DRAFT);
}

function statementsOf(name: TableName) {
  if (name.startsWith("warning_") || name === "debt_limit") return warningSql;
  if (name === "dishonesty_record" || name === "record_event") return recordSql;
  return /^(list|restriction|body_code|commitment_summary|third_party_rating)/.test(name)
    ? listSql
    : sql;
}

/**
 * Takes out of the tables what is not for the eyes of an edition. What is for fewest is published first: of each edition the
 * next one is made.
 */
export async function reduceTables(
  { store, runId, indicators }: Context,
  withheld: readonly Output[],
): Promise<void> {
  for (const name of REDUCED) {
    const table = `draft.published_${name}`;
    const query = reduceTable(name, table, withheld);
    if (query) await store.run(`CREATE OR REPLACE TABLE ${table} AS ${query}`);
  }
  if (withheld.some(({ kind }) => kind === "indicator" || kind === "rule")) {
    const titles = withheld.flatMap(({ id }) => indicators.get(id)?.title ?? []);
    const { zh, en } = TEXTS.reasonNotPublic;
    const told = { titles: JSON.stringify(titles), zh, en };
    await store.run(sql("reduce-reasons"), { run_id: runId, ...told });
    await leaveOutLapsed(store, DRAFT, [REASONS]);
  }
}

/** Removes what createTables made. */
export async function dropTables({ store }: Context): Promise<void> {
  await store.run(sql("close-draft"));
}
