import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { isThere, readText } from "../whole-file.ts";
import { type Bilingual, bilingual } from "./bilingual.ts";
import { numbers } from "./standard-origin.ts";
import { DefinitionError, type Fault, parseYaml, type YamlDocument } from "./yaml-document.ts";

const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only");
const day = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}$/,
    "write the day in quotes or bare as 2026-04-01, with two digits each",
  );
const count = z.number().int().min(0);

/** What every rule says of itself; it holds for days in [from, to). */
const dated = {
  id: identifier,
  title: bilingual,
  from: day.optional(),
  to: day.optional(),
};

export const SEVERITIES = ["minor", "general", "serious"] as const;
export const MEASURES = ["warning", "demerit", "major_demerit", "demotion", "dismissal"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** How grave a record is, in words; said only where a law or the decision sets it. */
export const SEVERITY_NAMES: Readonly<Record<Severity, Bilingual>> = {
  minor: { zh: "轻微", en: "minor" },
  general: { zh: "一般", en: "ordinary" },
  serious: { zh: "严重", en: "serious" },
};
export type Measure = (typeof MEASURES)[number];

const publicityPeriod = z.strictObject({
  /** always: published as a matter of course; if_needed: only with a reason. */
  publish: z.enum(["always", "if_needed"]),
  /** Calendar months from the document's date before which it cannot be repaired. */
  min_months: count,
  /** Calendar months from the document's date after which it is no longer published. */
  max_months: z.number().int().positive(),
});

const schema = z.strictObject({
  rules: identifier,
  version: z.string().min(1),
  title: bilingual,
  /** How long a record is published, by the date of its document. */
  publication: z
    .array(
      numbers({
        ...dated,
        /** Record types that have a rule of their own, as the court's list. */
        except_types: z.array(z.string()).default([]),
        severities: z.strictObject({
          minor: publicityPeriod,
          general: publicityPeriod,
          serious: publicityPeriod,
        }),
      }),
    )
    .default([]),
  /** The longest a record may be disclosed, from the end of the act; by the date of its document. */
  caps: z
    .array(
      numbers({
        ...dated,
        except_types: z.array(z.string()).default([]),
        months: z.number().int().positive(),
      }),
    )
    .default([]),
  /** Working days for the steps of an objection, by the day on which it was filed (or decided). */
  objections: z
    .array(
      numbers({
        ...dated,
        answer_working_days: z.number().int().positive(),
        /** When another body must check. */
        answer_with_other_body: z.number().int().positive(),
        /** To withdraw a record whose document was revoked, and report it. */
        withdraw_working_days: z.number().int().positive(),
      }),
    )
    .default([]),
  /** Record types whose severity a law itself sets; elsewhere it is set by the decision or by nobody. */
  classes: z.array(numbers({ ...dated, types: z.array(z.string()).min(1) })).default([]),
  /** Records that are not entered at all, by type and by severity or procedure. */
  exclusions: z
    .array(
      numbers({
        ...dated,
        types: z.array(z.string()).min(1),
        severities: z.array(z.enum(SEVERITIES)).default([]),
        procedures: z.array(z.enum(["summary", "ordinary"])).default([]),
      }),
    )
    .default([]),
  /** Working days before and after the decision that puts a body on a list, by the day of the step before. */
  listings: z
    .array(
      numbers({
        ...dated,
        /** From the notice, to state its case. */
        statement_working_days: z.number().int().positive(),
        /** From the decision, until it is delivered. */
        delivery_working_days: z.number().int().positive(),
      }),
    )
    .default([]),
  /** Calendar months for which a sanction of an official lasts, by the date of its document. */
  disciplines: z
    .array(
      numbers({
        ...dated,
        months: z.strictObject(
          Object.fromEntries(MEASURES.map((name) => [name, z.number().int().positive()])) as Record<
            Measure,
            z.ZodNumber
          >,
        ),
      }),
    )
    .default([]),
});

export type RuleFile = z.infer<typeof schema>;
export type PublicationRule = RuleFile["publication"][number];
export type CapRule = RuleFile["caps"][number];
export type ObjectionRule = RuleFile["objections"][number];
export type DisciplineRule = RuleFile["disciplines"][number];

/** The dated rules of a pipeline, those of all its files together. */
export interface RecordRules {
  readonly publication: readonly PublicationRule[];
  readonly caps: readonly CapRule[];
  readonly objections: readonly ObjectionRule[];
  readonly disciplines: readonly DisciplineRule[];
  readonly classes: RuleFile["classes"];
  readonly exclusions: RuleFile["exclusions"];
  readonly listings: RuleFile["listings"];
  /** Working days of the pipeline's calendar, in order, and the first day it knows; absent where rules are read without a pipeline. */
  readonly workingDays?: readonly string[] | undefined;
  readonly calendarStart?: string | undefined;
}

/** A rule by its title; one that is applied to days before its law was in force says 参照 (by analogy). */
export function nameRule(rules: RecordRules, id: string): Bilingual {
  const all = LISTS.flatMap((list) => [...rules[list]]);
  const rule = all.find((one) => one.id === id);
  if (!rule) return { zh: id, en: id };
  const { title, by_analogy } = rule;
  return by_analogy ? { zh: `参照${title.zh}`, en: `by analogy, ${title.en}` } : title;
}

/** Every rule by its id, as nameRule names it. */
export function nameRules(rules: RecordRules) {
  return LISTS.flatMap((list) => [...rules[list]]).map(({ id }) => ({
    rule_id: id,
    ...nameRule(rules, id),
  }));
}

const LISTS = [
  "publication",
  "caps",
  "objections",
  "disciplines",
  "classes",
  "exclusions",
  "listings",
] as const;

/**
 * Reads metrics/rules/<id>.yaml.
 * @throws DefinitionError naming line and column of every fault: an unknown key, a number without its origin, ranges of days
 * that overlap or leave a gap, a shortest period longer than the longest
 */
export function readRuleFile(workspace: string, id: string): RuleFile & { readonly hash: string } {
  const file = join(workspace, "metrics", "rules", `${id}.yaml`);
  if (!isThere(file)) {
    throw new Error(
      `There are no rules "${id}": metrics/rules has no ${id}.yaml. Write it, or name another in the pipeline.`,
    );
  }
  const text = readText(file);
  const document = parseYaml(text, file, schema);
  const faults = findFaults(document, id);
  if (faults.length > 0) throw new DefinitionError(faults);
  return { ...document.value, hash: createHash("sha256").update(text).digest("hex") };
}

/** The rules a pipeline names, together with a hash of their files; none: no record ends by itself, and no step has a deadline. */
export function readRecordRules(
  workspace: string,
  ids: readonly string[] = [],
): RecordRules & { readonly hash: string } {
  const files = ids.map((id) => readRuleFile(workspace, id));
  const gather = <K extends (typeof LISTS)[number]>(key: K) =>
    files.flatMap((file) => file[key] as RuleFile[K][number][]);
  return {
    publication: gather("publication"),
    caps: gather("caps"),
    objections: gather("objections"),
    disciplines: gather("disciplines"),
    classes: gather("classes"),
    exclusions: gather("exclusions"),
    listings: gather("listings"),
    hash: createHash("sha256")
      .update(files.map(({ hash }) => hash).join("\n"))
      .digest("hex"),
  };
}

function findFaults({ value, fault }: YamlDocument<RuleFile>, id: string): Fault[] {
  const faults: Fault[] = [];
  if (value.rules !== id) {
    faults.push(fault(["rules"], `the file calls itself "${value.rules}", but it is ${id}.yaml`));
  }
  for (const list of LISTS) {
    value[list].forEach((rule, at) => {
      if (rule.from !== undefined && rule.to !== undefined && rule.from >= rule.to) {
        faults.push(
          fault([list, at, "to"], `ends on ${rule.to}, not after it begins (${rule.from})`),
        );
      }
      const before = value[list][at - 1];
      if (!before) return;
      if (before.to === undefined || rule.from === undefined || before.to > rule.from) {
        faults.push(
          fault(
            [list, at, "from"],
            `"${rule.id}" begins before "${before.id}" ends; give the rules in order, each from the day on which the one before ends (it does not hold on that day itself)`,
          ),
        );
      } else if (before.to < rule.from) {
        faults.push(
          fault(
            [list, at, "from"],
            `no rule holds from ${before.to} to ${rule.from}; let "${rule.id}" begin on ${before.to}, or add a rule`,
          ),
        );
      }
    });
  }
  value.publication.forEach(({ severities }, at) => {
    for (const severity of SEVERITIES) {
      const { min_months, max_months } = severities[severity];
      if (min_months > max_months) {
        faults.push(
          fault(
            ["publication", at, "severities", severity, "min_months"],
            `the shortest period (${min_months} months) is longer than the longest (${max_months})`,
          ),
        );
      }
    }
  });
  return faults;
}
