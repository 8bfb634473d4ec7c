/**
 * SQL of a text as an exact number, DECIMAL(38,12), or NULL when it is none: digits with a point and an exponent, or grouped by
 * commas in threes. Blanks around it do no harm.
 * DuckDB 1.5 takes 13 microseconds to turn a text into so wide a DECIMAL, and as long to find that a date is none: two
 * hundred times as long as for eighteen digits, in which most amounts can be read exactly.
 */
export function exactNumber(text: string): string {
  const is = (shape: string) => `regexp_full_match(${text}, '${shape}')`;
  const wide = (digits: string) => `TRY_CAST(${digits} AS ${EXACT})`;
  return `(CASE WHEN ${is(SHORT)} THEN CAST(TRY_CAST(${text} AS DECIMAL(18,6)) AS ${EXACT}) WHEN ${is(PLAIN)} THEN ${wide(text)} WHEN ${is(GROUPED)} THEN ${wide(`replace(${text}, ',', '')`)} END)`;
}

/**
 * SQL of a text as a double, or NULL when it is no number or one that a double cannot hold to 17 digits. It is read from the
 * text as written, exactly rounded; the shapes are those of exactNumber.
 * @param power of ten to multiply by
 */
export function figureNumber(text: string, power = 0): string {
  const is = (shape: string) => `regexp_full_match(${text}, '${shape}')`;
  const held = (digits: string) =>
    heldFigure(
      `TRY_CAST(${power === 0 ? digits : raise(digits, String(power))} AS DOUBLE)`,
      digits,
    );
  return `(CASE WHEN ${is(PLAIN)} THEN ${held(text)} WHEN ${is(GROUPED)} THEN ${held(`replace(${text}, ',', '')`)} END)`;
}

/** SQL of a double, NULL when it is infinite, no number, or so small that it has lost digits. */
export function heldFigure(figure: string, digits?: string): string {
  const nothing = digits
    ? `(${figure} = 0 AND NOT regexp_matches(${digits}, '^[^eE]*[1-9]'))`
    : `${figure} = 0`;
  return `(CASE WHEN isfinite(${figure}) AND (abs(${figure}) >= ${SMALLEST} OR ${nothing}) THEN ${figure} END)`;
}

/** The smallest double with all its digits. */
const SMALLEST = "CAST('2.2250738585072014e-308' AS DOUBLE)";

/** SQL of a text in digits with an exponent as an exact number, the narrow way where that keeps all of it. */
export function exactDigits(digits: string): string {
  const narrow = `CAST(TRY_CAST(${digits} AS DECIMAL(18,6)) AS ${EXACT})`;
  return `coalesce(CASE WHEN regexp_full_match(${digits}, '-?[0-9]+([.][0-9]{0,6})?e[0-9]+') THEN ${narrow} END, TRY_CAST(${digits} AS ${EXACT}))`;
}

/** SQL of a number's text times a power of ten, put into its exponent. */
export function raise(digits: string, power: string): string {
  const own = `CASE WHEN regexp_matches(${digits}, '[eE]') THEN TRY_CAST(regexp_extract(${digits}, '[eE]([+-]?[0-9]+)', 1) AS INTEGER) ELSE 0 END`;
  return `regexp_replace(trim(${digits}), '[eE].*', '') || 'e' || CAST(${own} + ${power} AS VARCHAR)`;
}

/** As many digits as a DECIMAL can hold; twelve places are kept before a unit is applied. */
const EXACT = "DECIMAL(38,12)";

const SHORT = "[+-]?[0-9]{1,12}([.][0-9]{0,6}0*)?";
const PLAIN = String.raw`\s*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\s*`;
const GROUPED = String.raw`\s*[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?\s*`;
