import type { Context } from "../context.ts";
import { fileLabel } from "../standard/file-label.ts";
import { isMirror } from "../standard/folder-meaning.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import type { Finding } from "./results.ts";
import type { SourceCounts, SourceFileEvent } from "./source-counts.ts";

/** Files named in one sentence. */
const SHOWN = 5;

/**
 * Tells of files that are no longer in the folder they came from, or were withdrawn: those that are used all the same as
 * long as they are, those whose rows ended or hold again when that was since the period began.
 * @returns none when nothing of the kind was ever noted
 */
export function checkFilesGone(
  { period }: Pick<Context, "period">,
  source: SourceDefinition,
  { events, files }: Pick<SourceCounts, "events" | "files">,
): Finding[] {
  if (events.length === 0) return [];
  const recent = events.filter(({ at }) => at >= period.start);
  const isOut = ({ event }: SourceFileEvent) => event === "gone" || event === "replaced";
  const used = events.filter((one) => isOut(one) && one.holds && !one.refused);
  const ended = recent.filter(
    (one) => !one.holds && (one.event === "withdrawn" || (isOut(one) && isMirror(source))),
  );
  const again = recent.filter(
    ({ event, holds }) => holds && (event === "restored" || (event === "back" && isMirror(source))),
  );
  const told = [tell(used, STILL_USED), tell(ended, ENDED), tell(again, AGAIN)].filter(
    (sentence) => sentence !== undefined,
  );
  const passed = told.length === 0;
  const since = [...used, ...ended, ...again].map(({ at }) => at.slice(0, 10)).sort()[0] ?? null;
  const gone: Finding = {
    checkId: "files-gone",
    severity: "warn",
    passed,
    failingRows: new Set([...used, ...ended, ...again].map(({ file_id }) => file_id)).size,
    observed: String(used.length + ended.length + again.length),
    expected: "0",
    since: passed ? null : since,
    zh: passed ? "没有仍在使用而已不在的文件" : told.map(({ zh }) => zh).join(""),
    en: passed ? "No file is used that is no longer there" : told.map(({ en }) => en).join(" "),
  };
  const vanished = findVanished(source, recent, files.length);
  return vanished ? [gone, vanished] : [gone];
}

/**
 * Half of a mirror's files or more, and at least two, that went at once without others taking their names: that may be a
 * folder that was synchronised only in part.
 * @param left files of the source that hold
 */
function findVanished(
  source: SourceDefinition,
  recent: readonly SourceFileEvent[],
  left: number,
): Finding | undefined {
  const gone = recent.filter(({ event, holds }) => event === "gone" && !holds);
  const counts = new Map<string, number>();
  for (const { at } of gone) counts.set(at, (counts.get(at) ?? 0) + 1);
  const [at, count] = [...counts].find(([, some]) => some >= 2 && some >= left) ?? [];
  if (!isMirror(source) || at === undefined || count === undefined) return undefined;
  return {
    checkId: "files-vanished",
    severity: "warn",
    passed: false,
    failingRows: count,
    observed: String(count),
    expected: "0",
    since: at.slice(0, 10),
    zh: `同一次查看时有 ${count} 个文件一起消失，占半数以上，可能只是文件夹没有同步完整；放回文件即重新计入。`,
    en: `${count} files went at once, half of them or more, which may be a folder that was synchronised only in part; put back, they count again.`,
  };
}

interface Wording {
  readonly zh: (names: string, count: number) => string;
  readonly en: (names: string, count: number) => string;
}

function tell(files: readonly SourceFileEvent[], wording: Wording) {
  if (files.length === 0) return undefined;
  const names = [...new Set(files.map(({ file_hash }) => fileLabel(file_hash)))];
  const shown = names.slice(0, SHOWN);
  const more = names.length - shown.length;
  return {
    zh: wording.zh(shown.join("、") + (more > 0 ? ` 等 ${names.length} 个` : ""), files.length),
    en: wording.en(shown.join(", ") + (more > 0 ? ` and ${more} more` : ""), files.length),
  };
}

const STILL_USED: Wording = {
  zh: (names, count) =>
    `${count} 个文件已不在文件夹中或已被同名文件替换，其内容仍在使用：${names}。如应撤下，请用 zhengxin withdraw，或在数据源中写 folder: mirror。`,
  en: (names, count) =>
    `${count} file(s) are no longer in the folder or were replaced under their name, and what they say is still used: ${names}. To end them, use "zhengxin withdraw", or say "folder: mirror" in the source.`,
};
const ENDED: Wording = {
  zh: (names, count) => `${count} 个文件已撤下，其内容不再计入：${names}。请核对是否有意为之。`,
  en: (names, count) =>
    `${count} file(s) were taken away and no longer count: ${names}. Check that this was meant.`,
};
const AGAIN: Wording = {
  zh: (names, count) => `${count} 个曾撤下的文件重新计入：${names}。`,
  en: (names, count) => `${count} file(s) that had been taken away count again: ${names}.`,
};
