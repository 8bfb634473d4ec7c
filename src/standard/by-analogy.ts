import { addDays, format, parseISO } from "date-fns";
import type { Bilingual } from "./bilingual.ts";
import {
  binds,
  findCited,
  findUnregistered,
  type Law,
  type LawRegister,
  type Reach,
} from "./law-register.ts";
import type { Fault, YamlDocument } from "./yaml-document.ts";

/** The keys under which definitions name what they rest on; what is cited there has to be registered. */
const CITING: readonly string[] = ["source", "article", "effect"];

interface Block {
  readonly by_analogy?: true;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly effective?: { readonly from: string; readonly to?: string | undefined } | undefined;
  readonly [key: string]: unknown;
}

/**
 * The blocks of a definition that rest on a law at a time or in a place where it does not bind, without saying
 * `by_analogy: true`, and those that cite a law the register does not hold.
 * @param reach days and place to which the definition is applied; a block's own `effective`, `from` and `to` narrow it
 */
export function findUnmarked(
  { value, fault }: Pick<YamlDocument<unknown>, "value" | "fault">,
  register: LawRegister,
  reach: Reach,
): Fault[] {
  const faults: Fault[] = [];
  const walk = (part: unknown, path: readonly PropertyKey[], within: Reach): void => {
    if (Array.isArray(part)) {
      part.forEach((each, index) => {
        walk(each, [...path, index], within);
      });
      return;
    }
    if (typeof part !== "object" || part === null) return;
    const block = part as Block;
    const own = reachWithin(within, block);
    for (const [key, cited] of citations(block)) {
      const unknown = CITING.includes(key) ? findUnknown(cited, register) : [];
      const unmarked = block.by_analogy === true ? [] : judge(cited, register, own);
      for (const message of [...unknown, ...unmarked]) faults.push(fault([...path, key], message));
    }
    for (const [key, each] of Object.entries(block)) walk(each, [...path, key], own);
  };
  walk(value, [], reach);
  return faults;
}

/** The texts of a block that may cite laws, by their keys: every one for people, and names that stand alone where laws are cited. */
function citations(block: Block): [string, Bilingual][] {
  return Object.entries(block).flatMap(([key, value]): [string, Bilingual][] => {
    const cited = CITING.includes(key) ? asBilingual(value) : isBilingual(value) && value;
    return cited ? [[key, cited]] : [];
  });
}

/** The laws that either language of a text cites and that do not bind throughout a reach, in the order of the register. */
function findStrangers({ zh, en }: Bilingual, register: LawRegister, reach: Reach): Law[] {
  const cited = new Set(
    [...findCited(zh, register, "zh"), ...findCited(en, register, "en")].map(({ law }) => law),
  );
  return register.laws.filter((law) => cited.has(law) && !binds(law, reach));
}

function findUnknown({ zh }: Bilingual, register: LawRegister): string[] {
  return findUnregistered(zh, register).map(
    (name) =>
      `cites ${name}, which metrics/laws.yaml does not hold; add it with the days on which it is in force`,
  );
}

function judge(cited: Bilingual, register: LawRegister, reach: Reach): string[] {
  return findStrangers(cited, register, reach).map(
    ({ title, from, to, binds: where }) =>
      `rests on ${title.en}, in force from ${from}${to ? ` to ${to}` : ""}${where ? `, for divisions ${where}…` : ""}, and is applied ${describeReach(reach)}; write by_analogy: true, or the days (from, to) on which it holds`,
  );
}

function describeReach({ from, to, division }: Reach): string {
  const days = from === undefined ? "at any time" : `from ${from}`;
  return `${days}${to === undefined ? "" : ` to ${to}`}${division === undefined ? "" : ` in ${division}`}`;
}

/** The days on which a block holds, within those of what it stands in. An `effective.to` is a last day. */
export function reachWithin(
  within: Reach,
  { from, to, effective }: Pick<Block, "from" | "to" | "effective">,
): Reach {
  return {
    from: later(later(within.from, isDay(from)), effective?.from),
    to: earlier(earlier(within.to, isDay(to)), dayAfter(effective?.to)),
    division: within.division,
  };
}

function isDay(value: unknown): string | undefined {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

function dayAfter(day: string | undefined): string | undefined {
  return day === undefined ? undefined : format(addDays(parseISO(day), 1), "yyyy-MM-dd");
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

/** A day in a place. */
export function reachOf(day: string, division: string | undefined): Reach {
  return { from: day, to: dayAfter(day), division };
}

/**
 * A definition as it is to be read on a day: where a block rests on a law by analogy, the law's name says so.
 * @returns a copy; blocks that cite nothing by analogy are the same objects
 */
export function readOn<T>(
  definition: T,
  register: LawRegister,
  day: string,
  division: string | undefined,
): T {
  const reach = reachOf(day, division);
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) {
      const read = part.map(walk);
      return read.some((each, index) => each !== part[index]) ? read : part;
    }
    if (typeof part !== "object" || part === null || part instanceof Map) return part;
    const block = part as Block;
    let read: Record<string, unknown> | undefined;
    for (const [key, each] of Object.entries(block)) {
      const isCited = block.by_analogy === true && isBilingual(each);
      const now = isCited ? citeOn(each, register, reach) : walk(each);
      if (now === each) continue;
      read ??= { ...block };
      read[key] = now;
    }
    return read ?? block;
  };
  return walk(definition) as T;
}

/** The laws of the register, in its order, that definitions cite by analogy because they do not bind throughout a reach. */
export function listByAnalogy(
  definitions: readonly unknown[],
  register: LawRegister,
  reach: Reach,
): Law[] {
  const found = new Set<Law>();
  const walk = (part: unknown): void => {
    if (part instanceof Map) for (const each of part.values()) walk(each);
    if (Array.isArray(part)) part.forEach(walk);
    else if (typeof part === "object" && part !== null) {
      const block = part as Block;
      for (const [, cited] of block.by_analogy === true ? citations(block) : []) {
        for (const law of findStrangers(cited, register, reach)) found.add(law);
      }
      Object.values(block).forEach(walk);
    }
  };
  walk(definitions);
  return register.laws.filter((law) => found.has(law));
}

/** A citation with 参照 before every law that does not bind on the day; the same object when all of them do. */
function citeOn(cited: Bilingual, register: LawRegister, reach: Reach): Bilingual {
  const zh = mark(cited.zh, register, "zh", reach, "参照");
  const en = mark(cited.en, register, "en", reach, "by analogy, ");
  if (zh === cited.zh && en === cited.en) return cited;
  return {
    zh: zh === cited.zh ? `参照：${zh}` : zh,
    en: en === cited.en ? `by analogy: ${en}` : en,
  };
}

function mark(
  text: string,
  register: LawRegister,
  language: keyof Bilingual,
  reach: Reach,
  words: string,
): string {
  let marked = "";
  let at = 0;
  for (const { law, from } of findCited(text, register, language)) {
    if (binds(law, reach)) continue;
    marked += `${text.slice(at, from)}${words}`;
    at = from;
  }
  return marked + text.slice(at);
}

/** The name of a work may stand alone, for both languages. */
function asBilingual(value: unknown): Bilingual | undefined {
  if (typeof value === "string") return { zh: value, en: value };
  return isBilingual(value) ? value : undefined;
}

function isBilingual(value: unknown): value is Bilingual {
  if (typeof value !== "object" || value === null) return false;
  const { zh, en } = value as Partial<Bilingual>;
  return typeof zh === "string" && typeof en === "string";
}
