import { CARD_WITH_LETTERS } from "./number-forms.ts";
import { BETWEEN_READINGS, plainDigits } from "./plain-digits.ts";

/** Digits, @ and points as programs write them: &#49; &#x31; %31 \\u0031. */
export const ESCAPES = "&#|%[2-4]|\\\\u00|&commat|&period";
/** Characters that turn round what stands behind them. */
const TURNED = "[\\x{202D}\\x{202E}\\x{2066}-\\x{2068}]";
const [LETTERS, MEANT] = ["OoIl", "0011"];

/** What is escaped, with the pattern of its escapes. */
const ESCAPED: readonly (readonly [string, string])[] = [
  ...Array.from({ length: 10 }, (_, digit) => [String(digit), escapeOf(0x30 + digit)] as const),
  ["@", `${escapeOf(0x40)}|&commat;`],
  [".", `${escapeOf(0x2e)}|&period;`],
];

function escapeOf(point: number): string {
  const hex = point.toString(16);
  const either = hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
  return `&#0*${point};?|&#[xX]0*${either};?|%${either}|\\\\u00${either}`;
}

/**
 * SQL of a text in plain digits, as plainDigits, and after it as it reads where it is escaped, turned round, or has letters in
 * place of digits in what is as long as a card. Few are; a list of them is made for these alone.
 * @param text SQL of a VARCHAR, named several times
 */
export function allReadings(text: string): string {
  const decoded = ESCAPED.reduce(
    (inner, [char, pattern]) => `regexp_replace(${inner}, '${pattern}', '${char}', 'g')`,
    text,
  );
  const meant = `translate(${text}, '${LETTERS}', '${MEANT}')`;
  const odd = `${ESCAPES}|${TURNED}|[0-9][OoIl]+[0-9Xx]`;
  return `CASE WHEN regexp_matches(${text}, '${odd}') AND regexp_matches(${text}, '${ESCAPES}|${TURNED}|${CARD_WITH_LETTERS}') THEN array_to_string(list_transform(
      [${text}, ${decoded}, ${meant}, reverse(${text})], lambda reading: ${plainDigits("reading")}), '${BETWEEN_READINGS}')
    ELSE ${plainDigits(text)} END`;
}

/** The readings of a text, in JavaScript: first as it stands. */
export function listReadings(text: string): readonly string[] {
  const decoded = ESCAPED.reduce(
    (inner, [char, pattern]) => inner.replace(new RegExp(pattern, "gu"), char),
    text,
  );
  const meant = text.replace(new RegExp(CARD_WITH_LETTERS, "gu"), (card) =>
    Array.from(card, (char) => MEANT[LETTERS.indexOf(char)] ?? char).join(""),
  );
  const isTurned = new RegExp(TURNED.replace(/\\x/g, "\\u"), "u").test(text);
  const turned = isTurned ? [Array.from(text).reverse().join("")] : [];
  return [...new Set([text, decoded, meant, ...turned])];
}
