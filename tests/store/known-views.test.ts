import { expect, test } from "vitest";
import { limitKnown } from "../../src/known-scope.ts";
import type { SourceDefinition } from "../../src/standard/source-definition.ts";
import { Store } from "../../src/store/store.ts";

/** Views that hold no rows of a source, or read views that are cut. */
const UNCUT = ["calendar_day", "entity_lineage", "record_step", "withdrawn_file"];

test("every view of what is known leaves out sources that are not the pipeline's", async () => {
  const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  try {
    const views = await store.rows<{ name: string; text: string }>(
      "SELECT view_name AS name, sql AS text FROM duckdb_views() WHERE schema_name = 'known'",
    );
    expect(views.length).toBeGreaterThan(20);
    const cut = (text: string) =>
      text.includes("is_counted") || /known\.(held_file|received_file)/.test(text);
    const uncut = views.filter(({ name, text }) => !cut(text) && !UNCUT.includes(name));
    expect(uncut.map(({ name }) => name)).toEqual([]);
  } finally {
    store.close();
  }
});

test("a source held that is not the pipeline's is not seen, here or in a lane", async () => {
  const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  try {
    for (const [file, source] of ["mine", "other"].entries()) {
      await store.run(
        `INSERT INTO raw.file (file_id, batch_id, source_id, file_name, file_hash, bytes, format, row_count, parquet_path, received_at)
         VALUES ($file, 'b', $source, 'f', $source, 1, 'csv', 1, '', TIMESTAMP '2018-01-01')`,
        { file, source },
      );
    }
    const seen = async (sources: string[]) => {
      const named = sources.map((source) => ({ source }) as SourceDefinition);
      await limitKnown(store, { asOf: "2018-06-01 00:00:00", sources: named });
      const lane = await store.lane();
      try {
        return await lane.rows("SELECT source_id FROM known.received_file ORDER BY 1");
      } finally {
        lane.close();
      }
    };
    expect(await seen(["mine"])).toEqual([{ source_id: "mine" }]);
    expect(await seen(["mine", "other"])).toEqual([{ source_id: "mine" }, { source_id: "other" }]);
  } finally {
    store.close();
  }
});
