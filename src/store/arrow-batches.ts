import {
  Field,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from "apache-arrow";
import { gatherColumn } from "./arrow-column.ts";
import type { OutputBuffers } from "./output-buffers.ts";
import type { ResultSource } from "./vector-access.ts";

/** Rows in one record batch: enough to be read fast, few enough to be held in memory. */
const BATCH_ROWS = 65_536;

export interface Limits {
  /** Rows after which the result is cut off. */
  readonly rows?: number;
  /** Bytes after which no further batch is begun. */
  readonly bytes?: number;
}

/** How a stream ended. */
export interface Ending {
  rows: number;
  bytes: number;
  truncated: boolean;
}

/**
 * A result as Arrow IPC, a record batch at a time, copied from DuckDB's column vectors without row objects. Nothing is
 * fetched before it is asked for, but the next chunk, so memory does not depend on the number of rows.
 * @param form "stream" for IPC streaming format, "file" for the file format
 * @param dictionaries whether VARCHAR columns with few different texts become dictionaries
 * @param ending is filled in as the stream goes on
 * @param output memory for what is written, where whoever reads gives it back
 * @throws Error in a sentence for a column of a type without Arrow form; what DuckDB says when the query fails midway
 */
export async function* writeBatches(
  { names, types, access, chunks }: ResultSource,
  form: "stream" | "file",
  {
    dictionaries = false,
    limits = {},
    ending = { rows: 0, bytes: 0, truncated: false },
    output,
  }: { dictionaries?: boolean; limits?: Limits; ending?: Ending; output?: OutputBuffers } = {},
): AsyncGenerator<Uint8Array, Ending> {
  const columns = types.map((type, place) =>
    gatherColumn(names[place] as string, type, { place, access, dictionaries }),
  );
  const { rows: mostRows = Number.POSITIVE_INFINITY, bytes: mostBytes = Number.POSITIVE_INFINITY } =
    limits;
  const writer = form === "stream" ? new StreamPieces() : new FilePieces();
  let schema: Schema | undefined;
  let gathered = 0;
  const writeBatch = () => {
    const children = columns.map((column) => column.take());
    schema ??= new Schema(names.map((name, at) => new Field(name, typeOf(columns, at), true)));
    const type = new Struct(schema.fields);
    const data = makeData({ type, length: gathered, nullCount: 0, children });
    gathered = 0;
    writer.write(new RecordBatch(schema, data));
    const bytes = join(writer.pieces, output);
    ending.bytes += bytes.length;
    return bytes;
  };
  for await (const chunk of chunks()) {
    const room = mostRows - ending.rows;
    if (room <= 0 || ending.bytes >= mostBytes) {
      ending.truncated = true;
      break;
    }
    const count = Math.min(chunk.rowCount, room);
    columns.forEach((column, place) => {
      column.add(chunk.vector(place), 0, count);
    });
    gathered += count;
    ending.rows += count;
    if (count < chunk.rowCount) {
      ending.truncated = true;
      break;
    }
    if (gathered >= BATCH_ROWS || columns.some((column) => column.isFull?.())) yield writeBatch();
  }
  if (gathered > 0 || !schema) yield writeBatch();
  writer.finish();
  const last = join(writer.pieces, output);
  ending.bytes += last.length;
  yield last;
  return ending;
}

function typeOf(columns: readonly ReturnType<typeof gatherColumn>[], place: number) {
  return (columns[place] as ReturnType<typeof gatherColumn>).type;
}

/** The library's writers, which hand over what they write instead of queueing it. */
class StreamPieces extends RecordBatchStreamWriter {
  readonly pieces: Uint8Array[] = [];
  protected override _write(chunk: Uint8Array): this {
    return keep(this, chunk);
  }
}

class FilePieces extends RecordBatchFileWriter {
  readonly pieces: Uint8Array[] = [];
  protected override _write(chunk: Uint8Array): this {
    return keep(this, chunk);
  }
}

function keep<W extends StreamPieces | FilePieces>(writer: W, chunk: ArrayBufferView): W {
  const own = writer as unknown as { _started: boolean; _position: number };
  if (own._started && chunk.byteLength > 0) {
    writer.pieces.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    own._position += chunk.byteLength;
  }
  return writer;
}

function join(pieces: Uint8Array[], output?: OutputBuffers): Uint8Array {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const all = output?.take(size) ?? new Uint8Array(size);
  let used = 0;
  for (const piece of pieces) {
    all.set(piece, used);
    used += piece.length;
  }
  pieces.length = 0;
  return all;
}
