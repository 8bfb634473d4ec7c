import type { PushOutcome } from "../record/outbox.ts";
import type { ListedRecord, ShownEvent, ShownStep } from "../record/records.ts";
import { type EventName, STATES, TRANSITIONS } from "../record/transitions.ts";
import { padColumns } from "./terminal.ts";

export function describeList(records: readonly ListedRecord[]): string {
  if (records.length === 0) return "没有失信记录。There are no records.";
  return records
    .map(
      (one) =>
        `${one.record_key.padEnd(14)} ${padColumns(`${one.name_zh ?? one.entity_id} ${one.name_en ?? ""}`, 44)} ${one.record_type.padEnd(15)} ${(one.severity_basis === null ? "–" : one.severity).padEnd(8)} ${one.decided_on}  ${padColumns(`${STATES[one.state].zh} ${one.state}`, 30)}${one.publication_ends_on ? ` → ${one.publication_ends_on} (${one.publication_ends_by})` : ""}`,
    )
    .join("\n");
}

export function describeRecord(found: {
  readonly record: ListedRecord;
  readonly events: readonly ShownEvent[];
  readonly steps: readonly ShownStep[];
  readonly possible: readonly EventName[];
}): string {
  const { record, events, steps, possible } = found;
  return [
    describeList([record]),
    `  来源 source ${record.source_id}   文书 document ${record.document_no ?? "–"}   最早修复 repair from ${record.earliest_repair_on ?? "–"}   停止公示 published until ${record.publication_ends_on ?? "–"}`,
    ...events.map(
      (one) =>
        `  ${one.occurred_at.slice(0, 10)}  ${padColumns(`${TRANSITIONS[one.event].zh} ${one.event}`, 34)} → ${one.state_after ?? "–"}  ${one.actor_body}  ${one.document_no ?? ""}  (${one.source_id} ${one.event_id})`,
    ),
    ...steps.map(
      (one) =>
        `  期限 deadline: ${one.step} ${one.begun_on} → ${one.due_on ?? "工作日历未覆盖 outside the calendar"}  ${one.done_on ?? "未办 open"}  ${one.responsible_id}`,
    ),
    `  可以 possible: ${possible.map((name) => `${TRANSITIONS[name].zh} ${name}`).join("、") || "–"}`,
  ].join("\n");
}

export function describePush({ queued, sent, failed, refused, error }: PushOutcome): string {
  const aside =
    refused > 0
      ? `, ${refused} 被拒收，已搁置 refused for good and set aside ("zhengxin record push --again")`
      : "";
  return `回传 results to the platform: ${queued} 新 new, ${sent} 已送 sent, ${failed - refused} 待送 waiting${aside}${error ? `\n  ! ${error}` : ""}`;
}
