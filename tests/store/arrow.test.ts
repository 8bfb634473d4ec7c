import { type Table, tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readArrow } from "../../src/store/arrow.ts";
import { Store } from "../../src/store/store.ts";

let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 2 });
});
afterAll(() => store.close());

const column = (table: Table, name: string) =>
  Array.from(table.getChild(name) as Iterable<unknown>);

test("every type comes back as it was, NULLs included", async () => {
  const bytes = await readArrow(
    store,
    `SELECT * FROM (VALUES
      (1, CAST(9007199254740993 AS BIGINT), 0.5, '市南区', true, DATE '2018-12-31', TIMESTAMP '2019-01-10 08:30:00.000001', CAST(-12.34 AS DECIMAL(4,2)), CAST(123456789.5 AS DECIMAL(18,1)), CAST('-12345678901234567890.123456' AS DECIMAL(38,6)), 1),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2),
      (-2, CAST(-5 AS BIGINT), -1e300, 'a text longer than twelve bytes', false, DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59', CAST(99.99 AS DECIMAL(4,2)), CAST(-0.1 AS DECIMAL(18,1)), CAST('0.000001' AS DECIMAL(38,6)), 3)
    ) t(i, b, d, s, t, day, moment, small, middle, large, place) ORDER BY place`,
  );
  const table = tableFromIPC(bytes);
  expect(table.schema.fields.map((field) => `${field.name} ${field.type}`)).toEqual([
    "i Int32",
    "b Int64",
    "d Float64",
    "s Utf8",
    "t Bool",
    "day Date32<DAY>",
    "moment Timestamp<MICROSECOND>",
    "small Decimal[4e+2]",
    "middle Decimal[18e+1]",
    "large Decimal[38e+6]",
    "place Int32",
  ]);
  expect(column(table, "i")).toEqual([1, null, -2]);
  expect(column(table, "b")).toEqual([9007199254740993n, null, -5n]);
  expect(column(table, "d")).toEqual([0.5, null, -1e300]);
  expect(column(table, "s")).toEqual(["市南区", null, "a text longer than twelve bytes"]);
  expect(column(table, "t")).toEqual([true, null, false]);
  expect(
    column(table, "day").map((day) => (day === null ? null : Number(day) / 86_400_000)),
  ).toEqual([17896, null, -1]);
  expect(column(table, "moment")[0]).toBeCloseTo(Date.UTC(2019, 0, 10, 8, 30) + 0.001, 3);
  expect(column(table, "moment").slice(1)).toEqual([null, -1000]);
  expect(column(table, "small").map(integer)).toEqual([-1234n, null, 9999n]);
  expect(column(table, "middle").map(integer)).toEqual([1234567895n, null, -1n]);
  expect(column(table, "large").map(integer)).toEqual([-12345678901234567890123456n, null, 1n]);
});

/** The 128-bit two's complement integer behind an Arrow decimal. */
function integer(value: unknown): bigint | null {
  if (value === null) return null;
  const [a = 0, b = 0, c = 0, d = 0] = value as Uint32Array;
  return BigInt.asIntN(
    128,
    BigInt(a) | (BigInt(b) << 32n) | (BigInt(c) << 64n) | (BigInt(d) << 96n),
  );
}

const LONG = `SELECT CAST(i AS INTEGER) AS i, CASE WHEN i % 7 = 0 THEN NULL ELSE 'entity ' || (i % 300) END AS word,
  CASE WHEN i % 3 = 0 THEN NULL ELSE i * 0.5::DOUBLE END AS half, i % 2 = 0 AS even
  FROM range(150000) t(i) WHERE i % 11 <> 0 ORDER BY i`;

test("many chunks and batches keep their rows in order, as dictionary too", async () => {
  const table = tableFromIPC(await readArrow(store, LONG, { dictionaries: ["word"] }));
  const expected = Array.from({ length: 150_000 }, (_, i) => i).filter((i) => i % 11 !== 0);
  expect(String(table.schema.fields[1]?.type)).toBe("Dictionary<Uint16, Utf8>");
  expect(table.batches.length).toBeGreaterThan(1);
  expect(column(table, "i")).toEqual(expected);
  expect(column(table, "word")).toEqual(
    expected.map((i) => (i % 7 === 0 ? null : `entity ${i % 300}`)),
  );
  expect(column(table, "half")).toEqual(expected.map((i) => (i % 3 === 0 ? null : i * 0.5)));
  expect(column(table, "even")).toEqual(expected.map((i) => i % 2 === 0));
});

test("the same rows give the same bytes", async () => {
  const first = await readArrow(store, LONG, { dictionaries: ["word"] });
  const second = await readArrow(store, LONG, { dictionaries: ["word"] });
  expect(Buffer.compare(first, second)).toBe(0);
});

test("no rows still have their columns; a column of NULLs only may be asked for as dictionary", async () => {
  const empty = tableFromIPC(await readArrow(store, "SELECT 1 AS a, 'x' AS b WHERE false"));
  expect(empty.numRows).toBe(0);
  expect(empty.schema.names).toEqual(["a", "b"]);
  const nulls = await readArrow(store, "SELECT CAST(NULL AS VARCHAR) AS b", {
    dictionaries: ["b"],
  });
  expect(column(tableFromIPC(nulls), "b")).toEqual([null]);
});

test("values are bound, and a quote in a dictionary word stays a quote", async () => {
  const bytes = await readArrow(store, "SELECT $word AS word", {
    parameters: { word: "it's" },
    dictionaries: ["word"],
  });
  expect(column(tableFromIPC(bytes), "word")).toEqual(["it's"]);
});

test("a type without an Arrow form is refused with the column's name", async () => {
  await expect(readArrow(store, "SELECT uuid() AS id")).rejects.toThrow(/column "id"/);
});
