import { join, relative } from "node:path";
import { isThere } from "../whole-file.ts";
import { readCalendar } from "./calendar-file.ts";
import { countsWorkingDays, type IndicatorFile } from "./indicator-file.ts";
import type { PipelineDefinition } from "./pipeline-definition.ts";
import { findScarceMonth } from "./schedule-months.ts";
import { DefinitionError, type Fault, type YamlDocument } from "./yaml-document.ts";

/** What a pipeline asks of its calendar. */
export interface CountedDays {
  /** Indicators that its standard and warnings name, by the place in the pipeline's file that names them. */
  readonly indicators: readonly {
    readonly by: readonly PropertyKey[];
    readonly indicator: IndicatorFile;
  }[];
  /** Ids of its rules that set limits in working days. */
  readonly rules: readonly { readonly by: readonly PropertyKey[]; readonly id: string }[];
}

/**
 * What is amiss between a pipeline, its schedule and its calendar: a calendar that cannot be read, working days counted
 * without one, and a schedule that some month cannot give.
 */
export function findCalendarFaults(
  workspace: string,
  document: YamlDocument<PipelineDefinition>,
  counted: CountedDays,
): Fault[] {
  const { value, fault } = document;
  const faults = value.calendar
    ? calendarFileFaults(workspace, document)
    : uncounted(workspace, document, counted);
  if (value.schedule && "cron" in value.schedule) {
    const month = findScarceMonth(value.schedule.cron);
    if (month) {
      faults.push(
        fault(
          ["schedule", "cron"],
          `${month} 没有“${value.schedule.cron}”所写的日子，该月将不运行；月末请写 L，如“0 3 L * *”。` +
            `The cron "${value.schedule.cron}" gives no day in ${month}, which would have no run; write L for the last day of a month, as "0 3 L * *"`,
        ),
      );
    }
  }
  return faults;
}

function calendarFileFaults(
  workspace: string,
  { value, fault }: YamlDocument<PipelineDefinition>,
): Fault[] {
  const calendar = value.calendar ?? "";
  if (!isThere(join(workspace, calendar))) {
    return [fault(["calendar"], `there is no file ${calendar}`)];
  }
  try {
    readCalendar(workspace, value);
    return [];
  } catch (error) {
    if (error instanceof DefinitionError) return [...error.faults];
    return [fault(["calendar"], (error as Error).message)];
  }
}

/** Working days that would be counted in no calendar. */
function uncounted(
  workspace: string,
  { value, fault }: YamlDocument<PipelineDefinition>,
  { indicators, rules }: CountedDays,
): Fault[] {
  const { pipeline, schedule } = value;
  const remedy = {
    zh: "请写 calendar:（工作日历文件）",
    en: "Name a calendar, as calendar: metrics/calendar/china.csv",
  };
  const faults: Fault[] = [];
  for (const { by, indicator } of indicators) {
    if (!countsWorkingDays(indicator)) continue;
    const file = relative(workspace, indicator.file);
    faults.push(
      fault(
        by,
        `指标“${indicator.id}”（${file}）按工作日计算，而流水线“${pipeline}”没有工作日历。${remedy.zh}，或换用不含该指标的标准。` +
          `The indicator "${indicator.id}" (${file}) counts working days, but the pipeline "${pipeline}" has no calendar. ${remedy.en}, or a standard without it`,
      ),
    );
  }
  for (const { by, id } of rules) {
    faults.push(
      fault(
        by,
        `规则“${id}”的期限按工作日计算，而流水线“${pipeline}”没有工作日历。${remedy.zh}。` +
          `The rules "${id}" set limits in working days, but the pipeline "${pipeline}" has no calendar. ${remedy.en}`,
      ),
    );
  }
  if (schedule && "working_day" in schedule) {
    faults.push(
      fault(
        ["schedule", "working_day"],
        `运行计划（working_day: ${schedule.working_day}）按工作日计算，而流水线“${pipeline}”没有工作日历。${remedy.zh}，或改用 cron。` +
          `The schedule (working_day: ${schedule.working_day}) counts working days, but the pipeline "${pipeline}" has no calendar. ${remedy.en}, or a cron schedule`,
      ),
    );
  }
  return faults;
}
