import { cleanName } from "../standard/column-name.ts";
import { quoteLiteral } from "../store/sql-file.ts";
import { exactNumber } from "./exact-number.ts";

/** Which of several values found is meant; `sum` adds numbers up exactly. */
export type Pick = "first" | "last" | "min" | "max" | "sum";

/** A step into the elements of a list: all of them, or those whose field has a value. */
interface Choice {
  /** Keys from the place before to the list. */
  readonly keys: readonly string[];
  /** Field an element is chosen by; absent: every element. */
  readonly field?: string | undefined;
  /** What the field must be: a text, or with `$` before it a path of the same row. */
  readonly wanted?: string | undefined;
}

/** A path that chooses elements of lists: `awards[id=$contracts.awardID].suppliers[0].name`. */
export interface ChoosingPath {
  readonly choices: readonly Choice[];
  /** Keys from the last list's element to the value. */
  readonly rest: readonly string[];
}

const CHOICE = /\[(?:\*|([^\]=]+)=([^\]]*))\]/;

/** Whether a path chooses elements otherwise than by their position. */
export function chooses(path: string): boolean {
  return CHOICE.test(path);
}

/** The parts of a path that chooses: `contracts.documents[documentType=contractSigned].datePublished`. */
export function parseChoices(path: string): ChoosingPath {
  const choices: Choice[] = [];
  let left = path;
  for (let match = CHOICE.exec(left); match; match = CHOICE.exec(left)) {
    const [whole, field, wanted] = match;
    choices.push({ keys: keysOf(left.slice(0, match.index)), field, wanted });
    left = left.slice(match.index + whole.length);
  }
  return { choices, rest: keysOf(left) };
}

function keysOf(path: string): string[] {
  return path.split(".").filter((key) => key !== "");
}

/** A path whose keys are spelled as pull leaves those of the records; values that elements are chosen by stay as they are. */
export function cleanPath(path: string): string {
  return path
    .split(/(\[[^\]=]*=(?!\$))([^\]]*)/)
    .map((part, index) => (index % 3 === 2 ? part : cleanName(part)))
    .join("");
}

/**
 * The paths, by keys alone, that records must have for a path to find anything: those of its lists' fields and of the
 * values it compares them with, and its own: awards.id, contracts.awardID, awards.date.
 */
export function plainPaths(path: string): string[] {
  const plain = (keys: readonly string[]) =>
    cleanName(keys.map((key) => key.replace(/(\[\d+\])+$/, "")).join("."));
  if (!chooses(path)) return [plain(keysOf(path))];
  const { choices, rest } = parseChoices(path);
  const paths: string[] = [];
  const walked: string[] = [];
  for (const { keys, field, wanted } of choices) {
    walked.push(...keys);
    if (field !== undefined) paths.push(plain([...walked, ...keysOf(field)]));
    if (wanted?.startsWith("$")) paths.push(plain(keysOf(wanted.slice(1))));
  }
  return [...paths, plain([...walked, ...rest])];
}

/**
 * SQL of the texts a path finds, in the order of the lists: VARCHAR[], empty when there are none.
 * @param read SQL of the text at a plain path of the row
 * @param bind placeholder of a value
 */
export function textsAt(
  path: ChoosingPath,
  read: (path: string) => string,
  bind: (value: string) => string,
): string {
  const elements = elementsAt(path, read, bind);
  const texts = `list_transform(${elements}, lambda e: ${textIn("e", path.rest)})`;
  return `list_filter(${texts}, lambda t: t <> '')`;
}

/** SQL of the text of an element of a list, at the keys from it to the value. */
export function textIn(element: string, keys: readonly string[]): string {
  return `json_extract_string(${element}, ${pathLiteral(keys)})`;
}

/** SQL of the elements of lists that a path chooses, JSON[]; as textsAt. */
export function elementsAt(
  { choices }: ChoosingPath,
  read: (path: string) => string,
  bind: (value: string) => string,
): string {
  const [outer, ...inner] = choices as [Choice, ...Choice[]];
  const whole = `TRY_CAST(${read(outer.keys.join("."))} AS JSON)`;
  const chosen = (elements: string, { field, wanted }: Choice) => {
    if (field === undefined || wanted === undefined) return elements;
    const value = wanted.startsWith("$") ? read(wanted.slice(1)) : bind(wanted);
    return `list_filter(${elements}, lambda e: json_extract_string(e, ${pathLiteral(keysOf(field))}) = ${value})`;
  };
  let elements = chosen(`json_extract(${whole}, '$[*]')`, outer);
  for (const choice of inner) {
    const list = pathLiteral(choice.keys, "[*]");
    const each = `flatten(list_transform(${elements}, lambda e: json_extract(e, ${list})))`;
    elements = chosen(each, choice);
  }
  return elements;
}

/**
 * SQL of one text out of several. Numbers are compared as numbers, all else as text, which is right for ISO dates.
 * A sum over something that is no number is that text, which is then found fault with.
 */
export function pickText(texts: string, pick: Pick): string {
  if (pick === "first") return `${texts}[1]`;
  if (pick === "last") return `${texts}[-1]`;
  const numbers = `list_transform(texts, lambda t: ${exactNumber("t")})`;
  const others = `list_filter(texts, lambda t: ${exactNumber("t")} IS NULL)`;
  const picked =
    pick === "sum"
      ? `coalesce(${others}[1], CAST(list_sum(${numbers}) AS VARCHAR))`
      : `CASE WHEN len(${others}) > 0 THEN list_${pick}(texts) ELSE texts[list_position(${numbers}, list_${pick}(${numbers}))] END`;
  return foundOnce(texts, "texts", picked);
}

/** SQL that names a value: DuckDB works one with lambdas in it out anew wherever it stands. */
export function foundOnce(value: string, name: string, use: string): string {
  return `list_transform([${value}], lambda ${name}: ${use})[1]`;
}

function pathLiteral(keys: readonly string[], end = ""): string {
  return quoteLiteral(`$${keys.map(pathStep).join("")}${end}`);
}

/**
 * JSON paths for a dotted name. Rows that come from nested arrays carry their own fields under
 * the dotted name ("contracts.dateSigned"), so a name may be one key, a key with a path behind it, or a path.
 */
export function jsonPaths(name: string): string[] {
  const segments = name.split(".");
  const paths = segments.map((_, index) => {
    const head = segments.slice(0, segments.length - index).join(".");
    return [head, ...segments.slice(segments.length - index)];
  });
  return paths.map((path) => `$${path.map(pathStep).join("")}`);
}

/** One step of a JSON path: a key, with list positions behind it. */
function pathStep(segment: string): string {
  const match = /^(.*?)((?:\[\d+\])*)$/s.exec(segment) as RegExpExecArray;
  return `."${(match[1] as string).replaceAll('"', '\\"')}"${match[2]}`;
}
