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
  deductions: [],
  bonuses: [],
  vetoes: [],
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

test("of a level with one indicator that is not public, it is said that nothing can keep it back", () => {
  const indicators = [{ indicator: "b", weight: { street: 100 } }];
  const found = findLone({ ...standard, indicators } as unknown as typeof standard, INDICATORS);
  expect(found).toHaveLength(1);
  expect(found[0]?.zh).toContain("公开的总分就是其得分，无法遮蔽");
  expect(found[0]?.en).toContain("the published total is its score");
});

test("a deduction, bonus or veto by an indicator that is not public is named, by others it is not", () => {
  const rule = (name: string, indicator: string) => ({ title: title(name), indicator });
  const ruled = {
    ...standard,
    ...{ indicators: [], deductions: [rule("扣", "b"), rule("公开的扣", "a")] },
    ...{ bonuses: [rule("加", "c")], vetoes: [rule("限", "b")] },
  } as unknown as typeof standard;
  const found = findLone(ruled, INDICATORS);
  expect(found.map(({ zh }) => zh)).toEqual([
    expect.stringContaining("“标准”的扣分项“扣率”依据的“b率”不公开"),
    expect.stringContaining("“标准”的加分项“加率”依据的“c率”不公开"),
    expect.stringContaining("“标准”的等次限制项“限率”依据的“b率”不公开"),
  ]);
  expect(found[2]?.en).toContain("the veto “限 rate” goes by “b rate”");
});
