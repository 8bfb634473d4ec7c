import { isObject, type JsonObject } from "./json-value.ts";

/**
 * The tags that releases of a process bore, each beside what it concerns: the process, or one award or contract. Each is a
 * text of three parts, so that sets of them can be shared between states.
 */
export type BorneTags = ReadonlySet<string>;

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
  const own = [release.tag ?? []].flat().filter((tag) => typeof tag === "string");
  const revoked = Object.entries(CALLED_OFF).flatMap(([tag, place]) =>
    listStated(release, place).map((id) => write(tag, place, id)),
  );
  const added = own.flatMap((tag) => {
    const place = concerns(tag);
    if (place === "tender") return [write(tag, place, "")];
    const named = listIds(release[place]);
    return (named.length > 0 ? named : listIds(merged[place])).map((id) => write(tag, place, id));
  });
  if (added.every((each) => before.has(each)) && !revoked.some((each) => before.has(each))) {
    return before;
  }
  const gone = new Set(revoked);
  return new Set([...[...before].filter((each) => !gone.has(each)), ...added]);
}

/** The tags, in the alphabet's order, that concern a process and of its awards and contracts those with these ids. */
export function tagsOf(
  borne: BorneTags,
  { award, contract }: { readonly award: unknown; readonly contract: unknown },
): string[] {
  const wanted = new Map<string, string>([["tender", ""]]);
  if (award !== undefined && award !== null) wanted.set("awards", String(award));
  if (contract !== undefined && contract !== null) wanted.set("contracts", String(contract));
  const found = [...borne].flatMap((each) => {
    const [tag, place, id] = JSON.parse(each) as [string, string, string];
    return wanted.get(place) === id ? [tag] : [];
  });
  return [...new Set(found)].sort();
}

type Place = "tender" | "awards" | "contracts";

function concerns(tag: string): Place {
  if (tag.startsWith("award")) return "awards";
  return tag.startsWith("contract") || tag.startsWith("implementation") ? "contracts" : "tender";
}

function write(tag: string, place: Place, id: string): string {
  return JSON.stringify([tag, place, id]);
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
