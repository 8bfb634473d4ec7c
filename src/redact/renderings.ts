import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { addDays, formatISO, parseISO } from "date-fns";
import { LRUCache } from "lru-cache";
import pLimit from "p-limit";
import type { Config } from "../config.ts";
import { settleFolder } from "../publish/atomic.ts";
import { readCodeVersion } from "../publish/describe-definitions.ts";
import { editionFolder, runRenderings } from "../publish/layout.ts";
import { MANIFEST, readManifestHash, signManifest } from "../publish/manifest.ts";
import { databasesOf } from "../query/database-files.ts";
import { openSigner } from "../signing-key.ts";
import { quoteLiteral } from "../store/sql-file.ts";
import { Store } from "../store/store.ts";
import { listHeldEditions } from "./held-editions.ts";
import {
  type Lapse,
  type Lapsed,
  nameState,
  readLapsed,
  type ShowingPipeline,
  type ShowingRun,
} from "./lapsed.ts";
import { findNamed } from "./redact-tables.ts";
import { type RenderingOrder, renderApart } from "./render-process.ts";

/** What may be shown of a published run on a day. */
export interface Shown {
  /** The day it may be shown on. */
  readonly day: string;
  /** The published folder itself, or its redacted rendering. */
  readonly folder: string;
  /** How many records are left out; 0: it is the published folder. */
  readonly records: number;
  /** The databases a question may be asked of: the single records, then the published tables. */
  readonly databases: readonly string[];
}

export interface Renderings {
  /**
   * The folder that may be shown of a run on a day. Where the run names no lapsed record, it is the published one; else its
   * rendering, which is made when it is first asked for.
   * @param today ISO day
   */
  show(pipeline: ShowingPipeline, run: ShowingRun, today: string): Promise<Shown>;
  /** What show gives, as far as it is there already; undefined while a rendering is being made. */
  look(pipeline: ShowingPipeline, run: ShowingRun, today: string): Promise<Shown | undefined>;
  /**
   * Makes what will be shown of a run on a day and the day after, so that no visitor waits for it at midnight, and removes
   * renderings that are for neither.
   */
  prepare(pipeline: ShowingPipeline, run: ShowingRun, today: string): Promise<void>;
  close(): void;
}

const MEMORY = "192MB";
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** So many states of a run are remembered. */
const HELD = 500;
const GRACE_MS = 600_000;

/** So many renderings are made at a time. */
const AT_ONCE = 2;

/** Writes the files of a rendering, without its signature. */
export type WriteRendering = (order: RenderingOrder) => Promise<void>;

/**
 * Keeps the redacted renderings of published runs in redacted/ of the jurisdiction's folder, one a run.
 * @param write default: in a process of its own
 */
export function openRenderings(
  config: Pick<Config, "workspace" | "dataDir" | "signingKey" | "pseudonymKey">,
  write: WriteRendering = renderApart,
): Renderings {
  let store: Promise<Store> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  /** One after the other: the store has one table of what has lapsed. */
  const alone = <T>(act: (store: Store) => Promise<T>): Promise<T> => {
    store ??= Store.scratch({ memory: MEMORY, threads: 1 });
    const opened = store;
    const acting = turn.then(async () => act(await opened));
    turn = acting.catch(() => undefined);
    return acting;
  };
  const lapsed = new LRUCache<string, Promise<Lapsed>>({ max: HELD });
  const shown = new LRUCache<string, Promise<Rendered>>({ max: HELD });
  const done = new LRUCache<string, Rendered>({ max: HELD });
  const keep = <T extends object>(
    cache: LRUCache<string, Promise<T>>,
    key: string,
    make: () => Promise<T>,
  ): Promise<T> => {
    const known = cache.get(key);
    if (known) return known;
    const making = make();
    cache.set(key, making);
    making.catch(() => cache.delete(key));
    return making;
  };
  const rendering = pLimit(AT_ONCE);
  const readState = async (pipeline: ShowingPipeline, today: string) => {
    if (!DAY.test(today)) throw new Error(`"${today}" is no day; write it as 2019-01-10.`);
    const state = `${pipeline.definition.pipeline} ${nameState(config, pipeline)} ${today}`;
    const { records } = await keep(lapsed, state, () =>
      alone((own) => readLapsed(config, own, pipeline, today)),
    );
    return records;
  };
  const make = async (
    pipeline: ShowingPipeline,
    run: ShowingRun,
    records: readonly Lapse[],
  ): Promise<Rendered> => {
    const named = await alone((own) => findNamedIn(own, records, run.folder));
    if (named.length === 0) return { folder: run.folder, records: 0 };
    const place = placeOf(config, pipeline, run, named);
    const isMade = existsSync(join(place, MANIFEST));
    if (!isMade) await rendering(() => render(config, pipeline, { run, named, place, write }));
    return { folder: place, records: named.length };
  };
  /** Calls back at once or when it is made; `key` stands for the run without some records. */
  const begin = async (pipeline: ShowingPipeline, run: ShowingRun, today: string) => {
    const records = await readState(pipeline, today);
    if (records.length === 0) return { making: undefined };
    const key = `${run.folder} ${nameRecords(records)}`;
    // Another process may have taken it away for a rendering that holds less.
    const before = done.get(key);
    if (before && !existsSync(join(before.folder, MANIFEST))) {
      done.delete(key);
      shown.delete(key);
    }
    const making = keep(shown, key, () => make(pipeline, run, records));
    making.then((one) => done.set(key, one)).catch(() => undefined);
    return { making, key };
  };
  const show: Renderings["show"] = async (pipeline, run, today) => {
    const { making } = await begin(pipeline, run, today);
    return making ? describe(await making, today) : showWhole(run.folder, today);
  };
  return {
    show,
    async look(pipeline, run, today) {
      const { making, key } = await begin(pipeline, run, today);
      if (!making) return showWhole(run.folder, today);
      const made = done.get(key);
      return made && describe(made, today);
    },
    async prepare(pipeline, run, today) {
      const now = await show(pipeline, run, today);
      const tomorrow = formatISO(addDays(parseISO(today), 1), { representation: "date" });
      const next = await show(pipeline, run, tomorrow);
      removeOthers(runPlace(config, pipeline, run), [now.folder, next.folder]);
    },
    close() {
      store?.then((opened) => opened.close()).catch(() => undefined);
    },
  };
}

/** The folder that is shown of a run, and how many records it leaves out. */
interface Rendered {
  readonly folder: string;
  readonly records: number;
}

function describe({ folder, records }: Rendered, day: string): Shown {
  return { day, folder, records, databases: databasesOf(folder) };
}

/** A folder that is shown as it is. */
export function showWhole(folder: string, day: string): Shown {
  return { day, folder, records: 0, databases: databasesOf(folder) };
}

/** The lapsed records that any edition of a run names. */
async function findNamedIn(
  store: Store,
  records: readonly Lapse[],
  run: string,
): Promise<readonly Lapse[]> {
  const named = new Set<Lapse>();
  for (const audience of listHeldEditions(run)) {
    const found = await findNamed(store, records, tableOf(editionFolder(run, audience)));
    for (const one of found) named.add(one);
  }
  return records.filter((one) => named.has(one));
}

function tableOf(folder: string): (table: string) => string | undefined {
  return (table) => {
    const file = join(folder, "data", `${table}.parquet`);
    return existsSync(file) ? `read_parquet(${quoteLiteral(file)})` : undefined;
  };
}

let code: string | undefined;

/** Where the renderings of a run are kept. */
function runPlace(
  { dataDir }: Pick<Config, "dataDir">,
  { definition: { pipeline, jurisdiction } }: ShowingPipeline,
  { period, run }: ShowingRun,
): string {
  return runRenderings(join(dataDir, jurisdiction), { pipeline, period, run });
}

/** The place of the rendering of a run without some records. */
function placeOf(
  config: Pick<Config, "dataDir">,
  pipeline: ShowingPipeline,
  run: ShowingRun,
  named: readonly Lapse[],
): string {
  code ??= readCodeVersion().sha256;
  const key = hash([readManifestHash(run.folder), code, ...named.map(nameOf)].join("\n"));
  return join(runPlace(config, pipeline, run), key.slice(0, 16));
}

interface Rendering {
  readonly run: ShowingRun;
  readonly named: readonly Lapse[];
  readonly place: string;
  readonly write: WriteRendering;
}

/** Makes a rendering, signs it and puts it in its place. */
async function render(
  config: Pick<Config, "workspace" | "dataDir" | "signingKey" | "pseudonymKey">,
  { definition: { jurisdiction } }: ShowingPipeline,
  { run, named, place, write }: Rendering,
): Promise<void> {
  const { workspace } = config;
  const dataDir = join(config.dataDir, jurisdiction);
  const draft = join(dirname(place), `.${randomUUID()}`);
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  try {
    const places = { config: { workspace }, dataDir, original: run.folder, target: draft };
    await write({ places, lapsed: named });
    signManifest(draft, openSigner(config, jurisdiction));
    settleFolder(draft, place, MANIFEST);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Removes renderings but some, and those that somebody may be reading still. */
function removeOthers(own: string, kept: readonly string[]): void {
  if (!existsSync(own)) return;
  for (const name of readdirSync(own)) {
    const folder = join(own, name);
    if (kept.includes(folder) || Date.now() - statSync(folder).mtimeMs < GRACE_MS) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names of sets of records; each set is asked for by every request until something else lapses. */
const names = new WeakMap<readonly Lapse[], string>();

function nameRecords(records: readonly Lapse[]): string {
  const known = names.get(records);
  if (known !== undefined) return known;
  const name = hash(records.map(nameOf).join("\n"));
  names.set(records, name);
  return name;
}

function nameOf({ source_id, entity_id, record_key, since }: Lapse): string {
  return JSON.stringify([source_id, entity_id, record_key, since]);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
