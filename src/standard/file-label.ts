/** Digits of its hash by which a file is named. */
const DIGITS = 12;

/**
 * What a delivered file is called wherever that is not restricted: the first digits of the SHA-256 of its bytes. Its name is
 * text of the delivery, and may be somebody's; `zhengxin files` and the quarantine tell which file it is.
 */
export function fileLabel(hash: string): string {
  return hash.slice(0, DIGITS);
}
