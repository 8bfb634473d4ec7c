import type { CompiledProcess } from "./compile-releases.ts";
import { type FirstDates, firstDateKey } from "./first-dates.ts";
import { copyObject, isName, isObject, type JsonObject } from "./json-value.ts";
import { type Laid, layParties } from "./lay-parties.ts";
import type { Release } from "./release.ts";
import { type BorneTags, keysOfTags } from "./release-tags.ts";
import { saysTheSame } from "./says-the-same.ts";

/** One contract (or award, or lot) of a process, as a release left it. */
export interface ProcessRow<R extends Release> {
  readonly by: R;
  /** Its place among the rows that the release brought about, from 1. */
  readonly ordinal: number;
  /**
   * The compiled release, with the element under the name of its list: { ocid, contracts: { dateSigned } }. Its `tag` are those
   * of the releases that concern the element, its `firstDate` is the date of the first release that speaks of it.
   */
  readonly row: JsonObject;
}

/**
 * The elements of a list in each state of a process, where they, or what is around them, differ from the state before. One that a
 * release has taken away, or that is gone with one that was withdrawn, comes once more, as cancelled.
 * @param names from the release to the list: [contracts], [tender, lots]
 * @param isWhole whether a row has what it cannot be used without: one that has lost it comes as it is, and once more as it was and
 * cancelled, so that what it said before does not go on counting
 */
export function* listRows<R extends Release>(
  { states }: CompiledProcess<R>,
  names: readonly string[],
  isWhole: (row: JsonObject) => boolean = () => true,
): Generator<ProcessRow<R>> {
  const list = names.at(-1) as string;
  let held = new Map<string, Held>();
  let before: Scene | undefined;
  const told = new Map<R, number>();
  for (const { by, release, tags, firsts, isRetold } of states) {
    const next = () => {
      const ordinal = (told.get(by) ?? 0) + 1;
      told.set(by, ordinal);
      return ordinal;
    };
    const scene = setScene(release, { tags, firsts, list, before });
    const isElsewhere = isRetold || !before || !isSameAround(before, scene);
    const found = new Map<string, Held>();
    for (const element of elementsOf(release, names)) {
      const last = element.at(-1);
      const key = nameOf(last, found.size);
      const former = held.get(key);
      if (former && !isElsewhere && isSame(former.element, element) && isOwn(former.own, scene)) {
        found.set(key, former);
        continue;
      }
      const own = ownOf(last, scene);
      const row = makeRow({ element, own, scene, names });
      const whole = isWhole(row) ? row : former?.whole;
      found.set(key, { element, own, row, whole });
      if (former && !isRetold && saysTheSame(withoutHead(former.row), withoutHead(row))) continue;
      yield { by, ordinal: next(), row };
      if (whole && whole !== row) yield { by, ordinal: next(), row: endRow(whole, release, list) };
    }
    for (const [key, { row, whole }] of held) {
      if (found.has(key) || !isObject(row[list])) continue;
      yield { by, ordinal: next(), row: endRow(whole ?? row, release, list) };
    }
    held = found;
    before = scene;
  }
}

interface Held {
  readonly element: readonly unknown[];
  readonly own: Own;
  readonly row: JsonObject;
  /** The newest row of the element that could be used. */
  readonly whole: JsonObject | undefined;
}

/** The row of an element that is there no more, as it was, from a release on. */
function endRow(row: JsonObject, { date, id }: JsonObject, list: string): JsonObject {
  return { ...row, date, id, [list]: { ...(row[list] as JsonObject), status: "cancelled" } };
}

/** What besides itself belongs to an element alone. */
interface Own {
  /** Of the tags that concern it, in what is borne. */
  readonly keys: readonly string[];
  readonly tags: readonly (readonly string[])[];
  /** The award a contract names; absent where it names none. */
  readonly award: string | undefined;
  readonly awards: readonly unknown[];
}

type Index = Map<string, readonly JsonObject[]>;

/** What rows of a state have in common. */
interface Scene {
  readonly release: JsonObject;
  readonly list: string;
  readonly tags: BorneTags;
  readonly firsts: FirstDates;
  readonly awards: Index | undefined;
  /** What parties say is laid in when it is first asked for. */
  laid?: Laid;
}

function setScene(
  release: JsonObject,
  { before, ...state }: Pick<Scene, "tags" | "firsts" | "list"> & { before: Scene | undefined },
): Scene {
  const isRead = state.list === "contracts" && Array.isArray(release.awards);
  return {
    ...state,
    release,
    awards: isRead ? indexAwards(release.awards as readonly unknown[], before) : undefined,
  };
}

/** The awards of a release by their ids: the index of the state before is brought up to it where it can be. */
function indexAwards(list: readonly unknown[], before: Scene | undefined): Index {
  const former = (before?.awards && (before.release.awards as readonly unknown[])) ?? NONE;
  const isGrown = former.every((each, at) => each === list[at] || idOf(each) === idOf(list[at]));
  const index: Index = (isGrown && before?.awards) || new Map();
  for (const [at, each] of list.entries()) {
    const old = isGrown ? former[at] : undefined;
    if (!isObject(each) || each === old) continue;
    const id = String(each.id);
    const namesakes = (index.get(id) ?? NONE).filter((one) => one !== old);
    index.set(id, [...namesakes, each]);
  }
  return index;
}

function idOf(award: unknown): string | undefined {
  return isObject(award) ? String(award.id) : undefined;
}

/** Whether nothing is changed but the elements, and what belongs to one of them. */
function isSameAround(before: Scene, { release, list }: Scene): boolean {
  const names = new Set([...Object.keys(before.release), ...Object.keys(release)]);
  const apart = list === "contracts" ? [...HEAD, "awards", "contracts"] : [...HEAD, list];
  return [...names].every((name) => apart.includes(name) || before.release[name] === release[name]);
}

const HEAD = ["date", "id", "tag"];

function withoutHead({ date: _date, id: _id, ...content }: JsonObject): JsonObject {
  return content;
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, at) => each === other[at]);
}

/** The objects on the way to each element of a list, and the element. */
function elementsOf(holder: JsonObject, names: readonly string[]): (readonly unknown[])[] {
  const [name, ...rest] = names as [string, ...string[]];
  const found = holder[name];
  const elements = Array.isArray(found) ? found : isObject(found) ? [found] : [];
  if (rest.length === 0) return elements.map((element) => [element]);
  return elements.flatMap((element) =>
    isObject(element) ? elementsOf(element, rest).map((inner) => [element, ...inner]) : [],
  );
}

/** Of awards only the one a contract names is its own; all are where it names none. */
function ownOf(element: unknown, scene: Scene): Own {
  const { list } = scene;
  const { id = undefined, awardID = undefined } = isObject(element) ? element : {};
  const contract = list === "contracts" ? id : undefined;
  const keys = keysOfTags({ award: list === "awards" ? id : awardID, contract });
  const award = scene.awards && isName(awardID) ? String(awardID) : undefined;
  return {
    keys,
    tags: keys.map((key) => tagsAt(scene, key)),
    award,
    awards: awardsAt(scene, award),
  };
}

function isOwn({ keys, tags, award, awards }: Own, scene: Scene): boolean {
  if (!isSame(awards, awardsAt(scene, award))) return false;
  return keys.every((key, at) => tags[at] === tagsAt(scene, key));
}

function tagsAt({ tags }: Scene, key: string): readonly string[] {
  return tags.get(key) ?? NONE;
}

function awardsAt({ awards, release }: Scene, award: string | undefined): readonly unknown[] {
  if (award !== undefined) return awards?.get(award) ?? NONE;
  return Array.isArray(release.awards) ? release.awards : NONE;
}

const NONE: readonly never[] = [];

/** What tells an element from the others: its id, else its place. */
function nameOf(element: unknown, place: number): string {
  const id = isObject(element) ? element.id : undefined;
  return isName(id) ? `=${String(id)}` : `#${place}`;
}

interface Making {
  readonly element: readonly unknown[];
  readonly own: Own;
  readonly scene: Scene;
  readonly names: readonly string[];
}

function makeRow({ element, own, scene, names }: Making): JsonObject {
  scene.laid ??= layParties(scene.release);
  const { full, lay } = scene.laid;
  const row = copyObject(full);
  row.tag = [...new Set(own.tags.flat())].sort();
  const last = element.at(-1);
  const key = isObject(last) ? firstDateKey(scene.list, last.id) : undefined;
  row.firstDate = key === undefined ? undefined : scene.firsts.get(key);
  const isContract = scene.list === "contracts";
  if (Array.isArray(row.awards)) row.awards = (isContract ? own.awards : row.awards).map(lay);
  for (const [at, name] of names.entries()) {
    const { [names[at + 1] ?? ""]: _, ...fields } = isObject(element[at]) ? element[at] : {};
    row[name] = at + 1 < names.length ? fields : element[at];
  }
  if (scene.list === "awards") row.awards = lay(row.awards);
  return isContract ? keepLots(row, own.award === undefined ? NONE : own.awards) : row;
}

/** Of lots only those that the award is for: where nothing says for which of several it is, none is a contract's own. */
function keepLots(row: JsonObject, awards: readonly unknown[]): JsonObject {
  const { tender } = row;
  if (!isObject(tender) || !Array.isArray(tender.lots) || tender.lots.length < 2) return row;
  const lots = awards.flatMap((award) =>
    isObject(award) && Array.isArray(award.relatedLots) ? award.relatedLots : [],
  );
  const related = new Set(lots.map(String));
  const own = tender.lots.filter((lot) => isObject(lot) && related.has(String(lot.id)));
  return { ...row, tender: { ...tender, lots: own } };
}
