import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import type { Output } from "./outputs.ts";
import type { TableName } from "./tables.ts";

const sql = sqlFile(import.meta.dirname, "reduce-tables.sql");

/** The statement of each table that holds anything of an output that may be withheld. */
const STATEMENTS: Partial<Record<TableName, string>> = {
  value: "value",
  category: "value",
  item: "value",
  shrunk_value: "value",
  node: "node",
  contribution: "contribution",
  contribution_detail: "contribution_detail",
  rank: "rank",
  warning_level: "warning",
  warning_episode: "warning",
  warning_value: "warning",
  warning_forecast: "warning",
  warning_method: "warning",
  warning_stress: "warning",
  warning_rule: "warning_rule",
  list: "list",
  list_rule: "list",
  list_entry: "list_entry",
  restriction: "restriction",
};

/** Tables of which something is withheld in some edition. */
export const REDUCED = Object.keys(STATEMENTS) as TableName[];

/**
 * The query for what is left of a published table without the outputs withheld; undefined where the table holds none of any.
 * @param table the whole table, as SQL names it
 * @param body the body of which everything is told all the same
 */
export function reduceTable(
  name: TableName,
  table: string,
  withheld: readonly Output[],
  body: string | null = null,
): string | undefined {
  const statement = STATEMENTS[name];
  if (statement === undefined || withheld.length === 0) return undefined;
  const values = {
    table,
    body: body === null ? "CAST(NULL AS VARCHAR)" : quoteLiteral(body),
    indicators: listOf(withheld, "indicator"),
    rules: listOf(withheld, "rule"),
    warnings: listOf(withheld, "warnings"),
    lists: listOf(withheld, "list"),
  };
  const shown = sql("contribution-shown", values);
  return sql(statement, { ...values, shown, hides: sql("rank-hides", values) });
}

function listOf(withheld: readonly Output[], kind: Output["kind"]): string {
  const ids = withheld.filter((one) => one.kind === kind).map(({ id }) => quoteLiteral(id));
  return `CAST([${ids.join(", ")}] AS VARCHAR[])`;
}
