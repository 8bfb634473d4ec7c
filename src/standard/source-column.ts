import { z } from "zod";
import { UNITS } from "./units.ts";

/** A regular expression (RE2 when it runs in SQL: no look-around, no back-references). */
export const pattern = z.string().refine(isPattern, "not a regular expression");
export const names = z.union([z.string(), z.array(z.string()).min(1)]);

/** Source column to the values it must have; "" is empty. Of a JSON path that chooses elements one must have them. */
export const conditions = z.record(z.string(), z.array(z.string()).min(1));

const cases = z
  .array(
    z.strictObject({
      when: z.union([conditions, z.array(conditions).min(1)]),
      is: z.string().min(1),
    }),
  )
  .min(1);

/** What one core column is taken from, and how. */
export const column = z.strictObject({
  /**
   * Column as the source names it, or several names it has had over the years (the first present in a file is taken); a dotted path for JSON, as contracts.documents[0].url.
   * A JSON path may choose elements of a list: contracts.documents[documentType=contractSigned].url by a field's value,
   * awards[id=$contracts.awardID].date by the value at another path of the row, transactions[*].value.amount all of them.
   */
  from: names.optional(),
  /** Of several elements that a JSON path chooses: the first (unless said otherwise) or last that is not empty, the least, the greatest, or the sum. */
  pick: z.enum(["first", "last", "min", "max", "sum"]).optional(),
  /** Or: several columns, of which the first that is not empty in the row is taken. */
  first_of: z.array(z.string()).min(2).optional(),
  /** Or, when no name of `from` is there: a pattern on the column's name, as "^\\d{4} Population$". */
  matching: pattern.optional(),
  /** Or: a pattern on the file's name; the value is the template with $1, $2 … filled by its groups, else the first group. */
  file: pattern.optional(),
  /** With `file`: see there. Alone: a text with source columns in it, as "${ocid}/${contracts.id}"; empty when one of them is. */
  template: z.string().optional(),
  /** Or: the same value for every row. */
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** Only in rows whose source columns all have one of the values, or that fulfil one of several such conditions; empty in all others. So a name goes to core only where it is an organisation's. */
  when: z.union([conditions, z.array(conditions).min(1)]).optional(),
  /** Only in rows in which a sum has reached a number: the day of the last payment once all is paid. */
  once: z.strictObject({ sum: z.string(), reaches: z.string() }).optional(),
  /** What the column is where something else decides: core values, of which the first whose condition holds is taken; where none holds, the column says it itself. */
  cases: cases.optional(),
  /** Core value taken when the source's value is empty. */
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** Texts that mean "empty", as "-" or "NULL"; the empty text always does. */
  empty: z.array(z.string()).optional(),
  /** Keeps only what the first group of the pattern matches; empty when it does not match. */
  extract: pattern.optional(),
  /** strptime formats tried in order, for what may be read in several ways or has no day; what says its year, month and day in this order is read without. */
  formats: z.array(z.string()).optional(),
  /** Five digits are the number of a day as spreadsheets count them from 1900. */
  excel_serial: z.boolean().optional(),
  /** Unit in which the source writes the number; converted to the core column's base unit. */
  unit: z
    .string()
    .refine((unit) => unit in UNITS, "unknown unit")
    .optional(),
  /** Of money: the source column that says the currency. Without it what stands beside an amount in JSON (value.amount, value.currency), else the core column currency, else the pipeline's. */
  currency: z.string().optional(),
  /** Of money in another currency: the core columns of days, of which the first that is filled tells the rate; else valid.from. */
  on: z.array(z.string()).min(1).optional(),
  /** Code list: source value to core value, inline or the name of a file in pipelines/codes/. */
  codes: z.union([z.string(), z.record(z.string(), z.union([z.string(), z.boolean()]))]).optional(),
  /** What a value outside the code list does: the row is quarantined, the value is dropped with a flag, or kept with a flag. */
  unknown: z.enum(["quarantine", "drop", "keep"]).default("quarantine"),
  /** Look the value up among the codes and names of entities, in force on the row's valid_from day, scheme by scheme; the core column gets the entity_id. Without it, entity_id of a record is looked up as [local]. */
  entity: z.array(z.enum(["gb2260", "uscc", "name", "local"])).optional(),
  /** Check characters to verify; a failure is flagged, not refused. */
  check: z.enum(["uscc"]).optional(),
  /** Personal data: kept in the restricted table; the core column (a *_ref) holds a pseudonym. */
  person: z.strictObject({ role: z.string(), field: z.string() }).optional(),
  required: z.boolean().optional(),
  /** Files without the column are taken all the same: they do not deliver it, which is not the same as empty. */
  optional: z.boolean().optional(),
  /** That no record of the source has a value means that nothing of the kind happened, not that the column is not delivered. */
  may_be_empty: z.literal(true).optional(),
  min: z.union([z.string(), z.number()]).optional(),
  max: z.union([z.string(), z.number()]).optional(),
});

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
