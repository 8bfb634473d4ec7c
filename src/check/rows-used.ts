import type { SourceDefinition } from "../standard/source-definition.ts";
import { nameFlag } from "./flag-words.ts";
import type { Result } from "./results.ts";
import type { SourceCounts } from "./source-counts.ts";

/** The check of older records that later reports have changed. */
export const RECORDS_CHANGED = "records-changed";

/**
 * What became of the rows of the files that were used: those set aside, those that carry a flag, and older records that a later
 * report has changed. Each is a result of its own, which fails when there is any, so that nothing which may move a figure goes
 * without a sentence in the run's outcome, in `status` and in the report.
 */
export function checkRows({ source }: SourceDefinition, counts: SourceCounts): Result[] {
  const { quarantined, flags, changed } = counts;
  const flagged = flags.reduce((total, { rows }) => total + rows, 0);
  const named = flags.map((flag) => ({ ...nameFlag(flag.flag), rows: flag.rows }));
  return [
    countOf(source, "rows-set-aside", quarantined, {
      none: { zh: "没有行被隔离", en: "No row was set aside" },
      some: {
        zh: `${quarantined} 行被隔离，未计入；原因逐行列在隔离区，请改正后重新报送。`,
        en: `${quarantined} row(s) were set aside and do not count; quarantine lists the reason of each. Correct them and send them again.`,
      },
    }),
    countOf(source, "rows-flagged", flagged, {
      none: { zh: "没有行带标记", en: "No row carries a flag" },
      some: {
        zh: `已计入的行中有需要核对的标记：${named.map(({ zh, rows }) => `${zh} ${rows} 行`).join("；")}。`,
        en: `Rows that count carry flags to look at: ${named.map(({ en, rows }) => `${en}, ${rows} row(s)`).join("; ")}.`,
      },
    }),
    countOf(source, RECORDS_CHANGED, changed, {
      none: { zh: "没有旧记录被改动", en: "No older record was changed" },
      some: {
        zh: `${changed} 条往期记录（或期末之后的本期记录）被后来的报送改动，此前发布的数值可能因此变动。`,
        en: `${changed} record(s) of earlier months, or of this one after it had ended, were changed by later reports; figures published before may move by it.`,
      },
    }),
  ];
}

function countOf(
  sourceId: string,
  checkId: string,
  count: number,
  { none, some }: Record<"none" | "some", { zh: string; en: string }>,
): Result {
  const { zh, en } = count === 0 ? none : some;
  return {
    checkId,
    sourceId,
    severity: "warn",
    passed: count === 0,
    failingRows: count,
    observed: String(count),
    expected: "0",
    zh,
    en,
  };
}
