import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { lock } from "proper-lockfile";
import type { Config } from "../config.ts";
import { naming, readText } from "../whole-file.ts";
import { writeFully, writeWhole } from "../write-whole.ts";
import {
  type AuditDetail,
  type AuditEntry,
  hashEntry,
  NOTHING_BEFORE,
  sealEntry,
} from "./entry.ts";

/** What is to be written down. */
export interface AuditAct {
  /** Whose data it is about; the folder below DATA_DIR. */
  readonly jurisdiction: string;
  /** The office that acts; default: the setting ZHENGXIN_ACTOR. */
  readonly actor?: string | undefined;
  /** Default: console. */
  readonly role?: string | undefined;
  readonly action: string;
  readonly target: string;
  readonly detail?: AuditDetail;
}

/** How far the journal is: kept apart from it, so that a tail that was cut off is missed. */
export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
  /** Length of the journal. */
  readonly bytes: number;
}

/** A journal that has grown so long goes on in a new file; the chain of hashes runs on from one to the other. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

/** The files of a journal, in order: closed segments, named by their first and last entry, then the one that is appended to. */
export function journalSegments(journal: string): string[] {
  const folder = dirname(journal);
  if (!existsSync(folder)) return [];
  const closed = readdirSync(folder)
    .filter((name) => SEGMENT.test(name))
    .sort((a, b) => firstOf(a) - firstOf(b));
  return [...closed.map((name) => join(folder, name)), journal];
}

const SEGMENT = /^journal-(\d+)-\d+\.ndjson$/;
const firstOf = (name: string) => Number(SEGMENT.exec(name)?.[1]);

/** Where a jurisdiction's journal and its head stand. */
export function auditPlaces({ dataDir }: Pick<Config, "dataDir">, jurisdiction: string) {
  return {
    journal: join(dataDir, jurisdiction, "audit", "journal.ndjson"),
    head: join(dataDir, "audit-heads", `${jurisdiction}.json`),
  };
}

/**
 * Appends to the journal of who looked up or changed what: one line, chained to the one before by its hash, on disk
 * when this returns. Several processes may append at once; they wait for each other.
 * A journal somebody has tampered with is appended to all the same, from where its head says it was, so that the
 * tampering stays visible to verifyAudit.
 */
export async function appendAudit(
  config: Pick<Config, "dataDir" | "actor">,
  act: AuditAct,
  segmentBytes = SEGMENT_BYTES,
): Promise<AuditEntry> {
  const places = auditPlaces(config, act.jurisdiction);
  for (const file of [places.journal, places.head]) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  }
  const release = await lockJournal(places.journal);
  try {
    const parts = {
      time: new Date().toISOString(),
      actor: act.actor ?? config.actor ?? "unnamed-office",
      role: act.role ?? "console",
      action: act.action,
      target: act.target,
      detail: act.detail ?? {},
    };
    return naming(places.journal, () => {
      closeSegment(places, segmentBytes);
      return append(places, parts);
    });
  } finally {
    await release();
  }
}

/** How long one who appends waits for those before it, and how often it looks: an entry takes a few milliseconds. */
const MOST_LOOKS = 400;
const LONGEST_LOOK_MS = 200;

/** Waits while another process appends, and for nothing else: a folder that may not be written is no matter of time. */
async function lockJournal(journal: string): Promise<() => Promise<void>> {
  for (let look = 1; ; look++) {
    try {
      return await lock(journal, { realpath: false, stale: 20_000 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (look === MOST_LOOKS) {
        throw new Error(
          `审计日志 ${journal} 一直被另一进程占用，本次操作未能登记，未执行。请查明是哪个进程，再试。The audit journal ${journal} stays in use by another process; this act could not be written down and was not done. Find that process and try again.`,
          { cause: error },
        );
      }
      // Processes that wait at once look at different moments.
      await setTimeout(Math.min(LONGEST_LOOK_MS, 5 * look) + (process.pid % 7));
    }
  }
}

/**
 * Puts a journal that is long enough aside under the numbers of its entries. The head names the same last entry as before, now of a file
 * with nothing in it; a crash in between leaves a head that is longer than its file, which append takes as it is.
 */
function closeSegment(
  { journal, head: headFile }: { readonly journal: string; readonly head: string },
  most: number,
): void {
  const head = readHead(headFile);
  const size = existsSync(journal) ? statSync(journal).size : 0;
  // Only a whole journal is closed: what a crash or somebody left behind its head is first settled by the next entry.
  if (!head || size < most || size !== head.bytes) return;
  const closed = journalSegments(journal).length - 1;
  const last = closed === 0 ? 0 : lastOf(journalSegments(journal)[closed - 1] as string);
  const name = `journal-${last + 1}-${head.sequence}.ndjson`;
  renameSync(journal, join(dirname(journal), name));
  writeHead(headFile, { ...head, bytes: 0 });
}

const lastOf = (path: string) => Number(/-(\d+)\.ndjson$/.exec(path)?.[1]);

function append(
  places: { readonly journal: string; readonly head: string },
  parts: Omit<AuditEntry, "sequence" | "previous" | "hash">,
): AuditEntry {
  const file = openSync(places.journal, existsSync(places.journal) ? "r+" : "w+", 0o600);
  try {
    const head = settleTail(file, readHead(places.head));
    const entry = sealEntry({
      sequence: head.sequence + 1,
      ...parts,
      previous: head.hash,
    });
    const size = fstatSync(file).size;
    const last = Buffer.alloc(1);
    // Where half a line is left, by a cut, the new one begins on its own line.
    const broken = size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
    const line = Buffer.from(`${broken ? "\n" : ""}${JSON.stringify(entry)}\n`);
    try {
      writeFully({ opened: file, path: places.journal }, line, size);
      naming(places.journal, () => fsyncSync(file));
      const { sequence, hash } = entry;
      writeHead(places.head, { sequence, hash, bytes: size + line.length });
    } catch (error) {
      // What could not be written down is not done, and the journal must not say that it was.
      ftruncateSync(file, size);
      throw error;
    }
    return entry;
  } finally {
    closeSync(file);
  }
}

/** The head of a journal, or undefined before its first entry. */
export function readHead(path: string): AuditHead | undefined {
  if (!existsSync(path)) return undefined;
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `审计日志的末端记录 ${path} 已损坏，读不出日志写到了哪里；本次操作未能登记，未执行。请从备份恢复它；没有备份的，请把它移走，“zhengxin audit verify”会指出日志自何处起不再衔接。The head of the audit journal, ${path}, is damaged and does not tell how far the journal is; this act could not be written down and was not done. Restore it from a backup; without one, move it away: "zhengxin audit verify" then tells where the journal does not follow on.`,
      { cause },
    );
  }
}

function writeHead(path: string, head: AuditHead): void {
  const next = `${path}.next`;
  writeWhole(next, `${JSON.stringify(head)}\n`, { mode: 0o600 });
  const file = openSync(next, "r+");
  fsyncSync(file);
  closeSync(file);
  renameSync(next, path);
}

/**
 * What a crash left behind the head: half a line, which nobody was told was written, is taken off; whole lines of which each
 * follows from the one before were written before the head could move, and are taken over.
 */
function settleTail(file: number, head: AuditHead | undefined): AuditHead {
  const known = head ?? { sequence: 0, hash: NOTHING_BEFORE, bytes: 0 };
  const size = fstatSync(file).size;
  if (size <= known.bytes) return known;
  const tail = Buffer.alloc(size - known.bytes);
  readSync(file, tail, 0, tail.length, known.bytes);
  let taken = known;
  for (let from = 0; from < tail.length; ) {
    const end = tail.indexOf(0x0a, from);
    if (end < 0) {
      ftruncateSync(file, known.bytes + from);
      return taken;
    }
    const entry = tryEntry(tail.toString("utf8", from, end));
    const follows =
      entry?.sequence === taken.sequence + 1 &&
      entry.previous === taken.hash &&
      entry.hash === hashEntry(entry);
    if (!entry || !follows) return taken;
    from = end + 1;
    taken = { sequence: entry.sequence, hash: entry.hash, bytes: known.bytes + from };
  }
  return taken;
}

/** An entry from its line, or undefined when it is none. */
export function tryEntry(line: string): AuditEntry | undefined {
  try {
    const entry = JSON.parse(line) as AuditEntry;
    return typeof entry === "object" && entry !== null ? entry : undefined;
  } catch {
    return undefined;
  }
}
