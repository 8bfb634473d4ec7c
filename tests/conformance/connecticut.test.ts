import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { median, sampleCorrelation } from "simple-statistics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import {
  BUNDLED,
  countRows,
  readQuarantine,
  readRanks,
  readValues,
  runWorkspace,
} from "./run-workspace.ts";

const SAMPLES = join(BUNDLED, "data-samples", "connecticut");

// Expected values: Python's csv module on the raw files, in dollars as they stand there.
describe("Connecticut's towns (bundled)", () => {
  let context: Context;
  beforeAll(async () => {
    context = await runWorkspace(BUNDLED, "connecticut");
  });
  afterAll(() => context?.store.close());

  it("takes in 169 towns in fifteen years from drifting columns, and leaves the City of Groton out", async () => {
    expect(await readQuarantine(context)).toEqual([]);
    expect(await countRows(context, "known.entity")).toBe(169);
    // 169 × 15, once as reported and once as last year's result in the next file
    expect(await countRows(context, "known.debt_position")).toBe(2 * 169 * 15);
  });

  it.each([
    // before GASB 54 the unreserved balance, since then the unrestricted one
    ["2010", "CT/fund-balance", "CT064", 18_500_000, 551_036_000],
    ["2018", "CT/fund-balance", "CT064", 4_884_000, 656_549_000],
    ["2011", "CT/fund-balance", "CT001", 1_756_626, 9_940_515],
    ["2004", "CT/debt-to-tax-base", "CT001", 6_330_388, 283_350_872.19],
    ["2018", "CT/debt-to-tax-base", "CT015", 763_760_607, 9_430_537_961.27],
    ["2013", "CT/debt-to-revenue", "CT059", 53_832_065, 128_803_319],
    ["2012", "CT/debt-per-capita", "CT035", 99_005_273, 21_114],
    ["2007", "CT/debt-service-share", "CT002", 8_506_553, 52_816_370],
    ["2018", "CT/pension-liability", "CT093", 804_230_333, 607_787_354],
    ["2018", "CT/other-benefit-liability", "CT151", 917_661_000, 455_882_000],
    ["2015", "CT/collection-rate", "CT057", 334_539_975, 337_402_140],
    ["2018", "CT/own-revenue-share", "CT083", 123_444_000, 170_215_000],
    // Hartford: -7,795,000 - 9,038,000 + 374,000 over the revenue of the three years
    ["2018", "CT/operating-result", "CT064", -16_459_000, 1_822_043_000],
  ])("in %s %s of %s", async (year, indicator, town, numerator, denominator) => {
    expect((await readValues(context, indicator, year)).get(town)).toMatchObject({
      state: "assessed",
      numerator,
      denominator,
    });
  });

  it("takes what a file does not hold for missing, not for zero", async () => {
    const states = async (indicator: string, year: string) =>
      new Set(
        [...(await readValues(context, indicator, year)).values()].map(
          ({ state, value }) => `${state} ${value}`,
        ),
      );
    // net pension liability since 2015, other benefits in 2018 only
    expect(await states("CT/pension-liability", "2014")).toEqual(new Set(["no_data null"]));
    expect(await states("CT/other-benefit-liability", "2017")).toEqual(new Set(["no_data null"]));
    const service = await readValues(context, "CT/debt-service-share", "2018");
    // Durham: no debt service beside 74,393 of town bonds; Morris: neither
    expect(service.get("CT038")).toMatchObject({ state: "too_few", value: null, excluded: 1 });
    expect(service.get("CT087")).toMatchObject({ state: "assessed", value: 0 });
  });

  it("ranks every town in every year", async () => {
    for (let year = 2004; year <= 2018; year++) {
      expect(await readRanks(context, String(year))).toHaveLength(169);
    }
  });

  it("puts the cities known to be in distress last and Greenwich, Fairfield near the top of their size class", async () => {
    const ranks = (await readRanks(context)).filter(
      ({ peer_class }) => peer_class === "40000-and-over",
    );
    const order = ranks.map(({ entity_id }) => entity_id);
    expect(order).toHaveLength(24);
    // Waterbury, Bridgeport, Stratford, New Haven, Hamden, Hartford
    expect(order.slice(-6)).toEqual(["CT151", "CT015", "CT138", "CT093", "CT062", "CT064"]);
    expect(order.slice(0, 5)).toEqual(expect.arrayContaining(["CT057", "CT051"]));
    // pandas, from the raw file, with the standard's goalposts and winsorised peers: 24.026086
    expect(ranks.at(-1)?.score).toBeCloseTo(24.026086, 5);
  });

  it("agrees with Moody's ratings among the larger towns, which are not scored by", async () => {
    const scale = "Aaa Aa1 Aa2 Aa3 A1 A2 A3 Baa1 Baa2 Baa3 Ba1 Ba2 Ba3 B1 B2".split(" ");
    const rows = await context.store.rows<{ score: number; rating: string }>(
      `SELECT r.score, d.external_rating AS rating FROM scores.rank r
       JOIN known.debt_position d ON d.entity_id = r.entity_id AND d.as_at = DATE '2018-06-30' AND d.source_grade = 'reported'
       WHERE r.run_id = $run AND r.period = '2018' AND r.peer_class = '40000-and-over' AND d.external_rating IS NOT NULL`,
      { run: context.runId },
    );
    expect(rows).toHaveLength(22);
    const correlation = sampleCorrelation(
      rankOf(rows.map(({ score }) => score)),
      rankOf(rows.map(({ rating }) => -scale.indexOf(rating))),
    );
    // scipy's spearmanr on the same: 0.780. Over all 107 rated towns it is 0.24: the rating weighs the wealth and
    // the size of the tax base, which the standard leaves out.
    expect(correlation).toBeCloseTo(0.78, 2);
  });

  it("counts a restated year only once the restatement is known", async () => {
    // Killingly's 2007: 1,263,693 in that year's file, -4,611,478 in the next one, assumed out on 31 December 2009
    expect((await readValues(context, "CT/operating-result", "2007")).get("CT069")).toMatchObject({
      numerator: 717_097 + 1_838_913 - 4_611_478,
      denominator: 38_966_923 + 42_624_363 + 45_975_603,
    });
    const earlier = await runWorkspace(BUNDLED, "connecticut", {
      through: "measure",
      period: "2007",
      asOf: "2009-01-15",
    });
    expect((await readValues(earlier, "CT/operating-result")).get("CT069")?.numerator).toBe(
      717_097 + 1_838_913 + 1_263_693,
    );
    earlier.store.close();
  });

  it("classes the towns by the median of their fifteen populations", () => {
    const populations = new Map<string, number[]>();
    for (const name of readdirSync(join(SAMPLES, "fiscal-indicators"), {
      recursive: true,
      encoding: "utf8",
    }).filter((file) => file.endsWith(".csv"))) {
      for (const row of readCsv(join(SAMPLES, "fiscal-indicators", name))) {
        const column = Object.keys(row).find((title) => /^\d{4} Population$/.test(title)) ?? "";
        if (!row[column]) continue;
        const town = row.Municipality ?? "";
        populations.set(town, [...(populations.get(town) ?? []), Number(row[column])]);
      }
    }
    expect(populations.size).toBe(169);
    for (const town of readCsv(join(SAMPLES, "towns.csv"))) {
      const middle = median(populations.get(town.listed_as ?? "") ?? []);
      expect([town.name, Number(town.median_population), town.size_class]).toEqual([
        town.name,
        middle,
        middle < 5000
          ? "under-5000"
          : middle < 15000
            ? "5000-to-15000"
            : middle < 40000
              ? "15000-to-40000"
              : "40000-and-over",
      ]);
    }
  });
});

function readCsv(file: string): Record<string, string>[] {
  return parse(readFileSync(file), { columns: true });
}

/** Ranks from 1, ties sharing their mean rank. */
function rankOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}
