import { walkRecord } from "../standard/walk-record.ts";
import type { CompiledProcess } from "./compile-releases.ts";
import { copyObject, isObject, type JsonObject } from "./json-value.ts";
import type { Release } from "./release.ts";
import { type BorneTags, tagsOf } from "./release-tags.ts";
import { writeContent } from "./write-json.ts";

/** One contract (or award, or lot) of a process, as a release left it. */
export interface ProcessRow<R extends Release> {
  readonly by: R;
  /** Its place among the rows that the release brought about, from 1. */
  readonly ordinal: number;
  /**
   * The compiled release, with the element under the name of its list: { ocid, contracts: { dateSigned } }. Its `tag` are those
   * of the releases that concern the element.
   */
  readonly row: JsonObject;
}

/**
 * The elements of a list in each state of a process, where they, or what is around them, differ from the state before. One that a
 * release has taken away, or that is gone with one that was withdrawn, comes once more, as cancelled.
 * @param names from the release to the list: [contracts], [tender, lots]
 */
export function* listRows<R extends Release>(
  { states }: CompiledProcess<R>,
  names: readonly string[],
): Generator<ProcessRow<R>> {
  const list = names.at(-1) as string;
  let held = new Map<string, Held>();
  const told = new Map<R, number>();
  for (const { by, release, tags, isRetold } of states) {
    const found = new Map<string, Held>();
    const next = () => {
      const ordinal = (told.get(by) ?? 0) + 1;
      told.set(by, ordinal);
      return ordinal;
    };
    for (const made of walkRecord(layParties(release), names)) {
      if (!isObject(made)) continue;
      const row = tagRow(keepOwn(made, list), list, tags);
      const key = nameOf(row[list], found.size);
      const { date: _date, id: _id, ...content } = row;
      const said = writeContent(content);
      found.set(key, { row, said });
      if (held.get(key)?.said === said && !isRetold) continue;
      yield { by, ordinal: next(), row };
    }
    for (const [key, { row }] of held) {
      if (found.has(key) || !isObject(row[list])) continue;
      const { date, id } = release;
      const ended = { ...row, date, id, [list]: { ...row[list], status: "cancelled" } };
      yield { by, ordinal: next(), row: ended };
    }
    held = found;
  }
}

interface Held {
  readonly row: JsonObject;
  readonly said: string;
}

/** What tells an element from the others: its id, else its place. */
function nameOf(element: unknown, place: number): string {
  const id = isObject(element) ? element.id : undefined;
  return isName(id) ? `=${String(id)}` : `#${place}`;
}

/** Whether an identifier says anything. */
function isName(id: unknown): boolean {
  return id !== undefined && id !== null && id !== "";
}

/**
 * Of awards only the one a contract names, and of lots only those that its award is for: the others are of other contracts. Where
 * nothing says for which of several lots it is, none is its own.
 */
function keepOwn(row: JsonObject, list: string): JsonObject {
  const contract = list === "contracts" ? row[list] : undefined;
  if (!isObject(contract)) return row;
  const named = contract.awardID;
  const all = Array.isArray(row.awards) ? row.awards : [];
  const own = all.filter((award) => isObject(award) && String(award.id) === String(named));
  return keepLots(isName(named) && Array.isArray(row.awards) ? { ...row, awards: own } : row, own);
}

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

function tagRow(row: JsonObject, list: string, borne: BorneTags): JsonObject {
  const element = row[list];
  const { id = undefined, awardID = undefined } = isObject(element) ? element : {};
  const contract = list === "contracts" ? id : undefined;
  const award = list === "awards" ? id : awardID;
  return { ...row, tag: tagsOf(borne, { award, contract }) };
}

/**
 * A release with what its parties say of an organisation beside the references to it: buyer (else the party with that role, else
 * the procuring entity), tender.procuringEntity and the suppliers of awards, which are a list.
 */
function layParties(release: JsonObject): JsonObject {
  const { parties: listed, ...rest } = release;
  const parties = (Array.isArray(listed) ? listed : []).filter(isObject);
  const byId = new Map(parties.map((party) => [String(party.id), party]));
  const inRole = (role: string) => parties.filter(({ roles }) => [roles].flat().includes(role));
  const laid = (reference: unknown, role?: string): unknown => {
    if (!isObject(reference)) return reference;
    const { id, ...rest } = reference;
    const isNamed = isName(id);
    // Who alone has the role is meant where the reference has a name and no identifier.
    const [only, other] = role === undefined || isNamed ? [] : inRole(role);
    const party = isNamed ? byId.get(String(id)) : other === undefined ? only : undefined;
    return party ? Object.assign(copyObject(party), isNamed ? reference : rest) : reference;
  };
  const full = copyObject(rest);
  const tender = isObject(rest.tender) ? copyObject(rest.tender) : undefined;
  const entity = laid(tender?.procuringEntity, "procuringEntity") ?? inRole("procuringEntity")[0];
  if (tender && entity !== undefined) {
    tender.procuringEntity = entity;
    full.tender = tender;
  }
  const buyer = laid(rest.buyer, "buyer") ?? inRole("buyer")[0] ?? entity;
  if (buyer !== undefined) full.buyer = buyer;
  if (Array.isArray(rest.awards)) {
    full.awards = rest.awards.map((award) =>
      isObject(award) && award.suppliers !== undefined
        ? { ...award, suppliers: [award.suppliers].flat().map((each) => laid(each)) }
        : award,
    );
  }
  return full;
}
