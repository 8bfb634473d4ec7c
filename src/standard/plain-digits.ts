/** Characters that are written for others, and what they stand for; each is one character. */
interface Written {
  readonly as: string;
  readonly means: string;
}

const ASCII_END = 0x7f;
/** Ends the characters that are looked through: behind it stand no digits. */
const LAST = 0x1ffff;
/** Letters that look like the X of a check digit. */
const LIKE_X = "×ХхΧχ";

let written: Written | undefined;

/**
 * Digits of all scripts, in circles, raised or as wide as a Chinese character, and the wide and small forms of ASCII: worked out
 * once from JavaScript's own tables.
 */
function readWritten(): Written {
  if (written) return written;
  const as: string[] = [...LIKE_X];
  const means: string[] = as.map(() => "X");
  for (let point = ASCII_END + 1; point <= LAST; point++) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const char = String.fromCodePoint(point);
    const plain = /\p{Nd}/u.test(char) ? digitOf(point) : char.normalize("NFKC");
    if (plain.length === 1 && /[!-~ ]/.test(plain)) {
      as.push(char);
      means.push(plain);
    }
  }
  written = { as: as.join(""), means: means.join("") };
  return written;
}

/** Decimal digits of a script stand in a row, from nought to nine. */
function digitOf(point: number): string {
  let first = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((point - first) % 10);
}

/** Digits as Chinese writes them, and as they are said over the telephone; used where they stand in a row. */
const CHINESE = "〇零○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖";
const CHINESE_MEANS = "00012345678912123456789";
const CHINESE_ROW = `(?:[${CHINESE}][ -]?){10}`;

/** Characters of no width, and what is set upon or around others. */
const UNSEEN = "[\\p{Cf}\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f]";
/** What needs no second look: ASCII, and Chinese with its punctuation. */
const PLAIN =
  "\\x{01}-\\x{7F}\\x{4E00}-\\x{9FFF}\\x{3001}-\\x{3006}\\x{3008}-\\x{3015}\\x{2010}-\\x{201D}，（）：；！？";
/** The forms of ASCII as wide as a Chinese character, and the wide blank: what people type most of all. */
const WIDE = `${codePoints(0xff01, 0xff5e)}\u3000`;
const NARROW = `${codePoints(0x21, 0x7e)} `;

function codePoints(first: number, last: number): string {
  const points = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  return String.fromCodePoint(...points);
}

function quote(chars: string): string {
  return `'${chars.replaceAll("'", "''")}'`;
}

/** Pattern of texts that may hold seven digits or more close together, in whatever writing: what has fewer is no number of a person. */
export const SEVEN_DIGITS = `[0-9](?:[^0-9]{0,3}[0-9]){6}|[^${PLAIN}]|${CHINESE_ROW}`;

/**
 * SQL of a text with plain digits and ASCII in place of what is written for them, without characters that are not seen. Many
 * millions pass here, and replacing by a long table is slow: so that is done only where something is written so.
 * @param text SQL, named several times
 */
export function plainDigits(text: string): string {
  const { as, means } = readWritten();
  const seen = `regexp_replace(${text}, '${UNSEEN}', '', 'g')`;
  return `CASE WHEN regexp_matches(${text}, '${CHINESE_ROW}') THEN translate(translate(${seen}, ${quote(WIDE)}, ${quote(NARROW)}), '${CHINESE}', '${CHINESE_MEANS}')
    WHEN regexp_full_match(${text}, '[${PLAIN}]*') THEN ${text}
    WHEN regexp_full_match(${text}, '[${PLAIN}\\x{FF01}-\\x{FF5E}\\x{3000}]*') THEN translate(${text}, ${quote(WIDE)}, ${quote(NARROW)})
    WHEN regexp_matches(${text}, '[\\x{80}-\\x{3000}\\x{3007}-\\x{4DFF}\\x{A000}-\\x{1FFFF}]') THEN translate(${seen}, ${quote(as)}, ${quote(means)})
    ELSE ${text} END`;
}

/** A text with plain digits and ASCII in place of what is written for them, as plainDigits in SQL. */
export function writePlainDigits(text: string): string {
  const { as, means } = readWritten();
  const from = Array.from(as);
  const plain = Array.from(text, (char) => {
    const at = char > "\u007f" ? from.indexOf(char) : -1;
    return at < 0 ? char : (means[at] as string);
  }).join("");
  const seen = plain.replace(new RegExp(UNSEEN, "gu"), "");
  if (!new RegExp(CHINESE_ROW, "u").test(text)) return seen;
  return Array.from(seen, (char) => CHINESE_MEANS[CHINESE.indexOf(char)] ?? char).join("");
}
