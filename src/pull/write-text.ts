import { closeSync, openSync, statSync } from "node:fs";
import { quoteIdentifier, quoteLiteral, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { writeFully } from "../write-whole.ts";
import { type ReadingTask, refuseBomb, refuseInflated, refuseTooManyCells } from "./reading.ts";

const sql = sqlFile(import.meta.dirname, "pull.sql");
const FLUSH = 1 << 20;
/** Bytes of a line that DuckDB's reader of CSV is ready for. */
const PLAIN_LINE = 2_000_000;
/** Of UTF-8 for each UTF-16 unit. */
const MOST_BYTES = 3;

/**
 * Turns a plain CSV file, every record one line, into Parquet: `_line`, then every column as text;
 * an empty field is '', never NULL.
 * @param linesBefore lines before the first record
 * @returns number of rows written
 */
export async function copyPlainCsv(
  store: Store,
  csv: {
    readonly input: string;
    readonly output: string;
    readonly header: readonly string[];
    readonly delimiter: string;
    readonly linesBefore: number;
  },
): Promise<number> {
  const result = await store.run(
    sql("copy-plain", {
      ...columnFragments(csv.header),
      input: quoteLiteral(csv.input),
      output: quoteLiteral(csv.output),
      delimiter: quoteLiteral(csv.delimiter),
      lines_before: String(csv.linesBefore),
    }),
  );
  return result.rowsChanged;
}

/** Columns are read under plain names of our own, so that no header can confuse the reader. */
function columnFragments(names: readonly string[], leading: readonly string[] = []) {
  const fields = names.map((_, index) => `'c${index}'`);
  const types = [...leading, ...fields.map((field) => `${field}: 'VARCHAR'`)];
  return {
    columns: names.map((name, index) => `, c${index} AS ${quoteIdentifier(name)}`).join(""),
    types: `{${types.join(", ")}}`,
    names: `[${fields.join(", ")}]`,
  };
}

/** Collects rows of text in a scratch file and turns them into Parquet at the end. */
export interface TextTable {
  readonly rows: number;
  add(line: number, values: readonly string[]): void;
  /** Writes the Parquet file. */
  finish(store: Store, output: string, columns: readonly string[]): Promise<void>;
  /** Lets go of the scratch file; to be called in any case. */
  close(): void;
}

/** A character no JSON text can hold, so that quoting JSON with it needs no doubling. */
export const JSON_QUOTE = "\x01";

/** @throws RefusedFile, from `add`, when the rows grow beyond what the settings allow */
export function openTextTable(
  task: Pick<ReadingTask, "input" | "scratch" | "bounds">,
  quote: typeof JSON_QUOTE | '"' = '"',
): TextTable {
  const { input, scratch } = task;
  const received = statSync(input).size;
  const file = openSync(scratch, "w");
  let open = true;
  let rows = 0;
  let buffered = "";
  let longest = 0;
  let written = 0;
  const flush = () => {
    const bytes = Buffer.from(buffered);
    writeFully({ opened: file, path: scratch }, bytes);
    written += bytes.length;
    buffered = "";
    refuseBomb(received, written);
    refuseInflated(written, task);
  };
  const close = () => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    get rows() {
      return rows;
    },
    add(line, values) {
      let record = `${line}`;
      for (const value of values) {
        const text = quote === '"' && value.includes('"') ? value.replaceAll('"', '""') : value;
        record += `,${quote}${text}${quote}`;
      }
      buffered += `${record}\n`;
      rows += 1;
      const most = record.length * MOST_BYTES;
      if (most > longest)
        longest = Math.max(longest, most > PLAIN_LINE ? Buffer.byteLength(record) : most);
      if (buffered.length > FLUSH) {
        refuseTooManyCells(rows, values.length, task);
        flush();
      }
    },
    async finish(store, output, columns) {
      flush();
      close();
      const result = await store.run(
        sql("copy-table", {
          ...columnFragments(columns, ["'line': 'BIGINT'"]),
          input: quoteLiteral(scratch),
          output: quoteLiteral(output),
          quote: quoteLiteral(quote),
          longest: String(Math.max(PLAIN_LINE, longest + 1)),
          // DuckDB's own choice is sixteen lines of the longest, which is more than its memory soon.
          buffer: String(Math.max(16 * PLAIN_LINE, 2 * (longest + 1))),
        }),
      );
      if (result.rowsChanged !== rows) {
        throw new Error(
          `${rows} rows were handed to ${output}, but ${result.rowsChanged} were written.`,
        );
      }
    },
    close,
  };
}
