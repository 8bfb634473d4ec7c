import {
  BANK_CARD,
  CARD,
  CODE,
  DECIMAL,
  HEXADECIMAL,
  LATIN_LABEL,
  MAIL,
  numberForms,
  REGION_AND_YEAR,
  SEPARATORS,
} from "./number-forms.ts";
import { plainDigits, SEVEN_DIGITS, writePlainDigits } from "./plain-digits.ts";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** What the weighted sum of the first seventeen digits stands for, by its remainder. */
const CHECKS = "10X98765432";

/** Where separators have become hyphens, patterns are short, and quickly made ready for each statement. */
const HYPHENS = numberForms("-");
const AS_WRITTEN = numberForms(SEPARATORS);

/** SQL of whether a text is the eighteen digits of a card: its region and day are possible and its check digit is right. */
function isCard(digits: string): string {
  const sum = `list_sum(list_transform(range(1, 18), lambda i: CAST((${digits})[i] AS INTEGER) * ([${WEIGHTS}])[i])) % 11`;
  return `regexp_full_match(${digits}, '${CARD}')
    AND try_strptime(substr(${digits}, 7, 8), '%Y%m%d') IS NOT NULL
    AND substr('${CHECKS}', CAST(${sum} AS INTEGER) + 1, 1) = upper((${digits})[18])`;
}

/** What a digit gives to Luhn's sum where it is doubled. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

/** SQL of whether digits alone are a bank card: what its issuer's cards begin with, their length and Luhn's check digit (ISO/IEC 7812). */
function isBankCard(digits: string): string {
  const digit = `CAST((${digits})[i] AS INTEGER)`;
  const doubled = `(length(${digits}) - i) % 2 = 1`;
  const sum = `list_sum(list_transform(range(1, length(${digits}) + 1), lambda i: CASE WHEN ${doubled} THEN ([${DOUBLED}])[${digit} + 1] ELSE ${digit} END))`;
  return `regexp_full_match(${digits}, '${BANK_CARD}') AND NOT regexp_matches(${digits}, '${REGION_AND_YEAR}')
    AND NOT regexp_full_match(${digits}, '([0-9])0*') AND ${sum} % 10 = 0`;
}

/** SQL of whether letters and digits alone, as A1234563, are an identity card of Hong Kong: its check digit is right. */
function isHongKong(card: string): string {
  const padded = `lpad(upper(${card}), 9, ' ')`;
  // A blank counts as 36, letters from 10 on; weights are 9 to 1, and A stands for 10 at the end.
  const value = `CASE WHEN (${padded})[i] = ' ' THEN 36 WHEN (${padded})[i] >= 'A' THEN ascii((${padded})[i]) - 55 ELSE CAST((${padded})[i] AS INTEGER) END`;
  return `list_sum(list_transform(range(1, 10), lambda i: (10 - i) * ${value})) % 11 = 0`;
}

/** SQL of whether looksPersonal need be asked of a text at all; of most it need not, and this is quick. */
export function mayLookPersonal(text: string): string {
  return `(strlen(${text}) >= 6 AND regexp_matches(${text}, '[@＠﹫]|[Aa][Tt]|[A-Za-z][0-9 -]{6,9}[(（] ?[Aa]|${SEVEN_DIGITS}'))`;
}

/**
 * SQL of whether a text looks as if it held the number of a resident identity card (18 digits with their check digit, or 15), of
 * one of Hong Kong, a passport, a permit to travel, a bank card, a telephone or an e-mail address, in whatever writing.
 * @param text SQL of a VARCHAR, named several times; NULL is none
 * @param days SQL of dates of the same row: digits alone that have one of them in them are a number that was given on that day
 */
export function looksPersonal(text: string, days: readonly string[] = []): string {
  const digits = "regexp_replace(card, '[^0-9Xx]', '', 'g')";
  const cards = `list_filter(regexp_extract_all(spaced, '${HYPHENS.likeACard}', 1), lambda card: ${isCard(digits)})`;
  const bankCards = `list_filter(regexp_extract_all(spaced, '${HYPHENS.likeABankCard}', 1), lambda card: ${isBankCard("replace(card, '-', '')")})`;
  const hongKong = `list_filter(regexp_extract_all(spaced, '${HYPHENS.likeHongKong}', 1), lambda card: ${isHongKong("regexp_replace(card, '[^0-9A-Za-z]', '', 'g')")})`;
  const hasNumber = `(regexp_matches(spaced, '${HYPHENS.certain}') OR len(${cards}) > 0 OR len(${bankCards}) > 0 OR len(${hongKong}) > 0) AND ${notGivenOn("spaced", days)}`;
  const spaced = `regexp_replace(plain, '${SEPARATORS}', '-', 'g')`;
  const hasAny = `regexp_matches(plain, '${MAIL}') OR list_transform([${spaced}], lambda spaced: ${hasNumber})[1]`;
  // Many millions pass here: what has few digits and no address costs little. A list of one names what is used again.
  return `(CASE WHEN ${text} IS NULL THEN false
    WHEN regexp_full_match(${text}, '${CODE}|[0-9]{1,10}|${DECIMAL}') AND NOT regexp_matches(${text}, '^${LATIN_LABEL}') THEN false
    WHEN NOT ${mayLookPersonal(text)} THEN false
    WHEN regexp_full_match(${text}, '${HEXADECIMAL}') AND regexp_matches(${text}, '[a-f]') THEN false
    ELSE list_transform([${plainDigits(text)}], lambda plain: ${hasAny})[1] END)`;
}

/** Digits alone that are as long as cards and begin like them. */
export const LIKE_CARDS = `${CARD}|${BANK_CARD}`;

/** SQL of a text in plain digits and capital letters, without what stands between them. */
export function digitsOnly(text: string): string {
  return `regexp_replace(${plainDigits(text)}, '${SEPARATORS}', '', 'g')`;
}

/** SQL of whether a text is other than a number of which a day is part: as 180701 00123, 2018 0701 0001 or 370202 20180701 0001. */
function notGivenOn(text: string, days: readonly string[]): string {
  if (days.length === 0) return "true";
  const number = `regexp_replace(${text}, '[^0-9]', '', 'g')`;
  const near = days.flatMap((day) =>
    [-1, 0, 1].map((more) => `CAST(${day} AS DATE) + CAST(${more} AS INTEGER)`),
  );
  const given = `len(list_filter([${near.join(", ")}], lambda day: day IS NOT NULL AND (contains(${number}, strftime(day, '%Y%m%d'))
    OR starts_with(${number}, strftime(day, '%y%m%d')) OR (length(${number}) = 15 AND substr(${number}, 7, 6) = strftime(day, '%y%m%d'))))) > 0`;
  return `NOT (regexp_full_match(${text}, '${HYPHENS.alone}') AND ${given})`;
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
 * A text without what looks like the number or address of a person, as *** in its place, also cards that are wrong in their
 * region or check digit. Where there is none it stays as it is; else what is written otherwise is brought to plain digits.
 */
export function maskPersonal(text: string): string {
  const { certain, likeACard, likeABankCard, likeHongKong } = AS_WRITTEN;
  const plain = writePlainDigits(text);
  const masked = plain
    .replace(new RegExp(MAIL, "gu"), "***")
    .replace(new RegExp(likeACard, "gu"), (all, shown: string) =>
      DAY_IN_CARD.test(shown.replace(/[^0-9Xx]/g, "")) ? all.replace(shown, "***") : all,
    )
    .replace(new RegExp(likeABankCard, "gu"), (all, shown: string) =>
      hasBankCheck(shown.replace(/[^0-9]/g, "")) ? all.replace(shown, "***") : all,
    )
    .replace(new RegExp(likeHongKong, "gu"), (all, shown: string) => all.replace(shown, "***"))
    .replace(new RegExp(certain, "gu"), (all) =>
      all.replace(/(?:(?<![A-Za-z])[A-Za-z]{1,2}(?=[-\s]{0,2}[0-9])|[0-9+(]).*[0-9]/u, "***"),
    );
  return masked === plain ? text : masked;
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
