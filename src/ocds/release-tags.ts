import { isObject, type JsonObject } from "./json-value.ts";

/**
 * The tags that releases of a process bore, by what they concern: the process, or one award or contract. Lists that are unchanged are
 * shared between states.
 */
export type BorneTags = ReadonlyMap<string, readonly string[]>;

/** Tags that call something off, until a later release states its status anew. */
const CALLED_OFF = {
  tenderCancellation: "tender",
  awardCancellation: "awards",
  contractTermination: "contracts",
} as const;

/**
 * The tags in force after a release: those before, without what it states the status of anew, and its own. A tag of awards
 * concerns the awards that its release names, else all that are known; so it is with contracts, and implementation is theirs.
 * @param merged what is known with the release
 */
export function addTags(before: BorneTags, release: JsonObject, merged: JsonObject): BorneTags {
  let after: Map<string, readonly string[]> | undefined;
  const change = (key: string, tags: readonly string[]) => {
    after ??= new Map(before);
    after.set(key, tags);
  };
  const at = (key: string) => (after ?? before).get(key) ?? [];
  for (const [tag, place] of Object.entries(CALLED_OFF)) {
    for (const id of listStated(release, place)) {
      const key = write(place, id);
      if (at(key).includes(tag)) change(key, without(at(key), tag));
    }
  }
  for (const tag of [release.tag ?? []].flat().filter((each) => typeof each === "string")) {
    const place = concerns(tag);
    const named = place === "tender" ? [""] : listIds(release[place]);
    for (const id of named.length > 0 ? named : listIds(merged[place])) {
      const key = write(place, id);
      if (!at(key).includes(tag)) change(key, [...at(key), tag].sort());
    }
  }
  return after ?? before;
}

function without(tags: readonly string[], gone: string): string[] {
  return tags.filter((each) => each !== gone);
}

/** Where in what is borne the tags stand that concern a process, and of its awards and contracts those with these ids. */
export function keysOfTags({
  award,
  contract,
}: {
  readonly award: unknown;
  readonly contract: unknown;
}): string[] {
  const keys = [write("tender", "")];
  if (award !== undefined && award !== null) keys.push(write("awards", String(award)));
  if (contract !== undefined && contract !== null) keys.push(write("contracts", String(contract)));
  return keys;
}

type Place = "tender" | "awards" | "contracts";

function concerns(tag: string): Place {
  if (tag.startsWith("award")) return "awards";
  return tag.startsWith("contract") || tag.startsWith("implementation") ? "contracts" : "tender";
}

function write(place: Place, id: string): string {
  return `${place}:${id}`;
}

function listIds(list: unknown): string[] {
  return (Array.isArray(list) ? list : []).flatMap((each) =>
    isObject(each) && each.id !== undefined && each.id !== null ? [String(each.id)] : [],
  );
}

/** Ids of what a release states the status of; the tender's is empty. */
function listStated(release: JsonObject, place: Place): string[] {
  const held = release[place];
  if (place === "tender") return isObject(held) && isStated(held) ? [""] : [];
  return listIds(
    (Array.isArray(held) ? held : []).filter((each) => isObject(each) && isStated(each)),
  );
}

function isStated({ status }: JsonObject): boolean {
  return status !== undefined && status !== null;
}
