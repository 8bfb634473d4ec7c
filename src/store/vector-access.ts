import type { DuckDBType } from "@duckdb/node-api";
import bindings, { type Vector } from "@duckdb/node-bindings";
import type { QueryStream } from "./query-stream.ts";

/** A column's part of a chunk: DuckDB's own object, or where it lies in memory. */
export type VectorHandle = Vector | bigint;

/** How the bytes of DuckDB's vectors are read. */
export interface VectorAccess {
  /** Copies as many bytes of a flat vector's items as fit into `target`, from byte `from` on. */
  copy(vector: VectorHandle, from: number, target: Uint8Array): void;
  /** The first bytes of a vector's validity bits; nothing when no row is NULL. Good until the next call. */
  validity(vector: VectorHandle, size: number): Uint8Array | undefined;
  /** A copy of the bytes to which the pointer at `place` of `slots` points. */
  follow(slots: Uint8Array<ArrayBuffer>, place: number, size: number): Uint8Array;
  listChild(vector: VectorHandle): VectorHandle;
  arrayChild(vector: VectorHandle): VectorHandle;
  structChild(vector: VectorHandle, place: number): VectorHandle;
}

export interface Chunk {
  readonly rowCount: number;
  vector(place: number): VectorHandle;
}

/** A result, chunk by chunk; a chunk is good until the next one is asked for. */
export interface ResultSource {
  readonly names: readonly string[];
  readonly types: readonly DuckDBType[];
  readonly access: VectorAccess;
  chunks(): AsyncGenerator<Chunk, void>;
}

/** Reads through DuckDB's package for Node, which makes an object of every piece of memory. */
export const throughBindings: VectorAccess = {
  copy(vector, from, target) {
    const held = bindings.vector_get_data(vector as Vector, from + target.length);
    target.set(from === 0 ? held : held.subarray(from));
  },
  validity: (vector, size) => bindings.vector_get_validity(vector as Vector, size) ?? undefined,
  follow: (slots, place, size) =>
    bindings.get_data_from_pointer(slots.buffer, slots.byteOffset + place, size),
  listChild: (vector) => bindings.list_vector_get_child(vector as Vector),
  arrayChild: (vector) => bindings.array_vector_get_child(vector as Vector),
  structChild: (vector, place) => bindings.struct_vector_get_child(vector as Vector, place),
};

/** A result of DuckDB's package for Node. */
export function sourceOf(stream: QueryStream): ResultSource {
  const { result } = stream;
  return {
    names: result.columnNames(),
    types: result.columnTypes(),
    access: throughBindings,
    async *chunks() {
      for await (const { chunk, rowCount } of stream.chunks()) {
        yield { rowCount, vector: (place) => bindings.data_chunk_get_vector(chunk, place) };
      }
    },
  };
}
