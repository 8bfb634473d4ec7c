import { createHash } from "node:crypto";
import type { Bindings } from "./bindings.ts";

const BLOCK = 64;

/** Begins a raw text in which a pseudonym stands where a person was named until the retention was over. */
export const PSEUDONYM_MARK = "pseudonym:";

/** Hex digits of a pseudonym: 128 bits. */
const LENGTH = 32;

/**
 * SQL of whether a text is such a pseudonym, digits and all: a file that delivers a person's name behind the mark would have
 * it kept as it stands.
 */
export function isPseudonym(text: string): string {
  return `regexp_full_match(${text}, '${PSEUDONYM_MARK}[0-9a-f]{${LENGTH}}')`;
}

/**
 * SQL of the pseudonym of a text: the first 32 hex digits of HMAC-SHA256 (RFC 2104) under the jurisdiction's key.
 * The key is bound, already mixed with the pads, so that it stands in no statement and no error.
 */
export function pseudonymOf(text: string, key: string, bindings: Bindings): string {
  const inner = bindings.bind(padKey(key, 0x36));
  const outer = bindings.bind(padKey(key, 0x5c));
  return `left(sha256(unhex(${outer}) || unhex(sha256(unhex(${inner}) || encode(${text})))), ${LENGTH})`;
}

function padKey(key: string, pad: number): string {
  const bytes = Buffer.from(key, "utf8");
  const block = Buffer.alloc(BLOCK);
  (bytes.length > BLOCK ? createHash("sha256").update(bytes).digest() : bytes).copy(block);
  return Buffer.from(block.map((byte) => byte ^ pad)).toString("hex");
}
