import type { Context } from "../context.ts";
import type { DeliveredFile, Refusal } from "../standard/delivery.ts";
import { maskText } from "../standard/mask-text.ts";
import { hasPersons, type SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { readFileName } from "./file-values.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

const AT_ONCE = 5000;

/** What `refused_by` of a file is that a stop check refused for rows which another file may have corrected. */
export const BY_ROWS = "check";

/** Writes down what became of files, and of refused ones what people must see. */
export async function settleFiles(
  context: Context,
  source: SourceDefinition,
  files: readonly DeliveredFile[],
  {
    definitionHash,
    refusals,
    known,
  }: {
    readonly definitionHash: string;
    readonly refusals: readonly Refusal[];
    /** When the first row of each file became known, as far as its rows say. */
    readonly known: ReadonlyMap<number, string>;
  },
): Promise<void> {
  const byFile = new Map(refusals.toReversed().map((refusal) => [refusal.fileId, refusal]));
  for (const { fileId } of files) {
    const refusal = byFile.get(fileId);
    if (refusal) await keepSetAside(context, source, refusal);
  }
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const some = files.slice(start, start + AT_ONCE);
    await context.store.run(sql("settle-files"), {
      definition_hash: definitionHash,
      files: JSON.stringify(some.map((file) => settle(source, file, byFile, known))),
    });
  }
}

/** What is written down of a file in the end. */
function settle(
  source: SourceDefinition,
  file: DeliveredFile,
  refusals: ReadonlyMap<number, Refusal>,
  known: ReadonlyMap<number, string>,
) {
  const refusal = refusals.get(file.fileId);
  return {
    file_id: file.fileId,
    conformed: refusal === undefined,
    refused_because: refusal ? `${refusal.zh}\n${refusal.en}` : null,
    refused_by: refusal ? (refusal.byRows ? BY_ROWS : "conform") : null,
    accepted: file.accepted,
    skipped: file.skipped,
    first_known: known.get(file.fileId) ?? readFileName(source, file.fileName).knownAt,
  };
}

/** Puts what a refused file says where people may see it; masked where it may be about persons. */
async function keepSetAside(
  { store }: Context,
  source: SourceDefinition,
  { fileId, zh, en, setAside = [] }: Refusal,
): Promise<void> {
  for (const { line, reason, value, delivered } of setAside) {
    const masked = delivered && hasPersons(source);
    await store.run(sql("set-aside"), {
      source: source.source,
      file_id: fileId,
      line,
      value: masked ? maskText(value, source.format.delimiter) : value,
      reason,
      zh,
      en,
    });
  }
}
