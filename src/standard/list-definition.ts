import { createHash } from "node:crypto";
import { join } from "node:path";
import { isThere, readText } from "../whole-file.ts";
import type { Audience } from "./audience.ts";
import { type EvaluationStandard, indicatorIds } from "./evaluation-standard.ts";
import { type ListFile, type ListRule, listSchema, type RestrictedField } from "./list-schema.ts";
import { DefinitionError, type Fault, parseYaml, type YamlDocument } from "./yaml-document.ts";

export * from "./list-schema.ts";

/** The lists of a month as data: who is put on which, why, with what effect and until when. */
export interface ListDefinition extends ListFile {
  readonly id: string;
  readonly file: string;
  /** sha-256 of the file. */
  readonly hash: string;
}

/** A list or the restrictions of a field, in the order of the file: lists, then restrictions. */
export interface ListPart {
  /** Of a list its id, of restrictions "restriction-" and the field. */
  readonly id: string;
  readonly kind: ListFile["lists"][number]["kind"] | "restriction";
  readonly field?: RestrictedField;
  readonly title: { readonly zh: string; readonly en: string };
  readonly levels: readonly string[];
  readonly article: { readonly zh: string; readonly en: string };
  readonly effect: { readonly zh: string; readonly en: string };
  readonly rules: readonly ListRule[];
  readonly audience?: Audience | undefined;
}

/** Lists and restrictions as one sequence: a part may refer to those before it. */
export function listParts({ lists, restrictions }: ListFile): ListPart[] {
  return [
    ...lists,
    ...restrictions.map((one) => ({
      ...one,
      id: `restriction-${one.field.replace("_", "-")}`,
      kind: "restriction" as const,
    })),
  ];
}

/** Where a part stands in the file, by its place in listParts. */
function placeOf({ lists }: ListFile, index: number): readonly PropertyKey[] {
  return index < lists.length ? ["lists", index] : ["restrictions", index - lists.length];
}

/**
 * Reads metrics/lists/<id>.yaml.
 * @param division code of the city by GB/T 2260, where it has one: Chinese law then binds its lists
 * @param standard the standard whose levels, grades, vetoes and indicators the rules name
 * @throws DefinitionError naming line and column of every fault: an unknown key, numbers without an origin, a reference
 * to a list that does not stand above or to a grade the standard does not have, an id twice
 */
export function readLists(
  workspace: string,
  id: string,
  standard: EvaluationStandard,
  division?: string,
): ListDefinition {
  const file = join(workspace, "metrics", "lists", `${id}.yaml`);
  if (!isThere(file)) {
    throw new Error(
      `There are no list rules "${id}": metrics/lists has no ${id}.yaml. Write it, or name another in the pipeline.`,
    );
  }
  const text = readText(file);
  const document = parseYaml(text, file, listSchema);
  const faults = [
    ...findFaults(document, id),
    ...findUnknown(document, standard),
    ...(division === undefined ? [] : findOwnRules(document)),
  ];
  if (faults.length > 0) {
    throw new DefinitionError(faults.toSorted((a, b) => a.line - b.line || a.column - b.column));
  }
  const hash = createHash("sha256").update(text).digest("hex");
  return { ...document.value, id, file, hash };
}

function findFaults({ value, fault }: YamlDocument<ListFile>, id: string): Fault[] {
  const faults: Fault[] = [];
  const add = (path: readonly PropertyKey[], message: string) => faults.push(fault(path, message));
  if (value.lists_id !== id) {
    add(["lists_id"], `the file calls itself "${value.lists_id}", but it is ${id}.yaml`);
  }
  const above = new Set<string>();
  const parts = listParts(value);
  parts.forEach((part, index) => {
    const at = placeOf(value, index);
    if (above.has(part.id))
      add([...at, part.field ? "field" : "id"], `"${part.id}" is there twice`);
    const rules = new Set<string>();
    part.rules.forEach((rule, place) => {
      const here = [...at, "rules", place];
      if (rules.has(rule.id)) add([...here, "id"], `the rule "${rule.id}" is there twice`);
      rules.add(rule.id);
      const { on_list, off_lists = [], records, decision } = rule.when;

      const named = [
        ...(on_list === undefined ? [] : [[["when", "on_list"], on_list] as const]),
        ...off_lists.map((name, nth) => [["when", "off_lists", nth], name] as const),
      ];
      for (const [path, name] of named) {
        if (!above.has(name)) {
          add([...here, ...path], `there is no list "${name}" above this one in the file`);
        }
      }
      if (rule.until === "repair" && !records && !decision && on_list === undefined) {
        add([...here, "until"], "only a record can be repaired, and the rule names none");
      }
    });
    above.add(part.id);
  });
  return faults;
}

/** 国办发〔2020〕49号, of 7 December 2020: who is seriously dishonest is decided by law, and nobody adds to it. */
const DECIDED_SINCE = "2020-12-07";

/** What lists of our own making may not rest on since then. */
function findOwnRules({ value, fault }: YamlDocument<ListFile>): Fault[] {
  if (value.effective?.to !== undefined && value.effective.to < DECIDED_SINCE) return [];
  const parts = listParts(value);
  const decided = listDecided(parts);
  return parts.flatMap(({ kind, rules }, index) => {
    const at = placeOf(value, index);
    return rules.flatMap(({ when }, place) => {
      const here = [...at, "rules", place, "when"];
      const { records, decision, on_list } = when;
      const faults: Fault[] = [];
      if (records?.severities !== undefined || (records !== undefined && records.at_least > 1)) {
        faults.push(fault([...here, "records"], OWN_COUNTS));
      }
      const adverse = kind === "black" || kind === "restriction";
      const passedOn = on_list !== undefined && decided.has(on_list);
      if (adverse && decision === undefined && !passedOn) faults.push(fault(here, NOT_DECIDED));
      if (kind === "honours" && !records && !decision && on_list === undefined) {
        faults.push(fault(here, NOT_RECORDED));
      }
      return faults;
    });
  });
}

/** Lists that hold nobody but whom a decision lists, directly or by another such list. */
function listDecided(parts: readonly ListPart[]): ReadonlySet<string> {
  const decided = new Set<string>();
  for (const { id, rules } of parts) {
    const isDecided = ({ when: { decision, on_list } }: ListRule) =>
      decision !== undefined || (on_list !== undefined && decided.has(on_list));
    if (rules.every(isDecided)) decided.add(id);
  }
  return decided;
}

const OWN_COUNTS = `lists by a severity or a number of records, which no rule of our own may do from ${DECIDED_SINCE} on (国办发〔2020〕49号); let the lists end before that day (effective), or list by decision`;
const NOT_DECIDED = `a black list or restriction from ${DECIDED_SINCE} on holds whom a lawful decision lists (国办发〔2020〕49号); use decision, or on_list with a list that rests on decisions alone, or let the lists end before that day (effective)`;

const NOT_RECORDED = `takes honours away from ${DECIDED_SINCE} on without a record or decision (国办发〔2020〕49号); use records without severities, decision or on_list, or let the lists end before that day (effective)`;

/** What the rules name and the standard does not have. */
function findUnknown(
  { value, fault }: YamlDocument<ListFile>,
  standard: EvaluationStandard,
): Fault[] {
  const faults: Fault[] = [];
  const grades = standard.grades.map((one) => one.id);
  const vetoes = standard.vetoes.map((one) => one.id);
  const indicators = indicatorIds(standard);
  const levels = Object.keys(standard.levels);
  const look = (
    path: readonly PropertyKey[],
    names: readonly string[],
    known: readonly string[],
    what: string,
  ) =>
    names.forEach((name, at) => {
      if (known.includes(name)) return;
      faults.push(fault([...path, at], `the standard "${standard.id}" has no ${what} "${name}"`));
    });
  listParts(value).forEach((part, index) => {
    const at = placeOf(value, index);
    look([...at, "levels"], part.levels, levels, "level");
    part.rules.forEach(({ when }, place) => {
      const here = [...at, "rules", place, "when"];
      look([...here, "grades"], when.grades ?? [], grades, "grade");
      look([...here, "vetoes"], when.vetoes ?? [], vetoes, "veto");
      const named = (when.indicators ?? []).map(({ indicator }) => indicator);
      look([...here, "indicators"], named, indicators, "indicator");
    });
  });
  return faults;
}
