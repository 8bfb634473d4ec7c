import {
  BANK_CARD,
  CARD,
  CARD_WITH_LETTERS,
  CODE,
  DECIMAL,
  FEW_DIGITS,
  HEXADECIMAL,
  LATIN_LABEL,
  LIKE_DIGITS,
  MAIL,
  MESSAGE_NAME,
  MESSAGES,
  numberForms,
  PLATE,
  REGION_AND_YEAR,
  SEPARATORS,
} from "./number-forms.ts";
import { allReadings, ESCAPES, listReadings } from "./odd-writings.ts";
import {
  allDigits,
  plainDigits,
  SEVEN_DIGITS,
  writeChineseDigits,
  writePlainDigits,
} from "./plain-digits.ts";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** What the weighted sum of the first seventeen digits stands for, by its remainder. */
const CHECKS = "10X98765432";

/** Where separators have become hyphens, patterns are short, and quickly made ready for each statement. */
const HYPHENS = numberForms("-");
const AS_WRITTEN = numberForms(SEPARATORS);

/** SQL of whether a text is the eighteen digits of a card: region and day are possible, the check digit is right. */
function isCard(digits: string): string {
  const sum = `list_sum(list_transform(range(1, 18),
    lambda i: CAST((${digits})[i] AS INTEGER) * ([${WEIGHTS}])[i])) % 11`;
  return `regexp_full_match(${digits}, '${CARD}')
    AND try_strptime(substr(${digits}, 7, 8), '%Y%m%d') IS NOT NULL
    AND substr('${CHECKS}', CAST(${sum} AS INTEGER) + 1, 1) = upper((${digits})[18])`;
}

/** What a digit gives to Luhn's sum where it is doubled. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

/**
 * SQL of whether digits alone are a bank card: what its issuer's cards begin with, their length and Luhn's check digit
 * (ISO/IEC 7812).
 */
function isBankCard(digits: string): string {
  const digit = `CAST((${digits})[i] AS INTEGER)`;
  const doubled = `(length(${digits}) - i) % 2 = 1`;
  const sum = `list_sum(list_transform(range(1, length(${digits}) + 1),
    lambda i: CASE WHEN ${doubled} THEN ([${DOUBLED}])[${digit} + 1] ELSE ${digit} END))`;
  return `regexp_full_match(${digits}, '${BANK_CARD}') AND NOT regexp_matches(${digits}, '${REGION_AND_YEAR}')
    AND NOT regexp_full_match(${digits}, '([0-9])0*') AND ${sum} % 10 = 0`;
}

/** SQL of whether letters and digits alone, as A1234563, are an identity card of Hong Kong by its check digit. */
function isHongKong(card: string): string {
  const padded = `lpad(upper(${card}), 9, ' ')`;
  // A blank counts as 36, letters from 10 on; weights are 9 to 1, and A stands for 10 at the end.
  const sign = `(${padded})[i]`;
  const value = `CASE WHEN ${sign} = ' ' THEN 36 WHEN ${sign} >= 'A' THEN ascii(${sign}) - 55
    ELSE CAST(${sign} AS INTEGER) END`;
  return `list_sum(list_transform(range(1, 10), lambda i: (10 - i) * ${value})) % 11 = 0`;
}

/** SQL of whether letters and digits alone, as A123456789, are an identity card of Taiwan: its check digit is right. */
function isTaiwan(card: string): string {
  // Letters stand for 10 to 35, but I, O, W and Z were given theirs later.
  const letters = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
  const value = `(9 + strpos('${letters}', upper((${card})[1])))`;
  const sum = `list_sum(list_transform(range(2, 10), lambda i: (10 - i) * CAST((${card})[i] AS INTEGER)))`;
  return `(${value} // 10 + 9 * (${value} % 10) + ${sum} + CAST((${card})[10] AS INTEGER)) % 10 = 0`;
}

/** SQL of whether a text need be looked at closely; of most it need not, and this is quick. */
export function mayLookPersonal(text: string): string {
  const addresses = `[@＠﹫#]|[Aa][Tt]|艾特|圈 ?[aAＡ]|${ESCAPES}|[(（【<{\\[] ?[Aa] ?[)）】>}\\]]`;
  const letters = `${MESSAGES}|${MESSAGE_NAME}|${PLATE}[0-9A-Z]{5}|${LIKE_DIGITS}|${CARD_WITH_LETTERS}|[A-Za-z][0-9 -]{6,9}[(（【\\[] ?[Aa]`;
  return `(strlen(${text}) >= 6 AND regexp_matches(${text}, '${addresses}|${letters}|${SEVEN_DIGITS}'))`;
}

/**
 * SQL of a text in plain digits, where it may hold somebody's number or address; NULL where it does not, as with most.
 * @param text SQL of a VARCHAR, named several times
 */
export function suspectText(text: string): string {
  return `CASE WHEN ${text} IS NULL THEN NULL
    WHEN NOT ${mayLookPersonal(text)} THEN NULL
    WHEN regexp_full_match(${text}, '${CODE}|${FEW_DIGITS}|${DECIMAL}')
      AND NOT regexp_matches(${text}, '^${LATIN_LABEL}|^${LIKE_DIGITS}$') THEN NULL
    WHEN regexp_full_match(${text}, '${HEXADECIMAL}') AND regexp_matches(${text}, '[a-f]') THEN NULL
    ELSE ${allReadings(text)} END`;
}

/** SQL of a suspect text with hyphens in place of all that people put between digits. */
export function hyphenate(suspect: string): string {
  return `regexp_replace(${suspect}, '${SEPARATORS}', '-', 'g')`;
}

/**
 * SQL of whether a text looks as if it held the number of a resident identity card (18 digits with their check digit,
 * or 15), of one of Hong Kong, Macao or Taiwan, a passport, a permit to travel, a bank card, a telephone or an e-mail
 * address, in whatever writing.
 *
 * Both sides of AND and OR are worked out for every row, what stands behind THEN only for those that come there; and a
 * pattern within a lambda is made ready anew for each two thousand rows. Many millions pass here.
 * @param suspect name of a column made by suspectText
 * @param hyphenated name of a column made of it by hyphenate
 * @param days SQL of dates of the same row: digits alone that have one of them in them are a number given on that day
 */
export function looksPersonal(
  suspect: string,
  hyphenated: string,
  days: readonly string[] = [],
): string {
  const some = (pattern: string, strip: string, test: (card: string) => string) =>
    `WHEN len(list_filter(regexp_extract_all(${hyphenated}, '${pattern}', 1),
      lambda card: ${test(`regexp_replace(card, '${strip}', '', 'g')`)})) > 0 THEN true`;
  const hasNumber = `CASE WHEN regexp_matches(${hyphenated}, '${HYPHENS.certain}') THEN true
    ${some(HYPHENS.likeACard, "[^0-9Xx]", isCard)}
    ${some(HYPHENS.likeABankCard, "[^0-9]", isBankCard)}
    ${some(HYPHENS.likeHongKong, "[^0-9A-Za-z]", isHongKong)}
    ${some(HYPHENS.likeTaiwan, "[^0-9A-Za-z]", isTaiwan)}
    ELSE false END`;
  return `CASE WHEN ${suspect} IS NULL THEN false
    WHEN regexp_matches(${suspect}, '${MAIL}') THEN true
    WHEN ${hasNumber} THEN ${notGivenOn(hyphenated, days)}
    ELSE false END`;
}

/** What is as long as cards and begins like them, without anything else. */
export const LIKE_CARDS = `${CARD}|${BANK_CARD}|[A-Z][1289][0-9]{8}`;

/** SQL of a text in plain digits and capital letters, without what stands between them. */
export function digitsOnly(text: string): string {
  return `regexp_replace(coalesce(${allDigits(text)}, ${plainDigits(text)}), '${SEPARATORS}', '', 'g')`;
}

/**
 * SQL of whether a text is other than a number of which a day is part: as 180701 00123, 2018 0701 0001 or
 * 370202 20180701 0001.
 */
function notGivenOn(text: string, days: readonly string[]): string {
  if (days.length === 0) return "true";
  const number = `regexp_replace(${text}, '[^0-9]', '', 'g')`;
  const near = days.flatMap((day) =>
    [-1, 0, 1].map((more) => `CAST(${day} AS DATE) + CAST(${more} AS INTEGER)`),
  );
  const given = `len(list_filter([${near.join(", ")}], lambda day: day IS NOT NULL AND (
    contains(${number}, strftime(day, '%Y%m%d')) OR starts_with(${number}, strftime(day, '%y%m%d'))
    OR (length(${number}) = 15 AND substr(${number}, 7, 6) = strftime(day, '%y%m%d'))))) > 0`;
  return `CASE WHEN regexp_full_match(${text}, '${HYPHENS.alone}') THEN NOT (${given}) ELSE true END`;
}

const DAY_IN_CARD =
  /^[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$/;

function hasBankCheck(digits: string): boolean {
  const sum = Array.from(digits)
    .reverse()
    .reduce(
      (total, digit, at) => total + (at % 2 === 1 ? (DOUBLED[Number(digit)] ?? 0) : Number(digit)),
      0,
    );
  return new RegExp(`^(?:${BANK_CARD})$`).test(digits) && sum % 10 === 0;
}

/**
 * A text without what looks like the number or address of a person, as *** in its place, also cards that are wrong in
 * their region or check digit. Where there is none it stays as it is; else what is written otherwise is brought to
 * plain digits.
 */
export function maskPersonal(text: string): string {
  for (const reading of listReadings(text)) {
    const plain = writePlainDigits(reading);
    const masked = maskNumbers(plain);
    for (const spoken of writeChineseDigits(masked)) {
      const all = spoken === masked ? masked : maskNumbers(spoken);
      if (all !== spoken) return all;
    }
    if (masked !== plain) return masked;
  }
  return text;
}

function maskNumbers(plain: string): string {
  const { certain, likeACard, likeABankCard, likeHongKong, likeTaiwan } = AS_WRITTEN;
  return plain
    .replace(new RegExp(MAIL, "gu"), "***")
    .replace(new RegExp(likeACard, "gu"), (all, shown: string) =>
      DAY_IN_CARD.test(shown.replace(/[^0-9Xx]/g, "")) ? all.replace(shown, "***") : all,
    )
    .replace(new RegExp(likeABankCard, "gu"), (all, shown: string) =>
      hasBankCheck(shown.replace(/[^0-9]/g, "")) ? all.replace(shown, "***") : all,
    )
    .replace(new RegExp(likeHongKong, "gu"), (all, shown: string) => all.replace(shown, "***"))
    .replace(new RegExp(likeTaiwan, "gu"), (all, shown: string) => all.replace(shown, "***"))
    .replace(new RegExp(certain, "gu"), (all) =>
      all.replace(/[A-Za-z0-9+(|].*[0-9A-Za-z]/u, "***"),
    );
}

/**
 * SQL of whether a text has characters that are not seen, or turn round what is seen: of no width, bidi controls,
 * letters of scripts written from right to left.
 */
export function hasHiddenCharacters(text: string): string {
  const scripts = ["Hebrew", "Arabic", "Syriac", "Thaana", "Nko"].map((name) => `\\p{${name}}`);
  const fillers = "\\x{115F}\\x{1160}\\x{3164}\\x{FFA0}";
  return `regexp_matches(${text}, '[\\p{Cf}${fillers}${scripts.join("")}]')`;
}
