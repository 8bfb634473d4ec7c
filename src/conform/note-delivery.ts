import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { readFileName } from "./file-values.ts";
import type { RawFile } from "./raw-files.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

const AT_ONCE = 5000;

/** Lays the files out that are to be read. */
export async function noteDelivery(
  { store }: Context,
  source: SourceDefinition,
  files: readonly RawFile[],
): Promise<void> {
  await store.run(sql("make-delivery"));
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const some = files.slice(start, start + AT_ONCE).map(({ file_id, file_name, received_at }) => {
      const { values, knownAt } = readFileName(source, file_name);
      return { file_id, file_values: values, known_at: knownAt, received_at };
    });
    await store.run(sql("note-delivery"), { files: JSON.stringify(some) });
  }
}
