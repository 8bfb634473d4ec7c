import { Socket } from "node:net";
import { dirname } from "node:path";
import { writeBatches } from "../store/arrow-batches.ts";
import { LockedStore } from "../store/locked-store.ts";
import { loadNativeDuckdb } from "../store/native-duckdb.ts";
import { NativeStore } from "../store/native-store.ts";
import { OutputBuffers } from "../store/output-buffers.ts";
import { writeParquet } from "../store/result-parquet.ts";
import { describeColumns, writeCsv, writeJson } from "../store/result-text.ts";
import { type ResultSource, sourceOf } from "../store/vector-access.ts";
import { beWatched } from "../watched-child.ts";
import { describeFailure, isCollapse } from "./fault.ts";
import {
  type Fault,
  FRAME,
  type Order,
  type ResponseHead,
  type Statement,
  writeFrame,
} from "./frames.ts";
import type { Question, ReadQuestion } from "./question.ts";
import { writeResponse } from "./response.ts";

const CHANNEL = 3;
/** Bytes from which on an answer is a long one. */
const HELD = 1 << 18;

const { spill, parameters } = beWatched();
const [memory = "", threads = "", spillSize = ""] = parameters;
const bounds = { memory, threads: Number(threads), spill, spillSize };
const output = new Socket({ fd: CHANNEL, readable: false, writable: true });

/** Undefined where DuckDB's library cannot be called: its package for Node then reads in bulk too. */
const native = await loadNativeDuckdb();
let store: LockedStore | undefined;
/** The same files, opened with the first question whose answer is read in bulk. */
let bulk: NativeStore | undefined;
let files: readonly string[] = [];
const buffers = new OutputBuffers();
/** Where a long answer goes: back, or to a connection. */
type Direction = { readonly head?: ResponseHead; readonly connection?: Socket | undefined };
let direct = (_: Direction) => {};

/**
 * Makes this process one that answers questions: it opens published files, is sent one statement after the other, and writes
 * what comes of them to its fourth channel, or straight to the connection of whoever asked. It is killed when it does not obey.
 * @param read examines a statement; all else that keeps a stranger in bounds does not rely on it
 */
export function answerQuestions(read: ReadQuestion): void {
  /** One order at a time; an interruption does not wait. */
  let work = Promise.resolve();
  output.on("error", () => process.exit());
  process.on("message", (order: Order, connection?: Socket) => {
    if (order.order === "interrupt") {
      store?.interrupt();
      bulk?.interrupt();
    } else if (order.order === "hand-back") {
      direct({});
    } else if (order.order === "send") {
      direct({ head: order, connection });
    } else {
      work = work
        .then(() => (order.order === "open" ? open(order) : run(order, read)))
        .catch((error) => fail(error, ""));
    }
  });
}

async function open({ files: wanted }: Extract<Order, { order: "open" }>): Promise<void> {
  store?.close();
  bulk?.close();
  store = undefined;
  bulk = undefined;
  files = wanted;
  store = await LockedStore.open(wanted, bounds);
  await writeFrame(output, FRAME.ready, {});
}

async function run(statement: Statement, read: ReadQuestion): Promise<void> {
  if (!store) throw new Error("No database is open.");
  const { sql } = statement;
  let question: Question | Fault | undefined;
  try {
    question = await read(store, sql, store.catalogue);
    if ("kind" in question) await writeFrame(output, FRAME.fault, question);
    else await answer(store, question, statement);
  } catch (error) {
    const from = question && "text" in question ? question.placeInStatement : undefined;
    await fail(error, sql, from);
  }
  await leaveUnlessClean(store);
  await writeFrame(output, FRAME.ready, {});
}

/**
 * Whoever could leave something behind in this process shall find another one next time. One that is interrupted here, because
 * its time was over just now, leaves too.
 */
async function leaveUnlessClean(open: LockedStore): Promise<void> {
  try {
    await open.assertClean();
    bulk?.assertClean(open.settings);
  } catch {
    process.exit();
  }
}

async function answer(
  open: LockedStore,
  question: Question,
  { format, mostRows, mostBytes, byteOrderMark }: Statement,
): Promise<void> {
  const limits = { rows: mostRows, bytes: mostBytes };
  const ending = { rows: 0, bytes: 0, truncated: false };
  let source: ResultSource;
  let pieces: AsyncGenerator<Uint8Array, unknown>;
  if (format === "arrow") {
    if (native) bulk ??= NativeStore.open(native, files, bounds);
    source = bulk ? await bulk.stream(question) : sourceOf(await open.stream(question));
    pieces = writeBatches(source, "stream", {
      dictionaries: true,
      limits,
      ending,
      output: buffers,
    });
  } else {
    const stream = await open.stream(question);
    source = sourceOf(stream);
    pieces = {
      json: () => writeJson(stream, limits, ending),
      csv: () => writeCsv(stream, limits, ending, byteOrderMark),
      parquet: () => writeParquet(stream, limits, ending, { spill, memory }),
    }[format]();
  }
  const { held, ended } = await hold(pieces);
  const columns = describeColumns(source);
  const whereTo = new Promise<Direction>((resolve) => {
    direct = resolve;
  });
  await writeFrame(output, FRAME.columns, { columns, long: !ended });
  const { head, connection } = ended ? {} : await whereTo;
  const giveBack = (piece: Uint8Array) => buffers.giveBack(piece);
  if (head) await writeResponse(connection, head, resume(held, pieces), ending, giveBack);
  else {
    for await (const bytes of resume(held, pieces)) await writeFrame(output, FRAME.data, bytes);
  }
  await writeFrame(output, FRAME.ending, ending);
}

/**
 * The first bytes of an answer, all of them if they are few: a failure among them is answered as such, as there is
 * nothing to take back.
 */
async function hold(pieces: AsyncGenerator<Uint8Array, unknown>) {
  const held: Uint8Array[] = [];
  for (let size = 0; size < HELD; ) {
    const step = await pieces.next();
    if (step.done) return { held, ended: true };
    held.push(step.value);
    size += step.value.length;
  }
  return { held, ended: false };
}

async function* resume(held: readonly Uint8Array[], rest: AsyncGenerator<Uint8Array, unknown>) {
  yield* held;
  yield* rest;
}

function fail(
  error: unknown,
  sql: string,
  placeInStatement?: Question["placeInStatement"],
): Promise<void> {
  return writeFrame(
    output,
    isCollapse(error) ? FRAME.collapse : FRAME.fault,
    describeFailure(error, sql, [...files, ...files.map(dirname), spill], placeInStatement),
  );
}
