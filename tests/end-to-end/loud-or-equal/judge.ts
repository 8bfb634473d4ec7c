import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeStatus, readStatus } from "../../../src/cli/status.ts";
import type { Config } from "../../../src/config.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "../../../src/run-context.ts";
import { findPipeline } from "../../../src/standard/workspace.ts";
import { Store } from "../../../src/store/store.ts";
import { JUNE_CORRECTED, publishedFolder, runTiny } from "../tiny-workspace.ts";

/** Where a change that matters has to be told, in each of them. */
export const PLACES = ["outcome", "status", "quality", "check"] as const;
export type Place = (typeof PLACES)[number];

/** What came of a delivery. */
export interface Judged {
  /** Every score, rank, grade, value and state of the month, a line each; none when nothing was published. */
  readonly results: readonly string[];
  /** The sentences said of it, by the place where they stand. */
  readonly told: Readonly<Record<Place, readonly string[]>>;
  /** The sentence with which the run ended, if it published nothing. */
  readonly refusal?: string;
}

const RESULTS = `
  SELECT 'rank ' || CAST(to_json(r) AS VARCHAR) AS line
  FROM (SELECT * EXCLUDE (run_id) FROM scores.rank WHERE run_id = $run) r
  UNION ALL
  SELECT 'node ' || CAST(to_json(n) AS VARCHAR)
  FROM (SELECT * EXCLUDE (run_id) FROM scores.node WHERE run_id = $run) n
  UNION ALL
  SELECT 'value ' || CAST(to_json(v) AS VARCHAR)
  FROM (SELECT c.indicator_id, c.period, v.entity_id, v.state, v.value
    FROM facts.value v JOIN facts.run_computation c USING (fingerprint) WHERE c.run_id = $run) v
  ORDER BY line`;

const FAILED = `
  SELECT check_id, source_id, failing_rows, message_zh, message_en FROM checks.result
  WHERE NOT passed AND run_id = (SELECT run_id FROM scores.run ORDER BY rowid DESC LIMIT 1)
  ORDER BY ALL`;

interface Quality {
  readonly sources: readonly object[];
  readonly quarantine: readonly object[];
  readonly checks: readonly { readonly passed: boolean }[];
}

/** What scores are made of: the records as they stand in core, wherever they came from. */
const RECORDS = `
  SELECT table_name AS name FROM duckdb_tables()
  WHERE schema_name = 'core' AND table_name <> 'sighting' ORDER BY name`;

/** The records that conform makes of a delivery. Where they are the same, nothing after it can differ. */
export async function readRecords(config: Config): Promise<readonly string[]> {
  const { context } = await runTiny(config, JUNE_CORRECTED, "conform");
  try {
    const tables = await context.store.rows<{ name: string }>(RECORDS);
    const queries = tables.map(
      ({ name }) =>
        `SELECT DISTINCT '${name} ' || CAST(to_json(t) AS VARCHAR) AS line
         FROM (SELECT COLUMNS(c -> c NOT IN ('file_id', 'line', 'flags')) FROM core.${name}) t`,
    );
    const found = await context.store.rows<{ line: string }>(queries.join(" UNION ALL "));
    return found.map(({ line }) => line).sort();
  } finally {
    context.store.close();
  }
}

/** Runs the month on what is delivered and reads what came of it, and what was said of it. */
export async function judge(config: Config): Promise<Judged> {
  let run: Awaited<ReturnType<typeof runTiny>>;
  try {
    run = await runTiny(config, JUNE_CORRECTED);
  } catch (error) {
    return judgeRefusal(config, error as Error);
  }
  const { context, outcomes } = run;
  const rows = await context.store.rows<{ line: string }>(RESULTS, { run: context.runId });
  context.store.close();
  const file = join(publishedFolder(run), "report.json");
  const { sources, quarantine, checks } = JSON.parse(readFileSync(file, "utf8")) as Quality;
  return {
    results: rows.map(({ line }) => line),
    told: {
      outcome: outcomes.flatMap(({ notes }) => notes.map(({ zh, en }) => `${zh} ${en}`)),
      status: await readStatusLines(config),
      quality: [...sources, ...quarantine, ...checks].map((entry) => JSON.stringify(entry)),
      check: checks.filter(({ passed }) => !passed).map((entry) => JSON.stringify(entry)),
    },
  };
}

/** A run that published nothing: the month of before still stands, and the sentence says why. */
async function judgeRefusal(config: Config, error: Error): Promise<Judged> {
  const folder = jurisdictionFolder(config, findPipeline(config.workspace, "tiny"));
  const store = await Store.open(join(folder, WORKING_DATABASE), config);
  try {
    const failed = (await store.rows(FAILED)).map((row) => JSON.stringify(row));
    return {
      results: [],
      told: {
        outcome: [error.message],
        status: await readStatusLines(config),
        quality: failed,
        check: failed,
      },
      refusal: error.message,
    };
  } finally {
    store.close();
  }
}

/** What `zhengxin status` shows of the sources, their alerts and their checks, line by line. */
async function readStatusLines(config: Config): Promise<string[]> {
  const status = await readStatus(config, findPipeline(config.workspace, "tiny"));
  const [, ...lines] = describeStatus(status).split("\n");
  return lines.slice(0, lines.indexOf("运行 runs"));
}
