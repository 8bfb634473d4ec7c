import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import { foreseeForms } from "../../src/conform/foresee-forms.ts";
import { SILENT } from "../../src/context.ts";
import { findPipeline, findSources } from "../../src/standard/workspace.ts";
import { Store } from "../../src/store/store.ts";
import { verifyPublished } from "../../src/verify.ts";
import {
  copyTinyCity,
  JUNE,
  publishedFolder,
  removeFolders,
  runTiny,
  tinyConfig,
} from "../end-to-end/tiny-workspace.ts";

afterAll(removeFolders);

const LATER = { period: "2018-06", asOf: "2018-07-12 00:00:00" };
const NEW = { no: "H9", body: "东湖区", name: "新荣誉", rank: "市级", day: "2018-06-25" };
const COLUMNS = `columns:
  record_key: { from: no, required: true }
  entity_id: { from: body, entity: [name], required: true }
  title: { from: name, required: true }
  rank: { from: rank, codes: { 国家级: national, 省级: provincial, 市级: municipal }, required: true }
  awarded_on: { from: day, required: true }
`;

/** The tiny city after a first run, and what changes its source of honours. */
async function begin() {
  const workspace = copyTinyCity();
  const config = tinyConfig(workspace);
  (await runTiny(config)).context.store.close();
  const file = join(workspace, "pipelines/sources/honours.yaml");
  const original = readFileSync(file, "utf8");
  const folder = join(workspace, "data-samples/honours");
  return {
    config,
    folder,
    restore: () => writeFileSync(file, original),
    describe: (connector: string, format: string) =>
      writeFileSync(
        file,
        original
          .replace(/^connector: .*$/m, `connector: ${connector}`)
          .replace(/^format: .*$/m, `format: ${format}`)
          .replace(/^known_at: .*$/m, "known_at: { column: day }")
          .replace(/^columns:[\s\S]*$/m, COLUMNS),
      ),
  };
}

/** What validate says of the honours. */
async function foresee(config: Config) {
  const pipeline = findPipeline(config.workspace, "tiny");
  const store = await Store.open(join(config.dataDir, "tiny", "working.duckdb"), config);
  try {
    const sources = findSources(config.workspace, pipeline);
    const forms = await foreseeForms({ store, pipeline, sources });
    return forms.find(({ source }) => source === "honours");
  } finally {
    store.close();
  }
}

const CSV_ROW = `no,body,name,rank,day\n${Object.values(NEW).join(",")}\n`;

test.each([
  [
    "CSV to JSON",
    '{ type: folder, path: data-samples/honours, match: "*" }',
    "{ type: json }",
    "n.json",
    JSON.stringify([NEW]),
  ],
  [
    "CSV to NDJSON, the old files gone with it",
    '{ type: folder, path: data-samples/honours, match: "*.ndjson" }',
    "{ type: ndjson }",
    "n.ndjson",
    `${JSON.stringify(NEW)}\n`,
  ],
  [
    "other columns",
    '{ type: folder, path: data-samples/honours, match: "*.csv" }',
    "{ type: csv }",
    "n.csv",
    CSV_ROW,
  ],
  [
    "another connector",
    "{ type: watched-folder, path: drop, settle_seconds: 0 }",
    "{ type: csv }",
    "../../drop/n.csv",
    CSV_ROW,
  ],
])(
  "a source that changes from %s goes on, and what came before counts as before",
  async (_, connector, format, name, content) => {
    const city = await begin();
    city.describe(connector, format);
    const target = join(city.folder, name);
    mkdirSync(join(target, ".."), { recursive: true });
    writeFileSync(target, content);
    expect(await foresee(city.config)).toMatchObject({
      files: 1,
      asToday: 0,
      asBefore: 1,
      unfit: 0,
    });
    const result = await runTiny(city.config, LATER);
    const { store, dataDir } = result.context;
    const rows = await store.rows<{ record_key: string; title: string }>(
      "SELECT record_key, title FROM known.honour WHERE source_id = 'honours' ORDER BY record_key",
    );
    const states = await store.rows(
      "SELECT state FROM checks.source_state WHERE source_id = 'honours' AND run_id = $run",
      { run: result.context.runId },
    );
    const notes = result.outcomes.flatMap((outcome) => outcome.notes.map(({ en }) => en));
    store.close();
    expect(rows.map(({ record_key }) => record_key)).toEqual(["H1", "H2", "H3", "H9"]);
    expect(rows[3]?.title).toBe("新荣誉");
    expect(states).toEqual([{ state: "fresh" }]);
    expect(notes).toContain(
      "Honours: 1 file does not fit today's definition and is read as described before.",
    );
    // What was published is rebuilt to the byte, in an empty database.
    const watch = { log: pino({ level: "silent" }), progress: SILENT };
    const folder = publishedFolder(result);
    const verified = await verifyPublished(city.config, { dataDir, folder }, watch);
    expect(verified).toMatchObject({ rebuiltOtherwise: [], manifestOtherwise: [], causes: [] });
    // Going back reads the old file as ever, and the new one as it was described.
    city.restore();
    const back = await runTiny(city.config, { ...LATER, asOf: "2018-07-13 00:00:00" });
    const again = await back.context.store.rows<{ record_key: string }>(
      "SELECT record_key FROM known.honour WHERE source_id = 'honours' ORDER BY record_key",
    );
    back.context.store.close();
    expect(again.map(({ record_key }) => record_key)).toEqual(["H1", "H2", "H3", "H9"]);
  },
  300_000,
);

test("a file of another form that was never used is refused in a sentence, and the run goes on", async () => {
  const city = await begin();
  city.describe('{ type: folder, path: data-samples/honours, match: "*" }', "{ type: json }");
  writeFileSync(join(city.folder, "n.json"), JSON.stringify([NEW]));
  // As an upgrade from a program leaves it that kept no descriptions.
  const held = await runTiny(city.config, JUNE, "pull");
  await held.context.store.run("DELETE FROM raw.file_description");
  held.context.store.close();
  const result = await runTiny(city.config, LATER);
  const files = await result.context.store.rows<{ refused_because: string | null }>(
    "SELECT refused_because FROM raw.file WHERE source_id = 'honours' ORDER BY file_id",
  );
  result.context.store.close();
  expect(files[0]?.refused_because).toMatch(/The file \w+ /);
  expect(files[1]?.refused_because).toBeNull();
});
