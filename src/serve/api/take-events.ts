import { existsSync } from "node:fs";
import { join } from "node:path";
import { appendAudit } from "../../audit/append.ts";
import type { Config } from "../../config.ts";
import { type Reading, readingOf } from "../../publish/reading.ts";
import {
  type AnsweringBodies,
  type BodyCode,
  layOutAnswering,
} from "../../record/answering-bodies.ts";
import type { Sentence } from "../../record/apply-event.ts";
import type { EventLine } from "../../record/event-file.ts";
import { foreseeEvents, readHeldEvents, type SeenRecord } from "../../record/foresee.ts";
import {
  findInbox,
  nameEvent,
  type SubmittedEvent,
  submitEvent,
} from "../../record/submit-event.ts";
import { type RecordState, TRANSITIONS } from "../../record/transitions.ts";
import { FOR_OFFICES } from "../../standard/audience.ts";
import { readPipelineRules } from "../../standard/pipeline-rules.ts";
import { describeActor, mayActFor, type Visitor } from "../auth/roles.ts";
import type { ServedPipeline } from "../months/find-month.ts";
import type { Months } from "../months/open-month.ts";
import { holdsPersonal } from "./personal.ts";

/** What became of a line of events that were handed in. */
export interface TakenLine {
  readonly line: number;
  /** received: taken now; known: handed in before; refused: not taken. */
  readonly state: "received" | "known" | "refused";
  /** Number of the event; null where the line holds none. */
  readonly event: string | null;
  readonly record: string | null;
  readonly known_at: string | null;
  /** The state it brings its record to; null where only the next run can tell. */
  readonly record_state: RecordState | null;
  readonly reason: Sentence | null;
}

export interface EventDesk {
  readonly config: Config;
  readonly months: Months;
  readonly served: ServedPipeline;
  readonly visitor: Visitor;
  /** Civil time from which on the events are known. */
  readonly now: string;
}

/**
 * Takes events in: each is judged by the records of the newest published month and by what was handed in since, and goes into
 * the inbox unless it is refused. The line judges it again with the next run, by everything that is known then.
 * Every event is written into the audit journal, refused ones too.
 * @throws Error in a sentence when the pipeline has no inbox
 */
export async function takeEvents(
  desk: EventDesk,
  lines: readonly EventLine[],
): Promise<TakenLine[]> {
  const { config, served, visitor, now } = desk;
  const { pipeline } = served.definition;
  const month = await openNewest(desk);
  const bodies = await readBodies(month);
  const inbox = findInbox(config, pipeline);
  const seen = new Set<string>();
  const isKnown = (event: SubmittedEvent) => {
    const id = nameEvent(event);
    const known = seen.has(id) || existsSync(join(inbox, `${id}.ndjson`));
    seen.add(id);
    return known;
  };
  const sorted = lines.map((one) => {
    if ("fault" in one) return one;
    const fault = findFault(visitor, one.event, bodies);
    return fault ? { line: one.line, fault } : { ...one, known: isKnown(one.event) };
  });
  const fresh = sorted.flatMap((one) => ("event" in one && !one.known ? [one.event] : []));
  const foreseen = new Map(
    (await foresee(desk, { inbox, month, bodies }, fresh)).map((one, at) => [
      fresh[at] as SubmittedEvent,
      one,
    ]),
  );
  const taken: TakenLine[] = [];
  for (const [at, one] of sorted.entries()) {
    const original = lines[at] as EventLine;
    const event = "event" in original ? original.event : undefined;
    const expected = event && foreseen.get(event);
    const reason =
      "fault" in one ? one.fault : expected && "refused" in expected ? expected.refused : null;
    const receipt = event && !reason ? submitEvent(config, pipeline, event, now) : undefined;
    const told: TakenLine = {
      line: one.line,
      state: receipt?.state ?? "refused",
      event: event ? nameEvent(event) : null,
      record: event?.record ?? null,
      known_at: receipt?.known_at ?? null,
      record_state: expected && "state" in expected ? expected.state : null,
      reason,
    };
    if (event) await journal(desk, event, told.state);
    taken.push(told);
  }
  return taken;
}

async function journal(
  { config, served, visitor }: EventDesk,
  event: SubmittedEvent,
  state: TakenLine["state"],
): Promise<void> {
  await appendAudit(config, {
    jurisdiction: served.definition.jurisdiction,
    ...describeActor(visitor),
    action: `record.${event.event}`,
    target: event.record,
    detail: { entity: event.entity, event: nameEvent(event), state },
  });
}

/** The newest published month, as the offices read it. */
async function openNewest({ config, months, served }: EventDesk) {
  const { folder } = served.newest;
  const reading = (await readingOf(config.workspace, folder, FOR_OFFICES)) as Reading;
  return months.open(served, served.newest, reading);
}
type Month = Awaited<ReturnType<typeof openNewest>>;

async function readBodies(month: Month): Promise<AnsweringBodies> {
  const known = month.has("body_code");
  return layOutAnswering(known ? await month.rows<BodyCode>("codes-of-bodies") : []);
}

async function foresee(
  { config, served, now }: EventDesk,
  { inbox, month, bodies }: { inbox: string; month: Month; bodies: AnsweringBodies },
  events: readonly SubmittedEvent[],
) {
  const { newest, definition } = served;
  const records = month.has("dishonesty_record")
    ? await month.rows<SeenRecord>("records-of-numbers", {
        records: JSON.stringify([...new Set(events.map(({ record }) => record))]),
      })
    : [];
  return foreseeEvents(events, {
    records: records.map((record) => ({ ...record, known_from: newest.asOf, known_to: null })),
    held: readHeldEvents(inbox, newest.asOf),
    rules: readPipelineRules(config.workspace, definition),
    now,
    bodies,
  });
}

/** What a visitor may not hand in. A body acts for itself; all else is for the credit office. */
function findFault(
  visitor: Visitor,
  event: SubmittedEvent,
  { bodyOf }: AnsweringBodies,
): Sentence | undefined {
  const { by, zh, en } = TRANSITIONS[event.event];
  if (by === "body" && !mayActFor(visitor, bodyOf(event.entity) ?? event.entity)) {
    return {
      zh: `您的令牌不能代表 ${event.entity} ${zh}。`,
      en: `Your token may not ${en} in the name of ${event.entity}.`,
    };
  }
  if (by === "office" && visitor.role !== "admin" && visitor.body !== null) {
    return {
      zh: `“${zh}”由信用主管部门办理，您的令牌只代表 ${visitor.body}。`,
      en: `To ${en} is for the credit office, and your token acts for ${visitor.body} alone.`,
    };
  }
  if (holdsPersonal(event.note ?? "")) {
    return {
      zh: "说明中含有疑似身份证号或手机号码，请删去个人信息后重新提交。",
      en: "The note holds what looks like an identity or telephone number. Take personal data out and hand it in again.",
    };
  }
  return undefined;
}
