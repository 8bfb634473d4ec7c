import { createHash } from "node:crypto";
import type { Context, StageOutcome } from "../context.ts";
import { type Level, severity, type WarningDefinition } from "../standard/warning-definition.ts";
import { sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "raise.sql");

/** Who acts where no person does. */
const SYSTEM = "zhengxin";

interface Standing {
  readonly warnings_id: string;
  readonly entity_id: string;
  readonly rule_id: string;
  readonly part: string;
  readonly began: string;
  readonly level: Level;
  readonly value: number | null;
  readonly message_zh: string;
  readonly message_en: string;
}

interface HeldAlert {
  readonly alert_id: string;
  readonly warnings_id: string;
  readonly entity_id: string;
  readonly rule_id: string;
  readonly part: string;
  readonly state: "raised" | "acknowledged" | "handling" | "closed";
  readonly level: Level;
  readonly recovered: boolean;
  readonly sequence: number;
}

interface NewEvent {
  readonly event_id: string;
  readonly alert_id: string;
  readonly sequence: number;
  readonly occurred_at: string;
  readonly actor: string;
  readonly kind: string;
  readonly level: string | null;
  readonly value: number | null;
  readonly message_zh: string;
  readonly message_en: string;
}

/**
 * Carries what stands above green into alerts: one per body, rule and episode. An episode that goes on keeps its alert, and
 * only a change of level is a new event; one that ends is announced as recovered, and closed unless somebody is handling it.
 * Alerts follow the newest knowledge of their pipeline: a run as of an earlier time than its last changes none, and no run
 * changes those of another pipeline.
 * Belongs to the caller's transaction.
 */
export async function raiseAlerts(
  context: Context,
  definitions: readonly WarningDefinition[],
): Promise<{ readonly raised: number; readonly notes: StageOutcome["notes"] }> {
  const { store, runId, asOf, period } = context;
  if (definitions.length === 0) return { raised: 0, notes: [] };
  const last = await store.row<{ run_id: string; as_of: string; period: string }>(
    sql("last-replay"),
    { run: runId },
  );
  if (last && (last.as_of > asOf || (last.as_of === asOf && last.period > period.id))) {
    return { raised: 0, notes: [noteEarlier(last.period, last.as_of)] };
  }
  const standing = await store.rows<Standing>(sql("standing"), { run: runId });
  const held = new Map(
    (await store.rows<HeldAlert>(sql("newest-alerts"), { run: runId })).map((alert) => [
      keyOf(alert),
      alert,
    ]),
  );
  const ours = new Set(definitions.map(({ id }) => id));
  const alerts: { readonly alert_id: string }[] = [];
  const events: NewEvent[] = [];
  const say = (alert_id: string, sequence: number, kind: string, text: Partial<Standing>) =>
    events.push({
      event_id: digest(alert_id, kind, String(sequence), asOf),
      alert_id,
      sequence,
      occurred_at: asOf,
      actor: SYSTEM,
      kind,
      level: text.level ?? null,
      value: text.value ?? null,
      message_zh: text.message_zh ?? "",
      message_en: text.message_en ?? "",
    });
  for (const one of standing) {
    const alert = held.get(keyOf(one));
    if (!alert || alert.recovered) {
      const alert_id = digest(
        context.pipeline.pipeline,
        keyOf(one),
        one.began,
        alert ? String(alert.sequence) : "",
        alert?.alert_id ?? "",
      );
      alerts.push({ ...describeAlert(one, definitions, asOf), alert_id });
      say(alert_id, 1, "raised", one);
      continue;
    }
    const change = severity(one.level) - severity(alert.level);
    if (change === 0) continue;
    // What was closed while it went on comes back when it gets worse.
    const kind = change < 0 ? "eased" : alert.state === "closed" ? "reopened" : "worsened";
    say(alert.alert_id, alert.sequence + 1, kind, one);
  }
  const going = new Set(standing.map(keyOf));
  for (const alert of held.values()) {
    if (going.has(keyOf(alert)) || alert.recovered || !ours.has(alert.warnings_id)) continue;
    say(alert.alert_id, alert.sequence + 1, "recovered", RECOVERED);
    if (alert.state === "raised" || alert.state === "acknowledged") {
      say(alert.alert_id, alert.sequence + 2, "closed", CLOSED);
    }
  }
  if (alerts.length > 0) {
    await store.run(sql("insert-alert"), { rows: JSON.stringify(alerts) });
    const ids = JSON.stringify(alerts.map(({ alert_id }) => alert_id));
    await store.run(sql("insert-pipeline"), { alerts: ids, run: runId });
  }
  if (events.length > 0) await store.run(sql("insert-event"), { rows: JSON.stringify(events) });
  await store.run(sql("note-replay"), { run: runId, period: period.id, as_of: asOf });
  return { raised: alerts.length, notes: [] };
}

const RECOVERED = {
  message_zh: "已达到解除标准，预警解除。",
  message_en: "The standard for release is met: the warning has ended.",
};
const CLOSED = {
  message_zh: "无人处置中，随预警解除关闭。",
  message_en: "Closed with the end of the warning, as nobody was handling it.",
};

function describeAlert(one: Standing, definitions: readonly WarningDefinition[], asOf: string) {
  const definition = definitions.find(({ id }) => id === one.warnings_id) as WarningDefinition;
  const rule = [...definition.rules, ...definition.outlooks].find(({ id }) => id === one.rule_id);
  const limits = definition.deadlines[one.level as keyof typeof definition.deadlines];
  return {
    warnings_id: one.warnings_id,
    entity_id: one.entity_id,
    rule_id: one.rule_id,
    part: one.part,
    began: one.began,
    raised_at: asOf,
    owner: rule?.owner ?? definition.owner,
    acknowledge_days: limits?.acknowledge_days ?? 5,
    handle_days: limits?.handle_days ?? 30,
  };
}

function keyOf({
  warnings_id,
  entity_id,
  rule_id,
  part,
}: Pick<Standing, "warnings_id" | "entity_id" | "rule_id" | "part">): string {
  return [warnings_id, entity_id, rule_id, part].join("\n");
}

function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

function noteEarlier(period: string, asOf: string) {
  return {
    zh: `预警台账已按${period}、截至${asOf}所知更新，本次运行所知较早，不改动台账。`,
    en: `The alerts already follow ${period} as known at ${asOf}; this run knows less and leaves them alone.`,
  };
}
