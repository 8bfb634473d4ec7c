import { StatementType } from "@duckdb/node-api";
import {
  assertCleanSql,
  type LockedOptions,
  type LockedQuery,
  lockingSteps,
  ONLY_QUERIES,
  openingSettings,
} from "./locked-store.ts";
import type { NativeDuckdb } from "./native-duckdb.ts";
import { readNativeType } from "./native-types.ts";
import { OpeningError } from "./opening-error.ts";
import type { ResultSource, VectorAccess } from "./vector-access.ts";

/** A fetch that took less is followed by one that is waited for, which costs less than being told. */
const QUICK_MS = 2;
/** How long nothing else is heard at most while fetches are quick. */
const BREATH_MS = 20;

/**
 * Files opened for strangers' statements as a LockedStore opens them, for results that are read in bulk: chunks come without
 * an object for each piece of memory.
 */
export class NativeStore {
  private readonly access: VectorAccess;
  /** Where the result lies that is being read. */
  private current: bigint | undefined;

  private constructor(
    private readonly native: NativeDuckdb,
    private readonly database: bigint,
    private readonly connection: bigint,
  ) {
    this.access = accessTo(native);
  }

  /** @throws OpeningError; Error with what DuckDB says */
  static open(native: NativeDuckdb, files: readonly string[], options: LockedOptions): NativeStore {
    const config = give((out) => native.createConfig(out));
    for (const [name, value] of Object.entries(openingSettings(options))) {
      native.setConfig(config, name, value);
    }
    const [main = ""] = files;
    const said: [unknown] = [null];
    const opened: [bigint] = [0n];
    const failed = native.open(main, opened, config, said);
    native.destroyConfig([config]);
    if (failed) throw new OpeningError(main, "DuckDB cannot open it.");
    const store = new NativeStore(
      native,
      opened[0],
      give((out) => native.connect(opened[0], out)),
    );
    try {
      for (const step of lockingSteps(files)) store.query(step);
    } catch (error) {
      store.close();
      throw error;
    }
    return store;
  }

  /**
   * @param settings sum of the settings of a LockedStore of the same files and bounds, as it was opened
   * @throws Error when a statement left something behind
   */
  assertClean(settings: string): void {
    this.endResult();
    this.query(assertCleanSql(settings));
  }

  private query(sql: string): void {
    const at = this.native.makeResult();
    try {
      if (this.native.query(this.connection, sql, at)) throw this.readError(at);
    } finally {
      this.native.destroyResult(at);
      this.native.freeResult(at);
    }
  }

  /**
   * Runs one query that was found harmless, or explains it. Its result is good until the next one.
   * @throws Error with what DuckDB says
   */
  async stream({ text, explain }: LockedQuery): Promise<ResultSource> {
    const { native } = this;
    this.endResult();
    const prepared: [bigint] = [0n];
    try {
      await this.prepare(text, prepared);
      const type: StatementType = native.statementType(prepared[0]);
      if (type !== StatementType.SELECT) throw new Error(ONLY_QUERIES);
      if (explain) {
        native.destroyPrepare(prepared);
        await this.prepare(`${explain} ${text}`, prepared);
      }
      this.current = native.makeResult();
      if (await runApart(native.execute, prepared[0], this.current)) {
        throw this.readError(this.current);
      }
    } finally {
      native.destroyPrepare(prepared);
    }
    const at = this.current;
    const places = Array.from({ length: Number(native.columnCount(at)) }, (_, place) => place);
    return {
      names: places.map((place) => native.columnName(at, place)),
      types: places.map((place) => readNativeType(native, native.columnType(at, place))),
      access: this.access,
      chunks: () => this.readChunks(at),
    };
  }

  private async prepare(sql: string, prepared: [bigint]): Promise<void> {
    if (await runApart(this.native.prepare, this.connection, sql, prepared)) {
      throw new Error(this.native.prepareError(prepared[0]));
    }
  }

  private async *readChunks(at: bigint): ReturnType<ResultSource["chunks"]> {
    const { native } = this;
    const result = native.readResult(at);
    let quick = false;
    let breath = performance.now();
    for (;;) {
      const start = performance.now();
      const chunk = quick ? native.fetchChunk(result) : await runApart(native.fetchChunk, result);
      const end = performance.now();
      quick = end - start < QUICK_MS;
      if (!chunk) {
        const said = native.resultError(at);
        if (said) throw new Error(said);
        return;
      }
      try {
        const rowCount = Number(native.chunkSize(chunk));
        if (rowCount === 0) return;
        yield { rowCount, vector: (place) => native.chunkVector(chunk, place) };
      } finally {
        native.destroyChunk([chunk]);
      }
      if (end - breath > BREATH_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        breath = performance.now();
      }
    }
  }

  private readError(at: bigint): Error {
    return new Error(this.native.resultError(at) ?? "DuckDB gives no reason.");
  }

  private endResult(): void {
    if (this.current === undefined) return;
    this.native.destroyResult(this.current);
    this.native.freeResult(this.current);
    this.current = undefined;
  }

  interrupt(): void {
    this.native.interrupt(this.connection);
  }

  close(): void {
    this.endResult();
    this.native.disconnect([this.connection]);
    this.native.closeDatabase([this.database]);
  }
}

type NativeCall = { readonly async: (...values: unknown[]) => unknown };

/** Calls a function in another thread. */
function runApart(call: NativeCall, ...values: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    call.async(...values, (error: Error | null, value: unknown) =>
      error ? reject(error) : resolve(value),
    );
  });
}

/** What a function hands over through a pointer. */
function give(call: (out: [bigint]) => number): bigint {
  const out: [bigint] = [0n];
  if (call(out)) throw new Error("DuckDB has no memory left to open a database.");
  return out[0];
}

function accessTo(native: NativeDuckdb): VectorAccess {
  let validity = new Uint8Array(256);
  return {
    copy(vector, from, target) {
      if (target.length === 0) return;
      const data: bigint = native.vectorData(vector);
      native.copy(target, from === 0 ? data : data + BigInt(from), target.length);
    },
    validity(vector, size) {
      const held: bigint | null = native.vectorValidity(vector);
      if (!held) return undefined;
      if (validity.length < size) validity = new Uint8Array(size);
      native.copy(validity, held, size);
      return validity;
    },
    follow(slots, place, size) {
      const pointer = new DataView(slots.buffer, slots.byteOffset + place).getBigUint64(0, true);
      const bytes = new Uint8Array(size);
      native.copy(bytes, pointer, size);
      return bytes;
    },
    listChild: (vector) => native.listChild(vector),
    arrayChild: (vector) => native.arrayChild(vector),
    structChild: (vector, place) => native.structChild(vector, place),
  };
}
