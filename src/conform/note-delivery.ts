import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { readFileName } from "./file-values.ts";
import type { RawFile } from "./raw-files.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

/** Lays the files out that are to be read. */
export async function noteDelivery(
  { store }: Context,
  source: SourceDefinition,
  files: readonly RawFile[],
): Promise<void> {
  await store.run(sql("make-delivery"));
  await store.run(sql("note-delivery"), {
    files: JSON.stringify(
      files.map((file) => {
        const { values, knownAt } = readFileName(source, file.file_name);
        const { file_id, received_at } = file;
        return { file_id, file_values: values, known_at: knownAt, received_at };
      }),
    ),
  });
}
