import {
  type BackoffOptions,
  Backoffs,
  DelayedError,
  type Job,
  type MinimalJob,
  UnrecoverableError,
} from "bullmq";
import { FetchError, TransientFetchError } from "../run.ts";
import { DefinitionError } from "../standard/yaml-document.ts";
import { QueryError } from "../store/query-error.ts";
import { type StorageFaultKind, storageFaultOf } from "../store/storage-fault.ts";

/** How long a job waits for a database that a program outside the queue has open. */
const IN_USE_WAIT_MS = 2000;

/**
 * Turns what went wrong in a job into what the queue does about it.
 * A database in use, and a stage cut short because the program stops, put the job back without spending one of its
 * tries. Faulty data or definitions and a damaged file end it at once, since another try would find the same. All else is
 * tried again.
 * @throws always
 */
export async function failJob(job: Job, error: unknown, stopping: boolean): Promise<never> {
  const storage = storageFaultOf(error);
  if (stopping || storage?.kind === "in-use") {
    const wait = stopping ? 0 : IN_USE_WAIT_MS;
    await job.log(
      stopping
        ? "程序停止，本步骤已回滚，稍后重做。 Rolled back because the program stops; it is done again later."
        : `${storage?.zh} ${storage?.en}`,
    );
    await job.moveToDelayed(Date.now() + wait, job.token);
    throw new DelayedError();
  }
  const told = tellFailure(error);
  if (isFinal(error)) throw new UnrecoverableError(told.message);
  throw told;
}

/** The kind of back-off of all jobs; its strategy is `waitBeforeRetry`. */
export const BACKOFF = "asked-or-exponential";

/** A server that asks for a longer pause than this is asked again after it all the same. */
const LONGEST_ASKED_MS = 24 * 3600 * 1000;

/**
 * How long a job waits before it is tried again: exponentially longer each time, with jitter, and never shorter than
 * the server asked for (Retry-After).
 * @returns milliseconds
 */
export function waitBeforeRetry(
  attemptsMade: number,
  _type?: string,
  error?: Error,
  job?: MinimalJob,
): number {
  const { delay = 0, jitter } = (job?.opts.backoff ?? {}) as BackoffOptions;
  const exponential = Backoffs.builtinStrategies.exponential?.(delay, jitter);
  const own = Number(exponential?.(attemptsMade) ?? delay);
  const cause = error?.cause;
  const asked = cause instanceof TransientFetchError ? (cause.retryAfter ?? 0) * 1000 : 0;
  return Math.max(own, Math.min(asked, LONGEST_ASKED_MS));
}

/** The queue keeps no more of a failure than one text: both languages go into it, a line each. */
function tellFailure(error: unknown): Error {
  const storage = storageFaultOf(error);
  if (storage) return new Error(`${storage.zh}\n${storage.en}`, { cause: error });
  if (!(error instanceof FetchError)) return tellOther(error);
  const { zh, en } = error.sentence;
  return new Error(`${zh}\n${en}`, { cause: error });
}

/** The program's own sentences stand as they are; of anything else it is said that it is no fault of the data. */
function tellOther(error: unknown): Error {
  const isSentence =
    error instanceof Error && (error.name === "Error" || error instanceof QueryError);
  if (isSentence || error instanceof DefinitionError) return error;
  const [name, message] =
    error instanceof Error ? [error.name, error.message] : ["", String(error)];
  return new Error(
    `程序出错（${name}：${message}），不是数据的问题；请把本任务的日志（zhengxin jobs show）交给维护者。\nThe program itself failed (${name}: ${message}), which is no fault of the data; give the log of this job ("zhengxin jobs show") to whoever maintains it.`,
    { cause: error },
  );
}

/** What `tellFailure` told, in its languages. */
export function readFailure(reason: string): { readonly zh: string; readonly en: string } {
  const [zh = "", en] = reason.split("\n");
  return { zh, en: en || zh };
}

/** Faults of storage that waiting does not mend. */
const LASTING: ReadonlySet<StorageFaultKind> = new Set(["damaged", "no-database", "other-version"]);

/** The program's own sentences are plain errors; those of DuckDB, of files and of the network are not. */
function isFinal(error: unknown): boolean {
  const storage = storageFaultOf(error);
  if (storage) return LASTING.has(storage.kind);
  if (error instanceof FetchError) return !error.transient;
  if (error instanceof DefinitionError) return true;
  if (error instanceof Error && error.cause instanceof QueryError) return false;
  if (!(error instanceof Error) || error.name !== "Error" || "code" in error) return false;
  return !/\b(IO|INTERNAL|INTERRUPT|FATAL|Out of Memory) Error/i.test(error.message);
}
