import { nameRule, type RecordRules } from "../standard/record-rules.ts";
import { findListingRefusal } from "./listing-steps.ts";
import { findPublicity } from "./periods.ts";
import {
  type EventField,
  type EventName,
  FIELDS,
  LISTING,
  listPossible,
  type RecordState,
  STATES,
  TRANSITIONS,
} from "./transitions.ts";

/** What is known of a record besides its number; days as ISO text, money as decimal text in yuan. */
export interface RecordFacts {
  readonly entity_id: string;
  readonly record_type: string;
  readonly severity: string;
  /** What sets the severity: a decision's number; null: nobody. */
  readonly severity_basis: string | null;
  readonly measure: string | null;
  readonly document_no: string | null;
  readonly issuing_body: string | null;
  readonly decided_on: string;
  readonly act_ended_on: string | null;
  readonly state: RecordState;
  readonly state_on: string | null;
  readonly published_on: string | null;
  readonly repaired_on: string | null;
  readonly objection_filed_on: string | null;
  readonly objection_answered_on: string | null;
  readonly obligation_amount: string | null;
  /** Of a listing: told beforehand, heard, delivered. */
  readonly notified_on: string | null;
  readonly heard_on: string | null;
  readonly delivered_on: string | null;
  /** applied: waits for a decision; refused: may be applied for again. */
  readonly repair_state: "applied" | "refused" | null;
}

/** An event as its document tells it. */
export interface RecordEvent {
  readonly event: EventName;
  /** Body whose record it is. */
  readonly entity_id: string;
  /** Civil time. */
  readonly occurred_at: string;
  /** Office that acts; never a person. The code of the body itself where the body acts. */
  readonly actor_body: string;
  /** The body on file that `actor_body` names, by code or by name; absent or null where it names none. */
  readonly actor_id?: string | null | undefined;
  readonly document_no: string | null;
  readonly responsible_id: string | null;
  readonly severity: string | null;
  readonly act_ended_on: string | null;
  readonly obligation_amount: string | null;
  readonly correction_done: boolean | null;
  readonly commitment_made: boolean | null;
  readonly other_body_checks: boolean | null;
  readonly note: string | null;
}

export interface Sentence {
  readonly zh: string;
  readonly en: string;
}

export type Applied =
  | { readonly record: RecordFacts }
  /** Why not, with the present state and what is possible. */
  | { readonly refused: Sentence };

/** What an event makes of a record, or why it cannot be. */
export function applyEvent(record: RecordFacts, event: RecordEvent, rules: RecordRules): Applied {
  const day = event.occurred_at.slice(0, 10);
  const refused = findRefusal(record, event, day, rules);
  if (refused) return { refused };
  const { to } = TRANSITIONS[event.event];
  const moved =
    to === "stay"
      ? record
      : { ...record, state: to as RecordState, state_on: day, repair_state: null };
  switch (event.event) {
    case "confirm":
      // The clock of publication starts at the document's date.
      return {
        record: {
          ...moved,
          decided_on: day,
          document_no: event.document_no,
          issuing_body: event.actor_body,
          severity: event.severity ?? record.severity,
          severity_basis: basisOf(record, event),
          act_ended_on: event.act_ended_on ?? record.act_ended_on,
          obligation_amount: event.obligation_amount ?? record.obligation_amount,
        },
      };
    case "notify":
      return { record: { ...moved, notified_on: day } };
    case "hear":
      return { record: { ...moved, heard_on: day } };
    case "deliver":
      return { record: { ...moved, delivered_on: day } };
    case "publish":
      return { record: { ...moved, published_on: day } };
    case "dispute":
      return { record: { ...moved, objection_filed_on: day, objection_answered_on: null } };
    case "uphold":
      return { record: { ...moved, objection_answered_on: day } };
    case "correct":
      return {
        record: {
          ...moved,
          objection_answered_on: day,
          severity: event.severity ?? record.severity,
          severity_basis: basisOf(record, event),
          act_ended_on: event.act_ended_on ?? record.act_ended_on,
          obligation_amount: event.obligation_amount ?? record.obligation_amount,
        },
      };
    case "revoke":
      return {
        record: {
          ...moved,
          objection_answered_on: record.state === "disputed" ? day : record.objection_answered_on,
        },
      };
    case "repair":
      return { record: { ...moved, repaired_on: day } };
    case "apply_repair":
      return { record: { ...moved, repair_state: "applied" } };
    case "refuse_repair":
      return { record: { ...moved, repair_state: "refused" } };
    default:
      return { record: moved };
  }
}

/** A decision that names a severity sets it. */
function basisOf(record: RecordFacts, event: RecordEvent): string | null {
  return event.severity === null ? record.severity_basis : event.document_no;
}

function findRefusal(
  record: RecordFacts,
  event: RecordEvent,
  day: string,
  rules: RecordRules,
): Sentence | undefined {
  const transition = TRANSITIONS[event.event];
  const say = (zh: string, en: string) => ({
    zh: `不能${transition.zh}：${zh}`,
    en: `It is not possible to ${transition.en}: ${en}`,
  });
  if (event.entity_id !== record.entity_id) {
    return say(
      `该记录属于 ${record.entity_id}，不属于 ${event.entity_id}。请核对主体代码。`,
      `the record is of ${record.entity_id}, not of ${event.entity_id}. Check the body's code.`,
    );
  }
  const allowed = listPossible(record.state, record.record_type);
  if (!allowed.includes(event.event)) {
    const possible = allowed.map((name) => TRANSITIONS[name]);
    const zh = possible.map((one) => one.zh).join("、");
    const en = possible.map((one) => one.en).join(", ");
    return say(
      `记录当前状态为“${STATES[record.state].zh}”，${zh ? `可以：${zh}` : "不再有后续步骤"}。`,
      `the record is ${STATES[record.state].en}; ${en ? `possible are: ${en}` : "nothing further is possible"}.`,
    );
  }
  if (record.state_on !== null && day < record.state_on) {
    return say(
      `记录自 ${record.state_on} 起为“${STATES[record.state].zh}”，${day} 的事件不能改变它。请核对日期。`,
      `the record has been ${STATES[record.state].en} since ${record.state_on}, and an event of ${day} cannot change that. Check the day.`,
    );
  }
  const untimely = record.record_type === LISTING && findListingRefusal(record, event, day, rules);
  if (untimely) return say(untimely.zh, untimely.en);
  const missing = transition.needs.find((field) => !holds(event, field));
  if (missing) {
    return say(`缺少${FIELDS[missing].zh}。`, `${FIELDS[missing].en} is missing.`);
  }
  if (transition.by === "body" && (event.actor_id ?? event.actor_body) !== record.entity_id) {
    return say(
      `须由该主体（${record.entity_id}）自己提出，而提出者为 ${event.actor_body}。请填写该主体的代码或现行名称。`,
      `it is for the body itself (${record.entity_id}) to do, and ${event.actor_body} did. Give that body's code or present name.`,
    );
  }
  return findTimeRefusal(record, event, day, rules, say);
}

const REPAIRS: readonly EventName[] = ["apply_repair", "refuse_repair", "repair"];

/** What the dated rules say against it. */
function findTimeRefusal(
  record: RecordFacts,
  event: RecordEvent,
  day: string,
  rules: RecordRules,
  say: (zh: string, en: string) => Sentence,
): Sentence | undefined {
  const { mayBePublished, earliestRepair, endsOn, endsBy } = findPublicity(record, day, rules);
  if (event.event === "publish" && mayBePublished === "over") {
    const { zh, en } = nameRule(rules, endsBy ?? "");
    return say(
      `公示期已于 ${endsOn} 届满（${zh}）。`,
      `its period of publication ended on ${endsOn} (${en}).`,
    );
  }
  if (event.event === "publish" && mayBePublished === "if_needed" && !event.note) {
    return say(
      "轻微失信原则上不公示；确需公示的，请说明理由。",
      "a minor record is not published in principle; say in a note why it is needed.",
    );
  }
  if (REPAIRS.includes(event.event) && mayBePublished === "over") {
    return say(
      `公示期已于${endsOn}届满，记录自行终止，不需要修复。`,
      `its publication ended by itself on ${endsOn}; there is nothing to repair.`,
    );
  }
  if (event.event !== "repair") return undefined;
  if (record.repair_state !== "applied") {
    return say(
      "尚无待办的修复申请（须已纠正并履行义务、作出公开信用承诺）。",
      "no application for repair is waiting (it must say that the duty was performed and a public commitment made).",
    );
  }
  if (earliestRepair !== null && day < earliestRepair) {
    return say(
      `最短公示期未满，最早可于 ${earliestRepair} 修复。`,
      `the shortest period is not over; the earliest day is ${earliestRepair}.`,
    );
  }
  return undefined;
}

function holds(event: RecordEvent, field: EventField): boolean {
  if (field === "correction") {
    return [event.severity, event.act_ended_on, event.obligation_amount].some(
      (one) => one !== null,
    );
  }
  const value = event[field];
  return value !== null && value !== false && value !== "";
}
