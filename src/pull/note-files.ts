import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { maskText } from "../standard/mask-text.ts";
import { hasPersons, type SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { UnreadableLine } from "./reading.ts";

const sql = sqlFile(import.meta.dirname, "pull.sql");
const LINES_AT_ONCE = 5000;

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
    let last = (await store.row<{ file_id: number }>(sql("last-file")))?.file_id ?? 0;
    for (const file of files) {
      const content = {
        format: file.format,
        row_count: file.rows,
        parquet_path: file.parquetPath,
        refused_because: file.refusedBecause,
      };
      const fileId = file.fileId ?? ++last;
      if (file.fileId !== undefined) {
        await store.run(sql("note-file-again"), { file_id: fileId, ...content });
        await store.run(sql("forget-unreadable"), { file_id: fileId });
        // What had been taken out of it for good is in it again, until conform has looked at it once more.
        await store.run(sql("forget-redaction"), { file_id: fileId });
      } else {
        await store.run(sql("note-file"), {
          file_id: fileId,
          batch_id: batchId,
          source_id: source.source,
          file_name: file.name,
          file_hash: file.hash,
          bytes: file.bytes,
          received_at: file.receivedAt ?? receivedAt,
          ...content,
        });
      }
      await quarantine(context, source, fileId, file.unreadable);
      await store.run(sql("forget-keys"), { file_id: fileId });
      await store.run(sql("note-keys"), {
        file_id: fileId,
        paths: JSON.stringify(file.keys ?? []),
      });
    }
  });
}

async function quarantine(
  { store }: Context,
  source: SourceDefinition,
  fileId: number,
  lines: readonly UnreadableLine[],
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
        ...sentence,
      }));
    await store.run(sql("quarantine-unreadable"), {
      source_id: source.source,
      file_id: fileId,
      lines: JSON.stringify(entries),
    });
  }
}
