import type { Context } from "../context.ts";
import { fileLabel } from "../standard/file-label.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import { countDays, dayAfter } from "./days.ts";
import type { Finding } from "./results.ts";
import type { SourceFile } from "./source-counts.ts";

const sql = sqlFile(import.meta.dirname, "volume.sql");

/** Fewer weeks than these say nothing about what is usual. */
const LEAST_WEEKS = 4;

interface JudgedDay {
  readonly day: string;
  readonly records: number;
  readonly middle: number;
  readonly least: number;
  readonly low: boolean;
}

/**
 * Holds each day of the period against the same weekday of the weeks before it. A day is too small below
 * median − deviations × max(1.4826 × MAD, √median): the median absolute deviation, scaled to a standard deviation
 * (Rousseeuw & Croux 1993), is not moved by the odd week; the square root is the standard deviation of a Poisson count
 * and keeps a source that never varies from crying at the first change. A source of less than deviations² records a
 * weekday cannot fall below it; for such a source, say silent_days.
 * @returns undefined when the source says nothing of its volume
 */
export async function checkVolume(
  { store, period, asOf }: Context,
  { source, kind, expectations }: SourceDefinition,
): Promise<Finding | undefined> {
  const { volume } = expectations;
  if (!volume) return undefined;
  const { weeks, deviations, by, settle_days } = volume;
  const settled = dayAfter(asOf, -1 - settle_days);
  const days = await store.rows<JudgedDay>(sql("low-days", { kind, day: quoteIdentifier(by) }), {
    source,
    start: period.start,
    last: settled < period.end ? settled : period.end,
    weeks,
    least_weeks: Math.min(LEAST_WEEKS, weeks),
    deviations,
  });
  const low = days.filter((day) => day.low);
  const worst = low.toSorted((a, b) => a.records - a.middle - (b.records - b.middle))[0];
  const shared = {
    checkId: "volume",
    severity: "warn",
    passed: low.length === 0,
    failingRows: low.length,
    since: low[0]?.day ?? null,
  } as const;
  if (!worst) {
    return {
      ...shared,
      observed: "0",
      expected: "0",
      zh: `期内 ${days.length} 天的记录数与以往同一星期几相当`,
      en: `On each of ${days.length} days there were about as many records as on the same weekday before`,
    };
  }
  const least = Math.ceil(worst.least);
  return {
    ...shared,
    observed: `${worst.day}: ${worst.records}`,
    expected: `>= ${least}`,
    zh: `有 ${low.length} 天的记录数明显少于以往同一星期几：如 ${worst.day} 只有 ${worst.records} 条，通常约 ${round(worst.middle)} 条，至少应有 ${least} 条。请向报送单位核实是否漏报。`,
    en: `On ${low.length} ${low.length === 1 ? "day" : "days"} there were far fewer records than on the same weekday before: ${worst.records} on ${worst.day}, where about ${round(worst.middle)} are usual and at least ${least} expected. Ask the sender whether something is missing.`,
  };
}

function round(number: number): string {
  return String(Math.round(number * 10) / 10);
}

/** The least usual number of rows from which none is too few: 4 deviations of a Poisson count, √17 each, stay above 0 as from here. */
const MUCH = 17;

/**
 * Whether the newest delivery of a source has no row though deliveries usually have many: rather a query that found nothing, or a file
 * cut off behind its header, than nothing to tell.
 * @param files those that count
 * @returns undefined when it is not so
 */
export function checkEmptyDelivery(files: readonly SourceFile[]): Finding | undefined {
  const used = files.filter(({ refused_because }) => refused_because === null);
  const [newest, ...others] = used.toSorted((a, b) => b.file_id - a.file_id);
  if (!newest || others.length === 0 || newest.rows + newest.unreadable > 0) return undefined;
  const counts = others.map(({ rows }) => rows).sort((a, b) => a - b);
  const usual = counts[Math.floor(counts.length / 2)] as number;
  if (usual < MUCH) return undefined;
  const label = fileLabel(newest.file_hash);
  return {
    checkId: "delivery-empty",
    severity: "warn",
    passed: false,
    failingRows: 0,
    since: null,
    observed: "0",
    expected: "> 0",
    zh: `最近一次报送（文件 ${label}）没有一行数据，而以往通常约 ${usual} 行。请向报送单位核实是否导出有误；确无数据的，可不报送空文件。`,
    en: `The newest delivery (file ${label}) has no row, where about ${usual} are usual. Ask the sender whether the export went wrong; where there is nothing to tell, send no file.`,
  };
}

/**
 * Whether a source has been silent: days from the newest thing known of it to the as-of time.
 * @param newestKnown civil time of the newest known_from, null when nothing is known
 * @returns undefined when the source sets no limit, or nothing is known of it at all
 */
export function checkSilence(
  { asOf }: Context,
  { expectations: { silent_days } }: SourceDefinition,
  newestKnown: string | null,
): Finding | undefined {
  if (silent_days === undefined || newestKnown === null) return undefined;
  const days = countDays(newestKnown, asOf);
  const day = newestKnown.slice(0, 10);
  const passed = days <= silent_days;
  return {
    checkId: "silence",
    severity: "warn",
    passed,
    failingRows: 0,
    since: passed ? null : dayAfter(day, silent_days + 1),
    observed: String(days),
    expected: `<= ${silent_days}`,
    ...(passed
      ? { zh: "数据源近来有新数据", en: "The source has sent something lately" }
      : {
          zh: `自 ${day} 起 ${days} 天没有新数据，超过 ${silent_days} 天；请核实报送是否中断。`,
          en: `Nothing new has come for ${days} days, since ${day}; more than ${silent_days} is suspicious. Find out whether deliveries have stopped.`,
        }),
  };
}
