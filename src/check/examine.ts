import { type CheckFile, readCheck } from "../standard/check-file.ts";
import { KINDS, readSource } from "../standard/source-definition.ts";
import { listFiles } from "../standard/workspace.ts";
import type { Fault } from "../standard/yaml-document.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "delivery.sql");

/** Columns every check gives for a bad row. */
const GIVEN = ["record_key", "file_id", "line", "detail"];

/**
 * Reads a check and prepares its SQL against the schema, for every kind it looks at.
 * @param store any database with the newest schema
 * @param file path of a file of a workspace's metrics/checks
 * @throws DefinitionError when the header cannot be read
 */
export async function examineCheck(store: Store, file: string): Promise<readonly Fault[]> {
  const check = readCheck(file, file.replace(/^.*[\\/]|\.sql$/g, ""));
  for (const kind of kindsOf(check, file)) {
    if (kind) await store.run(sql("look-at-kind", { kind }));
    const message = await tryCheck(store, check);
    if (kind) await store.run(sql("close-view"));
    if (message) return [{ file, line: check.firstLine, column: 1, message }];
  }
  return [];
}

async function tryCheck(store: Store, check: CheckFile): Promise<string | undefined> {
  try {
    const columns = await store.rows<{ column_name: string }>(
      sql("describe-check", { check: check.sql }),
    );
    const missing = GIVEN.filter((name) => !columns.some((column) => column.column_name === name));
    return missing.length > 0 ? `the check gives no column ${missing.join(", ")}` : undefined;
  } catch (error) {
    return (error as Error).message.split("\nin the statement:")[0]?.replaceAll("\n", " ");
  }
}

/** Kinds whose rows the check reads as `record`; one undefined when it reads known.* only. */
function kindsOf(check: CheckFile, file: string): (string | undefined)[] {
  const kinds = new Set<string>(
    check.kinds?.flatMap((kind) => (kind === "*" ? [...KINDS] : [kind])) ?? [],
  );
  const folder = file.replace(/[\\/]metrics[\\/]checks[\\/].*$/, "/pipelines/sources");
  for (const name of listFiles(folder, ".yaml")) {
    const id = name.split("/").at(-1)?.slice(0, -".yaml".length) as string;
    if (check.sources?.includes(id)) kinds.add(readSource(`${folder}/${name}`).value.kind);
  }
  return kinds.size > 0 ? [...kinds] : [undefined];
}
