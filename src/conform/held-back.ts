import { digitsOnly, LIKE_CARDS, looksPersonal } from "../standard/personal-text.ts";
import { quoteLiteral } from "../store/sql-file.ts";

/** Numbers of documents that follow one another: letters, and as many letters and digits from the first to the last. */
export interface NumberRun {
  readonly letters: string;
  /** Of the whole text, without what stands between its digits. */
  readonly length: number;
  readonly first: string;
  readonly last: string;
}

/** A column whose text a publication shows as it was delivered. */
export interface ShownText {
  /** Nothing is held back any more. */
  readonly all: boolean;
  /** Marks of values that may be shown. */
  readonly marks: readonly string[];
  /** Every text is held back, for most look like somebody's number. */
  readonly whole?: boolean;
  /** Running numbers, which are shown though each looks like somebody's. */
  readonly runs?: readonly NumberRun[];
  /** Digits alone that look like cards are none: of many such only some have the right check digit. */
  readonly byChance?: boolean;
}

/** Begins what stands in place of a text that is held back. */
export const HELD_BACK = "withheld-";
const MARK_DIGITS = 16;

/**
 * SQL of a public text, or of its mark where it looks like somebody's number and nobody has released it.
 * @param text SQL of the text that is looked at
 * @param suspect column of the text in plain digits where it may be somebody's, else NULL
 * @param hyphenated column of that with hyphens between the digits
 * @param days SQL of dates of its row
 * @param value SQL of the core value
 * @param digits SQL of the keyed hash that the mark is made of
 * @param released SQL of the marks that are released
 * @param shown what is known of the column
 */
export function holdBack({
  text,
  suspect,
  hyphenated,
  days,
  value,
  digits,
  released,
  shown,
}: {
  readonly text: string;
  readonly suspect: string;
  readonly hyphenated: string;
  readonly days: readonly string[];
  readonly value: string;
  readonly digits: string;
  readonly released: readonly string[];
  readonly shown: ShownText;
}): string {
  const mark = `${quoteLiteral(HELD_BACK)} || left(${digits}, ${MARK_DIGITS})`;
  const list = released.join(", ");
  const held = list ? `CASE WHEN ${mark} IN (${list}) THEN ${value} ELSE ${mark} END` : mark;
  const exempt = exemptTexts(text, shown);
  const looks = looksPersonal(suspect, hyphenated, days);
  const kept = exempt
    ? `WHEN ${looks} THEN CASE WHEN ${exempt} THEN ${value} ELSE ${held} END`
    : `WHEN ${looks} THEN ${held}`;
  if (!shown.whole) return `CASE ${kept} ELSE ${value} END`;
  // In a file from which persons were taken out the mark stands already.
  return `CASE WHEN ${text} IS NULL OR starts_with(${text}, ${quoteLiteral(HELD_BACK)}) THEN ${value} ELSE ${held} END`;
}

/** SQL of whether a text that looks like somebody's number is known by its column to be none; undefined where nothing is. */
function exemptTexts(text: string, { runs = [], byChance }: ShownText): string | undefined {
  const tests = runs.map(({ letters, length, first, last }) => {
    const digits = length - letters.length;
    const [from, to] = [first, last].map((each) =>
      quoteLiteral(letters + each.padStart(digits, "0")),
    );
    return `(length(plain) = ${length} AND plain BETWEEN ${from} AND ${to})`;
  });
  if (byChance) tests.push(`regexp_full_match(plain, ${quoteLiteral(LIKE_CARDS)})`);
  if (tests.length === 0) return undefined;
  return `list_transform([${digitsOnly(text)}], lambda plain: regexp_full_match(plain, '[A-Z]{0,6}[0-9]+') AND (${tests.join(" OR ")}))[1]`;
}
