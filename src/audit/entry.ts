import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { maskPersonal } from "../standard/personal-text.ts";

/** What an entry may say beside its fixed parts: codes, counts and hashes, never what a person is called. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>;

/** One line of the journal. */
export interface AuditEntry {
  /** From 1 without a gap. */
  readonly sequence: number;
  /** Instant, ISO 8601 in UTC. */
  readonly time: string;
  /** The office that acted, never a person's name. */
  readonly actor: string;
  /** What it acted as: console, public, analyst, officer, admin, system. */
  readonly role: string;
  /** What was done, as "alert.close" or "record.lookup". */
  readonly action: string;
  /** What it was done to: the code of a body, a record's number, a period. */
  readonly target: string;
  readonly detail: AuditDetail;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 over the canonical JSON (RFC 8785) of everything above. */
  readonly hash: string;
}

/** What the first entry follows. */
export const NOTHING_BEFORE = "0".repeat(64);

/** Puts an entry together: numbers of persons masked, then hashed. */
export function sealEntry(parts: Omit<AuditEntry, "hash">): AuditEntry {
  const clean = {
    ...parts,
    actor: maskPersonal(parts.actor),
    target: maskPersonal(parts.target),
    detail: Object.fromEntries(
      Object.entries(parts.detail).map(([key, value]) => [
        key,
        typeof value === "string" ? maskPersonal(value) : value,
      ]),
    ),
  };
  return { ...clean, hash: hashEntry(clean) };
}

/** SHA-256 of an entry's canonical JSON without its own hash, lower-case hex. */
export function hashEntry(entry: Omit<AuditEntry, "hash"> & { readonly hash?: string }): string {
  const { hash: _, ...content } = entry;
  return createHash("sha256")
    .update(canonicalize(content) as string)
    .digest("hex");
}
