// The process of a query: it opens published files, is sent one statement after the other, and writes what comes of them
// to its fourth channel, or straight to the connection of whoever asked. It is killed when it does not obey.
import { Socket } from "node:net";
import { dirname } from "node:path";
import { writeBatches } from "../store/arrow-batches.ts";
import { type LockedOptions, LockedStore } from "../store/locked-store.ts";
import { loadNativeDuckdb } from "../store/native-duckdb.ts";
import { NativeStore } from "../store/native-store.ts";
import { writeParquet } from "../store/result-parquet.ts";
import { describeColumns, writeCsv, writeJson } from "../store/result-text.ts";
import { type ResultSource, sourceOf } from "../store/vector-access.ts";
import { examine, insideExplain, isEmpty, NOTHING } from "./examine.ts";
import { describeFailure, type Fault, isCollapse } from "./fault.ts";
import { FRAME, type Order, type ResponseHead, type Statement, writeFrame } from "./frames.ts";
import { hideOver } from "./hide-over.ts";
import { writeResponse } from "./response.ts";

const CHANNEL = 3;
/** Bytes from which on an answer is a long one. */
const HELD = 1 << 18;

const [memory = "", threads = "", spill = "", spillSize = ""] = process.argv.slice(2);
const bounds = { memory, threads: Number(threads), spill, spillSize };
const output = new Socket({ fd: CHANNEL, readable: false, writable: true });
output.on("error", () => process.exit());

/** Undefined where DuckDB's library cannot be called: its package for Node then reads in bulk too. */
const native = await loadNativeDuckdb();
let store: LockedStore | undefined;
/** The same files, opened with the first question whose answer is read in bulk. */
let bulk: NativeStore | undefined;
let files: readonly string[] = [];
let options: LockedOptions = bounds;
/** One order at a time; an interruption does not wait. */
let work = Promise.resolve();
/** Where a long answer goes: back, or to a connection. */
type Direction = { readonly head?: ResponseHead; readonly connection?: Socket | undefined };
let direct = (_: Direction) => {};

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
      .then(() => (order.order === "open" ? open(order) : run(order)))
      .catch((error) => fail(error, ""));
  }
});
process.on("disconnect", () => process.exit());

async function open({ files: wanted, today }: Extract<Order, { order: "open" }>): Promise<void> {
  store?.close();
  bulk?.close();
  store = undefined;
  bulk = undefined;
  files = wanted;
  options = { ...bounds, views: hideOver(wanted, today) };
  store = await LockedStore.open(wanted, options);
  await writeFrame(output, FRAME.ready, {});
}

async function run(statement: Statement): Promise<void> {
  if (!store) throw new Error("No database is open.");
  const { sql } = statement;
  if (isEmpty(sql)) return writeFrame(output, FRAME.fault, NOTHING);
  const { query, offset } = insideExplain(sql);
  let fault: Fault | undefined;
  try {
    fault = examine(sql, await store.parse(query), store.catalogue, offset);
  } catch (error) {
    return fail(error, sql, offset);
  }
  if (fault) return writeFrame(output, FRAME.fault, fault);
  try {
    await answer(store, statement);
  } catch (error) {
    await fail(error, sql);
  }
}

async function answer(
  open: LockedStore,
  { sql, format, mostRows, mostBytes }: Statement,
): Promise<void> {
  const limits = { rows: mostRows, bytes: mostBytes };
  const ending = { rows: 0, bytes: 0, truncated: false };
  let source: ResultSource;
  let pieces: AsyncGenerator<Uint8Array, unknown>;
  if (format === "arrow") {
    if (native) bulk ??= NativeStore.open(native, files, options);
    source = bulk ? await bulk.stream(sql) : sourceOf(await open.stream(sql));
    pieces = writeBatches(source, "stream", { dictionaries: true, limits, ending });
  } else {
    const stream = await open.stream(sql);
    source = sourceOf(stream);
    pieces = {
      json: () => writeJson(stream, limits, ending),
      csv: () => writeCsv(stream, limits, ending),
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
  if (head) await writeResponse(connection, head, resume(held, pieces), ending);
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

function fail(error: unknown, sql: string, offset = 0): Promise<void> {
  return writeFrame(
    output,
    isCollapse(error) ? FRAME.collapse : FRAME.fault,
    describeFailure(error, sql, [...files, ...files.map(dirname), spill], offset),
  );
}
