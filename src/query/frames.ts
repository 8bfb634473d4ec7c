import type { Readable, Writable } from "node:stream";
import type { Fault } from "./fault.ts";

/**
 * What the process of a query tells the program, in this order: columns, data, then an ending or a fault; and that it is
 * ready for the next, with nothing left behind. After a collapse, which is a fault of DuckDB's own, it can answer nothing more.
 */
export const FRAME = { ready: 1, columns: 2, data: 3, ending: 4, fault: 5, collapse: 6 } as const;

/**
 * What the program tells the process of a query. A long answer waits until it is told where to go: back to the program
 * ("hand-back"), or straight to the connection that comes with the order ("send").
 */
export type Order =
  | { readonly order: "open"; readonly files: readonly string[] }
  | ({ readonly order: "run" } & Statement)
  | { readonly order: "hand-back" }
  | ({ readonly order: "send" } & ResponseHead)
  | { readonly order: "interrupt" };

/** The head of a response that the process of a query writes to a visitor's connection. */
export interface ResponseHead {
  /** Of HTTP, as the request has it. */
  readonly version: readonly [major: number, minor: number];
  readonly headers: Readonly<Record<string, string>>;
}

/** The first word of an answer. */
export interface Announcement {
  readonly columns: readonly Column[];
  /** Whether the process holds its first bytes back until it is told where they go. */
  readonly long: boolean;
}

export type Format = "arrow" | "json" | "csv" | "parquet";

export interface Statement {
  readonly sql: string;
  readonly format: Format;
  readonly mostRows: number;
  readonly mostBytes: number;
  /** Whether CSV begins with a byte order mark. */
  readonly byteOrderMark: boolean;
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

export interface Frame {
  readonly kind: number;
  readonly body: Buffer;
}

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
export async function* readFrames(stream: Readable): AsyncGenerator<Frame> {
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
