import { z } from "zod";
import { audience } from "../standard/audience.ts";

const text = z.string();
const maybe = z.string().nullable();
const number = z.number().nullable();
const bilingual = z.strictObject({ zh: text, en: text });

/** A credit report as JSON; docs/credit-report.md describes it. Days are ISO dates, times civil times of the jurisdiction. */
export const creditReportSchema = z.strictObject({
  format: z.literal("zhengxin credit report 1"),
  period: z.strictObject({ id: text, starts_on: text, ends_on: text }),
  /** Nothing known later counts; also the time the report is dated. */
  as_of: text,
  run: text,
  pipeline: text,
  jurisdiction: text,
  synthetic: z.boolean(),
  standard: z.strictObject({ id: text, version: text, title: bilingual.nullable() }),
  /** For whose eyes the edition is that it was made from; null where the month does not tell. */
  audience: audience.nullable(),
  /** Laws that its figures rest on by analogy; null where the month does not tell. */
  by_analogy: z.array(bilingual).nullable(),
  identity: z.strictObject({
    entity_id: text,
    level: text,
    kind: maybe,
    name: bilingual,
    parent: z.strictObject({ entity_id: text, name: bilingual }).nullable(),
    division_code: maybe,
    uscc: maybe,
    valid_from: maybe,
    valid_to: maybe,
    /** Other codes and names it answers to, or has answered to. */
    codes: z.array(
      z.strictObject({ code: text, scheme: text, valid_from: maybe, valid_to: maybe }),
    ),
  }),
  /** Null when the body is not scored in the period. */
  standing: z
    .strictObject({
      peer_class: text,
      ranked: z.boolean(),
      score: number,
      rank: number,
      ranked_of: number,
      rank_range: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
      grade: maybe,
      grade_title: bilingual.nullable(),
      grade_colour: maybe,
      grade_before_veto: maybe,
      vetoed_by: maybe,
      coverage: z.number(),
      reason: bilingual,
    })
    .nullable(),
  /** Oldest first. */
  history: z.array(
    z.strictObject({
      period: text,
      score: number,
      rank: number,
      ranked_of: number,
      grade: maybe,
    }),
  ),
  /** Their points add up to the score exactly. */
  contributions: z.array(
    z.strictObject({
      kind: text,
      id: text,
      title: bilingual,
      points: z.number(),
      points_previous: number,
      state: maybe,
      value: number,
      unit: bilingual.nullable(),
    }),
  ),
  /** Records of the body that are under publication at the as-of time, the newest first. */
  records: z.array(
    z.strictObject({
      record_key: text,
      record_type: text,
      /** Null where neither a law nor the decision sets it. */
      severity: maybe,
      field: maybe,
      document_no: maybe,
      issuing_body: maybe,
      decided_on: text,
      published_on: maybe,
      state: text,
      state_on: maybe,
      disputed: z.boolean(),
      objection_filed_on: maybe,
      objection_answered_on: maybe,
      repair_state: maybe,
      publication_ends_on: maybe,
      /** The rule by which it ends. */
      publication_basis: bilingual.nullable(),
      found_at: maybe,
    }),
  ),
  record_counts: z.array(z.strictObject({ state: text, severity: maybe, count: z.number() })),
  /** What happened to records: confirmations, objections and their outcomes, repairs. */
  record_events: z.array(
    z.strictObject({
      record_key: text,
      event: text,
      state_before: maybe,
      state_after: maybe,
      occurred_at: text,
      document_no: maybe,
      actor_body: maybe,
      /** Who that is, by name; null where nobody is told. */
      actor: bilingual.nullable(),
    }),
  ),
  /** Lists the body is on and restrictions it is under. */
  lists: z.array(
    z.strictObject({
      list_id: text,
      kind: text,
      field: maybe,
      title: bilingual,
      effect: bilingual,
      article: bilingual,
      reason: bilingual,
      since: text,
      until: maybe,
      ends: text,
      disputed: z.boolean(),
      record_key: maybe,
      document_no: maybe,
    }),
  ),
  /** Due in the standard's window up to the period's end, by kind. */
  commitments: z.array(
    z.strictObject({
      kind: text,
      due: z.number(),
      on_time: z.number(),
      late: z.number(),
      broken: z.number(),
      withdrawn: z.number(),
      overdue: z.number(),
      not_yet_due: z.number(),
    }),
  ),
  /** Warnings that stand above green. */
  warnings: z.array(
    z.strictObject({
      warnings_id: text,
      rule_id: text,
      title: bilingual,
      level: text,
      began: text,
      message: bilingual,
    }),
  ),
  ratings: z.array(
    z.strictObject({
      rater: text,
      score: number,
      score_max: number,
      grade: maybe,
      rated_on: text,
      published_on: maybe,
    }),
  ),
  /** How far each rater agrees with us over all bodies of the level: Spearman's rank correlation; null below three bodies. */
  rating_agreement: z.array(z.strictObject({ rater: text, bodies: z.number(), spearman: number })),
});

export type CreditReport = z.infer<typeof creditReportSchema>;
