import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Limits, writeBatches } from "../../src/store/arrow-batches.ts";
import { quoteLiteral } from "../../src/store/sql-file.ts";
import { Store } from "../../src/store/store.ts";
import { sourceOf } from "../../src/store/vector-access.ts";
import { plainArrow, plainDuckdb } from "./arrow-values.ts";

let store: Store;
const folder = mkdtempSync(join(tmpdir(), "arrow-"));
const parquet = join(folder, "t.parquet");
beforeAll(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 2 });
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

/** A query's result as analysts get it. */
async function* streamArrow(sql: string, limits: Limits = {}) {
  const source = sourceOf(await store.stream(sql));
  return yield* writeBatches(source, "stream", { dictionaries: true, limits });
}

async function gather(sql: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const bytes of streamArrow(sql)) pieces.push(bytes);
  return Buffer.concat(pieces);
}

/** A column: its type and how a value of it is written in SQL. */
const integerBelow = (bits: bigint) =>
  fc.bigInt({ min: -(2n ** bits), max: 2n ** bits - 1n }).map(String);
const decimalOf = (digits: number, scale: number) =>
  fc
    .bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n })
    .map((value) => {
      const text = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
      return `'${value < 0n ? "-" : ""}${text.slice(0, -scale)}.${text.slice(-scale)}'`;
    });
const words = fc
  .string({ unit: "grapheme", maxLength: 40 })
  .map((word) => quoteLiteral(word.replaceAll("\\0", "")));
const few = fc.constantFrom("'市南区'", "'市北区人民政府办公厅'", "''", "'short'");
const days = fc.integer({ min: -200_000, max: 200_000 }).map((day) => `DATE '1970-01-01' + ${day}`);
const moments = fc
  .bigInt({ min: -(10n ** 16n), max: 10n ** 16n })
  .map((micros) => `make_timestamp(${micros})`);
const bytes = fc
  .uint8Array({ maxLength: 30 })
  .map((value) => `from_hex('${Buffer.from(value).toString("hex")}')`);
const listOf = (item: fc.Arbitrary<string>) =>
  fc.array(fc.option(item), { maxLength: 5 }).map((items) => `[${items.map(orNull).join(", ")}]`);
const orNull = (value: string | null) => value ?? "NULL";
const COLUMNS: Record<string, [string, fc.Arbitrary<string>]> = {
  tiny: ["TINYINT", integerBelow(7n)],
  small: ["SMALLINT", integerBelow(15n)],
  int: ["INTEGER", integerBelow(31n)],
  big: ["BIGINT", integerBelow(63n)],
  huge: ["HUGEINT", integerBelow(100n)],
  unsigned: ["UBIGINT", fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)],
  double: ["DOUBLE", fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => `'${x}'`)],
  flag: ["BOOLEAN", fc.constantFrom("true", "false")],
  money: ["DECIMAL(18,2)", decimalOf(18, 2)],
  share: ["DECIMAL(4,3)", decimalOf(4, 3)],
  middle: ["DECIMAL(9,1)", decimalOf(9, 1)],
  wide: ["DECIMAL(38,15)", decimalOf(38, 15)],
  word: ["VARCHAR", words],
  few: ["VARCHAR", few],
  day: ["DATE", days],
  moment: ["TIMESTAMP", moments],
  clock: [
    "TIME",
    fc.integer({ min: 0, max: 86_399 }).map((s) => `TIME '00:00:00' + to_seconds(${s})`),
  ],
  span: [
    "INTERVAL",
    fc
      .tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }))
      .map(([m, d]) => `to_months(${m}) + to_days(${d}) + to_milliseconds(${m * d})`),
  ],
  bytes: ["BLOB", bytes],
  flags: ["VARCHAR[]", listOf(words)],
  grid: ["INTEGER[][]", listOf(listOf(integerBelow(31n)))],
  pair: [
    "STRUCT(a INTEGER, b VARCHAR)",
    fc
      .tuple(fc.option(integerBelow(31n)), fc.option(few))
      .map(([a, b]) => `{'a': ${orNull(a)}, 'b': ${orNull(b)}}`),
  ],
  pairs: [
    "STRUCT(d DATE, l VARCHAR[])[]",
    listOf(fc.tuple(days, listOf(few)).map(([d, l]) => `{'d': ${d}, 'l': ${l}}`)),
  ],
  three: [
    "INTEGER[3]",
    fc
      .tuple(fc.option(integerBelow(31n)), integerBelow(31n), integerBelow(31n))
      .map((items) => `[${items.map(orNull).join(", ")}]`),
  ],
  map: [
    "MAP(VARCHAR, INTEGER)",
    fc
      .uniqueArray(few, { maxLength: 3 })
      .map((keys) => `MAP {${keys.map((key, at) => `${key}: ${at}`).join(", ")}}`),
  ],
};
const names = Object.keys(COLUMNS);
const rowOf = fc.tuple(...Object.values(COLUMNS).map(([, value]) => fc.option(value, { freq: 4 })));

async function makeTable(rows: readonly (string | null)[][], times: number) {
  await store.run(
    `CREATE OR REPLACE TABLE few_rows (${names.map((name) => `"${name}" ${COLUMNS[name]?.[0]}`).join(", ")})`,
  );
  for (const row of rows) {
    await store.run(`INSERT INTO few_rows VALUES (${row.map(orNull).join(", ")})`);
  }
  await store.run(
    `CREATE OR REPLACE TABLE t AS SELECT f.* FROM range(${times}) r(i), few_rows f ORDER BY (r.i * 7919 + f.rowid * 31) % 1000, r.i, f.rowid`,
  );
  // DuckDB writes a HUGEINT to Parquet as DOUBLE.
  await store.run(
    `COPY (SELECT * REPLACE (CAST(huge AS DECIMAL(38,0)) AS huge) FROM t) TO ${quoteLiteral(parquet)} (FORMAT parquet)`,
  );
}

test("what an Arrow client reads is what DuckDB reads from Parquet it wrote itself", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(rowOf, { maxLength: 8 }),
      fc.constantFrom(1, 3, 700),
      async (rows, times) => {
        await makeTable(rows, times);
        const table = tableFromIPC(await gather("FROM t"));
        const reader = await store.connection.runAndReadAll(
          `FROM read_parquet(${quoteLiteral(parquet)})`,
        );
        expect(table.schema.names).toEqual(names);
        const expected = reader.getColumns();
        for (const [at, name] of names.entries()) {
          const column = table.getChild(name);
          expect(column ? plainArrow(column) : [], name).toEqual(
            (expected[at] ?? []).map(plainDuckdb),
          );
        }
      },
    ),
    { numRuns: 15 },
  );
});

const LONG = `SELECT i, CASE WHEN i % 5 = 0 THEN NULL ELSE 'body ' || (i % 40) || ' of the whole city' END AS few,
  CASE WHEN i < 70000 THEN 'same' ELSE 'number ' || i END AS late, 'a text of its own, ' || i AS own
  FROM range(200000) t(i)`;

test("texts become a dictionary where it pays; one that grows beyond its codes is begun anew", async () => {
  const table = tableFromIPC(await gather(LONG));
  expect(table.schema.fields.map(({ type }) => String(type))).toEqual([
    "Int64",
    "Dictionary<Int16, Utf8>",
    "Dictionary<Int16, Utf8>",
    "Utf8",
  ]);
  const expected = await store.connection.runAndReadAll(LONG);
  for (const [at, column] of expected.getColumns().entries()) {
    expect(Array.from(table.getChildAt(at) as Iterable<unknown>)).toEqual(column);
  }
});

test("a stream is cut off where it is told to, and says so", async () => {
  const cut = async (limits: { rows?: number; bytes?: number }) => {
    const stream = streamArrow("FROM range(300000)", limits);
    const pieces: Uint8Array[] = [];
    let step = await stream.next();
    for (; !step.done; step = await stream.next()) pieces.push(step.value);
    return { ending: step.value, rows: tableFromIPC(Buffer.concat(pieces)).numRows };
  };
  expect(await cut({ rows: 100_001 })).toMatchObject({
    ending: { rows: 100_001, truncated: true },
    rows: 100_001,
  });
  const { ending, rows } = await cut({ bytes: 600_000 });
  expect(ending).toMatchObject({ truncated: true, rows });
  expect(rows).toBeLessThan(300_000);
  expect((await cut({ rows: 300_000 })).ending).toMatchObject({ truncated: false, rows: 300_000 });
});

test("a stream that is left off early leaves the connection usable", async () => {
  for await (const _ of streamArrow("FROM range(10000000)")) break;
  expect(await store.row("SELECT 1 AS one")).toEqual({ one: 1 });
});

const python = spawnSync("python3", ["-c", "import pyarrow"]).status === 0;

test.skipIf(!python)(
  "pyarrow reads the stream and writes Parquet in which DuckDB finds the same rows (skipped without pyarrow)",
  async () => {
    const rows = fc.sample(rowOf, { numRuns: 20, seed: 7 });
    await makeTable(rows, 700);
    const back = join(folder, "back.parquet");
    // Parquet by pyarrow has no place for intervals.
    const stream = await gather("SELECT * EXCLUDE (span) FROM t");
    const file = join(folder, "stream.arrow");
    writeFileSync(file, stream);
    const script =
      "import sys, pyarrow as pa, pyarrow.parquet as pq; pq.write_table(pa.ipc.open_stream(sys.argv[1]).read_all(), sys.argv[2])";
    const { status, stderr } = spawnSync("python3", ["-c", script, file, back]);
    expect(String(stderr)).toBe("");
    expect(status).toBe(0);
    const texts = names
      .filter((name) => name !== "span")
      .map((name) => `CAST("${name}" AS VARCHAR) AS "${name}"`);
    const counted = (from: string) =>
      `SELECT ${texts.join(", ")}, row_number() OVER () AS place FROM ${from}`;
    const different = await store.row(
      `SELECT count(*) AS rows FROM ((${counted("t")}) EXCEPT ALL (${counted(`read_parquet(${quoteLiteral(back)})`)}))`,
    );
    expect(different).toEqual({ rows: 0 });
  },
);

test("an Arrow client in another process reads the stream from a pipe", async () => {
  const script = `import { RecordBatchReader } from "apache-arrow";
    const sums = { rows: 0, i: 0, few: 0 };
    for await (const batch of await RecordBatchReader.from(process.stdin)) {
      sums.rows += batch.numRows;
      for (const { i, few } of batch) { sums.i += Number(i); sums.few += few === null ? 1 : 0; }
    }
    console.log(JSON.stringify(sums));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    input: await gather(LONG),
    cwd: join(import.meta.dirname, "..", ".."),
  });
  expect(JSON.parse(String(stdout))).toEqual({ rows: 200_000, i: 19_999_900_000, few: 40_000 });
});
