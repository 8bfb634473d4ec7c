import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { measure } from "../../src/measure/measure.ts";
import { parsePeriod, shiftPeriod } from "../../src/period.ts";
import { settleRecords } from "../../src/record/settle.ts";
import type { Store } from "../../src/store/store.ts";
import { warn } from "../../src/warn/warn.ts";
import { makeContext, openWorld, setAsOf } from "../measure/small-world.ts";

const ROOT = join(import.meta.dirname, "..", "..");
let store: Store;
let line = 0;
const event = (event: string, on: string, more: Record<string, unknown> = {}) => {
  line += 1;
  return {
    record_key: `e${line}`,
    entity_id: "D1",
    of_record: "r",
    event,
    occurred_at: `${on} 00:00:00`,
    actor_body: "D1",
    document_no: "1",
    responsible_id: "P1",
    source_id: "events",
    line,
    valid_from: on,
    known_from: `${on} 12:00:00`,
    ...more,
  };
};

const record = (record_key: string) => ({
  record_key,
  entity_id: "D1",
  decided_on: "2018-03-01",
  state_on: "2018-03-01",
  source_id: "records",
  known_from: "2018-03-02 00:00:00",
});

beforeAll(async () => {
  store = await openWorld({
    dishonesty_record: [record("r")],
    record_event: [
      // Monday 7 May and three working days: due on Thursday 10 May. Revoked on 14 May, withdrawal due on 17 May.
      event("dispute", "2018-05-07"),
      event("revoke", "2018-05-14"),
      event("withdraw", "2018-06-04"),
    ],
  });
});
afterAll(() => store.close());

async function standing(month: string, asOf: string) {
  await setAsOf(store, asOf);
  const periods = Array.from(
    { length: 13 },
    (_, at) => shiftPeriod(parsePeriod(month), at - 12).id,
  );
  const context: Context = {
    ...makeContext(store, [], periods, { asOf, runId: `run ${month} ${asOf}` }),
    workspace: ROOT,
    pipeline: { warnings: ["conduct"], rules: ["credit-repair"] } as unknown as Context["pipeline"],
    standard: { nodes: [{ id: "index" }], window_months: 12 } as unknown as Context["standard"],
  };
  await settleRecords(context);
  await measure(context);
  await warn(context);
  return store.rows<{ rule: string; body: string; value: number }>(
    `SELECT a.rule_id AS rule, a.entity_id AS body, a.value FROM warn.alert a WHERE NOT a.recovered ORDER BY rule`,
  );
}

test("an alert stands against the body that must answer from the day after the limit, and ends with the answer", async () => {
  expect(await standing("2018-04", "2018-05-10 23:00:00")).toEqual([]);
  expect(await standing("2018-04", "2018-05-11 00:00:00")).toEqual([
    { rule: "objections-overdue", body: "P1", value: 1 },
  ]);
  // In May both stood overdue at some time; in July neither does any more.
  expect(await standing("2018-05", "2018-06-10 00:00:00")).toEqual([
    { rule: "objections-overdue", body: "P1", value: 1 },
    { rule: "withdrawals-overdue", body: "P1", value: 1 },
  ]);
  expect(await standing("2018-07", "2018-08-10 00:00:00")).toEqual([]);
});

test("limits are counted in working days over holidays and make-up days", async () => {
  store.close();
  store = await openWorld({
    dishonesty_record: ["a", "b", "c", "d"].map(record),
    record_event: [
      // 28 Sep 2018 was a Friday; Saturday 29 and Sunday 30 were make-up days; 1 to 7 October was the holiday.
      event("dispute", "2018-09-27", { of_record: "a" }),
      event("dispute", "2018-09-28", { of_record: "b" }),
      event("dispute", "2018-09-28", { of_record: "c", other_body_checks: true }),
      event("dispute", "2018-07-05", { of_record: "d" }),
      event("revoke", "2018-07-06", { of_record: "d" }),
    ],
  });
  await standing("2018-10", "2018-11-10 00:00:00");
  expect(
    await store.rows(
      "SELECT of_record, step, due_on FROM known.record_step ORDER BY of_record, step",
    ),
  ).toEqual([
    { of_record: "a", step: "answer", due_on: "2018-09-30" },
    { of_record: "b", step: "answer", due_on: "2018-10-08" },
    { of_record: "c", step: "answer", due_on: "2018-10-12" },
    { of_record: "d", step: "answer", due_on: "2018-07-10" },
    { of_record: "d", step: "withdraw", due_on: "2018-07-11" },
  ]);
});

test("a limit that runs out beyond the calendar stops nothing, and is told with its event", async () => {
  store.close();
  store = await openWorld({
    dishonesty_record: ["a", "b"].map(record),
    record_event: [
      event("dispute", "2026-12-30", { of_record: "a", record_key: "beyond" }),
      // Monday 30 November and three working days: Thursday 3 December.
      event("dispute", "2026-11-30", { of_record: "b" }),
    ],
  });
  expect(await standing("2026-12", "2027-01-10 00:00:00")).toEqual([
    { rule: "objections-overdue", body: "P1", value: 1 },
  ]);
  expect(
    await store.rows("SELECT of_record, due_on FROM known.record_step ORDER BY of_record"),
  ).toEqual([
    { of_record: "a", due_on: null },
    { of_record: "b", due_on: "2026-12-03" },
  ]);
  expect(
    await store.rows(
      "SELECT failing_rows, message_en FROM checks.result WHERE check_id = 'working-days'",
    ),
  ).toEqual([
    {
      failing_rows: 1,
      message_en: expect.stringMatching(/1 record\(s\) need days outside.*limit cannot be told/),
    },
  ]);
});
