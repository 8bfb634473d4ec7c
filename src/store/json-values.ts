import {
  DuckDBArrayType,
  type DuckDBDataChunk,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBStructValue,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionType,
  type DuckDBValue,
  type DuckDBValueConverter,
  type Json,
  JsonDuckDBValueConverter,
} from "@duckdb/node-api";

/** What the package for Node writes as a day or time far away, where DuckDB says infinity. */
const ENDLESS = new Set([
  DuckDBTypeId.DATE,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
]);

/** Names of a struct's parts that were given names of their own for reading, as they came. */
const renamed = new WeakMap<DuckDBStructType, readonly string[]>();

/**
 * The rows of a chunk as values of JSON. A struct whose parts have no names, as row(1, 2), or some name twice, is an array of
 * its values; any other one an object.
 */
export function jsonRows(chunk: DuckDBDataChunk): readonly (readonly Json[])[] {
  for (let column = 0; column < chunk.columnCount; column++) {
    tellApart(chunk.getColumnVector(column).type);
  }
  return chunk.convertRows(convert);
}

/** Gives the parts of structs different names where the package, which keeps them by name, would lose one. */
function tellApart(type: DuckDBType): void {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) tellApart(type.valueType);
  else if (type instanceof DuckDBMapType) {
    tellApart(type.keyType);
    tellApart(type.valueType);
  } else if (type instanceof DuckDBUnionType) type.memberTypes.forEach(tellApart);
  else if (type instanceof DuckDBStructType) {
    type.entryTypes.forEach(tellApart);
    if (renamed.has(type) || !isHard(type.entryNames)) return;
    renamed.set(type, [...type.entryNames]);
    type.entryNames.forEach((_, place) => {
      (type.entryNames as string[])[place] = `part ${place}`;
    });
  }
}

const isHard = (names: readonly string[]) => areAlike(names) || names.includes("__proto__");
const areAlike = (names: readonly string[]) =>
  names.includes("") || new Set(names).size < names.length;

const convert: DuckDBValueConverter<Json> = (value, type, converter) => {
  if (value === null) return null;
  if (type instanceof DuckDBStructType && value instanceof DuckDBStructValue) {
    const names = renamed.get(type);
    if (names) return convertParts(value, type, names);
  }
  if (ENDLESS.has(type.typeId) && !(value as unknown as { isFinite: boolean }).isFinite) {
    return isBefore(value) ? "-infinity" : "infinity";
  }
  return JsonDuckDBValueConverter(value, type, converter);
};

/** Whether it is the one before all: its only field counts from 1970. */
const isBefore = (value: DuckDBValue) =>
  Object.values(value as object).some((amount: number | bigint) => amount < 0);

function convertParts(
  value: DuckDBStructValue,
  type: DuckDBStructType,
  names: readonly string[],
): Json {
  const parts = type.entryTypes.map(
    (part, place) => convert(value.entries[`part ${place}`] as DuckDBValue, part, convert) as Json,
  );
  if (areAlike(names)) return parts;
  return Object.fromEntries(names.map((name, place) => [name, parts[place] as Json]));
}
