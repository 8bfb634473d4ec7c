import { readFileSync } from "node:fs";
import { join } from "node:path";

const cache = new Map<string, Map<string, string>>();

/**
 * Reads a named statement from a .sql file that stands beside the code that uses it.
 * A file holds statements headed by lines `-- name: some-name`.
 * Placeholders `{{name}}` stand for identifiers or fragments, which `sqlFile(...)` replaces;
 * values are never placed that way, only bound.
 * @param folder `import.meta.dirname` of the caller
 * @param file the file's name, as "measure.sql"
 */
export function sqlFile(folder: string, file: string) {
  const path = join(folder, file);
  let statements = cache.get(path);
  if (!statements) {
    statements = split(readFileSync(path, "utf8"), path);
    cache.set(path, statements);
  }
  const found = statements;
  return (name: string, fragments: Record<string, string> = {}): string => {
    const text = found.get(name);
    if (text === undefined) throw new Error(`There is no statement named "${name}" in ${path}.`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
      const fragment = fragments[key];
      if (fragment === undefined) {
        throw new Error(`The statement "${name}" in ${path} needs the fragment "${key}".`);
      }
      return fragment;
    });
  };
}

function split(text: string, path: string): Map<string, string> {
  const statements = new Map<string, string>();
  const parts = text.split(/^-- name: *([\w-]+) *$/m);
  for (let index = 1; index < parts.length; index += 2) {
    const name = parts[index] as string;
    if (statements.has(name)) throw new Error(`The statement "${name}" is twice in ${path}.`);
    statements.set(name, (parts[index + 1] as string).trim().replace(/;$/, ""));
  }
  return statements;
}

/** Quotes an identifier for DuckDB. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes text as a SQL literal, for the few places where DuckDB takes no parameter (file paths of COPY, options). */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
