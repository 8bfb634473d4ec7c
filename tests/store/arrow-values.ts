import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
} from "@duckdb/node-api";
import { type Data, DataType, Vector } from "apache-arrow";

/** A value as DuckDB's own client hands it over, in plain terms: days, microseconds, unscaled integers, arrays. */
export function plainDuckdb(value: unknown): unknown {
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimeValue)
    return value.micros;
  if (value instanceof DuckDBIntervalValue) return [value.months, value.days, value.micros * 1000n];
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString("hex");
  if (value instanceof DuckDBListValue) return value.items.map(plainDuckdb);
  if (value instanceof DuckDBStructValue) return Object.values(value.entries).map(plainDuckdb);
  if (value instanceof DuckDBMapValue) {
    return value.entries.map(({ key, value: held }) => [plainDuckdb(key), plainDuckdb(held)]);
  }
  return value;
}

/** The same of an Arrow column, as the Arrow library reads it; times from its buffers, for it rounds them. */
export function plainArrow(column: Vector): unknown[] {
  return column.data.flatMap((data) =>
    Array.from({ length: data.length }, (_, row) => plainItem(data, row)),
  );
}

function plainItem(data: Data, row: number): unknown {
  if (data.nullCount > 0 && !data.getValid(row)) return null;
  const { type } = data;
  const get = () => new Vector([data]).get(row);
  if (DataType.isDate(type)) return (data.values as Int32Array)[row];
  if (DataType.isTimestamp(type) || DataType.isTime(type)) {
    return (data.values as BigInt64Array)[row];
  }
  if (DataType.isInterval(type)) {
    const [months, days] = (data.values as Int32Array).subarray(row * 4, row * 4 + 2);
    const words = (data.values as Int32Array).slice(row * 4 + 2, row * 4 + 4);
    return [months, days, new BigInt64Array(words.buffer)[0]];
  }
  if (DataType.isDecimal(type)) return integer(get() as Uint32Array);
  if (DataType.isBinary(type)) return Buffer.from(get() as Uint8Array).toString("hex");
  if (DataType.isList(type) || DataType.isMap(type)) {
    const [from, to] = (data.valueOffsets as Int32Array).subarray(row, row + 2) as never as [
      number,
      number,
    ];
    const child = data.children[0] as Data;
    return Array.from({ length: to - from }, (_, at) => plainItem(child, from + at));
  }
  if (DataType.isFixedSizeList(type)) {
    const child = data.children[0] as Data;
    return Array.from({ length: type.listSize }, (_, at) =>
      plainItem(child, row * type.listSize + at),
    );
  }
  if (DataType.isStruct(type)) return data.children.map((child) => plainItem(child, row));
  return get();
}

/** The 128-bit two's complement integer behind an Arrow decimal. */
export function integer(value: Uint32Array): bigint {
  const [a = 0, b = 0, c = 0, d = 0] = value;
  return BigInt.asIntN(
    128,
    BigInt(a) | (BigInt(b) << 32n) | (BigInt(c) << 64n) | (BigInt(d) << 96n),
  );
}
