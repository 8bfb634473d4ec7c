import type { SourceDefinition } from "../standard/source-definition.ts";

/** Core columns whose value comes from the file's name, in a fixed order. */
export function fileOrigins(source: SourceDefinition): readonly string[] {
  return Object.keys(source.columns).filter((core) => source.columns[core]?.file !== undefined);
}

/** What the name of a file says: the values of fileOrigins in order, and when its rows became known. */
export interface FileValues {
  readonly values: readonly (string | null)[];
  /** Empty when known_at does not depend on the file. */
  readonly knownAt: string | null;
  /** Patterns that did not match the name. */
  readonly unmatched: readonly string[];
}

export function readFileName(source: SourceDefinition, fileName: string): FileValues {
  const unmatched: string[] = [];
  const read = (pattern: string, template: string | undefined): string | null => {
    const match = new RegExp(pattern).exec(fileName);
    if (!match) {
      unmatched.push(pattern);
      return null;
    }
    if (template !== undefined) {
      return template.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "");
    }
    return match.length > 2 ? match.slice(1).join("-") : (match[1] ?? match[0]);
  };
  const values = fileOrigins(source).map((core) => {
    const mapping = source.columns[core];
    return read(mapping?.file as string, mapping?.template);
  });
  const { known_at } = source;
  let knownAt: string | null = null;
  if (typeof known_at === "object" && "date" in known_at) knownAt = known_at.date;
  if (typeof known_at === "object" && "file" in known_at) {
    knownAt = read(known_at.file, known_at.template);
  }
  return { values, knownAt, unmatched };
}
