import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Config } from "../config.ts";
import { auditPlaces, journalSegments, readHead, tryEntry } from "./append.ts";
import { type AuditEntry, hashEntry, NOTHING_BEFORE } from "./entry.ts";

/** Something in the journal that is not as it was written. */
export interface AuditFault {
  /** Line of the journal; null for what is missing at its end. */
  readonly line: number | null;
  readonly kind: "unreadable" | "altered" | "missing" | "out-of-order" | "cut" | "unknown-head";
  readonly message: string;
}

/** An entry that must still be in the journal as it was. */
export interface NotedEntry {
  readonly sequence: number;
  readonly hash: string;
  /** What notes it, as a subject and a verb: "the publication 2018-06 names". */
  readonly place?: { readonly zh: string; readonly en: string };
}

export interface AuditVerification {
  readonly entries: number;
  readonly faults: readonly AuditFault[];
  /** What to note down elsewhere: a later journal must still hold this entry. */
  readonly head: { readonly sequence: number; readonly hash: string } | null;
}

/** Every entry of a jurisdiction's journal, in order; lines that are no entries are left out. */
export async function* readAudit(
  config: Pick<Config, "dataDir">,
  jurisdiction: string,
): AsyncGenerator<AuditEntry> {
  for await (const { entry } of readLines(auditPlaces(config, jurisdiction).journal)) {
    if (entry) yield entry;
  }
}

/**
 * Checks a journal: every line is what its hash says, follows the one before, none is missing, and the last is the one
 * its head names.
 * @param noted entries noted down earlier, on paper or in signed publications, which must still be there
 */
export async function verifyAudit(
  config: Pick<Config, "dataDir">,
  jurisdiction: string,
  noted: NotedEntry | readonly NotedEntry[] = [],
): Promise<AuditVerification> {
  const places = auditPlaces(config, jurisdiction);
  const faults: AuditFault[] = [];
  let before = { sequence: 0, hash: NOTHING_BEFORE };
  let entries = 0;
  const sought = new Map([noted].flat().map((one) => [`${one.sequence} ${one.hash}`, one]));
  for await (const { line, entry } of readLines(places.journal)) {
    if (!entry) {
      faults.push({ line, kind: "unreadable", message: `Line ${line} is no entry.` });
      continue;
    }
    entries += 1;
    const { sequence, hash, previous } = entry;
    if (hashEntry(entry) !== hash) {
      faults.push({
        line,
        kind: "altered",
        message: `Line ${line} (entry ${sequence}) is not what was written: its hash does not fit.`,
      });
    }
    if (sequence <= before.sequence) {
      faults.push({
        line,
        kind: "out-of-order",
        message: `Line ${line} is entry ${sequence}, but stands after entry ${before.sequence}.`,
      });
    } else if (sequence > before.sequence + 1) {
      const first = before.sequence + 1;
      const which =
        first === sequence - 1 ? `Entry ${first} is` : `Entries ${first} to ${sequence - 1} are`;
      faults.push({ line, kind: "missing", message: `${which} missing before line ${line}.` });
    } else if (previous !== before.hash) {
      faults.push({
        line,
        kind: "altered",
        message: `Line ${line} (entry ${sequence}) does not follow the entry before it.`,
      });
    }
    sought.delete(`${sequence} ${hash}`);
    before = { sequence, hash };
  }
  const head = readHead(places.head);
  faults.push(...compareHead(head, before));
  for (const { sequence, place } of sought.values()) {
    faults.push({
      line: null,
      kind: "missing",
      message: `${place ? `${place.zh}写明的第 ${sequence} 条` : `先前抄下的第 ${sequence} 条`}已不在日志中，或已被改动。The entry ${sequence} that ${place?.en ?? "was noted down earlier"} is not in the journal any more as it was.`,
    });
  }
  return { entries, faults, head: entries > 0 ? before : null };
}

function compareHead(
  head: { readonly sequence: number; readonly hash: string } | undefined,
  last: { readonly sequence: number; readonly hash: string },
): AuditFault[] {
  if (!head) {
    if (last.sequence === 0) return [];
    const message = "The journal's head is gone: it cannot be told whether entries were cut off.";
    return [{ line: null, kind: "unknown-head", message }];
  }
  if (last.sequence < head.sequence) {
    const message = `The journal ends with entry ${last.sequence}, but entry ${head.sequence} was written: its end was cut off.`;
    return [{ line: null, kind: "cut", message }];
  }
  if (last.sequence === head.sequence && last.hash !== head.hash) {
    const message = `Entry ${last.sequence}, the last, is not the one that was written.`;
    return [{ line: null, kind: "altered", message }];
  }
  // One more than the head was written just before a crash; more than that nobody here has written.
  if (last.sequence <= head.sequence + 1) return [];
  const message = `The journal goes on to entry ${last.sequence}, but only ${head.sequence} were written.`;
  return [{ line: null, kind: "unknown-head", message }];
}

async function* readLines(
  path: string,
): AsyncGenerator<{ readonly line: number; readonly entry: AuditEntry | undefined }> {
  // Lines are counted on from one segment to the next.
  let line = 0;
  for (const segment of journalSegments(path).filter((one) => existsSync(one))) {
    const lines = createInterface({
      input: createReadStream(segment),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    for await (const text of lines) {
      line += 1;
      yield { line, entry: tryEntry(text) };
    }
  }
}
