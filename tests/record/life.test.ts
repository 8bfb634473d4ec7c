import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { applyEvent, type RecordEvent, type RecordFacts } from "../../src/record/apply-event.ts";
import { settleRecords } from "../../src/record/settle.ts";
import { EVENTS, STATES, TRANSITIONS } from "../../src/record/transitions.ts";
import type { PipelineDefinition } from "../../src/standard/pipeline-definition.ts";
import { readPipelineRules } from "../../src/standard/pipeline-rules.ts";
import { type RecordRules, readRecordRules } from "../../src/standard/record-rules.ts";
import type { Store } from "../../src/store/store.ts";
import { insertRows, openWorld, setAsOf } from "../measure/small-world.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const RULES = readRecordRules(ROOT, ["credit-repair"]);

const RECORD: RecordFacts = {
  entity_id: "D1",
  record_type: "breach",
  severity: "general",
  measure: null,
  severity_basis: null,
  notified_on: null,
  heard_on: null,
  delivered_on: null,
  document_no: null,
  issuing_body: null,
  decided_on: "2026-05-04",
  act_ended_on: null,
  state: "published",
  state_on: "2026-05-06",
  published_on: "2026-05-06",
  repaired_on: null,
  objection_filed_on: null,
  objection_answered_on: null,
  obligation_amount: null,
  repair_state: null,
};
/** An event with everything any of them needs. */
const EVENT: RecordEvent = {
  event: "dispute",
  entity_id: "D1",
  occurred_at: "2026-09-01 00:00:00",
  actor_body: "D1",
  document_no: "1",
  responsible_id: "P1",
  severity: "minor",
  act_ended_on: null,
  obligation_amount: null,
  correction_done: true,
  commitment_made: true,
  other_body_checks: null,
  note: "why",
};

describe("the table of transitions", () => {
  test("is the life of a record as the design has it, and nothing else", () => {
    const moves = EVENTS.flatMap((name) =>
      TRANSITIONS[name].from.map((from) => `${from} ${name} ${TRANSITIONS[name].to}`),
    ).sort();
    expect(moves).toEqual(
      [
        "lead verify verified",
        "lead drop revoked",
        "verified drop revoked",
        "rectification_ordered drop revoked",
        "verified order_rectification rectification_ordered",
        "lead confirm confirmed",
        "verified confirm confirmed",
        "rectification_ordered confirm confirmed",
        "lead notify stay",
        "verified notify stay",
        "lead hear stay",
        "verified hear stay",
        "confirmed deliver stay",
        "published deliver stay",
        "upheld deliver stay",
        "corrected deliver stay",
        "confirmed publish published",
        "confirmed dispute disputed",
        "published dispute disputed",
        "disputed uphold upheld",
        "disputed correct corrected",
        "disputed revoke revoked",
        "revoked withdraw stay",
        ...["confirmed", "published", "upheld", "corrected"].flatMap((state) => [
          `${state} revoke revoked`,
          `${state} apply_repair stay`,
          `${state} refuse_repair stay`,
          `${state} repair repaired`,
        ]),
      ].sort(),
    );
  });

  test("refuses every other move with the present state and what is possible", () => {
    for (const state of Object.keys(STATES) as (keyof typeof STATES)[]) {
      for (const name of EVENTS) {
        const record = { ...RECORD, state, repair_state: "applied" as const };
        const applied = applyEvent(record, { ...EVENT, event: name }, RULES);
        // The record is of a breach: it is confirmed after a refusal to rectify alone, and never a listing.
        const legal =
          (TRANSITIONS[name].from as readonly string[]).includes(state) &&
          !["notify", "hear", "deliver"].includes(name) &&
          (name !== "confirm" || state === "rectification_ordered");
        expect("refused" in applied, `${state} ${name}`).toBe(!legal);
        if (!("refused" in applied)) continue;
        expect(applied.refused.zh).toContain(`“${STATES[state].zh}”`);
        expect(applied.refused.en).toContain(`the record is ${STATES[state].en};`);
      }
    }
  });

  test("a judgment, a penalty or a sanction is confirmed as it is, without an order to rectify", () => {
    for (const record_type of ["judgment", "penalty", "discipline", "accountability"]) {
      const record = { ...RECORD, record_type, state: "verified" as const };
      const confirmed = applyEvent(record, { ...EVENT, event: "confirm" }, RULES);
      expect("record" in confirmed && confirmed.record.state).toBe("confirmed");
      const ordered = applyEvent(record, { ...EVENT, event: "order_rectification" }, RULES);
      expect("refused" in ordered).toBe(true);
    }
  });

  test("a decision that names a severity sets it; one that names none leaves it unset", () => {
    const record = { ...RECORD, record_type: "penalty", state: "verified" as const };
    const basis = (severity: string | null) => {
      const event = { ...EVENT, event: "confirm" as const, document_no: "决〔2026〕5号", severity };
      const applied = applyEvent(record, event, RULES);
      return "record" in applied ? applied.record.severity_basis : undefined;
    };
    expect(basis("serious")).toBe("决〔2026〕5号");
    expect(basis(null)).toBe(null);
  });

  test("a body is listed after it was told and heard, and the decision is delivered", () => {
    const start: RecordFacts = {
      ...RECORD,
      record_type: "listing",
      state: "verified",
      state_on: null,
    };
    const apply = (record: RecordFacts, event: RecordEvent["event"], on: string, more = {}) => {
      const full = { ...EVENT, event, occurred_at: `${on} 00:00:00`, note: null, ...more };
      const applied = applyEvent(record, full, RULES);
      return "record" in applied ? applied.record : applied.refused.en;
    };
    expect(apply(start, "confirm", "2026-05-04")).toContain("told in writing before it is listed");
    expect(apply(start, "hear", "2026-05-04")).toContain("was not told beforehand");
    const told = apply(start, "notify", "2026-05-04") as RecordFacts;
    expect(apply(told, "confirm", "2026-05-12")).toContain("has not stated its case");
    expect(apply(told, "confirm", "2026-05-12", { note: "期满未提出" })).toMatchObject({
      state: "confirmed",
    });
    const heard = apply(told, "hear", "2026-05-08") as RecordFacts;
    const decided = apply(heard, "confirm", "2026-05-12") as RecordFacts;
    const delivered = apply(decided, "deliver", "2026-05-15") as RecordFacts;
    expect(delivered).toMatchObject({
      state: "confirmed",
      notified_on: "2026-05-04",
      heard_on: "2026-05-08",
      decided_on: "2026-05-12",
      delivered_on: "2026-05-15",
    });
    // Skipped, out of order, twice, too soon, of another body.
    const silent = { note: "期满未提出" };
    expect(apply(told, "confirm", "2026-05-09", silent)).toContain("is not over");
    expect(apply(told, "confirm", "2026-05-10", silent)).toMatchObject({ state: "confirmed" });
    expect(apply(told, "hear", "2026-05-03")).toContain("was told on 2026-05-04");
    expect(apply(heard, "confirm", "2026-05-07")).toContain("was heard on 2026-05-08");
    expect(apply(told, "notify", "2026-05-20")).toContain("is not done twice");
    expect(apply(decided, "publish", "2026-05-13")).toContain("was not delivered");
    expect(apply(decided, "deliver", "2026-05-11")).toContain("since 2026-05-12");
    expect(apply(decided, "deliver", "2026-05-15", { entity_id: "D2" })).toContain("not of D2");
    expect(apply(delivered, "deliver", "2026-05-16")).toContain("is not done twice");
    expect(apply(delivered, "publish", "2026-05-16", { note: "确需公示" })).toMatchObject({
      state: "published",
    });
    // Late is not never: the limit is watched as a step, the delivery still counts.
    expect(apply(decided, "deliver", "2026-09-01")).toMatchObject({ delivered_on: "2026-09-01" });
    const revoked = apply(delivered, "revoke", "2026-06-01") as RecordFacts;
    expect(revoked).toMatchObject({ state: "revoked" });
    expect(apply(revoked, "withdraw", "2026-06-02")).toMatchObject({ state: "revoked" });
    expect(apply(revoked, "deliver", "2026-06-02")).toContain("the record is revoked");
    // An objection before the delivery does not stand in its way for ever.
    const upheld = { ...decided, state: "upheld" as const };
    expect(apply(upheld, "deliver", "2026-06-20")).toMatchObject({ delivered_on: "2026-06-20" });
  });

  test("the time to state its case is counted in working days", () => {
    // Before the National Day holidays of 2020: 9 and 10 October (a make-up Saturday), 12, 13 and 14 October.
    const pipeline = {
      pipeline: "tiny",
      rules: ["credit-repair"],
      calendar: "metrics/calendar/china.csv",
    };
    const rules = readPipelineRules(ROOT, pipeline as unknown as PipelineDefinition);
    const told = {
      ...RECORD,
      record_type: "listing",
      state: "verified" as const,
      state_on: null,
      notified_on: "2020-09-30",
    };
    const confirm = (day: string, by: RecordRules) => {
      const event = { ...EVENT, event: "confirm" as const, note: "期满未提出" };
      return applyEvent(told, { ...event, occurred_at: `${day} 00:00:00` }, by);
    };
    const early = confirm("2020-10-14", rules);
    expect("refused" in early && early.refused.zh).toContain("5个工作日，至2020-10-14）尚未届满");
    expect("refused" in confirm("2020-10-15", rules)).toBe(false);
    // Beyond the calendar it is told only what is certain: five working days are at least five days.
    const short = { ...rules, workingDays: [], calendarStart: undefined };
    expect("refused" in confirm("2020-10-05", short)).toBe(true);
    expect("refused" in confirm("2020-10-06", short)).toBe(false);
  });

  test("what has run out by itself is not repaired any more", () => {
    // Of 4 May 2026, general: published for a year at most by Order 36, to 4 May 2027.
    for (const event of ["apply_repair", "repair", "refuse_repair"] as const) {
      const at = (day: string) =>
        applyEvent(
          { ...RECORD, repair_state: "applied" },
          { ...EVENT, event, occurred_at: `${day} 00:00:00` },
          RULES,
        );
      expect("record" in at("2027-05-03"), event).toBe(true);
      const over = at("2027-05-04");
      expect("refused" in over && over.refused.en, event).toContain("nothing to repair");
    }
  });

  test.each([
    ["uphold", { document_no: null }, "disputed", "the document number is missing"],
    ["dispute", { responsible_id: null }, "published", "the body that must answer is missing"],
    ["correct", { severity: null }, "disputed", "what is corrected is missing"],
    [
      "apply_repair",
      { commitment_made: false },
      "published",
      "a public commitment was made is missing",
    ],
    ["dispute", { actor_body: "P1" }, "published", "it is for the body itself"],
    ["dispute", { entity_id: "D2" }, "published", "the record is of D1, not of D2"],
    ["dispute", { occurred_at: "2026-05-05 00:00:00" }, "published", "since 2026-05-06"],
    [
      "publish",
      { occurred_at: "2027-05-04 00:00:00" },
      "confirmed",
      "ended on 2027-05-04 (NDRC Order 36)",
    ],
    [
      "repair",
      { occurred_at: "2026-08-03 00:00:00" },
      "published",
      "the earliest day is 2026-08-04",
    ],
  ] as const)("refuses %s with %o", (event, but, state, sentence) => {
    const record = { ...RECORD, state, repair_state: "applied" as const };
    const applied = applyEvent(record, { ...EVENT, event, ...but }, RULES);
    expect("refused" in applied && applied.refused.en).toContain(sentence);
  });

  test("a repair needs an application, and a minor record a reason to be published", () => {
    const early = applyEvent(RECORD, { ...EVENT, event: "repair" }, RULES);
    expect("refused" in early && early.refused.en).toContain(
      "no application for repair is waiting",
    );
    const minor = { ...RECORD, severity: "minor", state: "confirmed" as const };
    const event = { ...EVENT, event: "publish" as const, occurred_at: "2026-05-07", note: null };
    const applied = applyEvent(minor, event, RULES);
    expect("refused" in applied && applied.refused.en).toContain("not published in principle");
  });
});

describe("what events make of records", () => {
  let store: Store;
  const record = (key: string, more: Record<string, unknown>) => ({
    record_key: key,
    entity_id: "D1",
    decided_on: "2018-03-01",
    state_on: "2018-03-01",
    source_id: "records",
    known_from: "2018-03-02 00:00:00",
    ...more,
  });
  let line = 0;
  const event = (of: string, name: string, on: string, more: Record<string, unknown> = {}) => {
    line += 1;
    return {
      record_key: `e${line}`,
      entity_id: "D1",
      of_record: of,
      event: name,
      occurred_at: `${on} 00:00:00`,
      actor_body: "D1",
      document_no: `no ${line}`,
      responsible_id: "P1",
      source_id: "events",
      line,
      valid_from: on,
      known_from: `${on} 12:00:00`,
      ...more,
    };
  };
  const scoring = async (asOf: string) => {
    await setAsOf(store, asOf);
    const rows = await store.rows<{ record_key: string; severity: string }>(
      `SELECT record_key, category AS severity FROM (${await indicator()}) ORDER BY record_key`,
    );
    return rows.map(({ record_key, severity }) => `${record_key} ${severity}`);
  };
  const stateOf = async (asOf: string, key: string) => {
    await setAsOf(store, asOf);
    const row = await store.row<{ state: string; state_on: string; ends: string }>(
      "SELECT state, CAST(state_on AS VARCHAR) AS state_on, CAST(publication_ends_on AS VARCHAR) AS ends FROM known.dishonesty_record WHERE record_key = $key",
      { key },
    );
    return row && `${row.state} ${row.state_on} ${row.ends}`;
  };
  const indicator = async () => {
    const { readIndicator } = await import("../../src/standard/indicator-file.ts");
    return readIndicator(
      join(ROOT, "metrics/indicators/A2/dishonesty-records.sql"),
      "A2/dishonesty-records",
    ).sql;
  };

  beforeAll(async () => {
    store = await openWorld({
      complaint: [{ record_key: "c", entity_id: "D1", received_at: "2018-03-05 09:00:00" }],
      dishonesty_record: [
        record("lead", { state: "lead", record_type: "breach" }),
        record("published", { state: "published" }),
        record("idle", { state: "published", decided_on: "2015-06-01", state_on: "2015-06-01" }),
      ],
      record_event: [
        event("lead", "confirm", "2018-03-05"),
        event("lead", "verify", "2018-04-02"),
        event("lead", "order_rectification", "2018-04-10"),
        event("lead", "confirm", "2018-05-03"),
        event("published", "dispute", "2018-05-07"),
        event("published", "correct", "2018-05-09", {
          severity: "minor",
          known_from: "2018-06-20 00:00:00",
        }),
        event("nowhere", "verify", "2018-05-09"),
      ],
    });
    const context = { store, workspace: ROOT, pipeline: { rules: ["credit-repair"] } };
    expect(await settleRecords(context as unknown as Context)).toEqual({ events: 7, illegal: 2 });
  });
  afterAll(() => store.close());

  test("a complaint never scores, a lead only from its confirmation on and not by an illegal one", async () => {
    expect(await scoring("2018-05-03 11:00:00")).toEqual(["idle class_2", "published class_2"]);
    expect(await scoring("2018-05-03 12:00:00")).toEqual([
      "idle class_2",
      "lead class_2",
      "published class_2",
    ]);
    expect(await stateOf("2018-05-03 12:00:00", "lead")).toBe("confirmed 2018-05-03 2021-05-03");
  });

  test("an objection and its decision count from when they were known", async () => {
    expect(await stateOf("2018-05-07 11:59:59", "published")).toBe(
      "published 2018-03-01 2021-03-01",
    );
    expect(await stateOf("2018-06-19 00:00:00", "published")).toBe(
      "disputed 2018-05-07 2021-03-01",
    );
    expect(await stateOf("2018-06-20 00:00:00", "published")).toBe(
      "corrected 2018-05-09 2021-03-01",
    );
    expect(await scoring("2018-06-20 00:00:00")).toContain("published class_1");
  });

  test("publication ends on its day without anybody's doing", async () => {
    expect(await stateOf("2018-05-31 23:59:59", "idle")).toBe("published 2015-06-01 2018-06-01");
    expect(await stateOf("2018-06-01 00:00:00", "idle")).toBe("expired 2018-06-01 2018-06-01");
  });

  test("illegal events are set aside with the reason, and the steps have their deadlines", async () => {
    await setAsOf(store, "2018-07-10 00:00:00");
    const aside = await store.rows<{ value: string; message_en: string }>(
      "SELECT value, message_en FROM quarantine.row WHERE reason = 'illegal-event' ORDER BY value",
    );
    expect(aside.map(({ value }) => value)).toEqual(["e1", "e7"]);
    expect(aside[0]?.message_en).toContain("the record is a lead; possible are: verify, drop");
    expect(
      await store.rows(
        "SELECT step, responsible_id, CAST(begun_on AS VARCHAR) AS begun, CAST(due_on AS VARCHAR) AS due, CAST(done_on AS VARCHAR) AS done FROM known.record_step",
      ),
    ).toEqual([
      {
        step: "answer",
        responsible_id: "P1",
        begun: "2018-05-07",
        due: "2018-05-10",
        done: "2018-05-09",
      },
    ]);
  });

  test("what arrives later changes nothing of what was known", async () => {
    const before = await stateOf("2018-05-08 00:00:00", "published");
    await insertRows(store, {
      record_event: [
        event("published", "uphold", "2018-05-08", { known_from: "2018-07-01 00:00:00" }),
      ],
    });
    const context = { store, workspace: ROOT, pipeline: { rules: ["credit-repair"] } };
    await settleRecords(context as unknown as Context);
    expect(await stateOf("2018-05-08 00:00:00", "published")).toBe(before);
    // The earlier decision holds from then on, and the later one has nothing left to correct.
    expect(await stateOf("2018-07-01 00:00:00", "published")).toBe("upheld 2018-05-08 2021-03-01");
  });
});
