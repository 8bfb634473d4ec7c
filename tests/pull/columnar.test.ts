import { rmSync } from "node:fs";
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import { quoteLiteral } from "../../src/store/sql-file.ts";
import { type Fixture, makeFixture } from "./pull-fixture.ts";

async function writeParquet(fixture: Fixture, name: string, select: string) {
  const path = fixture.write(name, "");
  rmSync(path);
  await fixture.store.run(`COPY (${select}) TO ${quoteLiteral(path)} (FORMAT parquet)`);
}

async function typesOf(fixture: Fixture) {
  const rows = await fixture.store.rows<{ column_name: string; column_type: string }>(
    "DESCRIBE raw.letters",
  );
  return Object.fromEntries(rows.map((row) => [row.column_name, row.column_type]));
}

describe("Parquet", () => {
  test("keeps its types and gets line numbers; instants become civil time", async () => {
    const fixture = await makeFixture({ type: "parquet" });
    await writeParquet(
      fixture,
      "a.parquet",
      `SELECT range AS id, DATE '2018-01-05' AS day, CAST(1.25 AS DECIMAL(9, 2)) AS amount,
         TIMESTAMPTZ '2018-01-05 00:00:00+00' AS at FROM range(5000)`,
    );
    const outcome = await fixture.pull();
    expect(outcome.counts).toMatchObject({ rows: 5000, refused: 0 });
    expect(await typesOf(fixture)).toEqual({
      _file_id: "INTEGER",
      _line: "BIGINT",
      id: "BIGINT",
      day: "DATE",
      amount: "DECIMAL(9,2)",
      at: "TIMESTAMP",
    });
    const rows = await fixture.rows();
    expect(rows[4999]).toEqual({
      _line: 5000,
      id: 4999,
      day: "2018-01-05",
      amount: "1.25",
      at: "2018-01-05 08:00:00",
    });
    expect(rows.every(({ _line, id }) => _line === Number(id) + 1)).toBe(true);
  });

  test("files whose columns and types differ stand together in one view", async () => {
    const fixture = await makeFixture({ type: "parquet" });
    await writeParquet(fixture, "a.parquet", "SELECT 1 AS id, 7 AS n, 'x' AS t");
    await writeParquet(
      fixture,
      "b.parquet",
      "SELECT CAST(2 AS DOUBLE) AS id, DATE '2018-01-05' AS N",
    );
    await fixture.pull();
    expect(await fixture.rows()).toEqual([
      { _line: 1, id: 1, n: "7", t: "x" },
      { _line: 1, id: 2, n: "2018-01-05", t: null },
    ]);
    expect((await fixture.store.rows('SELECT * FROM raw."letters#2"')).map(({ N }) => N)).toEqual([
      "2018-01-05",
    ]);
  });

  test("what is no Parquet, or not all of it, is refused", async () => {
    const fixture = await makeFixture({ type: "parquet" });
    fixture.write("a.parquet", "id,t\n");
    fixture.write("b.parquet", "");
    await writeParquet(fixture, "c.parquet", "SELECT 1 AS file_row_number");
    await fixture.pull();
    const reasons = (await fixture.files()).map(({ refused_because }) => refused_because);
    expect(reasons[0]).toContain("no complete Parquet file");
    expect(reasons[1]).toContain("no complete Parquet file");
    expect(reasons[2]).toContain("reserved");
    expect(await fixture.rows()).toEqual([]);
  });
});

describe("Arrow IPC", () => {
  const column = <T extends arrow.DataType>(type: T, values: unknown[]) => {
    const builder = arrow.makeBuilder({ type, nullValues: [null] });
    for (const value of values) builder.append(value as T["TValue"]);
    return builder.finish().toVector();
  };
  const noon = Date.UTC(2018, 0, 5, 12);
  const table = new arrow.Table({
    text: column(new arrow.Utf8(), ["青岛", null]),
    word: column(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()), ["a", null]),
    small: column(new arrow.Int16(), [-5, null]),
    wide: column(new arrow.Int64(), [9007199254740993n, null]),
    real: column(new arrow.Float64(), [0.1, null]),
    yes: column(new arrow.Bool(), [true, null]),
    day: column(new arrow.DateDay(), [new Date(Date.UTC(2018, 0, 5)), null]),
    at: column(new arrow.TimestampMicrosecond(), [noon, null]),
    instant: column(new arrow.TimestampMillisecond("UTC"), [noon, null]),
    money: column(new arrow.Decimal(2, 38), [new Uint32Array([12345, 0, 0, 0]), null]),
    debt: column(new arrow.Decimal(3, 38), [new Uint32Array(4).fill(0xffffffff), null]),
    list: column(new arrow.List(new arrow.Field("item", new arrow.Int32())), [[1, 2], null]),
  });

  test.each(["file", "stream"] as const)("as a %s keeps its types", async (form) => {
    const fixture = await makeFixture({ type: "arrow" });
    fixture.write("a.arrow", arrow.tableToIPC(table, form));
    await fixture.pull();
    const rows = await fixture.rows(
      `"_line", CAST(wide AS VARCHAR) AS wide_text, * EXCLUDE ("_file_id", "_line", wide)`,
    );
    expect(rows).toEqual([
      {
        _line: 1,
        wide_text: "9007199254740993",
        text: "青岛",
        word: "a",
        small: -5,
        real: 0.1,
        yes: true,
        day: "2018-01-05",
        at: "2018-01-05 12:00:00",
        instant: "2018-01-05 20:00:00",
        money: "123.45",
        debt: "-0.001",
        list: "[1,2]",
      },
      Object.fromEntries(
        [
          "wide_text",
          "text",
          "word",
          "small",
          "real",
          "yes",
          "day",
          "at",
          "instant",
          "money",
          "debt",
          "list",
        ]
          .map((name): [string, unknown] => [name, null])
          .concat([["_line", 2]]),
      ),
    ]);
    expect(await typesOf(fixture)).toMatchObject({
      small: "INTEGER",
      wide: "BIGINT",
      day: "DATE",
      at: "TIMESTAMP",
      instant: "TIMESTAMP",
      money: "DECIMAL(38,2)",
    });
  });

  test("of several batches is numbered through", async () => {
    const fixture = await makeFixture({ type: "arrow" });
    const part = (from: number) =>
      new arrow.Table({
        id: arrow.vectorFromArray(Array.from({ length: 3000 }, (_, k) => from + k)),
      });
    fixture.write("a.arrow", arrow.tableToIPC(part(1).concat(part(3001)), "stream"));
    const outcome = await fixture.pull();
    expect(outcome.counts.rows).toBe(6000);
    const rows = await fixture.rows();
    expect(rows.every(({ _line, id }) => _line === id)).toBe(true);
  });

  test("cut short or something else is refused, and the next file is read all the same", async () => {
    const fixture = await makeFixture({ type: "arrow" });
    const bytes = arrow.tableToIPC(table, "file");
    fixture.write("a.arrow", bytes.subarray(0, bytes.length - 30));
    fixture.write("b.arrow", "id,t\n1,2\n");
    fixture.write("c.arrow", "");
    fixture.write("d.arrow", bytes);
    const outcome = await fixture.pull();
    expect(outcome.counts).toMatchObject({ refused: 3, rows: 2 });
  });
});
