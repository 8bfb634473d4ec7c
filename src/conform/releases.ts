import type { Context } from "../context.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { ShownText } from "./held-back.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

/** What a person has released of the texts held back, by core column. */
export type Released = ReadonlyMap<string, ShownText>;

/** What is released of a source at the as-of time. */
export async function readReleases({ store }: Context, source: string): Promise<Released> {
  const rows = await store.rows<{ column_name: string; all: boolean; marks: string[] }>(
    sql("releases"),
    { source },
  );
  return new Map(rows.map(({ column_name, all, marks }) => [column_name, { all, marks }]));
}
