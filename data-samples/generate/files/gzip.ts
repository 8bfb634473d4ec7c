import { gzipSync } from "fflate";

/** Gzip in plain JavaScript and without a time: the same bytes on every machine, which zlib's versions do not promise. */
export function gzip(text: string | Uint8Array): Uint8Array {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return gzipSync(bytes, { level: 9, mtime: 0 });
}
