import { normaliseIdentifier, normaliseKey } from "../standard/identifiers.ts";
import type { RecordRules } from "../standard/record-rules.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { type BodyCode, layOutAnswering } from "./answering-bodies.ts";
import { applyEvent, type RecordFacts, type Sentence } from "./apply-event.ts";
import { toRecordEvent } from "./foresee.ts";
import type { SubmittedEvent } from "./submit-event.ts";
import { listPossible, type RecordState, type TRANSITIONS } from "./transitions.ts";

const sql = sqlFile(import.meta.dirname, "records.sql");

/** A record as known at the as-of time of the store's session. */
export interface ListedRecord {
  readonly source_id: string;
  readonly record_key: string;
  readonly entity_id: string;
  readonly name_zh: string | null;
  readonly name_en: string | null;
  readonly record_type: string;
  readonly severity: string;
  /** What sets the severity: a provision or a decision; null: nobody has. */
  readonly severity_basis: string | null;
  readonly state: RecordState;
  readonly state_on: string | null;
  readonly decided_on: string;
  readonly document_no: string | null;
  readonly repair_state: string | null;
  readonly publication_ends_on: string | null;
  readonly publication_ends_by: string | null;
  readonly earliest_repair_on: string | null;
}

export interface ShownEvent {
  readonly source_id: string;
  readonly event_id: string;
  readonly event: keyof typeof TRANSITIONS;
  readonly occurred_at: string;
  readonly state_before: RecordState | null;
  readonly state_after: RecordState | null;
  readonly actor_body: string;
  readonly document_no: string | null;
  readonly responsible_id: string | null;
  readonly correction_done: boolean | null;
  readonly commitment_made: boolean | null;
  readonly known_at: string;
}

export interface ShownStep {
  readonly step: "answer" | "withdraw";
  readonly responsible_id: string;
  readonly begun_on: string;
  /** Null where the limit runs out on a day outside the working-day calendar. */
  readonly due_on: string | null;
  readonly done_on: string | null;
}

/** Records of public bodies; those of officials as persons are never listed. */
export function listRecords(
  store: Store,
  asked: {
    readonly entity?: string | undefined;
    readonly state?: string | undefined;
    readonly record?: string | undefined;
    readonly source?: string | undefined;
  } = {},
): Promise<ListedRecord[]> {
  return store.rows(sql("list"), {
    entity: asked.entity === undefined ? null : normaliseIdentifier(asked.entity),
    state: asked.state ?? null,
    record: asked.record === undefined ? null : normaliseKey(asked.record),
    source: asked.source ?? null,
  });
}

/**
 * The one record of a number.
 * @throws Error in a sentence when there is none, or when several sources use the number
 */
export async function findRecord(
  store: Store,
  record: string,
  source?: string,
): Promise<ListedRecord> {
  const found = await listRecords(store, { record, source });
  if (found.length === 1) return found[0] as ListedRecord;
  throw new Error(
    found.length === 0
      ? `没有记录“${record}”。There is no record "${record}"; "zhengxin record list" shows those there are.`
      : `记录“${record}”有多条，请用 --source 指明来源。Several sources have a record "${record}": ${found.map(({ source_id }) => source_id).join(", ")}; name one with --source.`,
  );
}

/** A record with everything that happened to it, its deadlines, and what may happen next. */
export async function showRecord(
  store: Store,
  { record_key, source_id, state, record_type }: ListedRecord,
) {
  const at = { record: record_key, source: source_id };
  return {
    events: await store.rows<ShownEvent>(sql("events"), at),
    steps: await store.rows<ShownStep>(sql("steps"), at),
    possible: listPossible(state, record_type),
  };
}

/** Why an event could not be applied to a record as it is known now; undefined when it could. */
export async function findRefusal(
  store: Store,
  { record_key, source_id }: ListedRecord,
  event: SubmittedEvent,
  rules: RecordRules,
): Promise<Sentence | undefined> {
  const facts = await store.row<RecordFacts>(sql("facts"), {
    record: record_key,
    source: source_id,
  });
  if (!facts) return undefined;
  const bodies = layOutAnswering(await store.rows<BodyCode>(sql("codes")));
  const applied = applyEvent(facts, toRecordEvent(event, facts.entity_id, bodies), rules);
  return "refused" in applied ? applied.refused : undefined;
}

/** What became of an event that was handed in, once the line has taken it. */
export async function readVerdict(
  store: Store,
  eventId: string,
): Promise<{ readonly state: RecordState } | { readonly refused: Sentence }> {
  const verdict = await store.row<{
    accepted: boolean;
    state_after: RecordState;
    message_zh: string;
    message_en: string;
  }>(sql("verdict"), { event: eventId });
  if (verdict?.accepted) return { state: verdict.state_after };
  const aside =
    verdict ?? (await store.row<Aside>(sql("set-aside"), { file: `${eventId}.ndjson` }));
  return {
    refused: {
      zh: aside?.message_zh ?? "事件尚未被读取。",
      en: aside?.message_en ?? "The event has not been read yet.",
    },
  };
}

interface Aside {
  readonly message_zh: string;
  readonly message_en: string;
}
