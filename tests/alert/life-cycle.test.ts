import { afterEach, beforeEach, expect, test } from "vitest";
import {
  acknowledgeAlert,
  closeAlert,
  escalateOverdue,
  findAlert,
  handleAlert,
  listAlerts,
  readEvents,
  routeAlert,
  snoozeAlert,
} from "../../src/alert/life-cycle.ts";
import { Store } from "../../src/store/store.ts";

let store: Store;
beforeEach(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  await store.script(`
    INSERT INTO warn.alert_raised VALUES ('abc1', 'debt', '370285', 'debt-ratio', '', '2018-03', TIMESTAMP '2018-04-10', 'finance-bureau', TIMESTAMP '2018-04-13', TIMESTAMP '2018-04-25');
    INSERT INTO warn.alert_event BY NAME SELECT 'e1' AS event_id, 'abc1' AS alert_id, 1 AS sequence, TIMESTAMP '2018-04-10' AS occurred_at, 'zhengxin' AS actor,
      'raised' AS kind, 'orange' AS level, '债务率' AS message_zh, 'debt ratio' AS message_en`);
});
afterEach(() => store.close());

const by = (now: string, note?: string) => ({ actor: "finance-bureau", now, note });
const toGovernment = () => "city-government";

test("raised, acknowledged, being handled, closed: each step an event with who and when", async () => {
  expect((await acknowledgeAlert(store, "abc", by("2018-04-11 09:00:00"))).state).toBe(
    "acknowledged",
  );
  const handled = await handleAlert(store, "abc1", by("2018-04-12 10:00:00"), {
    plan: "还款",
    responsible: "370285",
    dueOn: "2018-06-30",
  });
  expect(handled).toMatchObject({
    state: "handling",
    plan: "还款",
    responsible: "370285",
    due_on: "2018-06-30",
    level: "orange",
  });
  expect((await closeAlert(store, "abc1", by("2018-06-20 10:00:00", "已还清"))).state).toBe(
    "closed",
  );
  expect(
    (await readEvents(store, "abc1")).map(({ kind, actor, occurred_at, note }) => [
      kind,
      actor,
      occurred_at,
      note,
    ]),
  ).toEqual([
    ["raised", "zhengxin", "2018-04-10 00:00:00", null],
    ["acknowledged", "finance-bureau", "2018-04-11 09:00:00", null],
    ["handling", "finance-bureau", "2018-04-12 10:00:00", null],
    ["closed", "finance-bureau", "2018-06-20 10:00:00", "已还清"],
  ]);
});

test("what cannot be done is refused in a sentence", async () => {
  await expect(findAlert(store, "xyz")).rejects.toThrow('There is no alert "xyz"');
  await expect(closeAlert(store, "abc1", by("2018-04-11 09:00:00"))).rejects.toThrow(
    "Say in a note why",
  );
  await expect(
    handleAlert(store, "abc1", by("2018-04-11 09:00:00"), {
      plan: "x",
      responsible: "y",
      dueOn: "2018-04-10",
    }),
  ).rejects.toThrow("before today");
  await expect(
    snoozeAlert(store, "abc1", by("2018-04-11 09:00:00"), "2018-04-11 09:00:00"),
  ).rejects.toThrow("is over");
  await closeAlert(store, "abc1", by("2018-04-12 09:00:00", "done"));
  await expect(acknowledgeAlert(store, "abc1", by("2018-04-13 09:00:00"))).rejects.toThrow(
    "is closed",
  );
});

test("an alert not acknowledged in time is escalated once, and again when it is not handled in time", async () => {
  expect(await escalateOverdue(store, "2018-04-13 00:00:00", toGovernment)).toBe(0);
  expect(await escalateOverdue(store, "2018-04-13 00:00:01", toGovernment)).toBe(1);
  expect(await escalateOverdue(store, "2018-04-14 00:00:00", toGovernment)).toBe(0);
  await acknowledgeAlert(store, "abc1", by("2018-04-14 09:00:00"));
  expect(await escalateOverdue(store, "2018-04-25 00:00:01", toGovernment)).toBe(1);
  const events = await readEvents(store, "abc1");
  expect(events.filter(({ kind }) => kind === "escalated").map(({ owner }) => owner)).toEqual([
    "city-government",
    "city-government",
  ]);
  expect((await findAlert(store, "abc1")).escalations).toBe(2);
});

test("a plan sets its own deadline, which ends with its day", async () => {
  await handleAlert(store, "abc1", by("2018-04-12 10:00:00"), {
    plan: "x",
    responsible: "y",
    dueOn: "2018-06-30",
  });
  expect(await escalateOverdue(store, "2018-06-30 23:59:59", toGovernment)).toBe(0);
  expect(await escalateOverdue(store, "2018-07-01 00:00:01", toGovernment)).toBe(1);
});

test("a snoozed alert is not escalated until its time; it can be handed over", async () => {
  await snoozeAlert(store, "abc1", by("2018-04-11 09:00:00"), "2018-05-01 00:00:00");
  expect(await escalateOverdue(store, "2018-04-20 00:00:00", toGovernment)).toBe(0);
  expect(await escalateOverdue(store, "2018-05-01 00:00:00", toGovernment)).toBe(1);
  expect(
    (await routeAlert(store, "abc1", by("2018-05-02 00:00:00"), "credit-office")).routed_to,
  ).toBe("credit-office");
  expect((await listAlerts(store, { state: "raised" })).map(({ alert_id }) => alert_id)).toEqual([
    "abc1",
  ]);
  expect(await listAlerts(store, { entity: "370202" })).toEqual([]);
});
