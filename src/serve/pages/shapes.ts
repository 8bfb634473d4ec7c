import { z } from "zod";

/** Shapes of what pages say as JSON; the OpenAPI document is made from them. */
export const bilingual = z.object({ zh: z.string(), en: z.string() });

export const grade = z.object({
  id: z.string(),
  title: bilingual,
  colour: z.string(),
  from: z.number().nullable(),
  below: z.number().nullable(),
});

const interval = z.object({ low: z.number(), high: z.number() });

export const standing = z.object({
  entity_id: z.string(),
  name: bilingual,
  parent_id: z.string().nullable(),
  level: z.string(),
  peer_class: z.string(),
  state: z.string(),
  rank: z.number().nullable(),
  ranked_of: z.number().nullable(),
  score: z.number().nullable(),
  grade: z.string().nullable(),
  grade_before_veto: z.string().nullable(),
  vetoed_by: z.string().nullable(),
  coverage: z.number(),
  rank_range: z
    .object({
      median: z.number(),
      low: z.number(),
      high: z.number(),
      top_three: z.number(),
      bottom_three: z.number(),
      above_next: z.number().nullable(),
      data: interval.nullable(),
      choices: interval.nullable(),
    })
    .nullable()
    .describe("5 % to 95 % interval of the rank over other weights, methods and counts"),
  rank_previous: z.number().nullable(),
  score_previous: z.number().nullable(),
  rank_last_year: z.number().nullable(),
  score_last_year: z.number().nullable(),
  reason: bilingual,
  history: z.array(z.number().nullable()).describe("score of each of `periods`"),
});
export type StandingRow = z.infer<typeof standing>;

export const dimensionScore = z.object({
  id: z.string(),
  title: bilingual,
  weight: z.number(),
  score: z.number().nullable(),
});

export const alert = z.object({
  entity_id: z.string(),
  name: bilingual,
  warnings_id: z.string(),
  rule_id: z.string(),
  title: bilingual,
  part: z.string(),
  kind: z.string(),
  level: z.string(),
  began: z.string(),
  expected: z.string().nullable(),
  value: z.number().nullable(),
  line: z.number().nullable(),
  message: bilingual,
});
export type AlertRow = z.infer<typeof alert>;

export const levelTitle = z.object({ level: z.string(), title: bilingual, bodies: z.number() });
