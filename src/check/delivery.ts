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
  const refusals = isCompiled(source)
    ? judgeTogether(source, files)
    : files.flatMap((file) => judgeFile(source, file));
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
 * What the source's expectations say of files of releases. What one of them says hangs on the others, and it may be one release: number
 * of rows and share in quarantine are those of all of them; only where too many rows are set aside is each file asked for its own.
 */
function judgeTogether(source: SourceDefinition, files: readonly DeliveredFile[]): Refusal[] {
  const sum = (part: "received" | "skipped" | "quarantined" | "early") =>
    files.reduce((total, file) => total + file[part], 0);
  const { rows, quarantine_share } = source.expectations;
  const received = sum("received");
  if (rows?.min !== undefined && received < rows.min) {
    const least = rows.min;
    return files.map(({ fileId }) => ({
      fileId,
      zh: `各文件合计只有 ${received} 行，少于应有的至少 ${least} 行，均未采用；请核对是否齐全后重新报送。`,
      en: `All files together have ${received} rows, fewer than the ${least} expected at least, and none was used; check that they are complete and send them again.`,
    }));
  }
  const early = sum("early");
  const concerned = received - sum("skipped") - early;
  if (sum("quarantined") - early <= quarantine_share * concerned) return [];
  const { rows: _, ...expectations } = source.expectations;
  return files.flatMap((file) => judgeFile({ expectations }, file));
}

/** What the source's expectations say of one file by its counts. */
function judgeFile(
  { expectations }: Pick<SourceDefinition, "expectations">,
  file: DeliveredFile,
): Refusal[] {
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
  const concerned = file.received - file.skipped - file.early;
  const bad = file.quarantined - file.early;
  if (concerned > 0 && bad > quarantine_share * concerned) {
    const share = percent(bad / concerned);
    const limit = percent(quarantine_share);
    return [
      {
        fileId: file.fileId,
        zh: `文件 ${label} 的 ${concerned} 行中有 ${bad} 行（${share}）被隔离，超过 ${limit} 的上限，整个文件未采用；请按隔离区所列原因改正后重新报送。`,
        en: `Of the ${concerned} rows of the file ${label}, ${bad} (${share}) went to quarantine, more than the ${limit} allowed, so none of it was used; correct the rows listed in quarantine and send it again.`,
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
