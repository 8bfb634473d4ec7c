import { columnKey } from "../standard/column-name.ts";

// A header that far from a name of at least so many characters is that name, misspelt.
const FEW = 2;
const ENOUGH = 4;

/**
 * The header nearest to one of several names: by the fewest characters to change, and not more than half of them.
 * @param headers those of the file, in its order; undefined for columns that have been found
 * @returns its position, from 1, and never its text: that may be anybody's data
 */
export function findNearest(
  names: readonly string[],
  headers: readonly (string | undefined)[],
): number | undefined {
  let best: { position: number; distance: number } | undefined;
  for (const name of names) {
    const wanted = columnKey(name);
    headers.forEach((header, index) => {
      const key = header === undefined ? "" : columnKey(header);
      if (key === "" || Math.abs(key.length - wanted.length) > wanted.length / 2) return;
      const distance = countChanges(wanted, key);
      const nearest = best?.distance ?? Number.POSITIVE_INFINITY;
      if (distance > wanted.length / 2 || distance >= nearest) return;
      best = { position: index + 1, distance };
    });
  }
  return best?.position;
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
