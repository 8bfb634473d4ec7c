import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { LAPSED } from "../publish/lapsed.ts";
import { type BodyCode, layOutAnswering } from "../record/answering-bodies.ts";
import { foreseeEnded, readHeldEvents, type SeenRecord } from "../record/foresee.ts";
import { listInboxes } from "../record/submit-event.ts";
import { inboxFolder } from "../standard/inbox-connector.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { readPipelineRules } from "../standard/pipeline-rules.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "lapsed.sql");

/** A published run, as far as it matters what it shows. */
export interface ShowingRun {
  readonly run: string;
  readonly period: string;
  readonly asOf: string;
  readonly folder: string;
}

/** A pipeline with what is published of it. */
export interface ShowingPipeline {
  readonly definition: PipelineDefinition;
  readonly runs: readonly ShowingRun[];
}

/** A record that is shown no more from a day on. */
export interface Lapse {
  /** Null where its publication does not say. */
  readonly source_id: string | null;
  readonly entity_id: string;
  readonly record_key: string;
  /** The state that ended it; removed: the newest publication does not have it any more. */
  readonly reason: string;
  /** ISO day. */
  readonly since: string;
}

/** What has lapsed of a pipeline by a day, and the day on which the next record will. */
export interface Lapsed {
  readonly records: readonly Lapse[];
  readonly next: string | null;
}

/**
 * The one place that tells which records of a pipeline are shown no more on a day: their publication is over, or the newest
 * publication tells them as revoked or repaired or has them no more, or an event handed in since ends them.
 * @param today ISO day
 */
export async function readLapsed(
  config: Pick<Config, "workspace" | "dataDir">,
  store: Store,
  pipeline: ShowingPipeline,
  today: string,
): Promise<Lapsed> {
  const newest = newestOf(pipeline);
  if (!newest) return { records: [], next: null };
  const told = await store.rows<Lapse>(
    sql("lapses", {
      records: tables(pipeline.runs, "dishonesty_record"),
      files: tables(pipeline.runs, "file"),
      told: tellEnded(newest),
    }),
    {
      runs: JSON.stringify(pipeline.runs.map(({ run, asOf }) => ({ run, as_of: asOf }))),
      newest: newest.run,
    },
  );
  const held = await readHeld(config, store, pipeline, newest);
  const all = [...told, ...held.map((one) => (one.since > today ? { ...one, since: today } : one))];
  const earliest = new Map<string, Lapse>();
  for (const one of all) {
    const key = keyOf(one);
    const known = earliest.get(key);
    if (!known || one.since < known.since) earliest.set(key, one);
  }
  const lapses = [...earliest.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const ahead = lapses.flatMap(({ since }) => (since > today ? [since] : [])).toSorted();
  return { records: lapses.filter(({ since }) => since <= today), next: ahead[0] ?? null };
}

/** A name for all that readLapsed looks at but the day: the same while nothing was published or handed in. */
export function nameState(
  config: Pick<Config, "workspace" | "dataDir">,
  pipeline: ShowingPipeline,
): string {
  const events = inboxesOf(config, pipeline).flatMap((inbox) =>
    existsSync(inbox) ? readdirSync(inbox).toSorted() : [],
  );
  const sum = createHash("sha256");
  for (const { run, asOf, folder } of pipeline.runs) sum.update(`${run} ${asOf} ${folder}\n`);
  for (const name of events) sum.update(`${name}\n`);
  return sum.digest("hex");
}

function keyOf({ source_id, entity_id, record_key }: Lapse): string {
  return JSON.stringify([entity_id, record_key, source_id]);
}

/** The run that knew most; of equals the one of the last period. */
function newestOf({ runs }: ShowingPipeline): ShowingRun | undefined {
  return runs
    .filter((run) => existsSync(tableFile(run, "dishonesty_record")))
    .toSorted((a, b) => compare(a.asOf, b.asOf) || compare(a.period, b.period))
    .at(-1);
}

function tellEnded(newest: ShowingRun): string {
  const told = join(newest.folder, LAPSED);
  if (existsSync(told)) return sql("told", { file: readFiles([told]) });
  if (!existsSync(tableFile(newest, "item"))) return sql("told-nothing");
  return sql("told-by-items", {
    items: tables([newest], "item"),
    own_files: tables([newest], "file"),
  });
}

/** What events end that were handed in since the newest publication. */
async function readHeld(
  config: Pick<Config, "workspace" | "dataDir">,
  store: Store,
  pipeline: ShowingPipeline,
  newest: ShowingRun,
): Promise<Lapse[]> {
  const held = inboxesOf(config, pipeline).flatMap((inbox) => readHeldEvents(inbox, newest.asOf));
  if (held.length === 0) return [];
  const records = await store.rows<SeenRecord>(
    sql("records-of-numbers", {
      records: tables([newest], "dishonesty_record"),
      own_files: tables([newest], "file"),
    }),
    { records: JSON.stringify([...new Set(held.map(({ record }) => record))]) },
  );
  const codes = existsSync(tableFile(newest, "body_code"))
    ? await store.rows<BodyCode>(sql("codes-of-bodies", { codes: tables([newest], "body_code") }))
    : [];
  return foreseeEnded(held, {
    records: records.map((record) => ({ ...record, known_from: newest.asOf, known_to: null })),
    rules: readPipelineRules(config.workspace, pipeline.definition),
    bodies: layOutAnswering(codes),
  }).map(({ source_id, entity_id, record_key, state, since }) => ({
    source_id,
    entity_id,
    record_key,
    reason: state,
    since,
  }));
}

/** Inboxes by the definition they follow from: every request asks for them, and sources are read from YAML. */
const inboxes = new WeakMap<PipelineDefinition, readonly string[]>();

function inboxesOf(
  { workspace, dataDir }: Pick<Config, "workspace" | "dataDir">,
  { definition }: ShowingPipeline,
): readonly string[] {
  const known = inboxes.get(definition);
  if (known) return known;
  const own = join(dataDir, definition.jurisdiction);
  const folders = listInboxes(workspace, definition).map((source) => inboxFolder(own, source));
  inboxes.set(definition, folders);
  return folders;
}

function tables(runs: readonly ShowingRun[], table: string): string {
  return readFiles(runs.map((run) => tableFile(run, table)).filter((file) => existsSync(file)));
}

function tableFile({ folder }: ShowingRun, table: string): string {
  return join(folder, "data", `${table}.parquet`);
}

/** A table over Parquet files; older ones may lack columns. */
function readFiles(files: readonly string[]): string {
  return `read_parquet([${files.map(quoteLiteral).join(", ")}], union_by_name = true)`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
