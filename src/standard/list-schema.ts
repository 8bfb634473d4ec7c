import { z } from "zod";
import { audience } from "./audience.ts";
import { bilingual } from "./bilingual.ts";
import { numbers } from "./standard-origin.ts";

const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only");

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write the day as 2020-12-31");

/** What a list is for. */
export const LIST_KINDS = ["red", "black", "honours", "incentive", "demonstration"] as const;

/** The four fields in which seriously dishonest bodies are restricted (clause A6). */
export const RESTRICTED_FIELDS = ["approval", "procurement", "tender", "special_funds"] as const;
export type RestrictedField = (typeof RESTRICTED_FIELDS)[number];

export const SEVERITIES = ["minor", "general", "serious"] as const;
export const RECORD_TYPES = [
  "violation",
  "breach",
  "judgment",
  "judgment_debtor",
  "penalty",
  "discipline",
  "accountability",
  "listing",
] as const;

/** Records that count: of these severities, types and fields, decided in so many months up to the period's end. */
const records = z.strictObject({
  severities: z.array(z.enum(SEVERITIES)).min(1).optional(),
  types: z.array(z.enum(RECORD_TYPES)).min(1).optional(),
  fields: z.array(z.string()).min(1).optional(),
  within_months: z.number().int().positive().optional(),
});

/** Everything that is given must hold. */
const condition = z
  .strictObject({
    /** There are at least so many such records; each of them is an entry. */
    records: records.extend({ at_least: z.number().int().min(1).default(1) }).optional(),
    /**
     * A decision in force lists the body: a record of one of these types that names its document; one of the type `listing`
     * also the days on which the body was told, heard (or let the time pass) and given the decision.
     */
    decision: z
      .strictObject({ types: z.array(z.enum(["listing", "judgment_debtor"])).min(1) })
      .optional(),
    /** There is no such record. */
    without_records: records.optional(),
    /** The grade, after vetoes, is one of these. */
    grades: z.array(z.string()).min(1).optional(),
    /** So many periods in a row up to this one, where `grades` must hold in each of them. */
    periods: z.number().int().min(1).default(1),
    /** Among the first of the peer class; equal ranks count as one. */
    first: z.number().int().min(1).optional(),
    /** Vetoes of the standard, of which one lowered the grade. */
    vetoes: z.array(z.string()).min(1).optional(),
    /** Assessed values of indicators within their bounds, both ends inside. */
    indicators: z
      .array(
        z
          .strictObject({
            indicator: z.string(),
            at_least: z.number().optional(),
            at_most: z.number().optional(),
          })
          .refine((one) => one.at_least !== undefined || one.at_most !== undefined, {
            message: 'give "at_least" or "at_most"',
          }),
      )
      .min(1)
      .optional(),
    /** On a list above this one in the file; the entry takes over what put the body there. */
    on_list: identifier.optional(),
    /** On none of these lists, which stand above this one in the file. */
    off_lists: z.array(identifier).min(1).optional(),
  })
  .refine(
    ({ records: own, decision, grades, first, vetoes, indicators, on_list }) =>
      [own, decision, grades, first, vetoes, indicators, on_list].some((one) => one !== undefined),
    { message: "says only what must not be; say what puts a body on the list" },
  );

const rule = numbers({
  id: identifier,
  title: bilingual,
  /** The article it follows from, where it is another than that of the list. */
  article: bilingual.optional(),
  when: condition,
  /**
   * Until when: `repair` (until the record is repaired, revoked or expires), `next_list` (until the next period's
   * list), or so many months after the record's document, or after the period for entries without a record.
   */
  until: z.union([
    z.enum(["repair", "next_list"]),
    z.strictObject({ months: z.number().int().positive() }),
  ]),
});

const shared = {
  /** Levels of bodies that may be on it. */
  levels: z.array(z.string()).min(1),
  /** The article of the policy it carries out. */
  article: bilingual,
  /** What follows from being on it. */
  effect: bilingual,
  rules: z.array(rule).min(1),
  /** For whom it is, its entries and their reasons; default public. */
  audience: audience.optional(),
  /** It may be drawn up where or when a law it rests on does not bind; what is published then says so. */
  by_analogy: z.literal(true).optional(),
};

export const listSchema = z.strictObject({
  lists_id: identifier,
  version: z.string().min(1),
  title: bilingual,
  /** First and last day of the periods for which lists are drawn up by these rules. */
  effective: z.strictObject({ from: day, to: day.optional() }).optional(),
  lists: z
    .array(
      z.strictObject({ id: identifier, kind: z.enum(LIST_KINDS), title: bilingual, ...shared }),
    )
    .min(1),
  restrictions: z
    .array(z.strictObject({ field: z.enum(RESTRICTED_FIELDS), title: bilingual, ...shared }))
    .default([]),
});

export type ListFile = z.infer<typeof listSchema>;
export type ListRule = z.infer<typeof rule>;
export type ListCondition = z.infer<typeof condition>;
export type RecordTerms = z.infer<typeof records>;
