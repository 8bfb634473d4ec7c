import {
  ARRAY,
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBEnumType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBVarCharType,
  FLOAT,
  HUGEINT,
  INTEGER,
  INTERVAL,
  LIST,
  MAP,
  SMALLINT,
  SQLNULL,
  TIME,
  TIMESTAMP,
  TIMESTAMP_MS,
  TIMESTAMP_NS,
  TIMESTAMP_S,
  TIMESTAMPTZ,
  TINYINT,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
} from "@duckdb/node-api";
import type { NativeDuckdb } from "./native-duckdb.ts";

const SIMPLE = new Map<DuckDBTypeId, DuckDBType>(
  [
    ...[BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, HUGEINT, UTINYINT, USMALLINT, UINTEGER],
    ...[UBIGINT, FLOAT, DOUBLE, DATE, TIME, INTERVAL, BLOB, SQLNULL],
    ...[TIMESTAMP, TIMESTAMPTZ, TIMESTAMP_S, TIMESTAMP_MS, TIMESTAMP_NS],
  ].map((type) => [type.typeId, type]),
);

/** A type as DuckDB's package for Node has it; the native one is given back. */
export function readNativeType(native: NativeDuckdb, type: bigint): DuckDBType {
  try {
    return read(native, type);
  } finally {
    native.destroyType([type]);
  }
}

function read(native: NativeDuckdb, type: bigint): DuckDBType {
  const id: DuckDBTypeId = native.typeId(type);
  const part = (inner: bigint) => readNativeType(native, inner);
  switch (id) {
    case DuckDBTypeId.VARCHAR:
      return DuckDBVarCharType.create(native.alias(type) ?? undefined);
    case DuckDBTypeId.DECIMAL:
      return DECIMAL(native.decimalWidth(type), native.decimalScale(type));
    case DuckDBTypeId.ENUM:
      return new DuckDBEnumType(
        Array.from({ length: native.enumSize(type) }, (_, at) => native.enumValue(type, at)),
        native.enumStorage(type),
      );
    case DuckDBTypeId.LIST:
      return LIST(part(native.listType(type)));
    case DuckDBTypeId.ARRAY:
      return ARRAY(part(native.arrayType(type)), Number(native.arraySize(type)));
    case DuckDBTypeId.MAP:
      return MAP(part(native.keyType(type)), part(native.valueType(type)));
    case DuckDBTypeId.STRUCT: {
      const places = Array.from({ length: Number(native.structSize(type)) }, (_, at) => at);
      return new DuckDBStructType(
        places.map((at) => native.structName(type, at)),
        places.map((at) => part(native.structType(type, at))),
      );
    }
    default:
      // What has no Arrow form is refused by its name.
      return (
        SIMPLE.get(id) ??
        ({ typeId: id, toString: () => DuckDBTypeId[id] ?? "type of its own" } as DuckDBType)
      );
  }
}
