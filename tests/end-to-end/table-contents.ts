import type { Store } from "../../src/store/store.ts";

/**
 * Everything the layers hold, by table, each table's rows in an order of their own; loading order leaves no trace in it. When runs were
 * begun is told by the clock and left out.
 * @param schemas the layers to read
 */
export async function readTables(
  store: Store,
  schemas: readonly string[] = ["core", "quarantine", "restricted", "facts", "checks", "scores"],
): Promise<Record<string, string[]>> {
  const tables = await store.rows<{ name: string }>(`
    SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()
    WHERE list_contains(string_split('${schemas.join(",")}', ','), schema_name)
      AND table_name <> 'run_begun' ORDER BY name`);
  const contents: Record<string, string[]> = {};
  for (const { name } of tables) {
    const [schema, table] = name.split(".");
    const rows = await store.rows<{ row: string }>(
      `SELECT CAST(to_json(t) AS VARCHAR) AS row FROM "${schema}"."${table}" t ORDER BY row`,
    );
    contents[name] = rows.map(({ row }) => row);
  }
  return contents;
}

/** What a run found, without the marks of the files it was found in: no hashes, file numbers or lines. */
export async function readFindings(store: Store, runId: string): Promise<Record<string, string[]>> {
  const queries = {
    values: `SELECT c.indicator_id, c.period, v.* EXCLUDE (fingerprint)
      FROM facts.value v JOIN facts.run_computation c USING (fingerprint) WHERE c.run_id = $run`,
    categories: `SELECT c.indicator_id, c.period, v.* EXCLUDE (fingerprint)
      FROM facts.category v JOIN facts.run_computation c USING (fingerprint) WHERE c.run_id = $run`,
    items: `SELECT c.indicator_id, c.period, v.* EXCLUDE (fingerprint, file_id, line)
      FROM facts.item v JOIN facts.run_computation c USING (fingerprint) WHERE c.run_id = $run`,
    nodes: "SELECT * EXCLUDE (run_id) FROM scores.node WHERE run_id = $run",
    ranks: "SELECT * EXCLUDE (run_id) FROM scores.rank WHERE run_id = $run",
    contributions: "SELECT * EXCLUDE (run_id) FROM scores.contribution WHERE run_id = $run",
    details:
      "SELECT * EXCLUDE (run_id, file_id, line) FROM scores.contribution_detail WHERE run_id = $run",
  };
  const found: Record<string, string[]> = {};
  for (const [name, query] of Object.entries(queries)) {
    const rows = await store.rows<{ row: string }>(
      `SELECT CAST(to_json(t) AS VARCHAR) AS row FROM (${query}) t ORDER BY row`,
      { run: runId },
    );
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}
