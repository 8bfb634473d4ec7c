import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface DictionaryColumn {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

export interface DictionaryTable {
  readonly name: string;
  readonly text: string;
  readonly columns: readonly DictionaryColumn[];
}

const DOCS = join(import.meta.dirname, "..", "..", "..", "docs");
let read: readonly DictionaryTable[] | undefined;

/** The tables analysts may ask, with what their columns mean, as docs/single-records.md and docs/published-data.md say. */
export function readDictionary(): readonly DictionaryTable[] {
  read ??= [...readTables("single-records.md", "##"), ...readTables("published-data.md", "###")];
  return read;
}

function readTables(file: string, mark: string): DictionaryTable[] {
  const parts = readFileSync(join(DOCS, file), "utf8").split(new RegExp(`^${mark} `, "m"));
  return parts.slice(1).flatMap((part) => {
    const [head = "", ...lines] = part.split("\n");
    const [, name, text] = /^([a-z_]+)(?: — (.*))?$/.exec(head) ?? [];
    const columns = lines.flatMap(readColumns);
    if (!name || columns.length === 0) return [];
    const said = text ?? lines.find((line) => line && !line.startsWith("|")) ?? "";
    return [{ name, text: said, columns }];
  });
}

/** A row describes one column, or several of one type or of as many types. */
function readColumns(line: string): DictionaryColumn[] {
  const [, names, types, text] =
    /^\| `?([a-z_, ]+?)`? \| ([A-Z0-9(), []+\]?) \| (.*) \|$/.exec(line) ?? [];
  if (!names || !types) return [];
  const list = types.split(/, (?=[A-Z])/);
  return names
    .split(", ")
    .map((name, at) => ({ name, type: list[at] ?? list[0] ?? "", text: text ?? "" }));
}

/** Of a text of the documentation, Chinese and English beside each other, the one; what stands in one language alone is told as it is. */
export function sideOf(text: string, language: "zh" | "en"): string {
  const at = text.indexOf(" · ");
  if (at < 0 || !/\p{Script=Han}/u.test(text.slice(0, at))) return text;
  return language === "zh" ? text.slice(0, at) : text.slice(at + 3);
}
