import { copyObject, isName, isObject, type JsonObject } from "./json-value.ts";

/** Field of a row whose process names no buyer and has several parties in that role, of which the first stands for all: their number. */
export const SEVERAL_BUYERS = "_buyers";

/** A release with what its parties say, and how the same is laid into an award. */
export interface Laid {
  readonly full: JsonObject;
  /** An award with what parties say of its suppliers. */
  readonly lay: (award: unknown) => unknown;
}

/**
 * A release with what its parties say of an organisation beside the references to it: buyer (else the party with that role, else
 * the procuring entity), tender.procuringEntity and, award by award, the suppliers, which are a list.
 */
export function layParties(release: JsonObject): Laid {
  const { parties: listed, ...rest } = release;
  const parties = (Array.isArray(listed) ? listed : []).filter(isObject);
  const byId = new Map(parties.map((party) => [String(party.id), party]));
  const inRole = (role: string) => parties.filter(({ roles }) => [roles].flat().includes(role));
  const laid = (reference: unknown, role?: string): unknown => {
    if (!isObject(reference)) return reference;
    return listIds(findParty(reference, role));
  };
  const findParty = (reference: JsonObject, role?: string): JsonObject => {
    const { id, ...rest } = reference;
    const isNamed = isName(id);
    // Who alone has the role is meant where the reference has a name and no identifier.
    const [only, other] = role === undefined || isNamed ? [] : inRole(role);
    const party = isNamed ? byId.get(String(id)) : other === undefined ? only : undefined;
    return party ? Object.assign(copyObject(party), isNamed ? reference : rest) : reference;
  };
  const full = copyObject(rest);
  const tender = isObject(rest.tender) ? copyObject(rest.tender) : undefined;
  const [running] = inRole("procuringEntity");
  const [first, second] = inRole("buyer");
  const entity = laid(tender?.procuringEntity, "procuringEntity") ?? (running && listIds(running));
  if (tender && entity !== undefined) {
    tender.procuringEntity = entity;
    full.tender = tender;
  }
  const buyer = laid(rest.buyer, "buyer") ?? (first && listIds(first)) ?? entity;
  if (buyer !== undefined) full.buyer = buyer;
  if (rest.buyer === undefined && second) full[SEVERAL_BUYERS] = inRole("buyer").length;
  const lay = (award: unknown) =>
    isObject(award) && award.suppliers !== undefined
      ? { ...award, suppliers: [award.suppliers].flat().map((each) => laid(each)) }
      : award;
  return { full, lay };
}

/**
 * An organisation with its identifiers by scheme, idsByScheme: { "CN-USCC": "91…" }: its own before additional ones, and what its `id` says
 * where it is written as scheme and identifier, "CN-USCC-91…".
 */
function listIds(organisation: JsonObject): JsonObject {
  const { identifier, additionalIdentifiers, id } = organisation;
  const ids = copyObject();
  for (const each of [identifier, additionalIdentifiers].flat()) {
    if (isObject(each) && isName(each.scheme) && isName(each.id))
      ids[String(each.scheme)] ??= each.id;
  }
  const [, scheme, own] = PREFIXED.exec(typeof id === "string" ? id : "") ?? [];
  if (scheme !== undefined) ids[scheme] ??= own;
  if (Object.keys(ids).length === 0) return organisation;
  return Object.assign(copyObject(organisation), { idsByScheme: ids });
}

/** Codes of lists at org-id.guide begin with a country's or with XI, XM or XR. */
const PREFIXED = /^([A-Z]{2}-[A-Z][A-Z0-9_]*)-(.+)$/;
