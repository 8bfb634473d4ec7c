import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pino from "pino";
import { readConfig } from "../../src/config.ts";
import type { Context } from "../../src/context.ts";
import { runPipeline, type StageName } from "../../src/run.ts";

const ROOT = resolve(import.meta.dirname, "..", "..");

/** Folder of the real data that is not bundled: beside the repository, or where SHARED_DATA says. */
const SHARED_DATA = process.env.SHARED_DATA || resolve(ROOT, "..", "shared", "data");

/** Real data by folder name: whether it is here, and the name its tests go by, which says why they are skipped. */
export function findData(folder: string): { present: boolean; label: string } {
  if (existsSync(join(SHARED_DATA, folder))) return { present: true, label: folder };
  const label = `${folder}: skipped, its data is not bundled; put it at ../shared/data/${folder} beside the repository, or say with SHARED_DATA where it is`;
  // The default reporter does not name skipped tests.
  process.stderr.write(`${label}\n`);
  return { present: false, label };
}

/** A workspace of its own in a temporary folder: the definitions of a fixture and the real files beside them. */
export function prepareWorkspace(name: string): string {
  const workspace = mkdtempSync(join(tmpdir(), `zhengxin ${name} `));
  cpSync(join(import.meta.dirname, "..", "fixtures", "conformance", name), workspace, {
    recursive: true,
  });
  mkdirSync(join(workspace, "data"), { recursive: true });
  for (const file of readdirSync(join(SHARED_DATA, name))) {
    copyFileSync(join(SHARED_DATA, name, file), join(workspace, "data", file));
  }
  return workspace;
}

/** Runs a pipeline of a workspace; what it writes stays in a temporary folder. The caller closes the context's store. */
export async function runWorkspace(
  workspace: string,
  pipeline: string,
  { through = "score" as StageName, period = undefined as string | undefined, asOf = "" } = {},
): Promise<Context> {
  const { context } = await runPipeline(
    {
      ...readConfig({}),
      workspace,
      dataDir: mkdtempSync(join(tmpdir(), "zhengxin-conformance-")),
      memory: "512MB",
      threads: 2,
      pseudonymKey: "a key for the conformance tests only",
      logLevel: "silent",
    },
    { pipeline, period, asOf: asOf || undefined, log: pino({ level: "silent" }) },
    { through },
  );
  return context;
}

/** The bundled workspace: this repository. */
export const BUNDLED = ROOT;

/** A measured value as the tests compare it. */
export interface Measured {
  readonly entity_id: string;
  readonly state: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: number | null;
  readonly sample_size: number;
  readonly excluded: number;
}

/** Values of an indicator in a period (default the run's own), by body. */
export async function readValues(
  { store, runId, period }: Context,
  indicator: string,
  at: string = period.id,
): Promise<Map<string, Measured>> {
  const rows = await store.rows<Measured>(
    `SELECT v.entity_id, v.state, CAST(v.numerator AS DOUBLE) AS numerator, CAST(v.denominator AS DOUBLE) AS denominator,
       v.value, CAST(v.sample_size AS INTEGER) AS sample_size, CAST(v.excluded AS INTEGER) AS excluded
     FROM facts.run_computation r JOIN facts.value v ON v.fingerprint = r.fingerprint
     WHERE r.run_id = $run AND r.indicator_id = $indicator AND r.period = $period`,
    { run: runId, indicator, period: at },
  );
  return new Map(rows.map((row) => [row.entity_id, row]));
}

export interface Ranked {
  readonly entity_id: string;
  readonly peer_class: string;
  readonly score: number;
  readonly rank: number;
}

/** The ranked bodies of a period, best first. */
export function readRanks({ store, runId, period }: Context, at: string = period.id) {
  return store.rows<Ranked>(
    `SELECT entity_id, peer_class, score, rank FROM scores.rank
     WHERE run_id = $run AND period = $period AND state = 'ranked' ORDER BY peer_class, rank, entity_id`,
    { run: runId, period: at },
  );
}

/** Rows that did not get through, and why. */
export function readQuarantine({ store }: Context) {
  return store.rows(
    "SELECT source_id, reason, column_name, value FROM quarantine.row ORDER BY ALL LIMIT 5",
  );
}

/** How many rows a table or view holds. */
export async function countRows({ store }: Context, table: string): Promise<number> {
  const row = await store.row<{ count: number }>(
    `SELECT CAST(count(*) AS INTEGER) AS count FROM ${table}`,
  );
  return row?.count ?? 0;
}
