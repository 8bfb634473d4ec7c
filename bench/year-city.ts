import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { addDays, format } from "date-fns";

const PROGRAM = resolve(import.meta.dirname, "..", "src/cli/zhengxin.js");
const FIRST = new Date(2025, 0, 1);
const BODIES = ["东城新区", "西河区", "南山县"];
const CODES = ["990101", "990102", "990103"];
/** Orders of a body a day. */
const ORDERS = 10;
/** Days on which nothing comes; all of it comes together afterwards. */
const LOST = { from: 100, through: 106 };
const OFFICE = "市信用办公室";
const SYNTHETIC = "合成示例数据 synthetic";
const ORDER_HEAD =
  "工单编号,承办单位,类别,受理时间,签收时间,办结时限,办结时间,是否解决,满意度,推送日期,数据性质";
const RECORD_HEAD = "记录编号,单位,类型,程度,认定日期,状态,修复日期,推送日期,数据性质";
const EVENTS = `source: my-record-events
title: { zh: 失信记录事件, en: Events of dishonesty records }
owner: { zh: 市信用办, en: City credit office }
synthetic: true
kind: record_event
connector: { type: folder, path: samples, match: "events-*.ndjson" }
format: { type: ndjson }
key: [record_key]
valid: { from: occurred_at }
known_at: { column: known_at }
columns:
  record_key: { from: event_id, required: true }
  entity_id: { from: entity, entity: [name], required: true }
  of_record: { from: record, required: true }
  event: { from: event, codes: record-events, required: true }
  occurred_at: { from: occurred_at, required: true }
  actor_body: { from: actor_body, required: true }
  document_no: { from: document_no }
  responsible_id: { from: responsible, entity: [name] }
  other_body_checks: { from: other_body_checks }
expectations: { freshness_days: 62 }
`;

/** The day with this number, from 0 on; an ISO day. */
export function dayOf(day: number): string {
  return format(addDays(FIRST, day), "yyyy-MM-dd");
}

/** An invented small city that runs every day at six, keeps three superseded runs of a month and has a source of objections. */
export function makeDailyCity(workspace: string): void {
  execFileSync(process.execPath, [PROGRAM, "init", workspace], { stdio: "ignore" });
  change(join(workspace, "pipelines", "my-city.yaml"), [
    [/^example:.*$/m, "keep: { superseded_runs: 3, superseded_days: 0 }"],
    [/^schedule:.*$/m, 'schedule: { cron: "0 6 * * *" }'],
    [/my-dishonesty-records\]/, "my-dishonesty-records, my-record-events]"],
    [/$/, "\nretry: { attempts: 20, first_wait_seconds: 0.2 }\n"],
  ]);
  writeFileSync(join(workspace, "pipelines", "sources", "my-record-events.yaml"), EVENTS);
  const known = { record: "S-2024-001", entity: BODIES[1], actor_body: CODES[1] };
  writeEvent(workspace, -1, {
    event: "提出异议",
    responsible: BODIES[0],
    other_body_checks: true,
    ...known,
  });
}

/** What reaches the city in the night after a day: orders, and at times a record, an objection to it and what came of that. */
export function deliverDay(workspace: string, day: number): void {
  if (day === LOST.through + 1) {
    for (let late = LOST.from; late <= LOST.through; late++) deliverOrders(workspace, late);
  }
  if (day < LOST.from || day > LOST.through) deliverOrders(workspace, day);
  if (day % 30 === 5) deliverRecord(workspace, day);
  if (day % 30 === 12 || day % 30 === 25) deliverEvents(workspace, day);
}

/** Changes of the standard, at the days on which somebody makes them. */
export function changeStandard(workspace: string, day: number): void {
  const file = join(workspace, "metrics", "standards", "my-city.yaml");
  if (day === 150) {
    change(file, [
      [/closed-on-time(.*)district: 30/, "closed-on-time$1district: 25"],
      [/signed-on-time(.*)district: 20/, "signed-on-time$1district: 25"],
    ]);
  }
  if (day === 250) change(file, [[/half_life, months: 12/, "half_life, months: 6"]]);
}

function change(file: string, edits: readonly (readonly [RegExp, string])[]): void {
  let text = readFileSync(file, "utf8");
  for (const [pattern, by] of edits) {
    if (!pattern.test(text)) throw new Error(`${file} has nothing like ${pattern}.`);
    text = text.replace(pattern, by);
  }
  writeFileSync(file, text);
}

/** A day's orders; every tenth day an order of five days before comes again with another outcome. */
function deliverOrders(workspace: string, day: number): void {
  const lines = [ORDER_HEAD];
  const add = (of: number, body: number, order: number, resolved: boolean) => {
    const on = dayOf(of);
    const closed = (of + body + order) % 7 === 0 ? "20" : "17";
    lines.push(
      `Y${of}-${body}-${order},${BODIES[body]},物业管理,${on} 09:00:00,${on} 10:00:00,${on} 18:00:00,${on} ${closed}:00:00,${resolved ? "是" : "否"},满意,${dayOf(day + 1)},${SYNTHETIC}`,
    );
  };
  for (let body = 0; body < BODIES.length; body++) {
    for (let order = 0; order < ORDERS; order++) add(day, body, order, (day + order) % 5 !== 0);
  }
  if (day % 10 === 9) add(day - 5, day % 3, 0, (day - 5) % 5 === 0);
  writeFileSync(
    join(workspace, "samples", `complaints-${dayOf(day)}.csv`),
    `${lines.join("\n")}\n`,
  );
}

function deliverRecord(workspace: string, day: number): void {
  const round = Math.floor(day / 30);
  const line = `S-Y${round},${BODIES[round % 3]},违约,一般,${dayOf(day - 2)},已公示,,${dayOf(day)},${SYNTHETIC}`;
  writeFileSync(
    join(workspace, "samples", `dishonesty-${dayOf(day)}.csv`),
    `${RECORD_HEAD}\n${line}\n`,
  );
}

/** An objection a week after the record, its outcome two weeks later: revoked and upheld by turns. */
function deliverEvents(workspace: string, day: number): void {
  const round = Math.floor(day / 30);
  const entity = BODIES[round % 3];
  if (day % 30 === 12) {
    const [by, asked] = [CODES[round % 3], BODIES[(round + 1) % 3]];
    const what = { event: "提出异议", actor_body: by, responsible: asked };
    writeEvent(workspace, day, { record: `S-Y${round}`, entity, other_body_checks: true, ...what });
    return;
  }
  const what = { entity, event: round % 2 === 0 ? "撤销" : "维持" };
  const document_no = `信用异〔2025〕${round}号（合成）`;
  writeEvent(workspace, day, { record: `S-Y${round}`, actor_body: OFFICE, document_no, ...what });
}

function writeEvent(workspace: string, day: number, what: Readonly<Record<string, unknown>>): void {
  const on = dayOf(day);
  const head = { event_id: `E-${on}`, occurred_at: on, known_at: dayOf(day + 1) };
  const text = JSON.stringify({ ...head, ...what, 数据性质: SYNTHETIC });
  writeFileSync(join(workspace, "samples", `events-${on}.ndjson`), `${text}\n`);
}
