import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { listFiles } from "../../src/standard/workspace.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** The Chinese texts of a definition: what stands behind `zh:`, quoted or not. */
function chineseTexts(text: string): string[] {
  return [...text.matchAll(/\bzh: (?:"([^"]*)"|([^",}\n]+))/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
}

/** Half-width marks between Chinese: a semicolon, a comma, or brackets round a Chinese numeral. */
const HALF_WIDTH =
  /[\p{Script=Han}）」》”\d][;,] ?[\p{Script=Han}（「《“]|\p{Script=Han}\([一二三四五六七八九十]\)/u;

test("the rule finds what it is for, and nothing else", () => {
  const found = ["号; 国务院", "二(一)1", "第47条;青信用", "区,市"];
  const fine = ["号；国务院", "二（一）1", "R (2019) 3", "1,000元", "A; B", "（2020）第39条"];
  expect(found.filter((text) => !HALF_WIDTH.test(text))).toEqual([]);
  expect(fine.filter((text) => HALF_WIDTH.test(text))).toEqual([]);
});

test("Chinese texts of the definitions use full-width marks", () => {
  const faults = ["metrics", "pipelines"].flatMap((folder) =>
    [".sql", ".yaml"].flatMap((ending) =>
      listFiles(join(ROOT, folder), ending).flatMap((name) =>
        chineseTexts(readFileSync(join(ROOT, folder, name), "utf8"))
          .filter((text) => HALF_WIDTH.test(text))
          .map((text) => `${folder}/${name}: ${text}`),
      ),
    ),
  );
  expect(faults).toEqual([]);
});
