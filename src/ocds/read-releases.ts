import { Digits } from "../exact-json.ts";
import { readInstant } from "./instant.ts";
import { isObject, type JsonObject } from "./json-value.ts";
import type { OcdsVersion } from "./merge-rules.ts";
import type { FaultKind, OcdsFault, Release } from "./release.ts";

export interface ReadReleases {
  readonly releases: readonly Release[];
  readonly faults: readonly OcdsFault[];
}

/**
 * Finds the releases in documents as publishers write them: release packages, record packages, single records and
 * releases, lists of these, and such a list in an envelope. Of a record the embedded releases count, else its compiled release; a versioned release never.
 * @param documents parsed; the values of a file of JSON lines, or the one of a JSON file
 */
export function readReleases(documents: Iterable<unknown>): ReadReleases {
  const releases: Release[] = [];
  const faults: OcdsFault[] = [];
  let place = 0;
  for (const document of documents) {
    for (const { content, ocid, version } of findContents(document, undefined)) {
      place += 1;
      const refuse = (kind: FaultKind) => faults.push({ kind, place, content });
      if (!isObject(content)) refuse("no-release");
      else if (isObject(content.versionedRelease)) refuse("versioned-release");
      else if (isLinked(content)) refuse("linked-release");
      else if (!isRelease(content)) refuse("no-release");
      else {
        const own = readText(content.ocid) ?? ocid;
        const date = readText(content.date);
        if (own === undefined) refuse("no-ocid");
        else if (date === undefined || readInstant(date) === undefined) refuse("no-date");
        else {
          const id = readText(content.id) ?? "";
          const stated = versionOf(content) ?? version ?? "1.1";
          releases.push({ ocid: own, id, date, version: stated, content, place });
        }
      }
    }
  }
  return { releases, faults };
}

interface Found {
  readonly content: unknown;
  /** What a record says for its releases. */
  readonly ocid?: string | undefined;
  readonly version: OcdsVersion | undefined;
}

function* findContents(document: unknown, version: OcdsVersion | undefined): Generator<Found> {
  if (Array.isArray(document)) {
    for (const entry of document) yield* findContents(entry, version);
  } else if (!isObject(document)) yield { content: document, version };
  else if (Array.isArray(document.records)) {
    const records = document.records;
    const inner = versionOf(document) ?? version;
    for (const record of records) yield* findInRecord(record, inner);
  } else if (isRecord(document)) {
    yield* findInRecord(document, versionOf(document) ?? version);
  } else if (Array.isArray(document.releases)) {
    const { releases } = document as { readonly releases: readonly unknown[] };
    const inner = versionOf(document) ?? version;
    for (const content of releases) yield { content, version: inner };
  } else {
    const enveloped = isRelease(document) ? undefined : findEnveloped(document);
    if (enveloped === undefined) yield { content: document, version };
    else yield* findContents(enveloped, versionOf(document) ?? version);
  }
}

/**
 * The list in an envelope, as interfaces send it: { results: [package, package], maxPage: 9 }. Only a list that has packages, records
 * or releases among its entries is one, so that an answer that reports a failure stays what it is.
 */
function findEnveloped(document: JsonObject): readonly unknown[] | undefined {
  const lists = Object.values(document).filter(
    (value): value is unknown[] => Array.isArray(value) && value.some(isForm),
  );
  return lists.length === 1 ? lists[0] : undefined;
}

/** Whether it is one of the forms publishers use. */
function isForm(value: unknown): boolean {
  if (!isObject(value)) return false;
  const isPackage = Array.isArray(value.releases) || Array.isArray(value.records);
  return isPackage || isRecord(value) || isRelease(value) || isLinked(value);
}

function isRecord(document: JsonObject): boolean {
  if (isObject(document.compiledRelease) || isObject(document.versionedRelease)) return true;
  return typeof document.ocid === "string" && Array.isArray(document.releases);
}

function* findInRecord(record: unknown, version: OcdsVersion | undefined): Generator<Found> {
  if (!isObject(record) || !isRecord(record)) {
    yield { content: record, version };
    return;
  }
  const ocid = readText(record.ocid);
  const all = listOfRecord(record);
  for (const content of all) yield { content, ocid, version };
  const embedded = all.some((each) => isObject(each) && !isLinked(each));
  const compiled = record.compiledRelease;
  if (!embedded && isObject(compiled)) yield { content: compiled, ocid, version };
  // A record that tells nothing else is told itself.
  else if (all.length === 0) yield { content: record, ocid, version };
}

function listOfRecord(record: unknown): readonly unknown[] {
  const list = isObject(record) ? record.releases : undefined;
  return Array.isArray(list) ? list : [];
}

/** What says no version, itself or by its package, is merged by 1.1. */
function versionOf({ version }: JsonObject): OcdsVersion | undefined {
  const stated = readText(version);
  if (stated === undefined) return undefined;
  return /^1\.0(\.|$)/.test(stated) || stated === "1" ? "1.0" : "1.1";
}

/** A linked release has an address and nothing of the process, but perhaps its names. */
function isLinked(content: JsonObject): boolean {
  return typeof content.url === "string" && !OF_PROCESS.some((name) => name in content);
}

const OF_PROCESS = ["tender", "awards", "contracts", "planning", "buyer", "parties"];
const OF_RELEASES = ["ocid", "tag", ...OF_PROCESS];

function isRelease(content: JsonObject): boolean {
  return OF_RELEASES.some((name) => name in content);
}

/** A text or a number as text; undefined when there is neither, or nothing in it. */
function readText(value: unknown): string | undefined {
  const text =
    typeof value === "string"
      ? value.trim()
      : typeof value === "number" || typeof value === "object"
        ? textOfNumber(value)
        : "";
  return text === "" ? undefined : text;
}

function textOfNumber(value: number | object | null): string {
  return typeof value === "number" ? String(value) : value instanceof Digits ? value.text : "";
}
