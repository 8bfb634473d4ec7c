import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readReadingBounds } from "../../src/config.ts";
import { readAnyCsv, readPlainCsv } from "../../src/pull/read-csv.ts";
import type { ReadingTask } from "../../src/pull/reading.ts";
import { DEFAULTS, makeFixture } from "./pull-fixture.ts";

const HEADER = ["甲", "b", "c d", "e"];

/** A field and whether it is written in quotation marks though it need not be. */
const field = fc.record({
  value: fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.string({
      unit: fc.constantFrom('"', ",", "\n", "\r", "\r\n", " ", "a", "政"),
      maxLength: 6,
    }),
    fc.constantFrom("", "NULL", "007", "1.50", '"', '""', "\n", "#", "\\", "'"),
  ),
  quoted: fc.boolean(),
});

const table = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    rows: fc.array(fc.array(field, { minLength: width, maxLength: width }), { maxLength: 12 }),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    ended: fc.boolean(),
    plain: fc.boolean(),
  }),
);

type Table = typeof table extends fc.Arbitrary<infer T> ? T : never;

/** Writes a table as CSV; `plain` leaves line breaks out. */
function write({ width, rows, lineEnd, ended, plain }: Table) {
  const values = rows.map((row) =>
    row.map(({ value, quoted }) => {
      const text = (plain ? value.replace(/[\r\n]/g, "") : value).replaceAll("\0", "");
      return { text, quoted: quoted || /[",\r\n]/.test(text) || (width === 1 && text === "") };
    }),
  );
  const lines = [HEADER.slice(0, width).join(",")];
  const expected: { _line: number; fields: string[] }[] = [];
  let line = 2;
  let blanks = false;
  for (const row of values) {
    const written = row
      .map(({ text, quoted }) => (quoted ? `"${text.replaceAll('"', '""')}"` : text))
      .join(",");
    // A row of empty fields alone is no record.
    const fields = row.map(({ text }) => text);
    const blank = fields.every((text) => text.trim() === "");
    if (!blank) expected.push({ _line: line, fields });
    blanks = blanks || blank;
    line += written.split("\n").length;
    lines.push(written);
  }
  return { text: lines.join(lineEnd) + (ended ? lineEnd : ""), expected, blanks };
}

test("both paths give what was written, with the physical lines; csv-parse reads the same values", async () => {
  const fixture = await makeFixture();
  const path = fixture.write("a.csv", "");
  const task: ReadingTask = {
    store: fixture.store,
    format: DEFAULTS,
    input: path,
    output: `${path}.parquet`,
    scratch: `${path}.part`,
    timeZone: "Asia/Shanghai",
    bounds: readReadingBounds(),
  };
  const written = async (width: number) => {
    const rows = await fixture.store.rows(
      `SELECT * FROM read_parquet('${task.output.replaceAll("'", "''")}') ORDER BY "_line"`,
    );
    return rows.map((row) => ({
      _line: row._line,
      fields: HEADER.slice(0, width).map((name) => row[name]),
    }));
  };
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(table, async (drawn) => {
      const { text, expected, blanks } = write(drawn);
      fixture.write("a.csv", text);
      expect(await readAnyCsv(task)).toEqual({ rows: expected.length, unreadable: [] });
      expect(await written(drawn.width)).toEqual(expected);
      if (await readPlainCsv(task)) {
        plain += 1;
        expect(await written(drawn.width)).toEqual(expected);
      } else {
        expect(drawn.plain && !blanks).toBe(false);
      }
      const other = parse(text, { record_delimiter: ["\r\n", "\n"], from: 2 }) as string[][];
      const filled = other.filter((row) => row.some((value) => value.trim() !== ""));
      expect(filled).toEqual(expected.map(({ fields }) => fields));
    }),
    { numRuns: 400, seed: 20180601 },
  );
  expect(plain).toBeGreaterThan(100);
});

test("whatever one line is damaged by, every other line is kept", async () => {
  const fixture = await makeFixture();
  const damages = ['9,"x', '9,x"', '9,"x"y', "9", "9,x,y", '"9', '9,"x""'];
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.nat(),
      fc.constantFrom(...damages),
      async (count, at, damage) => {
        const lines = Array.from({ length: count }, (_, index) => `${index + 2},"v ${index}"`);
        const place = at % count;
        lines[place] = damage;
        const path = fixture.write("b.csv", `id,t\n${lines.join("\n")}\n`);
        const reading = await readAnyCsv({
          store: fixture.store,
          format: DEFAULTS,
          input: path,
          output: `${path}.parquet`,
          scratch: `${path}.part`,
          timeZone: "Asia/Shanghai",
          bounds: readReadingBounds(),
        });
        expect(reading.rows).toBe(count - 1);
        expect(reading.unreadable.map(({ line, text }) => [line, text])).toEqual([
          [place + 2, damage],
        ]);
      },
    ),
    { numRuns: 100, seed: 20180602 },
  );
});
