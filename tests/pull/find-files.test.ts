import { expect, test } from "vitest";
import { compilePattern } from "../../src/pull/find-files.ts";
import { makeFixture } from "./pull-fixture.ts";

test.each([
  ["*", ["a.csv", "政.csv"], ["x/a.csv"]],
  ["*.csv", ["a.csv"], ["a.csv.gz", "x/a.csv", "acsv"]],
  ["**/*.csv", ["a.csv", "x/a.csv", "x/y/a.csv"], ["x/a.tsv"]],
  ["2018/**", ["2018/a", "2018/b/c"], ["2017/a", "2018"]],
  ["**", ["a\nb.csv", "x\r\ny/a\u2028.csv"], []],
  ["**/*.csv", ["a\nb.csv", "x\ny/b.csv"], ["a\nb.tsv"]],
  ["a?.csv", ["ab.csv", "a政.csv"], ["a.csv", "abc.csv"]],
  ["[a-c]*.csv", ["b1.csv"], ["d1.csv"]],
  ["[!a]*.csv", ["b.csv"], ["a.csv"]],
  ["*.{csv,csv.gz}", ["a.csv", "a.csv.gz"], ["a.gz"]],
  ["{2017,2018}-*.csv", ["2018-1.csv"], ["2019-1.csv"]],
  ["a+(1).csv", ["a+(1).csv"], ["aa1.csv"]],
])("the pattern %s", (pattern, matching, other) => {
  const matches = compilePattern(pattern);
  expect(matching.filter((name) => !matches.test(name))).toEqual([]);
  expect(other.filter((name) => matches.test(name))).toEqual([]);
});

test("files are taken in the order of their names, hidden ones and lock files left out", async () => {
  const fixture = await makeFixture(
    {},
    {
      connector: { type: "folder", path: "in", match: "**/*" },
    },
  );
  for (const name of ["b.csv", "a10.csv", "a9.csv", ".hidden.csv", "~$b.csv", "sub/c.csv"]) {
    fixture.write(name, `id\n${name}\n`);
  }
  await fixture.pull();
  expect((await fixture.files()).map(({ file_name }) => file_name)).toEqual([
    "a10.csv",
    "a9.csv",
    "b.csv",
    "sub/c.csv",
  ]);
});
