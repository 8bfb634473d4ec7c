import { hasLongNumbers, quoteLongNumbers } from "../exact-json.ts";
import { isObject } from "../standard/walk-record.ts";
import { refuse } from "./sentences.ts";

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
