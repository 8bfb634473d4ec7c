import { hasLongNumbers, quoteLongNumbers } from "../exact-json.ts";
import { refuse } from "./sentences.ts";

export type JsonObject = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses JSON; a number of 16 characters or more, or with an exponent of three digits, becomes text as written, since a JavaScript
 * number would lose digits of it, or all.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  if (!hasLongNumbers(text)) return JSON.parse(text);
  JSON.parse(text);
  return JSON.parse(quoteLongNumbers(text));
}

/** Whether a JSON text, as JSON.stringify writes it, escapes half a surrogate pair: legal JSON, but not text to a database. */
export function hasHalfCharacter(json: string): boolean {
  return /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(json);
}

/**
 * The records of a JSON document. Of an array they are its elements. Of an object they are the elements of the list
 * that the first name leads to (data.items is a path), with the object's other fields where a record has none of that name;
 * without names the object is the one record.
 * @throws RefusedFile when the list is not there
 */
export function listRecords(
  document: unknown,
  names: readonly string[] = [],
): { readonly records: readonly unknown[]; readonly inner: readonly string[] } {
  if (Array.isArray(document)) return { records: document, inner: names };
  const [list, ...inner] = names;
  if (list === undefined) return { records: [document], inner };
  const found = findList(document, list);
  if (!isObject(document) || !Array.isArray(found)) {
    return refuse(
      `文件中没有名为“${list}”的数组（来源定义 format.records）。请核对文件或更正来源定义。`,
      `The file has no array named "${list}" (format.records of the source file). Check the file, or correct the source file.`,
    );
  }
  const outermost = list in document ? list : (list.split(".")[0] as string);
  const { [outermost]: _, ...shared } = document;
  return {
    records: found.map((record) => (isObject(record) ? { ...shared, ...record } : record)),
    inner,
  };
}

/** The list of that name; or, where no field is called so, what the name leads to as a path: data.items. */
function findList(document: unknown, name: string): unknown {
  if (!isObject(document)) return undefined;
  if (name in document) return document[name];
  return name
    .split(".")
    .reduce<unknown>((found, part) => (isObject(found) ? found[part] : undefined), document);
}

/**
 * Walks into arrays inside a record: one row per innermost element, in order. An element stands under the name of its
 * array, beside the fields of everything around it: { ocid, contracts: { dateSigned } }. A record without elements
 * gives no row; an object where an array is expected counts as its only element.
 */
export function* walkRecord(record: unknown, names: readonly string[]): Generator<unknown> {
  if (names.length === 0 || !isObject(record)) yield record;
  else yield* walkInto(record, record, names);
}

function* walkInto(
  row: JsonObject,
  holder: JsonObject,
  names: readonly string[],
): Generator<unknown> {
  const [name, ...rest] = names as [string, ...string[]];
  const found = holder[name];
  const elements = Array.isArray(found) ? found : isObject(found) ? [found] : [];
  const { [name]: _, ...others } = row;
  for (const element of elements) {
    const next = rest[0];
    if (next === undefined || !isObject(element)) {
      yield { ...others, [name]: element };
    } else {
      const { [next]: __, ...fields } = element;
      yield* walkInto({ ...others, [name]: fields }, element, rest);
    }
  }
}
