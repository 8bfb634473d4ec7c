import {
  type Data,
  DataType,
  DateUnit,
  type Decimal,
  type Field,
  TimeUnit,
  type Vector,
} from "apache-arrow";
import type { ColumnValues } from "../store/columns.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { refuse } from "./sentences.ts";

const sql = sqlFile(import.meta.dirname, "columnar.sql");

// Of a DECIMAL in DuckDB; wider ones are kept as text.
const MOST_DIGITS = 38;

/** How a column of an Arrow table passes through a staging table into Parquet. */
export interface ArrowColumn {
  readonly name: string;
  /** Type of the staging column. */
  readonly stage: "DOUBLE" | "VARCHAR";
  /** SQL that gives the value its own type again, from the staging column named. */
  readonly restore: (column: string) => string;
  readonly read: (vector: Vector, length: number) => ColumnValues;
}

/**
 * Plans a column. Whole numbers up to 32 bits, floating point and Booleans pass as DOUBLE, all else as text;
 * nothing is rounded. Instants with a zone become civil time of the jurisdiction; NaN becomes NULL;
 * lists, structs and other nested values become JSON text.
 * @throws RefusedFile for dates and times that are dictionary-encoded
 */
export function planColumn({ name, type }: Field, timeZone: string): ArrowColumn {
  if (DataType.isInt(type) && type.bitWidth <= 32) {
    return numeric(name, type.isSigned ? "INTEGER" : "UINTEGER");
  }
  if (DataType.isFloat(type)) return numeric(name, "DOUBLE");
  if (DataType.isBool(type)) return numeric(name, "BOOLEAN");
  if (DataType.isInt(type)) return text(name, type.isSigned ? "BIGINT" : "UBIGINT", String);
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)) {
    return text(name, "VARCHAR", String);
  }
  if (DataType.isDecimal(type)) {
    const { precision, scale } = type as Decimal;
    const kept = precision > MOST_DIGITS ? "VARCHAR" : `DECIMAL(${precision}, ${scale})`;
    return text(name, kept, (value) => decimalText(value as Uint32Array, scale));
  }
  if (DataType.isDictionary(type)) {
    const value = type.dictionary;
    if (DataType.isDate(value) || DataType.isTimestamp(value) || DataType.isTime(value)) {
      refuse(
        `有一列（${DataType.isDate(value) ? "日期" : "时间"}）采用字典编码，无法读取。请以普通编码重新导出后报送。`,
        `The dates or times of a column are dictionary-encoded and cannot be read. Export it again without and deliver it.`,
      );
    }
    return planColumn({ name, type: value } as Field, timeZone);
  }
  if (DataType.isDate(type)) {
    const perDay = type.unit === DateUnit.DAY ? 1n : 86_400_000n;
    return stored(
      name,
      (value) => value / perDay,
      (column) => sql("restore-day", { column }),
    );
  }
  if (DataType.isTime(type)) {
    return stored(
      name,
      (value) => toMicroseconds(value, type.unit),
      (column) => sql("restore-time", { column }),
    );
  }
  if (DataType.isTimestamp(type)) {
    return stored(
      name,
      (value) => toMicroseconds(value, type.unit),
      (column) =>
        type.timezone
          ? sql("restore-instant", { column, zone: quoteLiteral(timeZone) })
          : sql("restore-civil", { column }),
    );
  }
  return text(name, "VARCHAR", (value) => JSON.stringify(value, jsonValue));
}

function numeric(name: string, type: string): ArrowColumn {
  return {
    name,
    stage: "DOUBLE",
    restore: (column) => sql("restore", { column, type }),
    read: (vector, length) =>
      Float64Array.from({ length }, (_, row) => {
        const value = vector.get(row);
        return value === null ? Number.NaN : Number(value);
      }),
  };
}

function text(name: string, type: string, show: (value: unknown) => string): ArrowColumn {
  return {
    name,
    stage: "VARCHAR",
    restore: (column) => sql("restore", { column, type }),
    read: (vector, length) =>
      Array.from({ length }, (_, row) => {
        const value = vector.get(row);
        return value === null ? null : show(value);
      }),
  };
}

/** A column read from its integers as stored: the library's own values lose digits below the millisecond. */
function stored(
  name: string,
  convert: (value: bigint) => bigint,
  restore: (column: string) => string,
): ArrowColumn {
  return {
    name,
    stage: "VARCHAR",
    restore,
    read: (vector, length) => {
      const { values } = vector.data[0] as Data;
      return Array.from({ length }, (_, row) =>
        vector.isValid(row) ? `${convert(BigInt(values[row]))}` : null,
      );
    },
  };
}

function toMicroseconds(value: bigint, unit: TimeUnit): bigint {
  if (unit === TimeUnit.SECOND) return value * 1_000_000n;
  if (unit === TimeUnit.MILLISECOND) return value * 1_000n;
  return unit === TimeUnit.MICROSECOND ? value : value / 1_000n;
}

/** A decimal from its little-endian 32-bit words in two's complement. */
function decimalText(words: Uint32Array, scale: number): string {
  const bits = BigInt(words.length * 32);
  const unsigned = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const signed = BigInt.asIntN(Number(bits), unsigned);
  const digits = (signed < 0n ? -signed : signed).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale > 0 ? `.${digits.slice(-scale)}` : "";
  return `${signed < 0n ? "-" : ""}${whole}${fraction}`;
}

function jsonValue(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
