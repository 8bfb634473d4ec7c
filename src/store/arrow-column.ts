import type {
  DuckDBDataChunk,
  DuckDBDecimalType,
  DuckDBEnumType,
  DuckDBType,
} from "@duckdb/node-api";
import { DuckDBTypeId } from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  Decimal,
  Dictionary,
  Float64,
  Int32,
  Int64,
  makeData,
  TimestampMicrosecond,
  Uint8,
  Uint16,
  Uint32,
  Utf8,
  vectorFromArray,
} from "apache-arrow";

/** Gathers one column of a result, chunk by chunk, into Arrow's memory layout. */
export interface ColumnGatherer {
  readonly type: DataType;
  add(chunk: DuckDBDataChunk, column: number): void;
  /** What was gathered since the last call, as one Arrow array. */
  take(): Data;
}

/**
 * Chooses how a DuckDB column is written: numbers, days and times as they lie in memory, DECIMAL as decimal128,
 * ENUM as a dictionary, VARCHAR as UTF-8.
 * @throws Error in a sentence for a type that has no plain Arrow form here (lists, structs, huge integers)
 */
export function gatherColumn(name: string, type: DuckDBType, place: number): ColumnGatherer {
  switch (type.typeId) {
    case DuckDBTypeId.INTEGER:
      return fixed(new Int32(), 4);
    case DuckDBTypeId.BIGINT:
      return fixed(new Int64(), 8);
    case DuckDBTypeId.DOUBLE:
      return fixed(new Float64(), 8);
    case DuckDBTypeId.DATE:
      return fixed(new DateDay(), 4);
    case DuckDBTypeId.TIMESTAMP:
      return fixed(new TimestampMicrosecond(), 8);
    case DuckDBTypeId.BOOLEAN:
      return fixed(new Bool(), 1, packBits);
    case DuckDBTypeId.DECIMAL:
      return decimal(type as DuckDBDecimalType);
    case DuckDBTypeId.ENUM:
      return dictionary(type as DuckDBEnumType, place);
    case DuckDBTypeId.VARCHAR:
      return text();
    default:
      throw new Error(
        `The column "${name}" is a ${type}, which is not written as Arrow; cast it to INTEGER, BIGINT, DOUBLE, DECIMAL, VARCHAR, BOOLEAN, DATE or TIMESTAMP in the query.`,
      );
  }
}

/** Bytes that grow by doubling. */
function makeBuffer() {
  let bytes = new Uint8Array(16_384);
  let used = 0;
  return {
    /** Makes room for so many more bytes and gives it to be filled. */
    grow(size: number): Uint8Array {
      if (used + size > bytes.length) {
        const larger = new Uint8Array(Math.max(bytes.length * 2, used + size));
        larger.set(bytes.subarray(0, used));
        bytes = larger;
      }
      used += size;
      return bytes.subarray(used - size, used);
    },
    /** The bytes so far, in memory of their own; what follows starts anew. */
    take(): Uint8Array<ArrayBuffer> {
      const taken = bytes.slice(0, used);
      used = 0;
      return taken;
    },
  };
}

/** Which rows are not NULL, as one byte per row. */
function makeValidity() {
  const rows = makeBuffer();
  let nulls = 0;
  return {
    add(chunk: DuckDBDataChunk, column: number) {
      const count = chunk.rowCount;
      const mask = bindings.vector_get_validity(
        bindings.data_chunk_get_vector(chunk.chunk, column),
        Math.ceil(count / 64) * 8,
      ) as Uint8Array | null;
      const target = rows.grow(count);
      if (!mask) {
        target.fill(1);
        return null;
      }
      for (let row = 0; row < count; row++) {
        const valid = ((mask[row >> 3] as number) >> (row & 7)) & 1;
        target[row] = valid;
        nulls += 1 - valid;
      }
      return target;
    },
    take() {
      const bytes = rows.take();
      const taken = {
        length: bytes.length,
        nullCount: nulls,
        nullBitmap: nulls > 0 ? packBits(bytes) : null,
      };
      nulls = 0;
      return taken;
    },
  };
}

/** A column of items of one size. The place of a NULL is zeroed, so that the bytes do not depend on what lay there. */
function fixed(
  type: DataType,
  width: number,
  convert: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => bytes,
): ColumnGatherer {
  const buffer = makeBuffer();
  const validity = makeValidity();
  return {
    type,
    add(chunk, column) {
      const size = chunk.rowCount * width;
      const target = buffer.grow(size);
      target.set(
        bindings.vector_get_data(bindings.data_chunk_get_vector(chunk.chunk, column), size),
      );
      zeroNulls(target, validity.add(chunk, column), width);
    },
    take() {
      const data = asItems(type, convert(buffer.take()));
      return makeData({ type, data, ...validity.take() } as never);
    },
  };
}

function zeroNulls(target: Uint8Array, valid: Uint8Array | null, width: number) {
  valid?.forEach((isValid, row) => {
    if (!isValid) target.fill(0, row * width, (row + 1) * width);
  });
}

function asItems(type: DataType, bytes: Uint8Array): ArrayLike<number | bigint> {
  const Items = type.ArrayType as unknown as {
    new (buffer: ArrayBufferLike, offset: number, length: number): ArrayLike<number>;
    BYTES_PER_ELEMENT: number;
  };
  return new Items(bytes.buffer, bytes.byteOffset, bytes.length / Items.BYTES_PER_ELEMENT);
}

function packBits(rows: Uint8Array): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(Math.ceil(rows.length / 64) * 8);
  for (let row = 0; row < rows.length; row++) {
    if (rows[row]) bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7));
  }
  return bits;
}

/** DuckDB keeps a DECIMAL in the smallest integer that holds its width; Arrow's decimal128 is always 16 bytes. */
function decimal({ width, scale }: DuckDBDecimalType): ColumnGatherer {
  const stored = width <= 4 ? 2 : width <= 9 ? 4 : width <= 18 ? 8 : 16;
  const type = new Decimal(scale, width, 128);
  return fixed(type, stored, (bytes) => widen(bytes, stored));
}

function widen(bytes: Uint8Array<ArrayBuffer>, stored: number): Uint8Array {
  if (stored === 16) return bytes;
  const count = bytes.length / stored;
  const from = new DataView(bytes.buffer);
  const wide = new DataView(new ArrayBuffer(count * 16));
  for (let row = 0; row < count; row++) {
    const value =
      stored === 8
        ? from.getBigInt64(row * 8, true)
        : BigInt(stored === 4 ? from.getInt32(row * 4, true) : from.getInt16(row * 2, true));
    wide.setBigInt64(row * 16, value, true);
    wide.setBigInt64(row * 16 + 8, value < 0n ? -1n : 0n, true);
  }
  return new Uint8Array(wide.buffer);
}

/** The dictionary's number is the column's place: Arrow's own count would run on through the process. */
function dictionary({ values, internalTypeId }: DuckDBEnumType, place: number): ColumnGatherer {
  const [indices, width] =
    internalTypeId === DuckDBTypeId.UTINYINT
      ? [new Uint8(), 1]
      : internalTypeId === DuckDBTypeId.USMALLINT
        ? [new Uint16(), 2]
        : [new Uint32(), 4];
  const codes = fixed(indices, width);
  const words = vectorFromArray([...values], new Utf8());
  const type = new Dictionary(new Utf8(), indices, place);
  return {
    type,
    add: codes.add,
    take() {
      const { length, nullCount, nullBitmap, values: data } = codes.take();
      return makeData({
        type,
        length,
        nullCount,
        nullBitmap: nullCount > 0 ? nullBitmap : null,
        data,
        dictionary: words,
      } as never);
    },
  };
}

const encoder = new TextEncoder();

function text(): ColumnGatherer {
  const type = new Utf8();
  const buffer = makeBuffer();
  const validity = makeValidity();
  let offsets: number[] = [0];
  return {
    type,
    add(chunk, column) {
      const vector = chunk.getColumnVector(column);
      for (let row = 0; row < chunk.rowCount; row++) {
        const value = vector.getItem(row) as string | null;
        const bytes = value === null ? null : encoder.encode(value);
        if (bytes) buffer.grow(bytes.length).set(bytes);
        offsets.push((offsets.at(-1) as number) + (bytes?.length ?? 0));
      }
      validity.add(chunk, column);
    },
    take() {
      const valueOffsets = Int32Array.from(offsets);
      offsets = [0];
      return makeData({ type, data: buffer.take(), valueOffsets, ...validity.take() });
    },
  };
}
