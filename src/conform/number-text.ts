import { UNITS } from "../standard/units.ts";
import { quoteLiteral } from "../store/sql-file.ts";
import { raise } from "./exact-number.ts";
import { named, plainText } from "./plain-text.ts";

/** Words for powers of ten that may stand behind the digits of a number, the longest first. */
const POWERS: Readonly<Record<string, number>> = {
  万亿: 12,
  千亿: 11,
  百亿: 10,
  十亿: 9,
  千万: 7,
  百万: 6,
  十万: 5,
  亿: 8,
  万: 4,
  千: 3,
  百: 2,
};

/** What a column counts in, as far as its numbers may name it. */
type Dimension = "yuan" | "people" | "usd" | "ratio" | "any";

const DIMENSIONS: Readonly<Record<string, Dimension>> = {
  元: "yuan",
  千元: "yuan",
  万元: "yuan",
  百万元: "yuan",
  亿元: "yuan",
  人: "people",
  万人: "people",
  USD: "usd",
  thousand_usd: "usd",
  "%": "ratio",
  "1": "ratio",
};

/** How each dimension's unit may be written: signs before the number, words behind it. */
const SIGNS: Readonly<Record<Dimension, { before: string; behind: string }>> = {
  yuan: { before: "¥|RMB|CNY|人民币", behind: "元人民币|元整|元正|元|圆整|圆|人民币|RMB|CNY" },
  people: { before: "", behind: "人" },
  usd: { before: "US[$]|[$]|USD", behind: "美元|USD" },
  ratio: { before: "", behind: "%" },
  any: { before: "", behind: "" },
};

const NUMBER = [
  `[0-9]{1,3}(?:,[0-9]{3})+(?:[.][0-9]*)?`,
  `[0-9]{1,3}(?: [0-9]{3})+(?:[.][0-9]*)?`,
  `[0-9]+(?:[.][0-9]*)?(?:[eE][+-]?[0-9]+)?`,
  `[.][0-9]+(?:[eE][+-]?[0-9]+)?`,
].join("|");

/** Where a text with a number belongs: its declared unit, and the type of its core column. */
export interface NumberPlace {
  readonly unit: string | undefined;
  readonly type: string;
}

function dimensionOf({ unit, type }: NumberPlace): Dimension {
  if (unit !== undefined) return DIMENSIONS[unit] ?? "any";
  // Money stands in core in yuan, to the fen; numbers of people are whole.
  if (/^DECIMAL\((18|20|24),2\)$/.test(type)) return "yuan";
  return /INT/.test(type) ? "people" : "any";
}

/**
 * SQL of the number in a text that is written otherwise than a program writes one: full width, grouped by blanks, in
 * brackets for less than nothing, with the name of its unit (3.2亿元, ￥12, 12%), or in Chinese numerals that name one
 * (壹万贰仟元整, 百分之十二). A text in plain digits and exponent, or NULL when it is none, or when it may mean several things.
 * A named unit goes before the declared one. A word such as 万 alone multiplies where the declared unit is the base unit, and
 * is no number where it is another, for nobody can tell whether it is meant beside that unit or instead of it.
 */
export function spelledNumber(text: string, place: NumberPlace): string {
  const dimension = dimensionOf(place);
  const { before, behind } = SIGNS[dimension];
  const words = Object.keys(POWERS).join("|");
  const shape = `^([+-])? *(${before})? *([+-])? *(${NUMBER}) *(${words})? *(${behind})?$`;
  const names = ["sign", "before", "inner_sign", "digits", "power", "behind"].map(quoteLiteral);
  const parts = (inner: string) =>
    `regexp_extract(${inner}, ${quoteLiteral(shape)}, [${names.join(", ")}])`;
  const bracketed = "^[(] *([^()+-]+) *[)]$";
  const number = named(
    parts(`regexp_replace(w, ${quoteLiteral(bracketed)}, '-\\1')`),
    "p",
    scaled(place, dimension),
  );
  return named(plainText(text), "u", named(fromNumerals("u", dimension), "w", number));
}

/** The number from its parts p, in the base unit of its column. */
function scaled({ unit }: NumberPlace, dimension: Dimension): string {
  const own = Math.round(Math.log10(Number(UNITS[unit ?? "1"] ?? "1")));
  const power = `CASE p.power ${Object.entries(POWERS)
    .map(([word, zeros]) => `WHEN ${quoteLiteral(word)} THEN ${zeros}`)
    .join(" ")} ELSE 0 END`;
  const percent = dimension === "ratio" ? "- 2" : "";
  const shift = `CASE WHEN p.behind <> '' THEN ${power} ${percent}
    WHEN p.power <> '' AND (p.before <> '' OR ${own} = 0) THEN ${power}
    WHEN p.power = '' AND (p.before = '' OR ${own} = 0) THEN ${own} END`;
  const ratio = dimension === "ratio" ? "AND p.power = ''" : "";
  const minus = "CASE WHEN p.sign = '-' OR p.inner_sign = '-' THEN '-' ELSE '' END";
  return `CASE WHEN p.digits <> '' AND (p.sign = '' OR p.inner_sign = '') ${ratio}
    AND NOT (p.power <> '' AND regexp_matches(p.digits, '[eE]'))
    THEN ${minus} || ${raise("replace(replace(p.digits, ',', ''), ' ', '')", `(${shift})`)} END`;
}

const FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參陸两兩圓圆零";
const SIMPLE = "一二三四五六七八九十百千万亿二三六二二元元〇";
const ONE = "[一二三四五六七八九]";

/** One to 99, to 999 and to 9999 in numerals: where a place is passed over stands 〇, so that 一百二 is none. */
const TENS = `(?:${ONE}?十${ONE}?|${ONE})`;
const HUNDREDS = `${ONE}百(?:${ONE}十${ONE}?|〇${ONE})?`;
const THOUSANDS = `${ONE}千(?:${HUNDREDS}|〇${ONE}十${ONE}?|〇${ONE})?`;
const SECTION = `(?:${THOUSANDS}|${HUNDREDS}|${TENS})`;
/** Behind 万 or 亿: 〇 stands before what has no thousands, and may stand before what has. */
const LOWER = `(?:〇?${THOUSANDS}|〇${HUNDREDS}|〇${TENS})`;
const WHOLE = `(?:(?:${SECTION}亿)(?:${LOWER}万)?${LOWER}?|${SECTION}万${LOWER}?|${SECTION}|〇)`;

/** A text whose number stands in Chinese numerals and names its unit, with digits in their place; any other as it is. */
function fromNumerals(text: string, dimension: Dimension): string {
  if (dimension !== "yuan" && dimension !== "ratio") return text;
  const whole = dimension === "yuan" ? "元" : "";
  const shape =
    dimension === "yuan"
      ? `^(?:人民币|¥)? *(${WHOLE})元(?:(${ONE})角)?(?:〇?(${ONE})分)?[整正]?$`
      : `^百分之(${WHOLE})(?:点([〇一二三四五六七八九]+))?()$`;
  const digits = (part: string) => `translate(${part}, '〇一二三四五六七八九', '0123456789')`;
  const places =
    dimension === "yuan"
      ? `CASE WHEN c.tenth = '' AND c.hundredth = '' THEN '' ELSE '.' || CASE WHEN c.tenth = '' THEN '0' ELSE ${digits("c.tenth")} END || ${digits("c.hundredth")} END`
      : `CASE WHEN c.tenth = '' THEN '' ELSE '.' || ${digits("c.tenth")} END`;
  const unit = dimension === "yuan" ? whole : "%";
  const found = `regexp_extract(translate(${text}, ${quoteLiteral(FORMAL)}, ${quoteLiteral(SIMPLE)}), ${quoteLiteral(shape)}, ['whole', 'tenth', 'hundredth'])`;
  const read = named(
    found,
    "c",
    `CASE WHEN c.whole <> '' THEN ${wholeNumber("c.whole")} || ${places} || '${unit}' ELSE ${text} END`,
  );
  const arabic =
    dimension === "ratio" ? `regexp_replace(${text}, '^百分之 *([0-9.]+)$', '\\1%')` : text;
  return `CASE WHEN regexp_matches(${text}, '[〇一二三四五六七八九壹贰叁肆伍陆柒捌玖十拾]') THEN ${read} ELSE ${arabic} END`;
}

/** The digits of a number in numerals, below 万亿. */
function wholeNumber(text: string): string {
  const parts = `regexp_extract(${text}, '^(?:(.*)亿)?(?:(.*)万)?(.*)$', ['above', 'middle', 'below'])`;
  const digit = (section: string, place: string) =>
    `instr('一二三四五六七八九', nullif(regexp_extract(${section}, '(${ONE})${place}', 1), ''))`;
  const value = (section: string) =>
    `(coalesce(${digit(section, "千")}, 0) * 1000 + coalesce(${digit(section, "百")}, 0) * 100
      + CASE WHEN contains(${section}, '十') THEN coalesce(${digit(section, "十")}, 1) * 10 ELSE 0 END + coalesce(${digit(section, "$")}, 0))`;
  return named(
    parts,
    "s",
    `CAST(${value("s.above")} * 100000000 + ${value("s.middle")} * 10000 + ${value("s.below")} AS VARCHAR)`,
  );
}

/**
 * SQL of why a text that gave no number gave none, as a reason of quarantine: it names a unit that does not go with the
 * source's, its points and commas may be read in several ways, or it is no number at all.
 */
export function numberFault(text: string): string {
  const unit =
    "[0-9] *(%|元|圆|人|万|亿|千|百|美元|USD|RMB|CNY)|^ *[+-]? *(¥|[$]|US|RMB|CNY|百分之)";
  const several = "^[+-]?[0-9][0-9., '’]*-?$";
  const plain = plainText(text);
  return `CASE WHEN regexp_matches(${plain}, ${quoteLiteral(unit)}) THEN 'unclear-unit'
    WHEN regexp_matches(${plain}, ${quoteLiteral(several)}) AND NOT regexp_matches(${plain}, '^[+-]?[0-9]+([.][0-9]*)?$') THEN 'unclear-number' ELSE 'bad-number' END`;
}
