import type { Context, StageOutcome } from "../context.ts";
import { countsWorkingDays, type IndicatorFile } from "../standard/indicator-file.ts";
import { sqlFile } from "../store/sql-file.ts";
import { type FailedCheck, noteChecks } from "./note-checks.ts";
import { spanOf } from "./span.ts";
import { type CalendarSpan, readCalendarSpan, uncountedEvidence } from "./working-days.ts";

const sql = sqlFile(import.meta.dirname, "working-days.sql");

type Note = StageOutcome["notes"][number];

interface UncountedRows {
  /** "" where a row has no file. */
  readonly source_id: string;
  readonly row_count: number;
  readonly in_window: number;
  readonly indicators: readonly string[];
  readonly steps: boolean;
}

/**
 * Tells which rows were left out because their days lie outside the working-day calendar: as failed checks of the run, with
 * the rows, as alerts for whoever runs the system, and as sentences of the stage.
 * @param uncountable the indicators that may have such rows, as their files have them
 */
export async function tellUncounted(
  context: Context,
  uncountable: readonly IndicatorFile[],
): Promise<Note[]> {
  const { store, runId } = context;
  const span = await readCalendarSpan(store);
  await store.run(sql("clear-uncounted"));
  for (const indicator of uncountable) {
    await store.run(sql("gather-uncounted", { uncounted: uncountedEvidence(indicator) }), {
      indicator: indicator.id,
    });
  }
  await store.run(sql("gather-uncounted-steps"));
  const { window_start: first, end: last } = spanOf(context.period, context);
  const found = await store.rows<UncountedRows>(sql("count-uncounted"), { first, last });
  const told = [
    ...tellPeriod(context, span),
    ...found.map((rows) => tellRows(context, span, rows)),
  ];
  await store.transaction(async () => {
    await noteChecks(context, "working-days", told);
    for (const table of ["failing-rows", "alerts"]) {
      await store.run(sql(`forget-${table}`), { run: runId });
    }
    if (told.length === 0) return;
    await store.run(sql("note-failing-rows"), { run: runId });
    await store.run(sql("note-alerts"), { run: runId, rows: JSON.stringify(told) });
  });
  return told.map(({ message_zh: zh, message_en: en }) => ({ zh, en }));
}

/** A period that the calendar does not cover whole, told once. */
function tellPeriod(
  { pipeline, period, indicators }: Context,
  { first, last }: CalendarSpan,
): FailedCheck[] {
  const counting = [...indicators.values()].filter(countsWorkingDays).length;
  const covered = first !== null && last !== null && first <= period.start && period.end <= last;
  if (counting === 0 || covered) return [];
  const span = describeSpan(first, last);
  return [
    {
      source_id: null,
      failing_rows: 0,
      observed: first === null ? "–" : `${first} – ${last}`,
      expected: `${period.start} – ${period.end}`,
      message_zh: `${span.zh}不含或不全含 ${period.id}：${counting} 项按工作日计算的指标对所缺的日子没有数据，其他指标照常计算。请在 ${pipeline.calendar ?? "calendar:"} 补入所缺年份（在中国即国务院办公厅当年的放假通知）。`,
      message_en: `${span.en} does not cover all of ${period.id}: ${counting} indicator(s) that count working days have no data for the days it lacks; the others are measured. Add the years it lacks to ${pipeline.calendar ?? "calendar:"} (in China: the State Council's notice).`,
    },
  ];
}

function tellRows(context: Context, span: CalendarSpan, rows: UncountedRows): FailedCheck {
  const { row_count, in_window, indicators, steps } = rows;
  const source = context.sources.find((one) => one.source === rows.source_id);
  const title = source?.title ?? { zh: rows.source_id, en: rows.source_id };
  const calendar = describeSpan(span.first, span.last);
  const named = indicators.filter((id) => id !== null);
  const from: Note[] = [];
  if (named.length > 0) {
    from.push({
      zh: `未计入 ${named.length} 项指标（${named.join("、")}），既不算按时也不算超期`,
      en: `are left out of ${named.length} indicator(s) (${named.join(", ")}), neither as on time nor as late`,
    });
  }
  if (steps) {
    from.push({ zh: "其办理期限无法确定", en: "have steps whose limit cannot be told" });
  }
  return {
    source_id: source ? source.source : rows.source_id || null,
    failing_rows: row_count,
    observed: String(row_count),
    expected: "0",
    message_zh: `${title.zh}：${row_count} 条记录所需的日子不在${calendar.zh}之内，${from.map(({ zh }) => zh).join("；")}；其中 ${in_window} 条属于本期。请核对这些日期，或在工作日历中补入所缺年份。`,
    message_en: `${title.en}: ${row_count} record(s) need days outside ${calendar.en.replace("The", "the")} and ${from.map(({ en }) => en).join(", and ")}; ${in_window} of them belong to this period. Check their dates, or add the years that the calendar lacks.`,
  };
}

function describeSpan(first: string | null, last: string | null): Note {
  if (first === null) return { zh: "（空的）工作日历", en: "The (empty) working-day calendar" };
  return {
    zh: `工作日历（${first} 至 ${last}）`,
    en: `The working-day calendar (${first} to ${last})`,
  };
}
