import type { Context } from "../context.ts";
import { columnKey } from "../standard/column-name.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import { type FileGroup, fileView, type RawFile } from "./raw-files.ts";
import { findColumn } from "./read-column.ts";
import type { Misfit } from "./refusals.ts";
import { listWanted } from "./wanted-columns.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

/**
 * Looks at columns of one name. Where their content is one too, the first of them stands for all; a file in which a column
 * that the definition reads is there twice, with different content, cannot be used.
 * @returns the files that can, without the further columns of a name, and those that cannot
 */
export async function separateTwins(
  context: Context,
  source: SourceDefinition,
  group: FileGroup,
): Promise<{ group: FileGroup; misfits: Misfit[] }> {
  const byKey = new Map<string, string[]>();
  for (const column of group.columns.keys()) {
    const key = columnKey(column);
    byKey.set(key, [...(byKey.get(key) ?? []), column]);
  }
  const twins = [...byKey].filter(([key, columns]) => key !== "" && columns.length > 1);
  if (twins.length === 0) return { group, misfits: [] };
  const headers = [...group.columns.keys()];
  const place = { columns: group.columns, keys: undefined, paths: undefined };
  const read = new Map(
    listWanted(source).flatMap(({ names, matching }) => {
      const found = findColumn(names, matching, place);
      return found ? [[columnKey(found.column), found.label] as const] : [];
    }),
  );
  const misfits: Misfit[] = [];
  const usable: RawFile[] = [];
  for (const file of group.files) {
    const ambiguous: Misfit["ambiguous"][number][] = [];
    for (const [key, columns] of twins) {
      const name = read.get(key);
      if (name === undefined || !(await differ(context, source, file, columns))) continue;
      ambiguous.push({ name, positions: columns.map((column) => headers.indexOf(column) + 1) });
    }
    if (ambiguous.length === 0) usable.push(file);
    else misfits.push({ files: [file], headers, missing: [], ambiguous });
  }
  const further = new Set(twins.flatMap(([, columns]) => columns.slice(1)));
  const columns = new Map([...group.columns].filter(([column]) => !further.has(column)));
  return { group: { ...group, files: usable, columns }, misfits };
}

async function differ(
  { store }: Context,
  source: SourceDefinition,
  file: RawFile,
  [first, ...others]: readonly string[],
): Promise<boolean> {
  const text = (column: string) => `trim(CAST(${quoteIdentifier(column)} AS VARCHAR))`;
  const different = others
    .map((other) => `${text(first as string)} IS DISTINCT FROM ${text(other)}`)
    .join(" OR ");
  const view = fileView(source.source, file);
  return (await store.row(sql("rows-that-differ", { view, different }))) !== undefined;
}
