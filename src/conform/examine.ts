import { type ColumnMapping, readSource } from "../standard/source-definition.ts";
import type { Fault } from "../standard/yaml-document.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { findMisfits, PSEUDO_COLUMNS, readCatalogue } from "./catalogue.ts";
import { readCodes } from "./code-list.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

/**
 * Everything about a source file that can be told without its data: whether its core table has the columns,
 * the code lists exist, and DuckDB takes its patterns, formats and bounds.
 * @param store any database with the newest schema
 * @param file path of a file below a workspace's pipelines/sources
 * @throws DefinitionError when the file itself cannot be read as a source
 */
export async function examineSource(store: Store, file: string): Promise<readonly Fault[]> {
  const document = readSource(file);
  const source = document.value;
  const columns = (await readCatalogue(store)).get(source.kind) ?? [];
  const faults = findMisfits(source, columns).map(({ path, message }) =>
    document.fault(path, message),
  );
  const workspace = file.replace(/[\\/]pipelines[\\/]sources[\\/].*$/, "");
  for (const [core, mapping] of Object.entries(source.columns)) {
    const type = columns.find(({ name }) => name === core)?.type ?? PSEUDO_COLUMNS[core];
    if (!type) continue;
    for (const [key, message] of await tryMapping(store, workspace, mapping, type)) {
      faults.push(document.fault(["columns", core, key], `columns.${core}.${key}: ${message}`));
    }
  }
  return faults;
}

/** What DuckDB, or the folder of code lists, does not take of a mapping: key and reason. */
async function tryMapping(
  store: Store,
  workspace: string,
  mapping: ColumnMapping,
  type: string,
): Promise<[string, string][]> {
  const faults: [string, string][] = [];
  const attempt = async (key: string, work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      faults.push([key, (error as Error).message.split("\n")[0] as string]);
    }
  };
  await attempt("codes", () => readCodes(workspace, mapping.codes));
  if (mapping.extract !== undefined) {
    const pattern = quoteLiteral(mapping.extract);
    await attempt("extract", () => store.run(sql("try-pattern", { pattern })));
  }
  if (mapping.formats) {
    const formats = mapping.formats.map(quoteLiteral).join(", ");
    await attempt("formats", () => store.run(sql("try-formats", { formats })));
  }
  for (const key of ["default", "min", "max"] as const) {
    const value = mapping[key];
    if (value === undefined || mapping.entity) continue;
    await attempt(key, () => store.run(sql("try-value", { type }), { value: String(value) }));
  }
  return faults;
}
