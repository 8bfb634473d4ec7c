import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { ReadingPlace } from "./read-column.ts";
import { findMissing, listWanted } from "./wanted-columns.ts";

const sql = sqlFile(import.meta.dirname, "described-by.sql");

/** What of a definition says how the rows of a file are read. */
const FORM = [
  "kind",
  "format",
  "columns",
  "key",
  "valid",
  "known_at",
  "order",
  "only",
  "except",
  "empty",
  "restricted",
  "retention_months",
] as const;

type Form = Pick<SourceDefinition, (typeof FORM)[number]>;

/** What of a definition says how the rows of a file are read, as text. */
export function formOf(source: SourceDefinition): string {
  return JSON.stringify(Object.fromEntries(FORM.map((name) => [name, source[name]])));
}

/** A description as it is kept, and its hash. */
function describe(source: SourceDefinition) {
  const definition = formOf(source);
  return { definition, description: createHash("sha256").update(definition).digest("hex") };
}

/**
 * Today's definition with the form in which each file was used before, where that was another one; by file.
 * @returns one and the same object for files of one description
 */
export async function readFormer(
  { store }: Pick<Context, "store">,
  source: SourceDefinition,
): Promise<ReadonlyMap<number, SourceDefinition>> {
  const rows = await store.rows<{ file_id: number; description: string; definition: string }>(
    sql("descriptions-of-source"),
    { source: source.source, today: describe(source).description },
  );
  const made = new Map<string, SourceDefinition>();
  const former = new Map<number, SourceDefinition>();
  for (const { file_id, description, definition } of rows) {
    const form: Form = JSON.parse(definition);
    // Rows of another kind lie in another table: such a file can only be read as it is described today.
    if (form.kind !== source.kind) continue;
    const bare = { ...source };
    for (const name of FORM) if (!(name in form)) delete (bare as Partial<SourceDefinition>)[name];
    const known = made.get(description) ?? Object.assign(bare, form);
    // How long persons are kept is for today's definition to say, as long as it says it.
    known.retention_months = source.retention_months ?? form.retention_months;
    made.set(description, known);
    former.set(file_id, known);
  }
  return former;
}

/** Whether a file is of the kind and has the columns that a definition reads. */
export function fits(
  source: SourceDefinition,
  place: Pick<ReadingPlace, "columns" | "keys">,
): boolean {
  const isJson = readsRecords(source);
  if (isJson !== isRecords(place.columns)) return false;
  const needed = new Set([...source.key, source.valid.from]);
  const paths = isJson ? [] : undefined;
  if (isJson && place.keys === undefined) return true;
  const { columns, keys } = place;
  const missing = findMissing(listWanted(source), needed, { columns, keys, paths });
  return isJson ? !missing.some(({ core }) => needed.has(core)) : missing.length === 0;
}

/** The paths of keys in the records of each file of a source. */
export async function readKeysOfFiles(
  { store }: Pick<Context, "store">,
  source: string,
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const rows = await store.rows<{ file_id: number; path: string }>(sql("keys-of-files"), {
    source,
  });
  const keys = new Map<number, Set<string>>();
  for (const { file_id, path } of rows)
    keys.set(file_id, (keys.get(file_id) ?? new Set()).add(path));
  return keys;
}

/** Whether a definition reads records, each in one column of JSON, and no table. */
export function readsRecords({ format }: Pick<SourceDefinition, "format">): boolean {
  return ["json", "ndjson", "ocds"].includes(format.type);
}

/** Whether a raw file holds records: pull lays each down in one column, by this name. */
export function isRecords(columns: ReadonlyMap<string, string>): boolean {
  return columns.size === 1 && columns.has("json");
}

/** Writes down by which definition files were used. */
export async function noteDescription(
  { store }: Context,
  source: SourceDefinition,
  fileIds: readonly number[],
): Promise<void> {
  if (fileIds.length === 0) return;
  const { definition, description } = describe(source);
  await store.run(sql("keep-description"), { description, source: source.source, definition });
  await store.run(sql("note-description"), { description, files: JSON.stringify(fileIds) });
}

/** The same for files that were used before descriptions were kept, by today's definition. */
export async function noteUndescribed(
  context: Context,
  source: SourceDefinition,
  definitionHash: string,
): Promise<void> {
  const files = await context.store.rows<{ file_id: number }>(sql("undescribed"), {
    source: source.source,
    definition_hash: definitionHash,
  });
  await noteDescription(
    context,
    source,
    files.map(({ file_id }) => file_id),
  );
}
