/** Columns that a character takes: two for Chinese and whatever is as wide. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, char) => sum + (char > "\u2e80" ? 2 : 1), 0);

/**
 * A name on two lines at most, each of so many columns (a Chinese character takes two), broken between words where it has any; what
 * does not fit is cut with a sign. Charts are drawn on the server, where no font says how wide a text comes out.
 */
export function foldName(name: string, columns: number): string {
  if (widthOf(name) <= columns) return name;
  const parts = name.includes(" ") ? name.split(/(?<= )/) : [...name];
  let first = "";
  let at = 0;
  while (at < parts.length && widthOf(`${first}${parts[at]}`.trimEnd()) <= columns) {
    first += parts[at];
    at += 1;
  }
  const rest = parts.slice(at).join("");
  return first === "" ? cut(name, columns) : `${first.trimEnd()}\n${cut(rest, columns)}`;
}

function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  for (const char of text) {
    if (widthOf(kept + char) > columns - 2) break;
    kept += char;
  }
  return `${kept.trimEnd()}…`;
}
