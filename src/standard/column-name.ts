/** Characters nobody sees: control and format characters (zero-width ones, byte order marks), variation selectors. */
const UNSEEN = /(?:\p{Cc}|\p{Cf}|\p{Variation_Selector})+/gu;
const WIDE =
  "\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}、，。；：（）【】";
// Chinese is written without blanks: one beside a Chinese character only sets the header in a narrow cell.
const BESIDE_WIDE = new RegExp(`(?<=[${WIDE}])\\s+|\\s+(?=[${WIDE}])`, "gu");

/**
 * A column's name as a person reads it: full-width letters, digits and brackets narrow (NFKC), no character that nobody
 * sees, line breaks and runs of blanks one blank, none around it and none beside a Chinese character.
 */
export function cleanName(name: string): string {
  return name
    .normalize("NFKC")
    .replace(/[\r\n\t\v\f\u0085]+/g, " ")
    .replace(UNSEEN, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(BESIDE_WIDE, "");
}

/**
 * What names of columns are compared by: letter case, width and blanks make no difference, so that "XK_WSH", "xk_wsh" and
 * "ＸＫ＿ＷＳＨ " are one column. Empty for a name without a character that is seen.
 */
export function columnKey(name: string): string {
  return cleanName(name).replaceAll(" ", "").toLowerCase().normalize("NFKC");
}
