import type {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBEnumType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBType,
} from "@duckdb/node-api";
import { DuckDBTypeId } from "@duckdb/node-api";
import {
  Binary,
  type Data,
  type DataType,
  DateDay,
  Decimal,
  Dictionary,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  IntervalMonthDayNano,
  makeData,
  TimeMicrosecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { bits, fixed, nothing } from "./arrow-fixed.ts";
import { arrays, lists, maps, structs } from "./arrow-nested.ts";
import { plainBytes, textOrDictionary } from "./arrow-text.ts";
import type { VectorAccess, VectorHandle } from "./vector-access.ts";

/** Gathers one column of a result, chunk by chunk, into Arrow's memory layout. */
export interface ColumnGatherer {
  /** Of text that may become a dictionary, settled by the first `take`. */
  readonly type: DataType;
  /** Adds rows [start, start + count) of a flat vector. */
  add(vector: VectorHandle, start: number, count: number): void;
  /** Whether so much was gathered that the batch should end. */
  isFull?(): boolean;
  /** What was gathered since the last call, as one Arrow array, good until the next `add`. */
  take(): Data;
}

export interface GatherOptions {
  /** Number of the column, which is also that of its dictionary: Arrow's own count would run on through the process. */
  readonly place: number;
  readonly access: VectorAccess;
  /** Whether VARCHAR may become a dictionary. */
  readonly dictionaries: boolean;
}

/**
 * Chooses how a DuckDB column is written: numbers, days and times as they lie in memory, DECIMAL and HUGEINT as
 * decimal128 (a HUGEINT of 39 digits keeps its bytes), ENUM as a dictionary, VARCHAR as UTF-8 or, where it pays, as a
 * dictionary; LIST, ARRAY, STRUCT and MAP as such; INTERVAL as months, days and nanoseconds.
 * @throws Error in a sentence for a type that has no Arrow form here (UUID, UNION, BIT, times with a zone and the like)
 */
export function gatherColumn(
  name: string,
  type: DuckDBType,
  { place, access, dictionaries }: GatherOptions,
): ColumnGatherer {
  if (type.typeId === DuckDBTypeId.VARCHAR && dictionaries) return textOrDictionary(access, place);
  if (type.typeId === DuckDBTypeId.ENUM) return words(access, type as DuckDBEnumType, place);
  return gatherPlain(access, name, type);
}

function gatherPlain(access: VectorAccess, name: string, type: DuckDBType): ColumnGatherer {
  const simple = SIMPLE[type.typeId];
  if (simple) return simple(access);
  const part = (inner: DuckDBType) => gatherPlain(access, name, inner);
  switch (type.typeId) {
    case DuckDBTypeId.DECIMAL:
      return decimal(access, type as DuckDBDecimalType);
    case DuckDBTypeId.ENUM:
      return spelled(access, type as DuckDBEnumType);
    case DuckDBTypeId.LIST:
      return lists(access, part((type as DuckDBListType).valueType));
    case DuckDBTypeId.ARRAY: {
      const { valueType, length } = type as DuckDBArrayType;
      return arrays(access, part(valueType), length);
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType;
      return structs(access, entryNames, entryTypes.map(part));
    }
    case DuckDBTypeId.MAP: {
      const { keyType, valueType } = type as DuckDBMapType;
      return maps(access, part(keyType), part(valueType));
    }
    default:
      throw new Error(
        `The column "${name}" is a ${type}, which is not written as Arrow; cast it to VARCHAR or another plain type in the query.`,
      );
  }
}

const SIMPLE: Partial<Record<DuckDBTypeId, (access: VectorAccess) => ColumnGatherer>> = {
  [DuckDBTypeId.SQLNULL]: nothing,
  [DuckDBTypeId.BOOLEAN]: bits,
  [DuckDBTypeId.TINYINT]: (access) => fixed(access, new Int8(), 1),
  [DuckDBTypeId.SMALLINT]: (access) => fixed(access, new Int16(), 2),
  [DuckDBTypeId.INTEGER]: (access) => fixed(access, new Int32(), 4),
  [DuckDBTypeId.BIGINT]: (access) => fixed(access, new Int64(), 8),
  [DuckDBTypeId.HUGEINT]: (access) => fixed(access, new Decimal(0, 38, 128), 16),
  [DuckDBTypeId.UTINYINT]: (access) => fixed(access, new Uint8(), 1),
  [DuckDBTypeId.USMALLINT]: (access) => fixed(access, new Uint16(), 2),
  [DuckDBTypeId.UINTEGER]: (access) => fixed(access, new Uint32(), 4),
  [DuckDBTypeId.UBIGINT]: (access) => fixed(access, new Uint64(), 8),
  [DuckDBTypeId.FLOAT]: (access) => fixed(access, new Float32(), 4),
  [DuckDBTypeId.DOUBLE]: (access) => fixed(access, new Float64(), 8),
  [DuckDBTypeId.DATE]: (access) => fixed(access, new DateDay(), 4),
  [DuckDBTypeId.TIME]: (access) => fixed(access, new TimeMicrosecond(), 8),
  [DuckDBTypeId.TIMESTAMP]: (access) => fixed(access, new TimestampMicrosecond(), 8),
  [DuckDBTypeId.TIMESTAMP_TZ]: (access) => fixed(access, new TimestampMicrosecond("UTC"), 8),
  [DuckDBTypeId.TIMESTAMP_S]: (access) => fixed(access, new TimestampSecond(), 8),
  [DuckDBTypeId.TIMESTAMP_MS]: (access) => fixed(access, new TimestampMillisecond(), 8),
  [DuckDBTypeId.TIMESTAMP_NS]: (access) => fixed(access, new TimestampNanosecond(), 8),
  [DuckDBTypeId.INTERVAL]: (access) =>
    fixed(access, new IntervalMonthDayNano(), 16, { convert: toNanoseconds }),
  [DuckDBTypeId.VARCHAR]: (access) => plainBytes(access, new Utf8()),
  [DuckDBTypeId.BLOB]: (access) => plainBytes(access, new Binary()),
};

/** DuckDB keeps a DECIMAL in the smallest integer that holds its width; Arrow's decimal128 is always 16 bytes. */
function decimal(access: VectorAccess, { width, scale }: DuckDBDecimalType): ColumnGatherer {
  const stored = width <= 4 ? 2 : width <= 9 ? 4 : width <= 18 ? 8 : 16;
  const type = new Decimal(scale, width, 128);
  return fixed(access, type, stored, { convert: (bytes) => widen(bytes, stored) });
}

/** Sign-extends integers of 2, 4 or 8 bytes to 16. */
function widen(bytes: Uint8Array<ArrayBuffer>, stored: number): Uint8Array {
  if (stored === 16) return bytes;
  const Items = stored === 2 ? Int16Array : Int32Array;
  const from = new Items(bytes.buffer, bytes.byteOffset, bytes.length / Items.BYTES_PER_ELEMENT);
  const count = bytes.length / stored;
  const wide = new Int32Array(count * 4);
  for (let row = 0; row < count; row++) {
    const high = (stored === 8 ? from[row * 2 + 1] : from[row]) as number;
    const sign = high >> 31;
    wide[row * 4] = (stored === 8 ? from[row * 2] : high) as number;
    wide[row * 4 + 1] = stored === 8 ? high : sign;
    wide[row * 4 + 2] = sign;
    wide[row * 4 + 3] = sign;
  }
  return new Uint8Array(wide.buffer);
}

/** DuckDB counts the time of an INTERVAL in microseconds, Arrow in nanoseconds; months and days lie alike. */
function toNanoseconds(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  const items = new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  for (let at = 1; at < items.length; at += 2) items[at] = (items[at] as bigint) * 1000n;
  return bytes;
}

/** The codes of an ENUM, with its words as the dictionary. */
function words(access: VectorAccess, type: DuckDBEnumType, place: number): ColumnGatherer {
  const [indices, width] = codesOf(type);
  const codes = fixed(access, indices, width);
  const dictionary = vectorFromArray([...type.values], new Utf8());
  const coded = new Dictionary(new Utf8(), indices, place);
  return {
    type: coded,
    add: codes.add,
    take() {
      const { length, nullCount, nullBitmap, values: data } = codes.take();
      return makeData({
        type: coded,
        length,
        nullCount,
        nullBitmap: nullCount > 0 ? nullBitmap : null,
        data,
        dictionary,
      } as never);
    },
  };
}

/** An ENUM inside a list or struct, as text. */
function spelled(access: VectorAccess, type: DuckDBEnumType): ColumnGatherer {
  const [indices, width] = codesOf(type);
  const codes = fixed(access, indices, width);
  const utf8 = new Utf8();
  return {
    type: utf8,
    add: codes.add,
    take() {
      const { length, nullCount, nullBitmap, values } = codes.take();
      const data = values as Uint8Array | Uint16Array | Uint32Array;
      const missing = (row: number) =>
        nullCount > 0 && !((((nullBitmap as Uint8Array)[row >> 3] as number) >> (row & 7)) & 1);
      const texts = Array.from(data, (code, row) =>
        missing(row) ? null : (type.values[code] as string),
      );
      if (length === 0) return makeData({ type: utf8 });
      return vectorFromArray(texts, utf8).data[0] as Data;
    },
  };
}

function codesOf({ internalTypeId }: DuckDBEnumType): [Uint8 | Uint16 | Uint32, number] {
  if (internalTypeId === DuckDBTypeId.UTINYINT) return [new Uint8(), 1];
  return internalTypeId === DuckDBTypeId.USMALLINT ? [new Uint16(), 2] : [new Uint32(), 4];
}
