import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "./run-context.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import { quoteIdentifier, sqlFile } from "./store/sql-file.ts";
import { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "look-aside.sql");

/** What a question that is worked out like a run writes down; all else it only reads. */
const WRITTEN: ReadonlySet<string> = new Set(["facts", "checks", "scores", "warn"]);

/**
 * A place to work something out in without leaving a trace: an empty database in memory that shows what the working database
 * of a jurisdiction holds, read-only. Facts are copied, so that what was measured before is not measured again; runs and
 * scores made there are gone when its store is closed.
 * @throws OpeningError when another process works on the database; Error in a sentence when there is none yet
 */
export async function openAside(config: Config, pipeline: PipelineDefinition) {
  const dataDir = jurisdictionFolder(config, pipeline);
  const database = join(dataDir, WORKING_DATABASE);
  if (!existsSync(database)) {
    const name = pipeline.pipeline;
    throw new Error(
      `${dataDir} 中还没有流程“${name}”的数据，请先运行“zhengxin run ${name}”。Nothing is held for ${name} in ${dataDir} yet. Load data first: "zhengxin run ${name}".`,
    );
  }
  // Opened once as ever: it says so when somebody works on it, and brings an older schema up to date.
  (await Store.open(database, config)).close();
  const store = await Store.open(":memory:", config);
  try {
    await store.attach(database, "held");
    const tables = await store.rows<{ schema: string; table: string }>(sql("tables"));
    for (const { schema, table: name } of tables) {
      const table = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
      if (!WRITTEN.has(schema)) await store.script(sql("show", { table }));
      else if (schema === "facts") await store.run(sql("copy", { table }));
    }
  } catch (error) {
    store.close();
    throw error;
  }
  return { dataDir, store };
}
