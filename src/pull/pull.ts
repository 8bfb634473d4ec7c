import pLimit from "p-limit";
import type { Context, Progress, StageOutcome } from "../context.ts";
import { gatherLike } from "../standard/gather-like.ts";
import { isLocal } from "../standard/inbox-connector.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { inLanes } from "../store/lanes.ts";
import type { Store } from "../store/store.ts";
import { type Fetcher, fetchSource } from "./connect/fetch-source.ts";
import { FetchError } from "./fetch-error.ts";
import { type NewFile, noteFiles } from "./note-files.ts";
import { notePresence, type Presence, wasEmptied, wasFilled } from "./note-presence.ts";
import {
  areHollow,
  folderEmptied,
  folderHollow,
  nothingFound,
  nothingOpened,
  offerFiles,
} from "./offer-files.ts";
import { pullSource } from "./pull-source.ts";
import type { Sentence } from "./sentences.ts";
import { type FailedPull, settlePulls } from "./settle-pulls.ts";

/**
 * First stage: fetches what is new from sources that are no plain folders, then takes every new file of every source
 * into the raw layer, exactly as received, and makes the views raw."<source>". A file is new when no file of its source has the same content; a file that cannot be read is
 * written down with the reason, single lines that cannot be read go to the quarantine, and the run goes on.
 * A source that cannot be fetched keeps its last good data, as far as the pipeline's policy allows.
 * @throws Error in a sentence when fewer sources were fetched than the policy requires
 */
export async function pull(context: Context): Promise<StageOutcome> {
  const counts: Record<string, number> = {};
  const notes: Sentence[] = [];
  const failed: FailedPull[] = [];
  const unopened = new Map<string, number>();
  const { sources } = context;
  const atDatabase = takeTurns(context.store);
  const noteNext = noteInOrder(context, atDatabase);
  const progressOf = addUpProgress(context.progress);
  let told: ReadonlyMap<number, readonly Sentence[]> = new Map();
  const outcomes = await inLanes(
    context.store,
    [...sources.entries()],
    () => undefined,
    async ({ store }, [place, source]) => {
      const progress = progressOf(source);
      const fetcher = { ...context, progress, atDatabase };
      const outcome = await readBeside({ ...context, store, progress }, fetcher, source);
      told = await noteNext(place, outcome);
      return outcome;
    },
  );
  for (const [place, { outcome, failure }] of outcomes.entries()) {
    if (failure) {
      failed.push({ source: sources[place]?.source as string, sentence: failure.sentence });
    }
    // What came before a failure was taken all the same.
    for (const [name, count] of Object.entries(outcome.counts)) {
      counts[name] = (counts[name] ?? 0) + count;
    }
    unopened.set(sources[place]?.source as string, outcome.counts.unopened ?? 0);
    for (const note of [...outcome.notes, ...(told.get(place) ?? [])]) notes.push(note);
  }
  for (const note of await settlePulls(context, failed, unopened)) notes.push(note);
  return { stage: "pull", counts, notes };
}

/** Fetches and reads one source, in a lane of its own. */
async function readBeside(
  context: Context,
  fetcher: Fetcher,
  source: SourceDefinition,
): Promise<SourceRead> {
  try {
    const failure = await fetchOne(fetcher, source, context.progress);
    return { ...(await readOne(context, source)), failure };
  } catch (failure) {
    if (failure instanceof FetchError) return { read: [], outcome: NOTHING_READ, failure };
    throw failure;
  }
}

/** Files done and found so far of all sources that are being read, told as one. */
function addUpProgress(progress: Progress): (source: SourceDefinition) => Progress {
  const counts = new Map<SourceDefinition, { done: number; total: number }>();
  return (source) => ({
    step(stage, done, total, note) {
      if (stage === "pull") counts.set(source, { done, total });
      const all = stage === "pull" ? [...counts.values()] : [{ done, total }];
      const sum = (part: "done" | "total") => all.reduce((count, each) => count + each[part], 0);
      progress.step(stage, sum("done"), sum("total"), ...(note === undefined ? [] : [note]));
    },
  });
}

/** What lanes write down goes through one connection, one after the other: numbers follow on each other. */
function takeTurns(store: Store): Fetcher["atDatabase"] {
  const oneAtATime = pLimit(1);
  return (work) => oneAtATime(work, store);
}

/**
 * Writes down what was read in the order of the sources, in whatever order they get done: files are numbered the same in
 * every run. Returns the sentences so far, by place.
 */
function noteInOrder(context: Context, atDatabase: Fetcher["atDatabase"]) {
  const waiting = new Map<number, SourceRead>();
  const told = new Map<number, readonly Sentence[]>();
  let next = 0;
  return async (place: number, read: SourceRead) => {
    waiting.set(place, read);
    await atDatabase(async () => {
      for (let ready = waiting.get(next); ready; ready = waiting.get(++next)) {
        told.set(next, await noteRead(context, context.sources[next] as SourceDefinition, ready));
      }
    });
    return told;
  };
}

/** Writes down the new files of a source, and which of the old ones are no longer there. */
async function noteRead(
  context: Context,
  source: SourceDefinition,
  { read, presence }: SourceRead,
): Promise<readonly Sentence[]> {
  if (read.length > 0) await noteFiles(context, source, read);
  return notePresence(context, source, presence);
}

/**
 * Fetches what is new of one source; nothing for a folder or an inbox, which need no fetching.
 * @returns why it could not be fetched, to be given to `takeOne`: what came before the failure is taken all the same
 */
export async function fetchOne(
  fetcher: Fetcher,
  source: SourceDefinition,
  progress: Progress,
): Promise<FetchError | undefined> {
  if (isLocal(source.connector)) return undefined;
  progress.step("fetch", 0, 1, source.source);
  try {
    await fetchSource(fetcher, source);
    return undefined;
  } catch (error) {
    if (error instanceof FetchError) return error;
    throw error;
  }
}

/**
 * Takes the new files of one source into the raw layer, without the views: `settlePulls` makes them once all sources
 * have been tried.
 * @param failure what `fetchOne` returned; thrown once everything there is has been taken
 * @throws FetchError also when a folder cannot be listed, is empty though it used to hold files, or holds none that can be opened
 */
export async function takeOne(
  context: Context,
  source: SourceDefinition,
  failure: FetchError | undefined,
): Promise<StageOutcome> {
  const found = await readOne(context, source);
  const told = await noteRead(context, source, found);
  if (failure) throw failure;
  return { ...found.outcome, notes: [...found.outcome.notes, ...told] };
}

/** What was read of a source. */
interface SourceRead {
  /** New files, to be written down. */
  readonly read: readonly NewFile[];
  readonly outcome: StageOutcome;
  /** What lies in the folder; of other sources nothing is concluded from what is no longer there. */
  readonly presence?: Presence | undefined;
  /** Why not everything could be fetched. */
  readonly failure?: FetchError | undefined;
}

function tellNothing(source: SourceDefinition): Sentence {
  const { zh, en } = nothingFound(source);
  const { title } = source;
  return {
    zh: `${title.zh}：${zh}`,
    en: `${title.en}: ${en.charAt(0).toLowerCase()}${en.slice(1)}`,
  };
}

const NOTHING_READ: StageOutcome = { stage: "pull", counts: {}, notes: [] };

async function readOne(context: Context, source: SourceDefinition): Promise<SourceRead> {
  const { offered, leftOut } = await offerFiles(context, source);
  const { connector } = source;
  const isFolder = connector.type === "folder";
  if (isFolder && offered.length === 0 && (await wasEmptied(context, source))) {
    throw folderEmptied(source.source, connector);
  }
  if (isFolder && areHollow(offered) && (await wasFilled(context, source))) {
    throw folderHollow(source.source, connector, offered.length);
  }
  // An inbox into which nothing was handed yet is no fault.
  const empty = offered.length === 0 && connector.type !== "inbox";
  const notes: Sentence[] = empty ? [...leftOut, tellNothing(source)] : [...leftOut];
  const total = offered.length;
  let done = 0;
  const {
    read,
    known,
    unopened,
    notes: told,
    presence,
  } = await pullSource(context, source, offered, (place) => {
    context.progress.step("pull", done, total, `${source.source} ${place}/${total}`);
    done += 1;
  });
  context.progress.step("pull", total, total);
  if (isFolder && unopened > 0 && unopened === total) {
    throw nothingOpened(source.source, connector, total);
  }
  const counts: Record<string, number> = {
    files: total,
    new: read.length,
    known,
    refused: read.filter(({ refusedBecause }) => refusedBecause !== null).length,
    rows: read.reduce((sum, { rows }) => sum + rows, 0),
    unreadable: read.reduce(
      (sum, { unreadable }) => sum + unreadable.filter(({ leftOut }) => !leftOut).length,
      0,
    ),
  };
  // Told only where there is something to tell.
  if (unopened > 0) counts.unopened = unopened;
  if (empty) counts.absent = 1;
  const outcome = { stage: "pull", counts, notes: gatherLike([...notes, ...told]) };
  return { read, outcome, presence: isFolder ? presence : undefined };
}
