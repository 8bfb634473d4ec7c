import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { isThere, readText } from "../whole-file.ts";
import { type Bilingual, bilingual } from "./bilingual.ts";
import { DefinitionError, type Fault, parseYaml } from "./yaml-document.ts";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write the day as 2020-10-01");
const names = z.array(z.string().min(2)).min(1);

const law = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only"),
  title: bilingual,
  /** The words by which definitions cite it, in either language. */
  cited_as: z.strictObject({ zh: names, en: names }),
  /** First day on which it is in force. */
  from: day,
  /** First day on which it is not any more. */
  to: day.optional(),
  /** Beginning of the GB/T 2260 codes it binds: 37 a province, 3702 a city. Absent: the whole country. */
  binds: z
    .string()
    .regex(/^\d{2}(\d{2}){0,2}$/)
    .optional(),
  /** The days were not read in the text itself. */
  unverified: z.literal(true).optional(),
});

const schema = z.strictObject({ laws: z.array(law) });

/** A statute, regulation or document of the authorities, and when and where it binds. */
export type Law = Readonly<z.infer<typeof law>>;

/** The laws that definitions may cite. */
export interface LawRegister {
  readonly laws: readonly Law[];
  /** sha-256 of the file; of nothing when there is none. */
  readonly hash: string;
}

/** A place where a law is cited in a text. */
export interface Citing {
  readonly law: Law;
  readonly from: number;
  readonly to: number;
}

/** Days and place to which something is applied: from the first day on, up to the day before `to`. */
export interface Reach {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** GB/T 2260 code of the jurisdiction; absent: only what binds the whole country binds it. */
  readonly division?: string | undefined;
}

/**
 * Reads metrics/laws.yaml.
 * @throws DefinitionError naming line and column of every fault
 */
export function readLaws(workspace: string): LawRegister {
  const file = join(workspace, "metrics", "laws.yaml");
  const text = isThere(file) ? readText(file) : "laws: []";
  const held = cache.get(text);
  if (held) return held;
  const { value, fault } = parseYaml(text, file, schema);
  const faults: Fault[] = [];
  const seen = new Set<string>();
  value.laws.forEach(({ id, from, to }, index) => {
    if (seen.has(id)) faults.push(fault(["laws", index, "id"], `"${id}" stands here twice`));
    seen.add(id);
    if (to !== undefined && to <= from) {
      faults.push(fault(["laws", index, "to"], `ends on ${to}, not after it begins (${from})`));
    }
  });
  if (faults.length > 0) throw new DefinitionError(faults);
  const register = { laws: value.laws, hash: createHash("sha256").update(text).digest("hex") };
  cache.set(text, register);
  return register;
}

/** Read at several steps of a run. */
const cache = new Map<string, LawRegister>();

/** Where a text cites laws of the register, in the order of the text; of names within each other the longest counts. */
export function findCited(
  text: string,
  { laws }: LawRegister,
  language: keyof Bilingual,
): Citing[] {
  const found = laws.flatMap((one) =>
    one.cited_as[language].flatMap((name) => placesOf(text, name, one)),
  );
  const longest = found.toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from);
  const kept: Citing[] = [];
  for (const one of longest) {
    if (kept.every(({ from, to }) => one.to <= from || one.from >= to)) kept.push(one);
  }
  return kept.toSorted((a, b) => a.from - b.from);
}

function placesOf(text: string, name: string, one: Law): Citing[] {
  const places: Citing[] = [];
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    places.push({ law: one, from: at, to: at + name.length });
  }
  return places;
}

/** Whether a law is in force and binds throughout a reach. */
export function binds({ from, to, binds: where }: Law, reach: Reach): boolean {
  if (reach.from === undefined || reach.from < from) return false;
  if (to !== undefined && (reach.to === undefined || reach.to > to)) return false;
  return where === undefined || (reach.division?.startsWith(where) ?? false);
}

/** What reads like a citation of a law: a document's number, an order's, or an article of a named text. */
const LEGAL =
  /〔\d{4}〕\d+号|第\d+号令|令第\d+号|[\p{Script=Han}、]{1,30}(?:法|条例|规定|办法|决定)(?:[（(][^）)]{1,12}[）)])?\s*第[\d〇一二三四五六七八九十百、-]+条/gu;

/** Citations in a Chinese text that the register does not know, as they stand there. */
export function findUnregistered(text: string, register: LawRegister): string[] {
  const known = findCited(text, register, "zh");
  return [...text.matchAll(LEGAL)]
    .filter(({ 0: match, index }) =>
      known.every(({ from, to }) => to <= index || from >= index + match.length),
    )
    .map(([match]) => match);
}
