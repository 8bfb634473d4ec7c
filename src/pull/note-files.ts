import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { maskText } from "../standard/mask-text.ts";
import { hasPersons, isCompiled, type SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { UnreadableLine } from "./reading.ts";
import type { Sentence } from "./sentences.ts";

const sql = sqlFile(import.meta.dirname, "pull.sql");
const LINES_AT_ONCE = 5000;
const FILES_AT_ONCE = 5000;

/** A file that was read, or refused, and is to be written down. */
export interface NewFile {
  /** Set when the file was held before and has been read again. */
  readonly fileId: number | undefined;
  readonly name: string;
  readonly hash: string;
  readonly bytes: number;
  readonly format: string;
  /** Civil time of receipt; undefined when it is received by this run. */
  readonly receivedAt: string | undefined;
  readonly rows: number;
  /** Relative to the jurisdiction's data folder; empty for a refused file. */
  readonly parquetPath: string;
  readonly refusedBecause: string | null;
  readonly unreadable: readonly UnreadableLine[];
  /** JSON: the paths of keys in its records. */
  readonly keys?: readonly string[] | undefined;
}

/** Writes down the files of one source as one batch, with the lines that could not be read: all of it or nothing. */
export async function noteFiles(
  context: Context,
  source: SourceDefinition,
  files: readonly NewFile[],
): Promise<void> {
  const { store, receivedAt } = context;
  const fresh = files.filter(({ fileId }) => fileId === undefined);
  const batchId = createHash("sha256")
    .update([source.source, ...fresh.map(({ hash }) => hash)].join("\n"))
    .digest("hex");
  await store.transaction(async () => {
    if (fresh.length > 0) {
      await store.run(sql("note-batch"), {
        batch_id: batchId,
        source_id: source.source,
        received_at: fresh[0]?.receivedAt ?? receivedAt,
      });
    }
    const last = (await store.row<{ file_id: number }>(sql("last-file")))?.file_id ?? 0;
    let next = last;
    const numbered = files.map((file) => ({ ...file, id: file.fileId ?? ++next }));
    for (let start = 0; start < numbered.length; start += FILES_AT_ONCE) {
      await noteSome(context, source, batchId, numbered.slice(start, start + FILES_AT_ONCE));
    }
  });
}

/** Some of the files of a batch, by as many statements as one takes. */
async function noteSome(
  context: Context,
  source: SourceDefinition,
  batchId: string,
  files: readonly (NewFile & { readonly id: number })[],
): Promise<void> {
  const { store, receivedAt } = context;
  const rows = files.map((file) => ({
    file_id: file.id,
    file_name: file.name,
    file_hash: file.hash,
    bytes: file.bytes,
    format: file.format,
    row_count: file.rows,
    parquet_path: file.parquetPath,
    received_at: file.receivedAt ?? receivedAt,
    refused_because: file.refusedBecause,
    again: file.fileId !== undefined,
    paths: file.keys ?? [],
  }));
  const list = { files: JSON.stringify(rows) };
  const known = rows.flatMap(({ file_id, again }) => (again ? [file_id] : []));
  if (known.length > 0) {
    await store.run(sql("note-files-again"), list);
    const again = { again: JSON.stringify(known) };
    await store.run(sql("forget-unreadable"), again);
    // What had been taken out of it for good is in it again, until conform has looked at it once more.
    await store.run(sql("forget-redaction"), again);
    await store.run(sql("forget-keys"), again);
  }
  const own = { ...list, batch_id: batchId, source_id: source.source };
  await store.run(sql("note-files"), own);
  await store.run(sql("note-keys"), list);
  for (const file of files) await quarantine(context, source, file);
}

async function quarantine(
  { store }: Context,
  source: SourceDefinition,
  { id: fileId, name, unreadable: lines }: NewFile & { readonly id: number },
): Promise<void> {
  const masked = hasPersons(source);
  for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
    const entries = lines
      .slice(start, start + LINES_AT_ONCE)
      .map(({ line, text, sentence, leftOut }) => ({
        line,
        reason: leftOut ? "left-out" : "unreadable",
        // Signatures below a table are names too.
        text:
          masked || leftOut
            ? maskText(text, source.format.delimiter)
            : text.replaceAll("\0", "\uFFFD"),
        ...(isCompiled(source) ? placeIn(name, sentence) : sentence),
      }));
    await store.run(sql("quarantine-unreadable"), {
      source_id: source.source,
      file_id: fileId,
      lines: JSON.stringify(entries),
    });
  }
}

/** Of releases the sentence names the file: thousands of them have a file each, and the quarantine alone shows it. */
function placeIn(name: string, { zh, en }: Sentence): Sentence {
  return { zh: `文件“${name}”：${zh}`, en: `The file "${name}": ${en}` };
}
