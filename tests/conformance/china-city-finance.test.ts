import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import {
  findData,
  prepareWorkspace,
  readQuarantine,
  readRanks,
  readValues,
  runWorkspace,
} from "./run-workspace.ts";

const data = findData("china-city-finance");

// Expected values: pandas on city_gov_debt.csv and city_macro_fiscal.csv (unit 亿元). A value is of the newest of the
// last two years for which both numbers are there; debt of source grades C and D is left out.
describe.skipIf(!data.present)(data.label, () => {
  let context: Context;
  beforeAll(async () => {
    context = await runWorkspace(prepareWorkspace("china-city-finance"), "china-city-finance", {
      through: "publish",
    });
  });
  afterAll(() => context?.store.close());

  it("takes in every row, and each prefecture once", async () => {
    expect(await readQuarantine(context)).toEqual([]);
    expect(
      await context.store.row(
        "SELECT CAST(count(*) AS INTEGER) AS all_of_them, CAST(count(*) FILTER (WHERE peer_class = 'prefecture-city') AS INTEGER) AS cities FROM known.entity",
      ),
    ).toEqual({ all_of_them: 341, cities: 296 });
  });

  // Qingdao 2018: 1271.8… ÷ 1231.9… and so on, as pandas prints them
  it.each([
    ["2018", "CN/debt-to-revenue", "370200", 103.2648],
    ["2018", "CN/debt-to-gdp", "110000", 14.0135],
    ["2018", "CN/debt-to-limit", "540100", 73.1909],
    ["2018", "CN/self-sufficiency", "320500", 108.5666],
    ["2021", "CN/debt-to-revenue", "520100", 619.0107],
    ["2021", "CN/debt-growth", "370200", 24.3305],
    ["2021", "CN/debt-to-limit", "650400", 92.7569],
    ["2024", "CN/debt-to-revenue", "320500", 148.7524],
    ["2024", "CN/debt-growth", "110000", 10.5812],
    ["2024", "CN/debt-to-limit", "370200", 92.7342],
    // 2024 has no revenue of Guiyang: the value is that of 2023
    ["2024", "CN/debt-to-revenue", "520100", 770.0157],
  ])("in %s %s of %s", async (year, indicator, code, expected) => {
    const value = (await readValues(context, indicator, year)).get(code);
    expect(value?.state).toBe("assessed");
    expect(value?.value).toBeCloseTo(expected, 4);
  });

  it.each([
    // year, bodies with debt-to-revenue, with a limit, with growth; debt-to-revenue left out for its source grade
    ["2018", 273, 100, 0, 23],
    ["2021", 282, 192, 316, 14],
    ["2024", 295, 247, 332, 5],
  ])("respects gaps and source grades in %s", async (year, ratios, limits, growths, left) => {
    const count = async (indicator: string) =>
      [...(await readValues(context, indicator, year)).values()].filter(
        ({ state }) => state === "assessed",
      ).length;
    expect(await count("CN/debt-to-revenue")).toBe(ratios);
    expect(await count("CN/debt-to-limit")).toBe(limits);
    expect(await count("CN/debt-growth")).toBe(growths);
    const values = [...(await readValues(context, "CN/debt-to-revenue", year)).values()];
    expect(values.reduce((sum, { excluded }) => sum + excluded, 0)).toBe(left);
    expect(values.filter(({ state, value }) => state !== "assessed" && value !== null)).toEqual([]);
  });

  it.each([
    // half of the weight must be assessed; 2018 has no year before for the growth
    ["2018", 273],
    ["2019", 316],
    ["2020", 310],
    ["2021", 310],
    ["2022", 310],
    ["2023", 318],
    ["2024", 324],
  ])("ranks the prefectures with enough data in %s", async (year, ranked) => {
    expect(await readRanks(context, year)).toHaveLength(ranked);
  });

  it("says in the report that these are no official debt colours", () => {
    const published = join(context.dataDir, "published");
    const report = readdirSync(published, { recursive: true, encoding: "utf8" }).find((name) =>
      name.endsWith(".html"),
    );
    const html = readFileSync(join(published, report ?? ""), "utf8");
    expect(html).toContain("不是官方债务风险等级");
    expect(html).toContain("These are not the official debt risk colours");
  });
});
