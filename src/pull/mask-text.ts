import type { SourceDefinition } from "../standard/source-definition.ts";

/** Whether a source holds columns about natural persons. */
export function holdsPersons(source: SourceDefinition): boolean {
  return (
    (source.restricted?.length ?? 0) > 0 ||
    Object.values(source.columns).some(({ person }) => person !== undefined)
  );
}

/**
 * Hides what a line says but keeps its build, which is what is wrong with it: every run of other characters
 * than the delimiter, quotation marks and JSON punctuation becomes one "*", however long it is.
 */
export function maskText(text: string, delimiter: string): string {
  return text
    .split(delimiter)
    .map((field) => field.replace(/[^"{}[\]:,]+/g, "*"))
    .join(delimiter);
}
