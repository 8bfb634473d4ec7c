import type { Context } from "../context.ts";
import { type CheckFile, concerns } from "../standard/check-file.ts";
import type { DeliveredFile, Delivery, Refusal } from "../standard/delivery.ts";
import { fileLabel } from "../standard/file-label.ts";
import { isCompiled, type SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "delivery.sql");

/**
 * Judges the new files of a source inside the transaction that loads them: their number of rows, the share
 * that went to quarantine, and the stop checks of metrics/checks over the source's rows as they would stand.
 * @returns the files that must not go further; none when all may
 */
export async function checkDelivery(
  context: Context,
  { source, files, stops: all }: Delivery,
): Promise<readonly Refusal[]> {
  const spared = isShareSpared(source, files);
  const refusals = files.flatMap((file) =>
    judgeFile(source, spared ? { ...file, quarantined: 0 } : file),
  );
  if (refusals.length > 0 || files.length === 0) return refusals;
  const stops = all.filter((check) => concerns(check, source));
  const found = new Map<number, Refusal>();
  for (const check of stops) {
    for (const refusal of await runStop(context, source, check, files)) {
      if (!found.has(refusal.fileId)) found.set(refusal.fileId, refusal);
    }
  }
  if (stops.length > 0) await context.store.run(sql("close-view"));
  return [...found.values()];
}

/**
 * Whether no file is refused for the share of its rows in quarantine: what a file of releases says hangs on those of other files, and
 * it may be one release, so that the share is judged over all of them first.
 */
function isShareSpared(source: SourceDefinition, files: readonly DeliveredFile[]): boolean {
  const sum = (part: "received" | "skipped" | "quarantined") =>
    files.reduce((total, file) => total + file[part], 0);
  const concerned = sum("received") - sum("skipped");
  const { quarantine_share } = source.expectations;
  return isCompiled(source) && sum("quarantined") <= quarantine_share * concerned;
}

/** What the source's expectations say of one file by its counts. */
export function judgeFile({ expectations }: SourceDefinition, file: DeliveredFile): Refusal[] {
  const label = fileLabel(file.fileHash);
  const { rows, quarantine_share } = expectations;
  if (rows?.min !== undefined && file.received < rows.min) {
    return [
      {
        fileId: file.fileId,
        zh: `文件 ${label} 只有 ${file.received} 行，少于应有的至少 ${rows.min} 行，未采用；请核对是否完整后重新报送。`,
        en: `The file ${label} has ${file.received} rows, fewer than the ${rows.min} expected at least, and was not used; check that it is complete and send it again.`,
      },
    ];
  }
  const concerned = file.received - file.skipped;
  if (concerned > 0 && file.quarantined > quarantine_share * concerned) {
    const share = percent(file.quarantined / concerned);
    const limit = percent(quarantine_share);
    return [
      {
        fileId: file.fileId,
        zh: `文件 ${label} 的 ${concerned} 行中有 ${file.quarantined} 行（${share}）被隔离，超过 ${limit} 的上限，整个文件未采用；请按隔离区所列原因改正后重新报送。`,
        en: `Of the ${concerned} rows of the file ${label}, ${file.quarantined} (${share}) went to quarantine, more than the ${limit} allowed, so none of it was used; correct the rows listed in quarantine and send it again.`,
      },
    ];
  }
  return [];
}

/** Refuses the new files with bad rows; all of them when the bad rows are of no new file. */
async function runStop(
  { store }: Context,
  source: SourceDefinition,
  check: CheckFile,
  files: readonly DeliveredFile[],
): Promise<Refusal[]> {
  await store.run(
    sql("look-at-delivery", { kind: source.kind, source: quoteLiteral(source.source) }),
  );
  const bad = await store.rows<BadRows>(sql("bad-files", { check: check.sql }));
  if (bad.length === 0) return [];
  const named = files.filter((file) => bad.some(({ file_id }) => file_id === file.fileId));
  return (named.length > 0 ? named : files).map((file) =>
    refuseFile(check, file, bad.find(({ file_id }) => file_id === file.fileId) ?? bad[0]),
  );
}

/** What a stop check found in one file. */
interface BadRows {
  readonly file_id: number | null;
  readonly rows: number;
  readonly line: number | null;
  /** The first of them, each with what the check says of it. */
  readonly shown: readonly { readonly line: number | null; readonly detail: string | null }[];
}

function refuseFile(check: CheckFile, file: DeliveredFile, found: BadRows | undefined): Refusal {
  const rows = String(found?.rows ?? 0);
  const line = found?.line ?? "?";
  const label = fileLabel(file.fileHash);
  const own = found?.file_id === file.fileId ? found.shown : [];
  return {
    fileId: file.fileId,
    byRows: true,
    zh: `文件 ${label} 未采用：${check.message.zh.replaceAll("{rows}", rows)}首见于第 ${line} 行；各行详情见隔离区。`,
    en: `The file ${label} was not used: ${check.message.en.replaceAll("{rows}", rows)} The first is line ${line}; the quarantine says what is in them.`,
    setAside: own.map((row) => ({
      line: row.line ?? 0,
      reason: "stop-check",
      value: row.detail ?? "",
      delivered: false,
    })),
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
