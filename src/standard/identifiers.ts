/**
 * How codes, numbers and names that name something are brought to one form before they are compared: what people type
 * and spreadsheets make of it differs in width, case and blanks, and means the same. One form in TypeScript, one in SQL;
 * a test holds them against each other for any text.
 */

/** Blanks, controls and characters of no width (Unicode Z, Cc and Cf), the byte order mark among them. */
const UNSEEN = String.raw`[\s\p{Z}\p{Cc}\p{Cf}]+`;
const UNSEEN_ANYWHERE = new RegExp(UNSEEN, "gu");

/** What spreadsheets make of a text that looks like a number: ="370202", '370202 and 370202.0. */
const MADE_BY_SPREADSHEETS = ['^="([^"]*)"$', "^'([0-9])", "^([0-9]+)[.]0+$"];

/**
 * A number or code as a key: compatible forms folded (NFKC), without blanks and characters of no width, without a
 * spreadsheet's quotes and ".0". Case is kept, for there are numbers in which it tells records apart.
 */
export function normaliseKey(text: string): string {
  const seen = text.normalize("NFKC").replace(UNSEEN_ANYWHERE, "").normalize("NFC");
  return MADE_BY_SPREADSHEETS.reduce((left, shape) => left.replace(new RegExp(shape), "$1"), seen);
}

/** A code or name of a body: as a key, and in upper case (Latin, Greek and Cyrillic letters that have one of one character). */
export function normaliseIdentifier(text: string): string {
  const { upper } = readForms();
  return Array.from(normaliseKey(text), (char) => upper.get(char) ?? char)
    .join("")
    .normalize("NFC");
}

/** Texts that are as they should be. */
const KEY_AS_IT_IS = String.raw`[0-9A-Za-z\x{4E00}-\x{9FFF}\x{3007}\x{3014}\x{3015}()_/-]*`;
const IDENTIFIER_AS_IT_IS = KEY_AS_IT_IS.replace("A-Za-z", "A-Z");

/** Characters that have no other form, but for the case of ASCII letters. */
const PLAIN = String.raw`\x{01}-\x{7F}\x{B7}\x{4E00}-\x{9FFF}\x{3001}-\x{3015}`;

/** The forms of ASCII as wide as a Chinese character, which people type most of all. */
const FULL_WIDTH = codePoints(0xff01, 0xff5e);
const HALF_WIDTH = codePoints(0x21, 0x7e);

function codePoints(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)).join(
    "",
  );
}

/**
 * SQL of normaliseKey or normaliseIdentifier; NULL stays NULL. What a text needs is told by a pattern first, since twenty
 * million may pass here: most need nothing, and only one with characters beyond ASCII and Chinese is taken apart.
 * @param text SQL, named several times
 * @param bind notes a value and gives its placeholder
 */
export function identifierSql(
  text: string,
  form: "key" | "identifier",
  bind: (value: string) => string,
): string {
  const { compatible, single, several, upper } = readForms();
  const isKey = form === "key";
  const asItIs = isKey ? KEY_AS_IT_IS : IDENTIFIER_AS_IT_IS;
  const finish = (sql: string) => (isKey ? tidySql(sql) : `upper(${tidySql(sql)})`);
  const half = `translate(${text}, ${bind(FULL_WIDTH)}, ${bind(HALF_WIDTH)})`;
  const place = `instr(${bind(compatible)}, char)`;
  const [last, width] = [single.length, SEVERAL];
  const fold = `CASE WHEN ${place} = 0 THEN char WHEN ${place} <= ${last} THEN substr(${bind(single.join(""))}, ${place}, 1)
    ELSE substr(${bind(several)}, (${place} - ${last + 1}) * ${width} + 1, ${width}) END`;
  const apart = `array_to_string(list_transform(regexp_extract_all(${text}, '(?s).'), lambda char: ${fold}), '')`;
  const whole = tidySql(`nfc_normalize(${seenSql(apart)})`);
  const [from, to] = [[...upper.keys()].join(""), [...upper.values()].join("")];
  const raised = isKey ? whole : `nfc_normalize(translate(${whole}, ${bind(from)}, ${bind(to)}))`;
  return `(CASE WHEN regexp_full_match(${text}, '${asItIs}') THEN ${text}
    WHEN regexp_full_match(${text}, '[${PLAIN}]*') THEN ${finish(seenSql(text))}
    WHEN regexp_full_match(${text}, '[${PLAIN}\\x{FF01}-\\x{FF5E}\\x{3000}]*') THEN ${finish(seenSql(half))}
    ELSE ${raised} END)`;
}

/**
 * SQL of the list of a division's codes of other lengths: six digits (GB/T 2260), nine (subdistrict or town) or twelve (village),
 * where noughts behind a code of a higher level stand for the whole of it. Empty for what is no such code.
 * @param code SQL of a normalised code
 */
export function otherLengthsSql(code: string): string {
  const cut = (from: number, to: number) =>
    `CASE WHEN length(${code}) = ${from} AND ${code} LIKE '%${"0".repeat(from - to)}' THEN left(${code}, ${to}) END`;
  const filled = (from: number, noughts: number) =>
    `CASE WHEN length(${code}) = ${from} THEN ${code} || '${"0".repeat(noughts)}' END`;
  const others = [filled(6, 3), filled(6, 6), filled(9, 3), cut(12, 9), cut(12, 6), cut(9, 6)];
  return `(CASE WHEN regexp_full_match(${code}, '[0-9]{6}|[0-9]{9}|[0-9]{12}')
    THEN list_filter([${others.join(", ")}], lambda other: other IS NOT NULL) ELSE [] END)`;
}

function seenSql(text: string): string {
  return `regexp_replace(${text}, '${UNSEEN}', '', 'g')`;
}

function tidySql(text: string): string {
  return MADE_BY_SPREADSHEETS.reduce(
    (left, shape) => `regexp_replace(${left}, '${shape.replaceAll("'", "''")}', '\\1')`,
    text,
  );
}

/** Ends the characters that have compatible forms; beyond it stand private and unassigned ones. */
const LAST = 0x1ffff;

/** Blocks whose letters are raised: Latin, Greek, Cyrillic. */
const CASED = /[a-z\u00e0-\u024f\u0370-\u052f]/;

interface Forms {
  /** Characters that have a compatible form, those with a form of one character first. */
  readonly compatible: string;
  /** The forms of the first ones. */
  readonly single: readonly string[];
  /** The forms of the others, each filled up with U+001F, which goes with what is not seen. */
  readonly several: string;
  readonly upper: ReadonlyMap<string, string>;
}

/** Characters of the longest form, that of U+FDFA. */
const SEVERAL = 18;

let forms: Forms | undefined;

/** What SQL cannot work out by itself, read from JavaScript's own tables. */
function readForms(): Forms {
  if (forms) return forms;
  const one: [string, string][] = [];
  const more: [string, string][] = [];
  const upper = new Map<string, string>();
  for (let point = 1; point <= LAST; point++) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const char = String.fromCodePoint(point);
    const apart = char.normalize("NFKD");
    if (apart !== char.normalize("NFD")) {
      const length = Array.from(apart).length;
      if (length === 1) one.push([char, apart]);
      else more.push([char, apart + "\u001f".repeat(SEVERAL - length)]);
    }
    const raised = CASED.test(char) ? char.toUpperCase() : char;
    if (raised !== char && raised.length === 1) upper.set(char, raised);
  }
  forms = {
    compatible: [...one, ...more].map(([char]) => char).join(""),
    single: one.map(([, form]) => form),
    several: more.map(([, form]) => form).join(""),
    upper,
  };
  return forms;
}
