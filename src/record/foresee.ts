import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RecordRules } from "../standard/record-rules.ts";
import { readText } from "../whole-file.ts";
import type { AnsweringBodies } from "./answering-bodies.ts";
import type { RecordEvent, Sentence } from "./apply-event.ts";
import { replayRecord, type ToldEvent, type ToldRecord } from "./replay-record.ts";
import { nameEvent, type SubmittedEvent } from "./submit-event.ts";
import type { RecordState } from "./transitions.ts";

/** A record as it was published, and the events that were handed in since. */
export interface SeenRecord extends ToldRecord {
  readonly record_key: string;
}

/** An event of the inbox with the time from which on it is known. */
export type HeldEvent = SubmittedEvent & { readonly event_id: string; readonly known_at: string };

/** What is to be expected of an event. */
export type Foreseen =
  | { readonly refused: Sentence }
  /** null: its record is not among those seen, so only the line can tell. */
  | { readonly state: RecordState | null };

/**
 * What the line will most likely make of events, from what is known without the working database: the records that are published
 * and what was handed in since. Those whose record is not seen are left to the line.
 * @param now civil time from which on the events are known
 */
export function foreseeEvents(
  events: readonly SubmittedEvent[],
  {
    records,
    held,
    rules,
    now,
    bodies,
  }: {
    readonly records: readonly SeenRecord[];
    readonly held: readonly HeldEvent[];
    readonly rules: RecordRules;
    readonly now: string;
    readonly bodies: AnsweringBodies;
  },
): Foreseen[] {
  const named = events.map((event) => ({ ...event, event_id: nameEvent(event), known_at: now }));
  const told = new Map<string, Foreseen>();
  for (const record of new Set(events.map((event) => event.record))) {
    const seen = records.filter(({ record_key }) => record_key === record);
    if (seen.length === 0) continue;
    const about = [...held, ...named]
      .filter((event) => event.record === record)
      .filter(({ source }) => source === undefined || seen.some((one) => one.source_id === source));
    const { verdicts } = replayRecord(
      seen.map(bare),
      about.map((event, line) => tell(event, line, bodies)),
      rules,
    );
    for (const { event_key, state_after, refused } of verdicts) {
      told.set(event_key, refused ? { refused } : { state: state_after });
    }
  }
  return named.map(({ event_id }) => told.get(event_id) ?? { state: null });
}

/** A record that events end, as far as can be told before the line has judged them. */
export interface ForeseenEnd {
  readonly source_id: string;
  readonly record_key: string;
  readonly entity_id: string;
  readonly state: RecordState;
  /** ISO day. */
  readonly since: string;
}

/** Records that events handed in since a publication revoke or repair. */
export function foreseeEnded(
  held: readonly HeldEvent[],
  {
    records,
    rules,
    bodies,
  }: {
    readonly records: readonly SeenRecord[];
    readonly rules: RecordRules;
    readonly bodies: AnsweringBodies;
  },
): ForeseenEnd[] {
  return [...new Set(records.map(({ record_key }) => record_key))].flatMap((record_key) => {
    const told = replayRecord(
      records.filter((one) => one.record_key === record_key).map(bare),
      held
        .filter(({ record }) => record === record_key)
        .map((event, line) => tell(event, line, bodies)),
      rules,
    );
    return told.records.flatMap(({ source_id, record, known_to }): ForeseenEnd[] => {
      const { state, state_on, entity_id } = record;
      if (known_to !== null || (state !== "revoked" && state !== "repaired")) return [];
      return [{ source_id, record_key, entity_id, state, since: state_on ?? "" }];
    });
  });
}

/** Events of an inbox that became known after a time, which no publication of that time has taken up. */
export function readHeldEvents(inbox: string, after: string): HeldEvent[] {
  let names: string[];
  try {
    names = readdirSync(inbox).filter((name) => name.endsWith(".ndjson"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .toSorted()
    .flatMap((name) => readText(join(inbox, name)).split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as HeldEvent)
    .filter(({ known_at }) => known_at > after);
}

function bare({ record_key, ...record }: SeenRecord): ToldRecord {
  return record;
}

function tell(event: HeldEvent, line: number, bodies: AnsweringBodies): ToldEvent {
  return {
    ...toRecordEvent(event, bodies.bodyOf(event.entity) ?? event.entity, bodies),
    source_id: "inbox",
    event_key: event.event_id,
    of_source: event.source ?? null,
    line,
    known_from: event.known_at,
    known_to: null,
  };
}

/** A submitted event in the form in which it is applied; times of day are written out, as the line reads them. */
export function toRecordEvent(
  event: SubmittedEvent,
  entity: string,
  { actorOf }: Pick<AnsweringBodies, "actorOf">,
): RecordEvent {
  const { occurred_at } = event;
  return {
    event: event.event,
    entity_id: entity,
    occurred_at: occurred_at.length === 10 ? `${occurred_at} 00:00:00` : occurred_at,
    actor_body: event.actor_body,
    actor_id: actorOf(event.actor_body, occurred_at.slice(0, 10)) ?? null,
    document_no: event.document_no ?? null,
    responsible_id: event.responsible ?? null,
    severity: event.severity ?? null,
    act_ended_on: event.act_ended_on ?? null,
    obligation_amount:
      event.obligation_amount === undefined ? null : String(event.obligation_amount),
    correction_done: event.correction_done ?? null,
    commitment_made: event.commitment_made ?? null,
    other_body_checks: event.other_body_checks ?? null,
    note: event.note ?? null,
  };
}
