import { expect, test } from "vitest";
import { findLone } from "../../src/standard/lone-indicator.ts";

const title = (name: string) => ({ zh: `${name}率`, en: `${name} rate` });
const file = (name: string, audience: "public" | "officers" | "internal") => ({
  title: title(name),
  audience,
  reads: {},
  sql: "",
});
const INDICATORS = new Map([
  ["a", file("a", "public")],
  ["b", file("b", "internal")],
  ["c", file("c", "officers")],
]);
/** A standard with these weights: b has one at both levels, c at districts alone. */
const standard = {
  title: { zh: "标准", en: "Standard" },
  levels: { district: {}, street: {} },
  indicators: [
    { indicator: "a", weight: { district: 50, street: 50 } },
    { indicator: "b", weight: { district: 25, street: 50 } },
    { indicator: "c", weight: { district: 25 } },
  ],
} as unknown as Parameters<typeof findLone>[0];

test("an indicator that is alone in not being public at a level is named with the level", () => {
  const [found, ...more] = findLone(standard, INDICATORS);
  expect(more).toEqual([]);
  expect(found?.zh).toContain("在 street 一级只有“b率”一项不公开");
  expect(found?.en).toContain("“b rate” is the only indicator of the level street");
});

test("where all are public, or two are not, nothing can be reckoned", () => {
  const indicators = standard.indicators.filter(({ indicator }) => indicator !== "b");
  const open = new Map([...INDICATORS].map(([id]) => [id, file(id, "public")]));
  expect(findLone(standard, open)).toEqual([]);
  expect(findLone({ ...standard, indicators }, INDICATORS)).toHaveLength(1);
});
