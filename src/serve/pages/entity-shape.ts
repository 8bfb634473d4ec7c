import { z } from "zod";
import { bilingual, dimensionScore, grade, standing } from "./shapes.ts";

/** What an entity's page says. */
export const entityData = z.object({
  standing,
  level_title: bilingual,
  peer_class_title: bilingual,
  grades: z.array(grade),
  parent: z.object({ entity_id: z.string(), name: bilingual }).nullable(),
  children: z.array(standing),
  veto_title: bilingual.nullable(),
  history: z.array(
    z.object({
      period: z.string(),
      score: z.number().nullable(),
      rank: z.number().nullable(),
      ranked_of: z.number().nullable(),
      grade: z.string().nullable(),
    }),
  ),
  dimensions: z.array(
    dimensionScore.extend({
      median: z.number().nullable().describe("of the peer class"),
      points: z.number(),
      points_previous: z.number().nullable(),
    }),
  ),
  others: z
    .array(
      z.object({
        kind: z.string(),
        id: z.string(),
        title: bilingual,
        points: z.number(),
        points_previous: z.number().nullable(),
      }),
    )
    .describe("deductions, bonuses and limits; with the dimensions they add up to the score"),
  change: z
    .object({
      from: z.string(),
      to: z.string(),
      periods: z.array(z.string()).describe("periods that can be compared with"),
      score_from: z.number(),
      score_to: z.number(),
      steps: z.array(
        z.object({
          kind: z.string(),
          id: z.string(),
          title: bilingual,
          before: z.number(),
          after: z.number(),
          change: z.number(),
        }),
      ),
    })
    .nullable()
    .describe("the changes of all steps add up to the movement of the score exactly"),
  indicators: z.array(
    z.object({
      id: z.string(),
      title: bilingual,
      unit: bilingual,
      clause: z.string().nullable(),
      state: z.string(),
      numerator: z.number().nullable(),
      denominator: z.number().nullable(),
      value: z.number().nullable(),
      score: z.number().nullable(),
      sample_size: z.number(),
      excluded: z.number(),
      undelivered: z.number(),
      weight: z.number().nullable().describe("share of the index, after reweighting"),
      lost: z.number().nullable().describe("points of the index lost against a full score"),
      on_commitments: z.boolean(),
      categories: z.array(z.object({ category: z.string(), title: bilingual, points: z.number() })),
    }),
  ),
  records: z.array(
    z.object({
      kind: z.string(),
      rule: z.string(),
      title: bilingual,
      record: z.string().describe("– where its publication is over by today"),
      occurred_on: z.string().nullable(),
      points: z.number().nullable(),
      place: z.string(),
    }),
  ),
  dishonesty_records: z
    .array(z.record(z.string(), z.unknown()))
    .describe("rows of the published table dishonesty_record whose publication is not over today"),
  warnings: z.array(
    z.object({
      warnings_id: z.string(),
      title: bilingual,
      course: z.array(z.object({ period: z.string(), level: z.string() })),
      reason: bilingual,
      rating: z.string().nullable(),
      episodes: z.array(
        z.object({
          rule_id: z.string(),
          title: bilingual,
          began: z.string(),
          ended: z.string().nullable(),
          level: z.string(),
          message: bilingual,
        }),
      ),
    }),
  ),
});

export type EntityData = z.infer<typeof entityData>;
