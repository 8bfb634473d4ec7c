import type { Context } from "../context.ts";
import { FORGOTTEN_ADDRESS } from "../standard/forgotten-address.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { readFileName } from "./file-values.ts";
import { markUnswept } from "./persons.ts";

const sql = sqlFile(import.meta.dirname, "redaction.sql");
const DUE = { rows_over: sql("rows-over") };

/**
 * Takes out of the names of files what the definition does not read there, once the retention of all their rows is over: a
 * file may be called by the person it is about. When its rows became known and what columns it fills stays. Of the place it was
 * fetched from a hash is left, by which it is known that it was.
 * @param today ISO day
 */
export async function forgetNames(
  context: Context,
  source: SourceDefinition,
  today: string,
): Promise<void> {
  const { store } = context;
  const own = { source: source.source, months: source.retention_months as number, today };
  const files = await store.rows<{ file_id: number; file_name: string }>(
    sql("names-due", DUE),
    own,
  );
  const changed = files
    .map(({ file_id, file_name }) => ({ file_id, file_name: forgottenName(source, file_name) }))
    .filter(({ file_name }, index) => file_name !== files[index]?.file_name);
  if (changed.length > 0) {
    markUnswept(context);
    await store.run(sql("forget-names"), { names: JSON.stringify(changed) });
  }
  await forgetPlaces(context, own);
}

/** Names and addresses of files that a connector fetched, in what is noted of their receipt. */
async function forgetPlaces(
  context: Context,
  own: { readonly source: string; readonly months: number; readonly today: string },
): Promise<void> {
  const { store } = context;
  const begins = FORGOTTEN_ADDRESS;
  const due = await store.rows<{ received_id: number; address: string }>(sql("received-due", DUE), {
    ...own,
    begins,
  });
  if (due.length === 0) return;
  markUnswept(context);
  const ids = JSON.stringify(due.map(({ received_id }) => received_id));
  const plain = due.map(({ address }) => address).filter((one) => !one.startsWith(begins));
  const marks = { source: own.source, begins, addresses: JSON.stringify(plain) };
  await store.transaction(async () => {
    await store.run(sql("forget-received-twins"), { ids, begins });
    await store.run(sql("forget-received-names"), { ids, begins });
    await store.run(sql("forget-mark-twins"), marks);
    await store.run(sql("forget-mark-addresses"), marks);
  });
}

/** A file's name without every word and number whose lack changes nothing of what is read from it. */
export function forgottenName(source: SourceDefinition, name: string): string {
  const read = (text: string) => JSON.stringify(readFileName(source, text));
  const told = read(name);
  const parts = name.split(/([\p{L}\p{N}]+)/u);
  parts.forEach((part, at) => {
    if (at % 2 === 0) return;
    parts[at] = "_";
    if (read(parts.join("")) !== told) parts[at] = part;
  });
  return parts.join("");
}
