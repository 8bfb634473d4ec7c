const PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)";
const MONTH_AND_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])";
/** The number of a resident identity card, GB 11643. */
const CARD = `${PROVINCE}[0-9]{4}[ -]?(?:18|19|20)[0-9]{2}${MONTH_AND_DAY}[ -]?[0-9]{3}[0-9Xx]`;
/** Cards of before 1999: the year in two digits, and no check digit. */
const OLD_CARD = `${PROVINCE}[0-9]{6}${MONTH_AND_DAY}[0-9]{3}`;
const MOBILE = "(?:(?:[+]|00)?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}";
const AREA = "0(?:10|2[0-9]|[3-9][0-9]{2})";
const LANDLINE = `(?:(?:[+]|00)?86[ -]?)?[(]?${AREA}[)]?[ -]?[2-8][0-9]{6,7}`;
const MAIL = "[^ @]+@[A-Za-z0-9-]+(?:[.][A-Za-z0-9-]+)*[.][A-Za-z]{2,}";

/** What needs no second look, where it stands by itself. */
const CERTAIN = `(?:^|[^0-9])(?:${OLD_CARD}|${MOBILE}|${LANDLINE})(?:[^0-9Xx]|$)|${MAIL}`;
const LIKE_A_CARD = `(?:^|[^0-9])(${CARD})(?:[^0-9A-Za-z]|$)`;

/** The forms of ASCII as wide as a Chinese character, and the wide blank. */
const WIDE = `${codePoints(0xff01, 0xff5e)}\u3000`;
const NARROW = `${codePoints(0x21, 0x7e)} `.replaceAll("'", "''");

function codePoints(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)).join(
    "",
  );
}

const WEIGHTS = "[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2]";
/** What the weighted sum of the first seventeen digits stands for, by its remainder. */
const CHECKS = "10X98765432";

/**
 * SQL of whether a text looks as if it held the number of a resident identity card (18 digits with their check digit, or 15),
 * a telephone number or an e-mail address, in whatever width and with characters of no width between.
 * @param text SQL of a VARCHAR, named several times; NULL is none
 */
export function looksPersonal(text: string): string {
  // Many millions pass here: what is short costs nothing, and only what is not ASCII is taken apart.
  const narrow = `CASE WHEN regexp_matches(${text}, '[\\x{FF01}-\\x{FF5E}\\x{3000}\\p{Cf}]')
    THEN regexp_replace(translate(${text}, '${WIDE.replaceAll("'", "''")}', '${NARROW}'), '\\p{Cf}', '', 'g') ELSE ${text} END`;
  const digits = `regexp_replace(shown, '[ -]', '', 'g')`;
  const sum = `list_sum(list_transform(range(1, 18), lambda i: CAST((${digits})[i] AS INTEGER) * (${WEIGHTS})[i])) % 11`;
  const checked = `substr('${CHECKS}', CAST(${sum} AS INTEGER) + 1, 1) = upper((${digits})[18])`;
  const cards = `regexp_extract_all(${narrow}, '${LIKE_A_CARD}', 1)`;
  return `(CASE WHEN ${text} IS NULL OR strlen(${text}) < 6 THEN false
    WHEN regexp_matches(${narrow}, '${CERTAIN}') THEN true
    WHEN regexp_matches(${narrow}, '${LIKE_A_CARD}') THEN len(list_filter(${cards}, lambda shown: ${checked})) > 0
    ELSE false END)`;
}

/**
 * SQL of whether a text has characters that are not seen, or turn round what is seen: of no width, bidi controls, letters of
 * scripts written from right to left.
 */
export function hasHiddenCharacters(text: string): string {
  const scripts = ["Hebrew", "Arabic", "Syriac", "Thaana", "Nko"].map((name) => `\\p{${name}}`);
  const fillers = "\\x{115F}\\x{1160}\\x{3164}\\x{FFA0}";
  return `regexp_matches(${text}, '[\\p{Cf}${fillers}${scripts.join("")}]')`;
}
