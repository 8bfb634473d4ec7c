import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { readReadingBounds } from "../config.ts";
import type { Context } from "../context.ts";
import { fileLabel } from "../standard/file-label.ts";
import { isCompiled, type SourceDefinition } from "../standard/source-definition.ts";
import { describeFormat } from "./describe-format.ts";
import { hideName } from "./hide-name.ts";
import type { NewFile } from "./note-files.ts";
import type { Reading } from "./reading.ts";
import { readApart, readTogether } from "./reading-process.ts";
import { joinSentence, RefusedFile, type Sentence } from "./sentences.ts";

/** What stands behind the name of a file that is not complete. */
export const PARTIAL = ".part";
/** What the names of Parquet files begin with that hold the rows of several files. */
export const TOGETHER = "together-";
/** Bytes up to which files are read together, and how many of them and of their bytes at once. */
const SMALL = 1 << 20;
const MOST_BYTES = 8 << 20;
const MOST_FILES = 1000;

/** A file to be read. */
export interface DueFile {
  /** Absolute. */
  readonly path: string;
  /** Sha-256 of its bytes. */
  readonly hash: string;
  /** As it was when it was hashed. */
  readonly before: Stats;
}

/** What reading a file gives to be written down. */
export type Taken = Pick<
  NewFile,
  "format" | "rows" | "parquetPath" | "refusedBecause" | "unreadable" | "keys"
>;

/**
 * Reads files of a source and lays their rows down in its folder of the raw layer, each as a Parquet file; many small files of
 * releases share one, since a process, a Parquet file and a flush to disk for each would take longer than all they say. A file
 * that cannot be read refuses itself alone: when reading some together comes to grief, each is read by itself.
 * @param onFile called before each file, with its place among those given, from 0
 * @returns in the order given; undefined for a file that has changed since it was hashed
 */
export async function takeFiles(
  context: Context,
  source: SourceDefinition,
  files: readonly DueFile[],
  onFile: (index: number) => void,
): Promise<(Taken | undefined)[]> {
  const taken: (Taken | undefined)[] = [];
  for (const batch of makeBatches(source, files)) {
    const first = taken.length;
    if (batch.length > 1) {
      const together = await takeTogether(context, source, batch);
      for (const [index, one] of (together ?? []).entries()) {
        onFile(first + index);
        taken.push(one);
      }
      if (together) continue;
    }
    for (const file of batch) {
      onFile(taken.length);
      taken.push(await takeAlone(context, source, file));
    }
  }
  return taken;
}

/** Runs of small files that are read together; every other file by itself. */
function* makeBatches(
  source: SourceDefinition,
  files: readonly DueFile[],
): Generator<readonly DueFile[]> {
  let batch: DueFile[] = [];
  let bytes = 0;
  for (const file of files) {
    const size = isCompiled(source) ? file.before.size : Number.POSITIVE_INFINITY;
    const isFull = batch.length >= MOST_FILES || bytes + size > MOST_BYTES;
    if (batch.length > 0 && (isFull || size > SMALL)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (size > SMALL) yield [file];
    else {
      batch.push(file);
      bytes += size;
    }
  }
  if (batch.length > 0) yield batch;
}

function folderOf({ dataDir }: Context, { source }: SourceDefinition): string {
  return join(dataDir, "raw", source);
}

/** Where the rows of files that were read together lie. */
function nameTogether(files: readonly DueFile[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file.hash}\n`);
  return `${TOGETHER}${hash.digest("hex")}.parquet`;
}

/** Undefined when some file came in the way of the others, or there is nothing to tell which. */
async function takeTogether(
  context: Context,
  source: SourceDefinition,
  files: readonly DueFile[],
): Promise<(Taken | undefined)[] | undefined> {
  const name = nameTogether(files);
  const target = join(folderOf(context, source), name);
  const output = `${target}${PARTIAL}`;
  const scratch = `${target}.text${PARTIAL}`;
  try {
    const answers = await readTogether({
      ...readingTask(context, source),
      files: files.map(({ path, hash }) => ({ path, hash })),
      output,
      scratch,
    });
    flushToDisk(output);
    renameSync(output, target);
    return files.map((file, index) => {
      const answer = answers[index];
      if (!answer || !isUnchanged(file)) return undefined;
      if ("refused" in answer) return refusedFile(source, answer.refused, answer.again);
      return takenFile(source, answer.reading, name);
    });
  } catch (error) {
    if (error instanceof RefusedFile) return undefined;
    throw error;
  } finally {
    rmSync(scratch, { force: true });
    rmSync(output, { force: true });
  }
}

async function takeAlone(
  context: Context,
  source: SourceDefinition,
  file: DueFile,
): Promise<Taken | undefined> {
  const name = `${file.hash}.parquet`;
  const target = join(folderOf(context, source), name);
  const output = `${target}${PARTIAL}`;
  const scratch = join(folderOf(context, source), `${file.hash}.text${PARTIAL}`);
  try {
    const task = { ...readingTask(context, source), input: file.path, output, scratch };
    const reading = await readApart(task);
    if (!isUnchanged(file)) return undefined;
    flushToDisk(output);
    renameSync(output, target);
    return takenFile(source, reading, name);
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw hideName(error, file.path, fileLabel(file.hash));
    return isUnchanged(file) ? refusedFile(source, error.sentence, error.again) : undefined;
  } finally {
    rmSync(scratch, { force: true });
    rmSync(output, { force: true });
  }
}

function readingTask(context: Context, { format }: SourceDefinition) {
  return {
    store: context.store,
    format,
    timeZone: context.pipeline.time_zone,
    bounds: context.reading ?? readReadingBounds(),
  };
}

function takenFile({ source, format }: SourceDefinition, reading: Reading, name: string): Taken {
  const parquetPath = `raw/${source}/${name}`;
  return { ...reading, format: describeFormat(format), parquetPath, refusedBecause: null };
}

function refusedFile({ format }: SourceDefinition, sentence: Sentence, again: boolean): Taken {
  // Noted as read otherwise than it should be, it is read again by the next pull.
  const noted = again ? `${describeFormat(format)} again` : describeFormat(format);
  const refusedBecause = joinSentence(sentence);
  return { format: noted, rows: 0, parquetPath: "", refusedBecause, unreadable: [] };
}

function isUnchanged({ path, before }: DueFile): boolean {
  const after = statSync(path, { throwIfNoEntry: false });
  return after?.size === before.size && after.mtimeMs === before.mtimeMs;
}

function flushToDisk(path: string): void {
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
}
