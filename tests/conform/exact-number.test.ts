import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exactNumber } from "../../src/conform/exact-number.ts";
import { Store } from "../../src/store/store.ts";

let store: Store;

beforeAll(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
});

afterAll(() => store.close());

test.each([
  ["0", "0.000000000000"],
  ["-12.5", "-12.500000000000"],
  ["+7.", "7.000000000000"],
  [".5", "0.500000000000"],
  ["999999999999.999999", "999999999999.999999000000"],
  ["1234567890123", "1234567890123.000000000000"],
  ["0.1234567", "0.123456700000"],
  ["0.0000004", "0.000000400000"],
  ["1.25000000", "1.250000000000"],
  ["0.0000000000005", "0.000000000001"],
  ["12e-1", "1.200000000000"],
  ["1,234,567.5", "1234567.500000000000"],
  ["-1,000", "-1000.000000000000"],
  [" 8 ", "8.000000000000"],
  ["12,34", null],
  ["1,2345", null],
  ["1_000", null],
  ["2018-01-05", null],
  ["", null],
  [".", null],
  ["1e3.", null],
  ["１２", null],
  ["100000000000000000000000000", null],
])("%j is %j", async (text, expected) => {
  expect(await read([text])).toEqual([expected]);
});

// JavaScript says which texts are numbers, DuckDB's own wide reading what they are; by itself that also takes "0e" for one.
test("what JavaScript takes for a number is what DuckDB reads in full width, and nothing else is one", async () => {
  const piece = fc.constantFrom(
    ...["0", "1", "9", "25", "000", "999999", ".", "-", "+", "e", "E", " ", "x"],
  );
  const word = fc.array(piece, { maxLength: 7 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 20, maxLength: 60 }), async (texts) => {
      const wide = await read(texts, "TRY_CAST(t AS DECIMAL(38,12))");
      const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));
      expect(await read(texts)).toEqual(
        texts.map((text, index) => (isNumber(text) ? wide[index] : null)),
      );
    }),
    { numRuns: 150 },
  );
});

/** The numbers as text, in the order of the texts. */
async function read(texts: readonly string[], sql = exactNumber("t")): Promise<(string | null)[]> {
  const rows = await store.rows<{ number: string | null }>(
    `SELECT CAST(${sql} AS VARCHAR) AS number FROM (SELECT unnest(CAST(CAST($texts AS JSON) AS VARCHAR[])) AS t)`,
    { texts: JSON.stringify(texts) },
  );
  return rows.map(({ number }) => number);
}
