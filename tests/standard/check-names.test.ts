import { join } from "node:path";
import { expect, test } from "vitest";
import { openCheckNames } from "../../src/standard/check-names.ts";

const nameCheck = openCheckNames(join(import.meta.dirname, "../.."));

test("a check of metrics/checks has its title for a name", () => {
  expect(nameCheck("contract-dates-in-order")).toEqual({
    zh: "合同各日期先后合理",
    en: "A contract's dates are in order",
  });
});

test("a check every source goes through has a name in both languages; how a column is filled names the column", () => {
  expect(nameCheck("silence")).toEqual({ zh: "停报", en: "Silence" });
  expect(nameCheck("fill-paid_on")).toEqual({
    zh: "“paid_on”的填报率",
    en: '"paid_on" is filled in',
  });
});

test("a check that has been taken out since is told by its id", () => {
  expect(nameCheck("gone")).toEqual({ zh: "gone", en: "gone" });
});
