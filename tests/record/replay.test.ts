import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { findPublicity } from "../../src/record/periods.ts";
import {
  type Known,
  replayRecord,
  type ToldEvent,
  type ToldRecord,
} from "../../src/record/replay-record.ts";
import { settleRecords } from "../../src/record/settle.ts";
import { EVENTS } from "../../src/record/transitions.ts";
import { readRecordRules } from "../../src/standard/record-rules.ts";
import { openWorld } from "../measure/small-world.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const RULES = readRecordRules(ROOT, ["credit-repair"]);
const day = (from: string, days: number) =>
  new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Versions of one record, each ending where the next begins. */
const told: fc.Arbitrary<ToldRecord[]> = fc
  .uniqueArray(
    fc.record({
      at: fc.integer({ min: 0, max: 60 }),
      state: fc.constantFrom("lead", "verified", "confirmed", "published", "disputed", "repaired"),
      since: fc.integer({ min: 0, max: 30 }),
    }),
    { selector: ({ at }) => at, minLength: 1, maxLength: 3 },
  )
  .map((versions) =>
    versions
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, state, since }, place, all) => ({
        source_id: "s",
        entity_id: "D1",
        record_type: "breach",
        severity: "general",
        measure: null,
        document_no: null,
        issuing_body: null,
        decided_on: "2018-01-01",
        act_ended_on: null,
        state,
        state_on: day("2018-01-01", Math.min(since, at)),
        published_on: null,
        repaired_on: null,
        objection_filed_on: null,
        objection_answered_on: null,
        obligation_amount: null,
        repair_state: null,
        known_from: day("2018-01-01", at),
        known_to: all[place + 1] ? day("2018-01-01", (all[place + 1] as { at: number }).at) : null,
      })),
  ) as fc.Arbitrary<ToldRecord[]>;

const events: fc.Arbitrary<ToldEvent[]> = fc
  .array(
    fc.record({
      event: fc.constantFrom(...EVENTS),
      on: fc.integer({ min: 0, max: 150 }),
      late: fc.integer({ min: 0, max: 40 }),
      own: fc.boolean(),
      line: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 8 },
  )
  .map((list) =>
    list.map(({ event, on, late, own, line }, place) => ({
      source_id: "e",
      event_key: `k${place}`,
      of_source: null,
      line,
      event,
      entity_id: "D1",
      occurred_at: `${day("2018-01-01", on)} 00:00:00`,
      actor_body: own ? "D1" : "office",
      document_no: "1",
      responsible_id: "P1",
      severity: "minor",
      act_ended_on: null,
      obligation_amount: null,
      correction_done: true,
      commitment_made: true,
      other_body_checks: null,
      note: "why",
      known_from: day("2018-01-01", on + late),
      known_to: null,
    })),
  );

/** What is told at a time, without saying until when. */
function at<T extends Known>(spans: readonly T[], time: string): string[] {
  return spans
    .filter(
      ({ known_from, known_to }) => known_from <= time && (known_to === null || known_to > time),
    )
    .map(({ known_from, known_to, ...says }) => JSON.stringify(says))
    .sort();
}

describe("for random histories", () => {
  test("what is known at a time is the same whether what came later is there or not", () => {
    fc.assert(
      fc.property(told, events, fc.integer({ min: 0, max: 190 }), (versions, list, cut) => {
        const time = day("2018-01-01", cut);
        const then = <T extends Known>(all: readonly T[]) =>
          all.filter((one) => one.known_from <= time);
        const whole = replayRecord(versions, list, RULES);
        const cutOff = replayRecord(
          then(versions).map((one) => ({
            ...one,
            known_to: one.known_to !== null && one.known_to <= time ? one.known_to : null,
          })),
          then(list),
          RULES,
        );
        expect(at(whole.records, time)).toEqual(at(cutOff.records, time));
        expect(at(whole.verdicts, time)).toEqual(at(cutOff.verdicts, time));
      }),
      { numRuns: 500 },
    );
  });

  test("the order of arrival leaves no trace, and every event is judged at every time", () => {
    fc.assert(
      fc.property(told, events, (versions, list) => {
        const one = replayRecord(versions, list, RULES);
        const other = replayRecord(versions.toReversed(), list.toReversed(), RULES);
        for (const time of [...new Set(list.map(({ known_from }) => known_from))]) {
          expect(at(other.records, time)).toEqual(at(one.records, time));
          expect(at(other.verdicts, time)).toEqual(at(one.verdicts, time));
          const known = list.filter(({ known_from }) => known_from <= time);
          expect(at(one.verdicts, time)).toHaveLength(known.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});

test("the database ends publication on the day the rules of src/record say", async () => {
  const rows = fc
    .sample(
      fc.record({
        record_type: fc.constantFrom("breach", "judgment_debtor", "discipline"),
        severity: fc.constantFrom("minor", "general", "serious"),
        decided: fc.integer({ min: 0, max: 4500 }),
        before: fc.option(fc.integer({ min: 0, max: 2500 }), { nil: null }),
        measure: fc.constantFrom(null, "warning", "demerit", "major_demerit", "demotion"),
      }),
      { numRuns: 400, seed: 36 },
    )
    .map(({ decided, before, ...row }, place) => ({
      ...row,
      record_key: `r${place}`,
      entity_id: "D1",
      decided_on: day("2017-01-01", decided),
      act_ended_on: before === null ? null : day("2017-01-01", decided - before),
    }));
  const store = await openWorld({ dishonesty_record: rows }, { asOf: "2026-06-15 00:00:00" });
  await settleRecords({
    store,
    workspace: ROOT,
    pipeline: { rules: ["credit-repair"] },
  } as unknown as Context);
  const found = await store.rows<Record<string, string | null>>(
    `SELECT record_key, CAST(publication_ends_on AS VARCHAR) AS ends, publication_ends_by AS by, CAST(earliest_repair_on AS VARCHAR) AS earliest, state
     FROM known.dishonesty_record`,
  );
  store.close();
  const byKey = new Map(found.map((one) => [one.record_key, one]));
  expect(byKey.size).toBe(rows.length);
  for (const row of rows) {
    const { endsOn, endsBy, earliestRepair, mayBePublished } = findPublicity(
      row,
      "2026-06-15",
      RULES,
    );
    expect(byKey.get(row.record_key), JSON.stringify(row)).toEqual({
      record_key: row.record_key,
      ends: endsOn,
      by: endsBy,
      earliest: earliestRepair,
      state: mayBePublished === "over" ? "expired" : "published",
    });
  }
});
