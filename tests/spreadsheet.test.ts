import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { csvField, csvLine, guardFormula, writeCsv } from "../src/spreadsheet.ts";

test.each([
  ...[
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\t=1",
    "\t1",
    "\n1",
    "\r1",
    "-",
    "+86 532 8591",
  ],
  // Behind what is not seen, too.
  ...[
    " =1+1",
    "\u3000＝1+1",
    "\u00a0@x",
    "\u200b=1",
    "\ufeff=1",
    "\0=1",
    "-1.5.2",
    "-0x10",
    "-1,5",
    "-Infinity",
  ],
])("%j is guarded", (text) => {
  expect(guardFormula(text)).toBe(`'${text}`);
});

test.each([
  "-1.5",
  "+2",
  "-.5",
  "-3.",
  "-1.5e-7",
  "-1E+10",
  "1=1",
  "a-b",
  "'=1",
  "",
  "政信",
  "1-2",
  "−1",
])("%j stays as it is", (text) => {
  expect(guardFormula(text)).toBe(text);
});

test("a field is quoted where it must be, after it was guarded", () => {
  const fields = [null, -1.5, 9007199254740993n, true, "-1.5", '=A1&"x"', "a,b", "\r=1", ""];
  expect(fields.map(csvField)).toEqual([
    ...["", "-1.5", "9007199254740993", "true", "-1.5", `"'=A1&""x"""`, '"a,b"', `"'\r=1"`, ""],
  ]);
  expect(csvLine(["a", null])).toBe("a,\r\n");
});

test("a table begins with a byte order mark; names of its columns are guarded too", () => {
  const text = writeCsv(["=a", "b"], [{ "=a": "@x", b: -2 }, { b: null }]);
  expect(text).toBe("\ufeff'=a,b\r\n'@x,-2\r\n,\r\n");
  expect(parse(text, { bom: true })).toEqual([
    ["'=a", "b"],
    ["'@x", "-2"],
    ["", ""],
  ]);
});
