import { expect, test } from "vitest";
import { readExactAnswer, showExact } from "../src/exact-json.ts";

test("an answer's digits are shown as they were sent, in lists and objects too", () => {
  const cells =
    '9007199254740993,12345678901234567890123,90.50,-1e-7,[1.0,{"a":9007199254740993}],"9007199254740993","\\"1,2","a\\\\",null,true';
  const answer = readExactAnswer(
    `{"columns":[{"name":"3.10","type":"INTEGER"}],"rows":[\n[${cells}]\n],"row_count":1,"truncated":false}\n`,
  );
  expect(answer.row_count).toBe(1);
  expect(answer.columns[0]?.name).toBe("3.10");
  expect(answer.rows[0]?.map(showExact)).toEqual([
    "9007199254740993",
    "12345678901234567890123",
    "90.50",
    "-1e-7",
    '[1.0,{"a":9007199254740993}]',
    "9007199254740993",
    '"1,2',
    "a\\",
    "null",
    "true",
  ]);
});
