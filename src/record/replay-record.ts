import type { RecordRules } from "../standard/record-rules.ts";
import { applyEvent, type RecordEvent, type RecordFacts, type Sentence } from "./apply-event.ts";
import { type RecordState, TRANSITIONS } from "./transitions.ts";

/** A stretch of knowledge, half-open; known_to null: still so. */
export interface Known {
  readonly known_from: string;
  readonly known_to: string | null;
}

/** A version of a record as its source tells it. */
export interface ToldRecord extends RecordFacts, Known {
  readonly source_id: string;
}

/** A version of an event as its file tells it; `event_key` names it, `line` is its place in its file. */
export interface ToldEvent extends RecordEvent, Known {
  readonly source_id: string;
  readonly event_key: string;
  /** Source of the record it is about, needed where several sources use the record's number. */
  readonly of_source: string | null;
  readonly line: number;
  /** Of an event told in several versions because its actor's names changed: when the first became known. */
  readonly first_known?: string | undefined;
}

/** What the record is while something is known. */
export interface KnownRecord extends Known {
  readonly source_id: string;
  readonly record: RecordFacts;
  /** Accepted events that it rests on. */
  readonly events: number;
}

/** Whether an event holds while something is known. */
export interface KnownVerdict extends Known {
  readonly source_id: string;
  readonly event_key: string;
  readonly state_before: RecordState | null;
  readonly state_after: RecordState | null;
  readonly refused: Sentence | null;
}

/**
 * Replays the life of the records of one number at every time at which the knowledge of it changes: the record as its source told
 * it by then, then the events known by then in the order in which they happened. So what was known at a time does not change by
 * what arrives later, and the order of arrival does not matter.
 */
export function replayRecord(
  told: readonly ToldRecord[],
  events: readonly ToldEvent[],
  rules: RecordRules,
): { readonly records: KnownRecord[]; readonly verdicts: KnownVerdict[] } {
  const cuts = [
    ...new Set([...told, ...events].flatMap(({ known_from, known_to }) => [known_from, known_to])),
  ]
    .filter((time): time is string => time !== null)
    .sort();
  const records: KnownRecord[] = [];
  const verdicts: KnownVerdict[] = [];
  cuts.forEach((from, at) => {
    const span = { known_from: from, known_to: cuts[at + 1] ?? null };
    const now = replayAt(
      told.filter((one) => isKnown(one, from)),
      events.filter((one) => isKnown(one, from)),
      rules,
    );
    for (const one of now.records) records.push({ ...one, ...span });
    for (const one of now.verdicts) verdicts.push({ ...one, ...span });
  });
  return { records: joinSpans(records), verdicts: joinSpans(verdicts) };
}

function isKnown({ known_from, known_to }: Known, time: string): boolean {
  return known_from <= time && (known_to === null || known_to > time);
}

function replayAt(
  told: readonly ToldRecord[],
  events: readonly ToldEvent[],
  rules: RecordRules,
): {
  readonly records: Omit<KnownRecord, keyof Known>[];
  readonly verdicts: Omit<KnownVerdict, keyof Known>[];
} {
  const verdicts: Omit<KnownVerdict, keyof Known>[] = [];
  const held = new Map(
    told.map((base): [string, Place] => {
      // When a version was known is no part of what it says.
      const { source_id, known_from, known_to, ...record } = base;
      return [source_id, { base, record, events: 0 }];
    }),
  );
  for (const event of events.toSorted(byTime)) {
    const { source_id, event_key } = event;
    const say = (before: RecordState | null, after: RecordState | null, refused: Sentence | null) =>
      verdicts.push({ source_id, event_key, state_before: before, state_after: after, refused });
    const place = findRecord(held, event);
    if ("refused" in place) {
      say(null, null, place.refused);
      continue;
    }
    const { base, record } = place;
    if (isAbsorbed(base, event)) {
      const { to } = TRANSITIONS[event.event];
      say(null, to === "stay" ? base.state : to, null);
      continue;
    }
    const applied = applyEvent(record, event, rules);
    if ("refused" in applied) {
      say(record.state, null, applied.refused);
      continue;
    }
    say(record.state, applied.record.state, null);
    place.record = applied.record;
    place.events += 1;
  }
  return {
    records: [...held].flatMap(([source_id, { record, events: count }]) =>
      count > 0 ? [{ source_id, record, events: count }] : [],
    ),
    verdicts,
  };
}

interface Place {
  readonly base: ToldRecord;
  record: RecordFacts;
  events: number;
}

function findRecord(
  held: ReadonlyMap<string, Place>,
  event: ToldEvent,
): Place | { readonly refused: Sentence } {
  const place =
    event.of_source === null && held.size === 1
      ? [...held.values()][0]
      : held.get(event.of_source ?? "");
  if (place) return place;
  return {
    refused:
      held.size > 1
        ? {
            zh: `编号相同的记录有多条，来自 ${[...held.keys()].join("、")}；请写明来源。`,
            en: `Several records have this number, from ${[...held.keys()].join(", ")}; name the source.`,
          }
        : {
            zh: "没有所指的记录。请核对记录编号和来源，或等记录报送后再报。",
            en: "There is no such record. Check its number and source, or send the event after the record.",
          },
  };
}

/** An event that the source itself has taken up: it knew of it, and tells a state of that day or later. */
function isAbsorbed(base: ToldRecord, event: ToldEvent): boolean {
  return (
    firstKnown(event) <= base.known_from &&
    base.state_on !== null &&
    base.state_on >= event.occurred_at.slice(0, 10) &&
    event.entity_id === base.entity_id
  );
}

function firstKnown({ first_known, known_from }: ToldEvent): string {
  return first_known ?? known_from;
}

/** Events of one time: by when they became known, then by their place in the file, then by their number. */
function byTime(a: ToldEvent, b: ToldEvent): number {
  return (
    compare(a.occurred_at, b.occurred_at) ||
    compare(firstKnown(a), firstKnown(b)) ||
    a.line - b.line ||
    compare(a.event_key, b.event_key)
  );
}

/** Joins neighbouring spans that say the same. */
function joinSpans<T extends Known>(spans: readonly T[]): T[] {
  const open = new Map<string, T>();
  const joined: T[] = [];
  const close = (key: string) => {
    const one = open.get(key);
    if (one) joined.push(one);
    open.delete(key);
  };
  for (const span of spans) {
    const { source_id, event_key = "" } = span as T & { source_id: string; event_key?: string };
    const key = `${source_id}\n${event_key}`;
    const before = open.get(key);
    if (before && before.known_to === span.known_from && says(before) === says(span)) {
      open.set(key, { ...before, known_to: span.known_to });
      continue;
    }
    close(key);
    open.set(key, span);
  }
  for (const key of [...open.keys()]) close(key);
  return joined;
}

function says<T extends Known>({ known_from, known_to, ...rest }: T): string {
  return JSON.stringify(rest);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
