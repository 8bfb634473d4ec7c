import { quoteLiteral } from "../store/sql-file.ts";

/** Full-width forms of the visible ASCII characters, in their order. */
const WIDE = String.fromCodePoint(...Array.from({ length: 94 }, (_, at) => 0xff01 + at));
const NARROW = String.fromCodePoint(...Array.from({ length: 94 }, (_, at) => 0x21 + at));

/** Further characters that are written for others: blanks, minus signs, a yen sign, a colon, zeros of Chinese years. */
const LIKE: readonly (readonly [string, string])[] = [
  ["\u3000\u00a0\u2007\u2009\u202f\t\r\n", " "],
  ["\u2212\u2013\ufe63", "-"],
  ["\uffe5", "¥"],
  ["\u2236", ":"],
  ["零○◯", "〇"],
  ["號", "号"],
];

/** Characters that nobody sees. */
const UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad";

const FROM = WIDE + LIKE.map(([from]) => from).join("") + UNSEEN;
const TO = NARROW + LIKE.map(([from, to]) => to.repeat([...from].length)).join("");

const ODD = `[${FROM.slice(NARROW.length)}${WIDE[0]}-${WIDE.at(-1)}]`;

/**
 * SQL of a text as a program would have written it: no full-width or unseen characters, no blanks around it.
 * DuckDB's translate() takes 17 microseconds, so it is only asked where there is something to do.
 */
export function plainText(text: string): string {
  return `trim(CASE WHEN regexp_matches(${text}, ${quoteLiteral(ODD)}) THEN translate(${text}, ${quoteLiteral(FROM)}, ${quoteLiteral(TO)}) ELSE ${text} END)`;
}

/** SQL that names a value, so that it is worked out once and can be used several times. */
export function named(value: string, name: string, use: string): string {
  return `list_transform([${value}], lambda ${name}: ${use})[1]`;
}
