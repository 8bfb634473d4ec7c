import { cleanName, columnKey } from "../standard/column-name.ts";

/** A header of a file that may be the one that was looked for. */
export interface NearHeader {
  /** From 1. */
  readonly position: number;
  /** Its text, if it is so near that it says nothing but a misspelt name of the definition; otherwise it may be anybody's data. */
  readonly text: string | undefined;
}

// A header that far from a name of at least so many characters is that name, misspelt.
const FEW = 2;
const ENOUGH = 4;

/**
 * The header nearest to one of several names: by the fewest characters to change, and not more than half of them.
 * @param headers those of the file, in its order; undefined for columns that have been found
 */
export function findNearest(
  names: readonly string[],
  headers: readonly (string | undefined)[],
): NearHeader | undefined {
  let best: { position: number; distance: number; name: string; text: string } | undefined;
  for (const name of names) {
    const wanted = columnKey(name);
    headers.forEach((header, index) => {
      const key = header === undefined ? "" : columnKey(header);
      if (key === "" || Math.abs(key.length - wanted.length) > wanted.length / 2) return;
      const distance = countChanges(wanted, key);
      if (
        distance > wanted.length / 2 ||
        distance >= (best?.distance ?? Number.POSITIVE_INFINITY)
      ) {
        return;
      }
      best = { position: index + 1, distance, name, text: cleanName(header as string) };
    });
  }
  if (!best) return undefined;
  const { position, name, text } = best;
  return { position, text: isMisspelt(cleanName(name), text) ? text : undefined };
}

/** Whether a header is a name of the definition misspelt: few characters differ, of enough. */
export function isMisspelt(name: string, header: string): boolean {
  const length = [...name].length;
  // Two characters of a Chinese name say as much as a word: 办结时间, 办结日期时间.
  const most = /\p{Script=Han}/u.test(name) ? FEW : Math.min(FEW, length / 3);
  return length >= ENOUGH && countChanges(name, header) <= most;
}

/** How many characters must be put in, left out or changed to make one text the other (Levenshtein). */
export function countChanges(one: string, other: string): number {
  const letters = [...other];
  let row = Array.from({ length: letters.length + 1 }, (_, index) => index);
  [...one].forEach((letter, line) => {
    const next = [line + 1];
    letters.forEach((each, index) => {
      const replaced = (row[index] as number) + (each === letter ? 0 : 1);
      const shorter = (row[index + 1] as number) + 1;
      next.push(Math.min(replaced, shorter, (next[index] as number) + 1));
    });
    row = next;
  });
  return row[letters.length] as number;
}
