import { createHash } from "node:crypto";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "alert.sql");

export type AlertState = "raised" | "acknowledged" | "handling" | "closed";

/** An alert as its events leave it. */
export interface Alert {
  readonly alert_id: string;
  readonly warnings_id: string;
  readonly entity_id: string;
  readonly name_zh: string | null;
  readonly name_en: string | null;
  readonly rule_id: string;
  readonly part: string;
  readonly began: string;
  readonly raised_at: string;
  readonly level: "yellow" | "orange" | "red";
  readonly state: AlertState;
  readonly recovered: boolean;
  readonly routed_to: string;
  readonly acknowledge_by: string;
  readonly handle_by: string;
  readonly due_on: string | null;
  readonly snoozed_until: string | null;
  readonly plan: string | null;
  readonly responsible: string | null;
  readonly escalations: number;
  readonly value: number | null;
  readonly message_zh: string;
  readonly message_en: string;
  readonly sequence: number;
}

export interface AlertEvent {
  readonly sequence: number;
  readonly occurred_at: string;
  readonly actor: string;
  readonly kind: string;
  readonly level: string | null;
  readonly note: string | null;
  readonly plan: string | null;
  readonly responsible: string | null;
  readonly due_on: string | null;
  readonly snoozed_until: string | null;
  readonly owner: string | null;
  readonly message_zh: string;
  readonly message_en: string;
}

/** Who changes an alert, and when: a civil time in the jurisdiction's zone. `actor` is an office, never a person. */
export interface Act {
  readonly actor: string;
  readonly now: string;
  readonly note?: string | undefined;
}

/** Alerts, of one pipeline or of all, the worst first. */
export function listAlerts(
  store: Store,
  {
    state,
    entity,
    pipeline,
  }: {
    readonly state?: AlertState | undefined;
    readonly entity?: string | undefined;
    readonly pipeline?: string | undefined;
  } = {},
): Promise<Alert[]> {
  return store.rows<Alert>(sql("list"), {
    state: state ?? null,
    entity: entity ?? null,
    alert: null,
    pipeline: pipeline ?? null,
  });
}

/**
 * An alert by its id or the beginning of it, of one pipeline or of any.
 * @throws Error in a sentence when there is none, or several
 */
export async function findAlert(store: Store, id: string, pipeline?: string): Promise<Alert> {
  const asked = { state: null, entity: null, alert: id, pipeline: pipeline ?? null };
  const found = await store.rows<Alert>(sql("list"), asked);
  if (found.length === 1) return found[0] as Alert;
  throw new Error(
    found.length === 0
      ? `There is no alert "${id}"; "zhengxin alert list" shows those there are.`
      : `${found.length} alerts begin with "${id}"; give more of the id.`,
  );
}

/** Everything that happened to an alert, in order. */
export function readEvents(store: Store, alertId: string): Promise<AlertEvent[]> {
  return store.rows<AlertEvent>(sql("events"), { alert: alertId });
}

/** Says that the owner has seen the alert. */
export function acknowledgeAlert(store: Store, id: string, act: Act): Promise<Alert> {
  return change(store, id, act, "acknowledged", ["raised"], {});
}

/** Says who does what by when. It may be said again with another plan. */
export async function handleAlert(
  store: Store,
  id: string,
  act: Act,
  handling: { readonly plan: string; readonly responsible: string; readonly dueOn: string },
): Promise<Alert> {
  if (handling.dueOn < act.now.slice(0, 10)) {
    throw new Error(
      `The plan is due on ${handling.dueOn}, before today (${act.now.slice(0, 10)}); give a later day.`,
    );
  }
  return change(store, id, act, "handling", ["raised", "acknowledged", "handling"], {
    plan: handling.plan,
    responsible: handling.responsible,
    due_on: handling.dueOn,
  });
}

/** Closes an alert; a note must say why. */
export async function closeAlert(store: Store, id: string, act: Act): Promise<Alert> {
  if (!act.note?.trim()) throw new Error("Say in a note why the alert is closed.");
  return change(store, id, act, "closed", ["raised", "acknowledged", "handling"], {});
}

/** Keeps an alert silent until a time; it is still judged, and speaks when it gets worse. */
export async function snoozeAlert(
  store: Store,
  id: string,
  act: Act,
  until: string,
): Promise<Alert> {
  if (until <= act.now)
    throw new Error(`The alert cannot be snoozed until ${until}: that is over. Give a later time.`);
  return change(store, id, act, "snoozed", ["raised", "acknowledged", "handling"], {
    snoozed_until: until,
  });
}

/** Hands an alert to another owner. */
export function routeAlert(store: Store, id: string, act: Act, owner: string): Promise<Alert> {
  return change(store, id, act, "routed", ["raised", "acknowledged", "handling"], { owner });
}

interface Details {
  readonly plan?: string;
  readonly responsible?: string;
  readonly due_on?: string;
  readonly snoozed_until?: string;
  readonly owner?: string;
}

async function change(
  store: Store,
  id: string,
  act: Act,
  kind: string,
  from: readonly AlertState[],
  details: Details,
): Promise<Alert> {
  const alert = await findAlert(store, id);
  if (!from.includes(alert.state)) {
    throw new Error(
      `The alert ${alert.alert_id} is ${alert.state}; only one that is ${from.join(" or ")} can be ${kind}.`,
    );
  }
  await addEvent(store, alert.alert_id, alert.sequence + 1, act, kind, details);
  return findAlert(store, alert.alert_id);
}

/**
 * Escalates every alert that was not acknowledged, or not handled, in time; once for each deadline.
 * @param now civil time in the jurisdiction's zone
 * @param ownerOf to whom, by the warning rules the alert came from
 * @param pipeline whose alerts; those of all when absent
 * @returns how many
 */
export async function escalateOverdue(
  store: Store,
  now: string,
  ownerOf: (warningsId: string) => string,
  pipeline?: string,
): Promise<number> {
  const overdue = await store.rows<{
    alert_id: string;
    warnings_id: string;
    state: AlertState;
    sequence: number;
    deadline: string;
  }>(sql("overdue"), { now, pipeline: pipeline ?? null });
  for (const { alert_id, warnings_id, sequence, deadline } of overdue) {
    await addEvent(
      store,
      alert_id,
      sequence + 1,
      { actor: "zhengxin", now, note: deadline },
      "escalated",
      {
        owner: ownerOf(warnings_id),
      },
    );
  }
  return overdue.length;
}

/** Raises an alert that means nothing, to see whether it arrives. */
export async function raiseTestAlert(
  store: Store,
  act: Act,
  entity: string,
  owner: string,
): Promise<Alert> {
  const alertId = digest("test", entity, act.now);
  await store.run(sql("insert-test-alert"), { alert_id: alertId, entity, now: act.now, owner });
  await store.run(sql("insert-test-event"), {
    event_id: digest(alertId, "raised"),
    alert_id: alertId,
    now: act.now,
    actor: act.actor,
    message_zh: "这是一条测试预警，无须处置。",
    message_en: "This is a test alert; nothing needs to be done.",
  });
  return findAlert(store, alertId);
}

async function addEvent(
  store: Store,
  alertId: string,
  sequence: number,
  { actor, now, note }: Act,
  kind: string,
  details: Details,
): Promise<void> {
  await store.run(sql("insert-event"), {
    event_id: digest(alertId, kind, String(sequence), now),
    alert_id: alertId,
    sequence,
    occurred_at: now,
    actor,
    kind,
    note: note ?? null,
    plan: details.plan ?? null,
    responsible: details.responsible ?? null,
    due_on: details.due_on ?? null,
    snoozed_until: details.snoozed_until ?? null,
    owner: details.owner ?? null,
    message_zh: "",
    message_en: "",
  });
}

export function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}
