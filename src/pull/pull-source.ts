import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { fileLabel } from "../standard/file-label.ts";
import { isCompiled, type SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { describeFormat } from "./describe-format.ts";
import { hashFile } from "./hash-file.ts";
import type { NewFile } from "./note-files.ts";
import type { Presence } from "./note-presence.ts";
import type { Sentence } from "./sentences.ts";
import { type DueFile, PARTIAL, takeFiles } from "./take-files.ts";

const sql = sqlFile(import.meta.dirname, "pull.sql");

/** What came of the files of one source. */
export interface SourcePull {
  readonly read: readonly NewFile[];
  /** Files held already, by whatever name. */
  readonly known: number;
  /** Files that lie there and could not be opened: what they say is missing. */
  readonly unopened: number;
  readonly notes: readonly Sentence[];
  /** What lay there when it was looked at. */
  readonly presence: Presence;
}

interface HeldFile {
  readonly file_id: number;
  readonly file_hash: string;
  readonly parquet_path: string;
  readonly format: string;
  /** Whether it was used as it was read then. */
  readonly used: boolean;
}

/** A file to be taken in, if it is new. */
export interface OfferedFile {
  /** What it is called where it comes from. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Sha-256 of its bytes when it is known already: a fetched file stands under it and never changes. */
  readonly hash?: string;
  /** Civil time of receipt when it was received before this run. */
  readonly receivedAt?: string;
}

/**
 * Reads the files of a source that are not in the raw layer yet.
 * What they say is written as Parquet under a temporary name and renamed; then all are to be written down by noteFiles in one
 * transaction, so that a run that was killed leaves at most files that nobody knows of, which the next run writes again.
 * @param offered in order
 * @param onFile called for each file before it is read, with its place among those offered, from 1
 */
export async function pullSource(
  context: Context,
  source: SourceDefinition,
  offered: readonly OfferedFile[],
  onFile: (place: number) => void,
): Promise<SourcePull> {
  const target = join(context.dataDir, "raw", source.source);
  mkdirSync(target, { recursive: true });
  removePartial(target);
  const format = describeFormat(source.format);
  const rows = await context.store.rows<HeldFile>(sql("files-held"), { source_id: source.source });
  const held = new Map(rows.map((row) => [row.file_hash, row]));
  const due = new Map<string, DueFile & { readonly place: number }>();
  const notes: Sentence[] = [];
  const hashes = new Map<string, string>();
  const unsure = new Set<string>();
  let known = 0;
  let unopened = 0;
  for (const [index, { name, path, hash: knownHash }] of offered.entries()) {
    const place = index + 1;
    const kept = knownHash === undefined ? undefined : held.get(knownHash);
    if (kept && isCurrent(context, kept, format)) {
      known += 1;
      onFile(place);
      continue;
    }
    const found = await identify(path);
    if (typeof found === "string") {
      notes.push(notOpened(source, place, found));
      unsure.add(name);
      // One that was taken away after the folder was listed is no fault.
      if (lstatSync(path, { throwIfNoEntry: false })) unopened += 1;
      onFile(place);
      continue;
    }
    const { hash, before } = found;
    hashes.set(name, hash);
    const earlier = held.get(hash);
    if (due.has(hash) || (earlier && isCurrent(context, earlier, format))) {
      known += 1;
      onFile(place);
    } else due.set(hash, { place, path, hash, before });
  }
  const wanted = [...due.values()];
  const taken = await takeFiles(context, source, wanted, (index) =>
    onFile(wanted[index]?.place as number),
  );
  const files: NewFile[] = [];
  for (const [index, { place, hash, before }] of wanted.entries()) {
    const file = taken[index];
    const { name, receivedAt } = offered[place - 1] as OfferedFile;
    const earlier = held.get(hash);
    if (!file) {
      notes.push(stillWritten(source, place));
      hashes.delete(name);
      unsure.add(name);
    } else if (earlier?.used && file.refusedBecause !== null) {
      // It cannot be read as files are described now: it stays as it was read and used before.
      known += 1;
    } else {
      const fileId = earlier?.file_id;
      files.push({ fileId, name, hash, bytes: before.size, receivedAt, ...file });
    }
  }
  return {
    read: files,
    known,
    unopened,
    notes: [...notes, ...files.flatMap((file) => tell(source, file))],
    presence: { hashes, unsure },
  };
}

/** Size, time and hash of a file, or the code of the error that kept it from being opened. */
async function identify(path: string) {
  try {
    const before = statSync(path);
    return { before, hash: await hashFile(path) };
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code && (syscall === "stat" || syscall === "open")) return code;
    throw error;
  }
}

/** Whether a file held needs no reading again: read by the same definition, or used in another form, and its Parquet file still there. */
function isCurrent({ dataDir }: Context, file: HeldFile, format: string): boolean {
  // A source that now comes in another form came in this one then, and what it said stands.
  const [before = "", now] = [file.format.split(" ")[0], format.split(" ")[0]];
  // Releases that were read one by one, as JSON, could not be merged.
  const isOtherForm = before !== now && !(now === "ocds" && before.endsWith("json"));
  if (file.format !== format && !(file.used && isOtherForm)) return false;
  return file.parquet_path === "" || existsSync(join(dataDir, file.parquet_path));
}

/** The database has one writer, so whatever is unfinished here was left by a run that was killed. */
function removePartial(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith(PARTIAL)) rmSync(join(folder, name), { force: true });
  }
}

function sayLeftOut(source: SourceDefinition, count: number, label: string): Sentence {
  if (isCompiled(source)) {
    return {
      zh: `文件 ${label} 有 ${count} 条发布只给出链接（url），没有内容，未读入；请取得链接所指的发布包一并报送。`,
      en: `${count} ${count === 1 ? "release" : "releases"} of the file ${label} are only linked to (url) and were left out; fetch the packages they point to and deliver them too.`,
    };
  }
  return {
    zh: `文件 ${label} 有 ${count} 行是合计、签字或重复的表头，不是记录，未读入。`,
    en: `${count} ${count === 1 ? "line" : "lines"} of the file ${label} were left out: totals, signatures or the header again, no records.`,
  };
}

function tell(source: SourceDefinition, file: NewFile): Sentence[] {
  const { title } = source;
  const label = fileLabel(file.hash);
  if (file.refusedBecause !== null) {
    const [zh, en] = file.refusedBecause.split("\n");
    return [
      {
        zh: `${title.zh}：文件 ${label} 未能读取。${zh}`,
        en: `${title.en}: the file ${label} was refused. ${en}`,
      },
    ];
  }
  const told: Sentence[] = [];
  const leftOut = file.unreadable.filter((line) => line.leftOut).length;
  if (leftOut > 0) {
    const { zh, en } = sayLeftOut(source, leftOut, label);
    told.push({ zh: `${title.zh}：${zh}`, en: `${title.en}: ${en}` });
  }
  const count = file.unreadable.length - leftOut;
  if (count === 0) return told;
  return [
    ...told,
    {
      zh: `${title.zh}：文件 ${label} 有 ${count} 行无法读取，已隔离。`,
      en: `${title.en}: ${count} ${count === 1 ? "line" : "lines"} of the file ${label} could not be read and went to the quarantine.`,
    },
  ];
}

/** Of a file without a hash nothing can be said but its place among those of the source, by name. */
function notOpened({ title }: SourceDefinition, place: number, code: string): Sentence {
  return {
    zh: `${title.zh}：按文件名排序的第 ${place} 个文件打不开（${code}），本次跳过。请检查文件是否存在、是否有读取权限。`,
    en: `${title.en}: file number ${place}, in the order of their names, cannot be opened (${code}) and is left out. Check that it exists and may be read.`,
  };
}

function stillWritten({ title }: SourceDefinition, place: number): Sentence {
  return {
    zh: `${title.zh}：按文件名排序的第 ${place} 个文件在读取时仍在变化，本次跳过，下次再取。`,
    en: `${title.en}: file number ${place}, in the order of their names, was still changing while it was read; it is left for the next pull.`,
  };
}
