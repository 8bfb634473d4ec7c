import type { Readable, Writable } from "node:stream";
import type { Fault } from "./fault.ts";

/** What the process of a query tells the program, in this order: columns, data, then an ending or a fault. */
export const FRAME = { ready: 1, columns: 2, data: 3, ending: 4, fault: 5 } as const;

/** What the program tells the process of a query, a line of JSON each. */
export type Order =
  | {
      readonly order: "open";
      readonly files: readonly string[];
      readonly today?: string | undefined;
    }
  | ({ readonly order: "run" } & Statement)
  | { readonly order: "interrupt" };

export type Format = "arrow" | "json" | "csv" | "parquet";

export interface Statement {
  readonly sql: string;
  readonly format: Format;
  readonly mostRows: number;
  readonly mostBytes: number;
}

export interface Column {
  readonly name: string;
  readonly type: string;
}

export interface QueryEnding {
  readonly rows: number;
  readonly bytes: number;
  /** Whether the result was cut off at the most rows or bytes. */
  readonly truncated: boolean;
}

export type { Fault };

const HEAD = 5;

/** Writes one frame: a byte for its kind, four for its length, and that many; waits while the reader is slow. */
export async function writeFrame(
  stream: Writable,
  kind: number,
  body: Uint8Array | object,
): Promise<void> {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const head = Buffer.alloc(HEAD);
  head[0] = kind;
  head.writeUInt32LE(bytes.length, 1);
  stream.write(head);
  if (stream.write(bytes)) return;
  await new Promise<void>((resolve) => stream.once("drain", resolve));
}

/** Frames as they come; data is handed on in the pieces it arrives in. */
export async function* readFrames(
  stream: Readable,
): AsyncGenerator<{ readonly kind: number; readonly body: Buffer }> {
  let waiting: Buffer = Buffer.alloc(0);
  let left = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    let chunk: Buffer = waiting.length > 0 ? Buffer.concat([waiting, piece]) : piece;
    waiting = Buffer.alloc(0);
    while (chunk.length > 0) {
      if (left > 0) {
        const body = chunk.subarray(0, left);
        left -= body.length;
        chunk = chunk.subarray(body.length);
        yield { kind: FRAME.data, body };
        continue;
      }
      const kind = chunk[0] as number;
      const length = chunk.length >= HEAD ? chunk.readUInt32LE(1) : 0;
      if (chunk.length < HEAD || (kind !== FRAME.data && chunk.length < HEAD + length)) {
        waiting = chunk;
        break;
      }
      chunk = chunk.subarray(HEAD);
      if (kind === FRAME.data) {
        left = length;
        continue;
      }
      yield { kind, body: chunk.subarray(0, length) };
      chunk = chunk.subarray(length);
    }
  }
}
