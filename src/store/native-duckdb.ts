import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type koffi from "koffi";

type Koffi = typeof koffi;
type TypeSpec = string | ReturnType<Koffi["struct"]> | ReturnType<Koffi["out"]>;

/** Names of DuckDB's library, by system. */
const LIBRARY: Partial<Record<NodeJS.Platform, string>> = {
  linux: "libduckdb.so",
  darwin: "libduckdb.dylib",
};

/** DuckDB's C functions, called without the package for Node between; pointers are numbers. */
export type NativeDuckdb = ReturnType<typeof declare>;

/**
 * Loads the library that DuckDB's package for Node has loaded already.
 * @returns undefined where there is none or foreign functions cannot be called: that package then does all
 */
export async function loadNativeDuckdb(): Promise<NativeDuckdb | undefined> {
  const name = LIBRARY[process.platform];
  if (!name) return undefined;
  const fromBindings = createRequire(
    createRequire(import.meta.url).resolve("@duckdb/node-bindings"),
  );
  for (const libc of ["", "-musl"]) {
    const place = `@duckdb/node-bindings-${process.platform}-${process.arch}${libc}/package.json`;
    try {
      const folder = dirname(fromBindings.resolve(place));
      return declare((await import("koffi")).default, join(folder, name));
    } catch {
      // Not this one, or not here.
    }
  }
  return undefined;
}

function declare(koffi: Koffi, path: string) {
  const duckdb = koffi.load(path);
  const system = koffi.load(null);
  const result = koffi.struct({
    columns: "uint64_t",
    rows: "uint64_t",
    changed: "uint64_t",
    deprecated: "void *",
    error: "void *",
    data: "void *",
  });
  const free = duckdb.func("duckdb_free", "void", ["void *"]);
  /** A text that is copied and given back. */
  const text = koffi.disposable("str", free);
  const from = (name: string, gives: TypeSpec, ...takes: TypeSpec[]) =>
    duckdb.func(`duckdb_${name}`, gives, takes);
  const out = koffi.out(koffi.pointer("void *"));
  const [pointer, place] = ["void *", "uint64_t"];
  if (process.platform === "linux") dieWithParent(system);
  return {
    createConfig: from("create_config", "int", out),
    setConfig: from("set_config", "int", pointer, "str", "str"),
    destroyConfig: from("destroy_config", "void", koffi.pointer(pointer)),
    open: from("open_ext", "int", "str", out, pointer, out),
    closeDatabase: from("close", "void", koffi.pointer(pointer)),
    connect: from("connect", "int", pointer, out),
    disconnect: from("disconnect", "void", koffi.pointer(pointer)),
    interrupt: from("interrupt", "void", pointer),
    query: from("query", "int", pointer, "str", pointer),
    prepare: from("prepare", "int", pointer, "str", out),
    prepareError: from("prepare_error", "str", pointer),
    statementType: from("prepared_statement_type", "int", pointer),
    destroyPrepare: from("destroy_prepare", "void", koffi.pointer(pointer)),
    execute: from("execute_prepared_streaming", "int", pointer, pointer),
    resultError: from("result_error", "str", pointer),
    destroyResult: from("destroy_result", "void", pointer),
    columnCount: from("column_count", place, pointer),
    columnName: from("column_name", "str", pointer, place),
    columnType: from("column_logical_type", pointer, pointer, place),
    fetchChunk: from("fetch_chunk", pointer, result),
    chunkSize: from("data_chunk_get_size", place, pointer),
    chunkVector: from("data_chunk_get_vector", pointer, pointer, place),
    destroyChunk: from("destroy_data_chunk", "void", koffi.pointer(pointer)),
    vectorData: from("vector_get_data", pointer, pointer),
    vectorValidity: from("vector_get_validity", pointer, pointer),
    listChild: from("list_vector_get_child", pointer, pointer),
    arrayChild: from("array_vector_get_child", pointer, pointer),
    structChild: from("struct_vector_get_child", pointer, pointer, place),
    typeId: from("get_type_id", "int", pointer),
    destroyType: from("destroy_logical_type", "void", koffi.pointer(pointer)),
    decimalWidth: from("decimal_width", "uint8_t", pointer),
    decimalScale: from("decimal_scale", "uint8_t", pointer),
    enumSize: from("enum_dictionary_size", "uint32_t", pointer),
    enumStorage: from("enum_internal_type", "int", pointer),
    enumValue: from("enum_dictionary_value", text, pointer, place),
    alias: from("logical_type_get_alias", text, pointer),
    listType: from("list_type_child_type", pointer, pointer),
    arrayType: from("array_type_child_type", pointer, pointer),
    arraySize: from("array_type_array_size", place, pointer),
    keyType: from("map_type_key_type", pointer, pointer),
    valueType: from("map_type_value_type", pointer, pointer),
    structSize: from("struct_type_child_count", place, pointer),
    structName: from("struct_type_child_name", text, pointer, place),
    structType: from("struct_type_child_type", pointer, pointer, place),
    /** Copies memory. */
    copy: system.func("memcpy", "void *", ["void *", "void *", "size_t"]),
    /** A place for a result, and what is there, to be handed over by value. */
    makeResult: () => koffi.alloc(result, 1) as bigint,
    readResult: (at: bigint): unknown => koffi.decode(at, result),
    freeResult: (at: bigint) => koffi.free(at),
  };
}

/**
 * While memory is read in one go nothing is heard, not even that the program has ended: the system is asked to end this
 * process with it.
 */
function dieWithParent(system: ReturnType<Koffi["load"]>): void {
  const [onParentsDeath, kill] = [1, 9];
  system.func("prctl", "int", ["int", "ulong", "ulong", "ulong", "ulong"])(
    onParentsDeath,
    kill,
    0,
    0,
    0,
  );
}
