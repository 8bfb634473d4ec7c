import { DuckDBTypeId } from "@duckdb/node-api";
import { BYTE_ORDER_MARK, csvField, csvLine, type Field } from "../spreadsheet.ts";
import type { Ending, Limits } from "./arrow-batches.ts";
import { jsonRows } from "./json-values.ts";
import type { QueryStream } from "./query-stream.ts";
import { type ResultSource, sourceOf } from "./vector-access.ts";

/** Types whose text is a number in JSON, to the last digit. */
const NUMBERS = new Set([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.DECIMAL,
]);

/** Bytes gathered before they are handed on. */
const PIECE = 1 << 16;

/**
 * A result as JSON: `{"columns": [{"name", "type"}], "rows": [[…]], "row_count": n, "truncated": false}`, whole and decimal
 * numbers to the last digit, days and times as text, infinity as such, a struct without names as an array.
 */
export async function* writeJson(
  stream: QueryStream,
  limits: Limits,
  ending: Ending,
): AsyncGenerator<Uint8Array, Ending> {
  const raw = stream.result.columnTypes().map(({ typeId }) => NUMBERS.has(typeId));
  const columns = describeColumns(sourceOf(stream));
  let first = true;
  const cell = (value: unknown, at: number) =>
    raw[at] && value !== null ? String(value) : (JSON.stringify(value) ?? "null");
  yield* writeRows(stream, limits, ending, {
    head: `{"columns":${JSON.stringify(columns)},"rows":[`,
    row: (values) => {
      const line = `${first ? "" : ","}\n[${values.map(cell).join(",")}]`;
      first = false;
      return line;
    },
    tail: () => `\n],"row_count":${ending.rows},"truncated":${ending.truncated}}\n`,
  });
  return ending;
}

/** The columns of a result with DuckDB's names of their types. */
export function describeColumns({
  names,
  types,
}: Pick<ResultSource, "names" | "types">): { name: string; type: string }[] {
  return names.map((name, at) => ({ name, type: String(types[at]) }));
}

/**
 * A result as CSV (src/spreadsheet.ts); an empty text is "", and lists and structs are JSON.
 * @param mark whether it begins with a byte order mark
 */
export async function* writeCsv(
  stream: QueryStream,
  limits: Limits,
  ending: Ending,
  mark: boolean,
): AsyncGenerator<Uint8Array, Ending> {
  yield* writeRows(stream, limits, ending, {
    head: (mark ? BYTE_ORDER_MARK : "") + csvLine(stream.result.columnNames()),
    row: (values) => `${values.map(showField).join(",")}\r\n`,
    tail: () => "",
  });
  return ending;
}

function showField(value: unknown): string {
  if (value === "") return '""';
  return csvField(
    typeof value === "object" && value !== null ? JSON.stringify(value) : (value as Field),
  );
}

async function* writeRows(
  stream: QueryStream,
  {
    rows: mostRows = Number.POSITIVE_INFINITY,
    bytes: mostBytes = Number.POSITIVE_INFINITY,
  }: Limits,
  ending: Ending,
  form: { head: string; row: (values: readonly unknown[]) => string; tail: () => string },
): AsyncGenerator<Uint8Array, void> {
  let text = form.head;
  const take = () => {
    const bytes = Buffer.from(text);
    text = "";
    ending.bytes += bytes.length;
    return bytes;
  };
  for await (const chunk of stream.chunks()) {
    for (const values of jsonRows(chunk)) {
      if (ending.rows >= mostRows || ending.bytes >= mostBytes) {
        ending.truncated = true;
        break;
      }
      text += form.row(values);
      ending.rows++;
      if (text.length >= PIECE) yield take();
    }
    if (ending.truncated) break;
  }
  text += form.tail();
  yield take();
}
