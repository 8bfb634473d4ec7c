import { join } from "node:path";
import type { ReadingBounds } from "../config.ts";
import { showSize } from "../data-size.ts";
import { SETTINGS } from "../settings.ts";
import { StorageError, type StorageFault } from "../store/storage-fault.ts";
import type { Store } from "../store/store.ts";
import { startWatched, type WatchedProcess } from "../watched-process.ts";
import type { PageReading, PageTask } from "./connect/read-page.ts";
import type { BatchAnswer, BatchTask } from "./read-batch.ts";
import type { Reading, ReadingTask } from "./reading.ts";
import { RefusedFile, type Sentence } from "./sentences.ts";

/** What a reading process is told: a file to read, several small ones, or a page of a list to look at. */
export type ReadingOrder =
  | { readonly file: Omit<ReadingTask, "store"> }
  | { readonly batch: Omit<BatchTask, "store"> }
  | { readonly page: PageTask };

/** What a reading process may use for data, as the database it reads for. */
export type ReadingShare = Pick<Store, "memory" | "threads">;

/** What it answers. */
export type ReadingAnswer =
  | { readonly reading: Reading }
  | { readonly batch: readonly BatchAnswer[] }
  | { readonly page: PageReading }
  | { readonly refused: Sentence; readonly again: boolean }
  /** The reader came upon something it was not made for, of this kind. */
  | { readonly stumbled: string }
  /** DuckDB wanted more memory than the program may use for data. */
  | { readonly memory: true }
  /** The machine is at fault, not the file: a full disk and the like. */
  | { readonly machine: StorageFault };

/** Reading was broken off because the program stops: nothing is known of the file. */
export class ReadingStopped extends Error {
  override readonly name = "ReadingStopped";
}

const WORKER = join(import.meta.dirname, "reading-worker.ts");
/** Share of its memory that a reading process may use for JavaScript's heap. */
const HEAP_SHARE = 0.75;
/** A process that has kept more of its memory than this after a file makes room for a fresh one. */
const WORN_SHARE = 0.5;
/** How long a process waits for the next file. */
const LINGER_MS = 5000;
/** How long a file waits for a process that is busy: starting another costs as much processor time as a few small files. */
const PATIENCE_MS = 150;

interface ReadingProcess extends WatchedProcess {
  /** What it was started with: one with other bounds is of no use. */
  readonly terms: string;
  leave?: NodeJS.Timeout;
}

const idle: ReadingProcess[] = [];
const busy = new Set<ReadingProcess>();
const stopped = new WeakSet<ReadingProcess>();
/** Called, first come first served, when a process is done with its file. */
const waiting: (() => void)[] = [];

/**
 * Reads a file in a process of its own, which is kept for the next file: whatever the file does to its reader, the program
 * goes on.
 * @throws RefusedFile also when the process came to grief or took too much memory or time; ReadingStopped; Error when the
 * machine is at fault
 */
export async function readApart({ store, ...file }: ReadingTask): Promise<Reading> {
  const answer = await carryOut(store, { file }, file.bounds);
  return (answer as { readonly reading: Reading }).reading;
}

/**
 * Reads small files in the same process, one after the other, into one Parquet file.
 * @returns what came of each, in their order
 * @throws as readApart, of them all
 */
export async function readTogether(task: BatchTask): Promise<readonly BatchAnswer[]> {
  const { store, ...batch } = task;
  const answer = await carryOut(store, { batch }, batch.bounds);
  return (answer as { readonly batch: readonly BatchAnswer[] }).batch;
}

/**
 * Looks at a page of a list of JSON records in the same process.
 * @throws as readApart
 */
export async function readPageApart(share: ReadingShare, page: PageTask): Promise<PageReading> {
  const answer = await carryOut(share, { page }, page.bounds);
  return (answer as { readonly page: PageReading }).page;
}

/**
 * Starts a process before there is anything to read, so that it is ready by then.
 * @param share as the database will have it for which files are to be read
 */
export function expectReading(share: ReadingShare, bounds: ReadingBounds): void {
  const terms = termsOf(share, bounds);
  if (hasIdle(terms)) return;
  const process = start(share, bounds, terms);
  linger(process);
}

async function carryOut(
  share: ReadingShare,
  order: ReadingOrder,
  bounds: ReadingBounds,
): Promise<Done> {
  const process = await take(share, bounds);
  hold(process, true);
  let outcome: ReadingAnswer | Ended;
  try {
    outcome = await ask(process, order, bounds);
  } finally {
    hold(process, false);
    busy.delete(process);
  }
  giveBack(process, outcome, bounds);
  waiting.shift()?.();
  if (isDone(outcome)) return outcome;
  if ("refused" in outcome) throw new RefusedFile(outcome.refused, outcome.again);
  if ("machine" in outcome) throw new StorageError(outcome.machine);
  throw explain(process, outcome, bounds);
}

/** An answer that says what was read. */
type DoneKey = "reading" | "batch" | "page";
type Done = Extract<ReadingAnswer, { [Key in DoneKey]: Record<Key, unknown> }[DoneKey]>;

function isDone(outcome: ReadingAnswer | Ended): outcome is Done {
  return "reading" in outcome || "batch" in outcome || "page" in outcome;
}

/** Breaks off whatever is being read, because the program stops. */
export function stopReading(): void {
  for (const process of busy) {
    stopped.add(process);
    process.kill();
  }
}

interface Ended {
  readonly ended: string;
  readonly late: boolean;
}

/** A process for one file: one that is idle, else one that gets done soon, else a new one. */
async function take(share: ReadingShare, bounds: ReadingBounds): Promise<ReadingProcess> {
  const terms = termsOf(share, bounds);
  if (!hasIdle(terms) && busy.size > 0) await waitForTurn();
  const living = idle.filter((process) => process.isAlive());
  const chosen = living.findLast((process) => process.terms === terms);
  idle.splice(0, idle.length, ...living.filter((process) => process !== chosen));
  clearTimeout(chosen?.leave);
  const taken = chosen ?? start(share, bounds, terms);
  busy.add(taken);
  return taken;
}

function termsOf(share: ReadingShare, bounds: ReadingBounds): string {
  return [share.memory, share.threads, bounds.memory].join(" ");
}

function hasIdle(terms: string): boolean {
  return idle.some((process) => process.isAlive() && process.terms === terms);
}

/** Until a process is done with its file, or for as long as waiting is worth it. */
function waitForTurn(): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(clock);
      const place = waiting.indexOf(go);
      if (place >= 0) waiting.splice(place, 1);
      resolve();
    };
    const clock = setTimeout(go, PATIENCE_MS);
    waiting.push(go);
  });
}

function start(share: ReadingShare, bounds: ReadingBounds, terms: string): ReadingProcess {
  const watched = startWatched({
    program: WORKER,
    parameters: [share.memory, String(share.threads)],
    mostResident: bounds.memory,
    mostHeapMiB: (bounds.memory * HEAP_SHARE) / 2 ** 20,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    yields: false,
    serialization: "advanced",
  });
  return { ...watched, terms };
}

/** While a file is read, the program must not end for want of anything to do. */
function hold({ child }: ReadingProcess, on: boolean): void {
  for (const part of [child, child.channel]) {
    if (on) part?.ref();
    else part?.unref();
  }
}

function ask(
  process: ReadingProcess,
  order: ReadingOrder,
  bounds: ReadingBounds,
): Promise<ReadingAnswer | Ended> {
  const { child } = process;
  return new Promise((resolve) => {
    let late = false;
    const clock = setTimeout(() => {
      late = true;
      process.kill();
    }, bounds.seconds * 1000);
    const settle = (outcome: ReadingAnswer | Ended) => {
      clearTimeout(clock);
      child.off("message", settle).off("exit", gone).off("error", gone);
      resolve(outcome);
    };
    const gone = (code: unknown, signal?: string | null) =>
      settle({ ended: signal ?? String(code), late });
    child.on("message", settle).on("exit", gone).on("error", gone);
    // A process that cannot be told is gone, and says so.
    child.send(order, () => undefined);
  });
}

function giveBack(
  process: ReadingProcess,
  outcome: ReadingAnswer | Ended,
  bounds: ReadingBounds,
): void {
  const sound = isDone(outcome) || "refused" in outcome;
  if (!sound || !process.isAlive() || process.resident() > bounds.memory * WORN_SHARE) {
    process.kill();
    return;
  }
  linger(process);
}

/** Keeps a process for the next file, for a while. */
function linger(process: ReadingProcess): void {
  idle.push(process);
  process.leave = setTimeout(() => process.kill(), LINGER_MS).unref();
}

/** Signals by which somebody ends a program with all its processes. */
const STOPS = new Set(["SIGINT", "SIGTERM", "SIGHUP"]);

function explain(
  process: ReadingProcess,
  outcome: Exclude<ReadingAnswer, Done> | Ended,
  bounds: ReadingBounds,
): Error {
  const ended = "ended" in outcome ? outcome.ended : undefined;
  if (stopped.has(process) || (ended !== undefined && STOPS.has(ended))) {
    return new ReadingStopped("Reading was broken off because the program stops.");
  }
  return new RefusedFile(describe(process, outcome, bounds), true);
}

function describe(
  process: ReadingProcess,
  outcome: object,
  { memory, seconds }: ReadingBounds,
): Sentence {
  const { ended, late } = outcome as Partial<Ended>;
  if (late) {
    return {
      zh: `读取超过 ${seconds} 秒，已中止。请核对文件；内容无误的，请拆分后重新报送，或调高设置 ${SETTINGS.readSeconds.name} 后重新运行。`,
      en: `Reading it took more than ${seconds} seconds and was stopped. Check the file; if it is right, split it and deliver it again, or raise the setting ${SETTINGS.readSeconds.name} and run again.`,
    };
  }
  // The JavaScript engine ends its process by SIGABRT when its heap is full.
  if ("memory" in outcome) {
    return {
      zh: `读取所需内存超过数据内存上限，已中止。请核对文件；内容无误的，请拆分后重新报送，或用 --memory（设置 ${SETTINGS.memory.name}）调高上限后重新运行。`,
      en: `Reading it takes more than the memory for data and was stopped. Check the file; if it is right, split it and deliver it again, or allow more with --memory (setting ${SETTINGS.memory.name}) and run again.`,
    };
  }
  if (process.isTooLarge() || ended === "SIGABRT") {
    const most = showSize(memory);
    return {
      zh: `读取所需内存超过上限（${most}），已中止。请核对文件；内容无误的，请拆分后重新报送，或调高设置 ${SETTINGS.readMemory.name} 后重新运行。`,
      en: `Reading it takes more memory than the ${most} allowed and was stopped. Check the file; if it is right, split it and deliver it again, or raise the setting ${SETTINGS.readMemory.name} and run again.`,
    };
  }
  if (ended === "SIGKILL") {
    return {
      zh: "读取进程被操作系统终止，多半是整机内存不足。请核对文件，保证内存充足后重新运行。",
      en: "The process that read it was killed by the system, most likely because the machine ran out of memory. Check the file, free some memory and run again.",
    };
  }
  const kind = ended ?? (outcome as { stumbled: string }).stumbled;
  return {
    zh: `文件内容使读取程序中止（${kind}），无法读取。文件很可能已损坏；请重新导出后报送。`,
    en: `What is in it stopped the reader (${kind}), so that it cannot be read. Most likely it is damaged; export it again and deliver it.`,
  };
}
