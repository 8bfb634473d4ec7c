import type { ColumnMapping, SourceDefinition } from "../standard/source-definition.ts";

/**
 * A code of a body, or the number of another record: the core value is the normal form. Or a number of the record itself,
 * of which only the key has the normal form, and the core value is as written, to be cited.
 */
export type IdentifierForm = "identifier" | "reference" | "key";

/** As spreadsheets write 370202000000 when its column is too narrow: 3.70202E+11. What comes behind the digits shown is lost. */
export const SCIENTIFIC = "[0-9]([.][0-9]+)?[eE][+][0-9]+";

/** Columns of registers that hold codes of bodies. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  entity: ["entity_id", "parent_id", "division_code"],
  entity_code: ["entity_id"],
};

/** Core columns that hold the number of another record. */
const REFERENCES = ["repeat_of", "of_record"];

/**
 * How a column's values are normalised; undefined for what identifies nothing, or is looked up, coded or a person's.
 * @param type core type
 */
export function formOf(
  source: SourceDefinition,
  core: string,
  mapping: ColumnMapping,
  type: string,
): IdentifierForm | undefined {
  if (type !== "VARCHAR" || mapping.person || mapping.codes || mapping.value !== undefined) {
    return undefined;
  }
  const isCode = CODES[source.kind]?.includes(core) || core.endsWith("uscc");
  if (isCode || mapping.check === "uscc") return "identifier";
  if (REFERENCES.includes(core)) return "reference";
  return source.key.includes(core) ? "key" : undefined;
}
