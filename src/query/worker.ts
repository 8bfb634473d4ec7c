// The process of a query: it opens published files, takes one statement after the other from standard input, and writes
// what comes of them to its fourth channel. It is killed when it does not obey.
import { Socket } from "node:net";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { writeBatches } from "../store/arrow-batches.ts";
import { type LockedOptions, LockedStore } from "../store/locked-store.ts";
import { loadNativeDuckdb } from "../store/native-duckdb.ts";
import { NativeStore } from "../store/native-store.ts";
import { writeParquet } from "../store/result-parquet.ts";
import { describeColumns, writeCsv, writeJson } from "../store/result-text.ts";
import { type ResultSource, sourceOf } from "../store/vector-access.ts";
import { examine, insideExplain, isEmpty, NOTHING } from "./examine.ts";
import { describeFailure, type Fault } from "./fault.ts";
import { FRAME, type Order, type Statement, writeFrame } from "./frames.ts";
import { hideOver } from "./hide-over.ts";

const CHANNEL = 3;

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

createInterface({ input: process.stdin }).on("line", (line) => {
  const order: Order = JSON.parse(line);
  if (order.order === "interrupt") {
    store?.interrupt();
    bulk?.interrupt();
  } else {
    work = work
      .then(() => (order.order === "open" ? open(order) : run(order)))
      .catch((error) => fail(error, ""));
  }
});
process.stdin.on("end", () => process.exit());

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
    const result = await open.stream(sql);
    source = sourceOf(result);
    pieces = {
      json: () => writeJson(result, limits, ending),
      csv: () => writeCsv(result, limits, ending),
      parquet: () => writeParquet(result, limits, ending, { spill, memory }),
    }[format]();
  }
  let announced = false;
  for await (const bytes of pieces) {
    // A failure before the first bytes is answered as such; then there is nothing to take back.
    if (!announced) await writeFrame(output, FRAME.columns, describeColumns(source));
    announced = true;
    await writeFrame(output, FRAME.data, bytes);
  }
  await writeFrame(output, FRAME.ending, ending);
}

function fail(error: unknown, sql: string, offset = 0): Promise<void> {
  return writeFrame(
    output,
    FRAME.fault,
    describeFailure(error, sql, [...files, ...files.map(dirname), spill], offset),
  );
}
