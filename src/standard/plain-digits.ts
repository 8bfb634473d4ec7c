import { NUMBER_WORDS } from "./number-forms.ts";

/** Characters that are written for others, and what they stand for; each is one character. */
interface Written {
  readonly as: string;
  readonly means: string;
}

const ASCII_END = 0x7f;
/**
 * Circled digits that Unicode does not take apart, each with the digit it stands for: their first, and how many follow one another.
 */
const CIRCLED: readonly (readonly [number, number, number])[] = [
  [0x2776, 1, 9],
  [0x2780, 1, 9],
  [0x278a, 1, 9],
  [0x24f5, 1, 9],
  [0x24ff, 0, 1],
  [0x1f10b, 0, 1],
  [0x1f10c, 0, 1],
  // Eleven to nineteen, of which the last digit is told here.
  [0x24eb, 1, 9],
  [0x24f4, 0, 1],
  [0x277f, 0, 1],
  [0x2789, 0, 1],
  [0x2793, 0, 1],
  [0x24fe, 0, 1],
];
/** Numbers in circles, brackets or with a point that are one character, by their first digit: the last is told with the others. */
const TENS = [
  "",
  "⑩-⑲⑽-⒆⒑-⒚⓫-⓳❿➉➓⓾",
  "⑳⒇⒛⓴\u3251-\u3259",
  "\u325a-\u325f\u32b1-\u32b4",
  "\u32b5-\u32be",
  "\u32bf",
];

/** Ends the characters that are looked through: behind it stand no digits. */
const LAST = 0x1ffff;
/** Letters and signs of other scripts that look like those that stand for digits, and like the X of a check digit. */
const LOOK_ALIKE: readonly (readonly [string, string])[] = [
  ["×ХхΧχ", "X"],
  ["ОоΟοՕօ", "O"],
  ["ІіӀӏΙιǀ∣│┃ⵏ", "I"],
  ["Ззз", "3"],
  ["б", "6"],
  ["Ч", "4"],
];

let written: Written | undefined;

/**
 * Digits of all scripts, in circles, raised or as wide as a Chinese character, and the wide and small forms of ASCII: worked out
 * once from JavaScript's own tables.
 */
function readWritten(): Written {
  if (written) return written;
  const as: string[] = LOOK_ALIKE.flatMap(([chars]) => Array.from(chars));
  const means: string[] = LOOK_ALIKE.flatMap(([chars, meant]) => Array.from(chars, () => meant));
  for (const [first, digit, count] of CIRCLED) {
    for (let at = 0; at < count; at++) {
      as.push(String.fromCodePoint(first + at));
      means.push(String(digit + at));
    }
  }
  for (let point = ASCII_END + 1; point <= LAST; point++) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const char = String.fromCodePoint(point);
    const plain = /\p{Nd}/u.test(char) ? digitOf(point) : lastDigit(char.normalize("NFKC"));
    if (plain.length === 1 && /[!-~ ]/.test(plain)) {
      as.push(char);
      means.push(plain);
    }
  }
  written = { as: as.join(""), means: means.join("") };
  return written;
}

/** The last digit of a number in brackets or with a point, as (1), 1. or 13; what else it is stays. */
function lastDigit(plain: string): string {
  return /^[(]?[0-9]{0,1}([0-9])[).,]?$/.exec(plain)?.[1] ?? plain;
}

/** Decimal digits of a script stand in a row, from nought to nine. */
function digitOf(point: number): string {
  let first = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((point - first) % 10);
}

/** Digits as Chinese writes them, and as they are said over the telephone; used where they stand in a row. */
const CHINESE_DIGITS = [
  "〇零○◯洞",
  "一幺壹弌㊀㈠",
  "二两贰貳弍㊁㈡",
  "三叁叄參弎㊂㈢",
  "四肆㊃㈣",
  "五伍㊄㈤",
  "六陆陸㊅㈥",
  "七柒拐㊆㈦",
  "八捌㊇㈧",
  "九玖勾㊈㈨",
];
const CHINESE = CHINESE_DIGITS.join("");
const CHINESE_MEANS = CHINESE_DIGITS.map((chars, digit) => String(digit).repeat(chars.length)).join(
  "",
);
const ANY_DIGIT = `[${CHINESE}0-9OoＯ]`;
/** Ten digits in a row, Chinese ones and others. */
const DIGIT_ROW = `(?:${ANY_DIGIT}[ .·—–-]{0,2}){10}`;
/** Fewer, behind a word that says whose number it is. */
const WORD_AND_ROW = `${NUMBER_WORDS}[^0-9${CHINESE}]{0,6}(?:[${CHINESE}][ -]?){5}`;
/** A name that ends with a digit, as 张三, before the eleven digits of a telephone. */
const NAME_AND_ROW = `([^${CHINESE}0-9OoＯ第字号])([一二三四五六七八九]{1,2})(${ANY_DIGIT}(?:[ -]?${ANY_DIGIT}){10})`;
/** Stands between several readings of one text. */
export const BETWEEN_READINGS = "\u0001";
/** Chinese digits and letters among them, and what they mean. */
const SPOKEN = `${CHINESE}OoＯ`;

const SPOKEN_MEANS = `${CHINESE_MEANS}000`;

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
export const SEVEN_DIGITS = `[0-9](?:[^0-9A-Za-z\\p{Han}〔〕]{0,3}[0-9]){6}|[^${PLAIN}]|${DIGIT_ROW}|${WORD_AND_ROW}`;

/**
 * SQL of a text with plain digits and ASCII in place of what is written for them, without characters that are not seen; where Chinese
 * digits stand in a row, the text follows with these in plain digits too. Many millions pass here, and replacing by a long table
 * is slow: so that is done only where something is written so.
 * @param text SQL, named several times
 */
export function plainDigits(text: string): string {
  const { as, means } = readWritten();
  const seen = TENS.reduce(
    (inner, chars, digit) =>
      chars === "" ? inner : `regexp_replace(${inner}, '([${chars}])', '${digit}\\1', 'g')`,
    `regexp_replace(${text}, '${UNSEEN}', '', 'g')`,
  );
  const narrow = `translate(${text}, ${quote(WIDE)}, ${quote(NARROW)})`;
  // A name may end with a digit, as 张三: so all readings are kept.
  const spoken = (plain: string) => `translate(${plain}, '${SPOKEN}', '${SPOKEN_MEANS}')`;
  const apart = `regexp_replace(${narrow}, '${NAME_AND_ROW}', '\\1\\2 \\3', 'g')`;
  const both = `concat_ws('${BETWEEN_READINGS}', ${narrow}, ${spoken(narrow)}, ${spoken(apart)})`;
  return `CASE WHEN regexp_full_match(${text}, '[\\x{01}-\\x{7F}]*') THEN ${text}
    WHEN regexp_matches(${text}, '${DIGIT_ROW}|${WORD_AND_ROW}') AND regexp_matches(${text}, '[${CHINESE}]') THEN ${both}
    WHEN regexp_full_match(${text}, '[${PLAIN}\\x{FF01}-\\x{FF5E}\\x{3000}]*') THEN ${narrow}
    WHEN regexp_matches(${text}, '[\\x{80}-\\x{3000}\\x{3007}-\\x{4DFF}\\x{A000}-\\x{1FFFF}]') THEN translate(${seen}, ${quote(as)}, ${quote(means)})
    ELSE ${text} END`;
}

/** A text with plain digits and ASCII in place of what is written for them, as plainDigits in SQL; Chinese digits stay. */
export function writePlainDigits(text: string): string {
  const { as, means } = readWritten();
  const from = Array.from(as);
  const tens = TENS.map((chars) => (chars === "" ? undefined : new RegExp(`[${chars}]`, "u")));
  const plain = Array.from(text, (char) => {
    const at = char > "\u007f" ? from.indexOf(char) : -1;
    if (at < 0) return char;
    const ten = tens.findIndex((chars) => chars?.test(char));
    return `${ten < 0 ? "" : ten}${means[at] as string}`;
  }).join("");
  return plain.replace(new RegExp(UNSEEN, "gu"), "");
}

/** SQL of a text that is nothing but Chinese digits and others, in plain ones; NULL of any other. */
export function allDigits(text: string): string {
  return `CASE WHEN regexp_full_match(${text}, '[${CHINESE}0-9 -]+') AND regexp_matches(${text}, '[${CHINESE}]')
    THEN translate(${text}, '${CHINESE}', '${CHINESE_MEANS}') END`;
}

/** A text with plain digits in place of Chinese ones that stand in a row, and as it is read where a name ends with a digit. */
export function writeChineseDigits(text: string): readonly string[] {
  const rows = new RegExp(`(?:${WORD_AND_ROW}|${DIGIT_ROW})(?:[ .·—–-]{0,2}${ANY_DIGIT})*`, "gu");
  const write = (said: string) =>
    said.replace(rows, (row) =>
      Array.from(row, (char) => SPOKEN_MEANS[SPOKEN.indexOf(char)] ?? char).join(""),
    );
  return [write(text), write(text.replace(new RegExp(NAME_AND_ROW, "gu"), "$1$2 $3"))];
}
