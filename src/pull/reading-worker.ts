// The process that reads delivered files: it is sent one after the other, writes each as Parquet and tells what came of it.
import { statSync } from "node:fs";
import { setThreads } from "../store/lanes.ts";
import { isOutOfMemory } from "../store/query-error.ts";
import { type StorageFaultKind, storageFaultOf } from "../store/storage-fault.ts";
import { Store } from "../store/store.ts";
import { beWatched } from "../watched-child.ts";
import { readPage } from "./connect/read-page.ts";
import { readBatch } from "./read-batch.ts";
import { readFile } from "./read-file.ts";
import type { ReadingAnswer, ReadingOrder } from "./reading-process.ts";
import { RefusedFile } from "./sentences.ts";

const { spill, parameters } = beWatched();
const [memory = "", threads = ""] = parameters;

/** What is the machine's fault, whatever the file holds. */
const OF_THE_MACHINE: ReadonlySet<StorageFaultKind> = new Set([
  "full",
  "read-only",
  "too-many-open",
]);

/** Up to this many bytes the rows of a file are a few row groups at most: a second thread would mostly spin. */
const SMALL_FILE = 8 << 20;

/** Opened at once: whoever starts this process may not have a file for it yet. */
const store = Store.scratch({ memory, threads: Number(threads), spill });
store.catch(() => undefined);

process.on("message", (order: ReadingOrder) => {
  answer(order).then((found) => process.send?.(found));
});

async function answer(order: ReadingOrder): Promise<ReadingAnswer> {
  try {
    if ("page" in order) return { page: readPage(order.page) };
    const opened = await store;
    if ("batch" in order) {
      await setThreads(opened, 1);
      return { batch: await readBatch({ ...order.batch, store: opened }) };
    }
    const isSmall = statSync(order.file.input).size <= SMALL_FILE;
    await setThreads(opened, isSmall ? 1 : opened.threads);
    return { reading: await readFile({ ...order.file, store: opened }) };
  } catch (error) {
    return describe(error);
  }
}

function describe(error: unknown): ReadingAnswer {
  if (error instanceof RefusedFile) return { refused: error.sentence, again: error.again };
  if (isOutOfMemory(error)) return { memory: true };
  const storage = storageFaultOf(error);
  if (storage && OF_THE_MACHINE.has(storage.kind)) return { machine: storage };
  const { code, name = "Error" } = error as NodeJS.ErrnoException;
  return { stumbled: code ?? name };
}
