import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import { BUNDLED, countRows, readQuarantine, readValues, runWorkspace } from "./run-workspace.ts";

// Expected values: the points, scores and designations the State Comptroller published, taken from the workbook.

type Row = Record<string, string>;

const PUBLISHED = new Map<string, Row>(
  (
    parse(readFileSync(join(BUNDLED, "data-samples/new-york/published-2019.csv")), {
      columns: true,
    }) as Row[]
  ).map((row) => [row.municode as string, row]),
);

const FISCAL = [
  "available-fund-balance",
  "total-fund-balance",
  "operating-deficits",
  "cash-ratio",
  "cash-to-spending",
  "cash-flow-debt",
  "cash-flow-debt-years",
  "personnel-cost-share",
  "debt-service-share",
];
const ENVIRONMENTAL = [
  "population-change",
  "assistance-households",
  "dependent-age-share",
  "home-value-change",
  "household-income",
  "unemployment-rate",
  "aid-dependence",
];

const DESIGNATIONS: Readonly<Record<string, RegExp>> = {
  none: /^No Designation$/,
  susceptible: /^Susceptible/,
  moderate: /^Moderate/,
  significant: /^Significant/,
};

/** Municipalities that lack an environmental figure; the Comptroller adds no points for it. */
const UNAVAILABLE = [...PUBLISHED]
  .filter(([, row]) =>
    ENVIRONMENTAL.some((_, index) => row[`environmental_${index + 1}`] === "Unavailable"),
  )
  .map(([municode]) => municode);

interface Scored {
  readonly state: string;
  readonly score: number | null;
  readonly grade: string | null;
}

async function readScored({ store, runId }: Context): Promise<Map<string, Scored>> {
  const rows = await store.rows<Scored & { entity_id: string }>(
    "SELECT entity_id, state, score, grade FROM scores.rank WHERE run_id = $run AND period = '2019'",
    { run: runId },
  );
  return new Map(rows.map((row) => [row.entity_id, row]));
}

/** Points of stress of an indicator, by body, out of the weight that the standard gives it. */
async function readPoints({ store, runId, standard }: Context, indicator: string) {
  const weight = standard.indicators.find((leaf) => leaf.indicator === indicator)?.weight.town;
  const rows = await store.rows<{ entity_id: string; score: number | null }>(
    "SELECT entity_id, score FROM scores.node WHERE run_id = $run AND period = '2019' AND node_id = $indicator",
    { run: runId, indicator },
  );
  return new Map(
    rows.map(({ entity_id, score }) => [
      entity_id,
      score === null ? undefined : ((100 - score) * (weight as number)) / 100,
    ]),
  );
}

/** Municipalities whose points differ from the published ones by more than their rounding to two decimals. */
async function findPointMismatches(context: Context, index: string, indicators: readonly string[]) {
  const mismatches: string[] = [];
  let compared = 0;
  for (const [position, name] of indicators.entries()) {
    const points = await readPoints(context, `NYS/${name}`);
    for (const [municode, row] of PUBLISHED) {
      const published = row[`${index}_${position + 1}`] as string;
      const own = points.get(municode);
      if (published === "" || published === "Unavailable") {
        if (own !== undefined) mismatches.push(`${municode} ${name}: ${own}, none published`);
        continue;
      }
      compared++;
      if (own === undefined || Math.abs(own - Number(published)) > 0.0051) {
        mismatches.push(`${municode} ${name}: ${own}, published ${published}`);
      }
    }
  }
  return { compared, mismatches };
}

/** Municipalities whose score, rounded as the published one, or whose designation differs. */
function findScoreMismatches(scored: ReadonlyMap<string, Scored>, index: string) {
  const scores: string[] = [];
  const designations: string[] = [];
  for (const [municode, row] of PUBLISHED) {
    const own = scored.get(municode) as Scored;
    const published = row[`${index}_score`] as string;
    if (published === "") {
      if (own.state !== "not_ranked" || own.grade !== null) designations.push(municode);
      continue;
    }
    const stress = 100 - (own.score ?? Number.NaN);
    // 43.75 is published as 43.8, 4.1666 as 4.2
    if (Math.abs(Math.round(stress * 10 + 1e-6) / 10 - Number(published)) > 1e-9) {
      scores.push(municode);
    }
    if (!DESIGNATIONS[own.grade ?? ""]?.test(row[`${index}_designation`] as string)) {
      designations.push(municode);
    }
  }
  return { scores, designations };
}

describe("New York's Fiscal Stress Monitoring System 2019: the fiscal score", () => {
  let context: Context;
  beforeAll(async () => {
    context = await runWorkspace(BUNDLED, "nys-fsms");
  });
  afterAll(() => context?.store.close());

  it("takes in every municipality and every figure", async () => {
    expect(await readQuarantine(context)).toEqual([]);
    expect(await countRows(context, "known.entity")).toBe(1586);
    expect(await countRows(context, "known.observation")).toBe(54_883);
  });

  it.each([
    // City of Amsterdam, columns A, B and C of the sheets
    ["available-fund-balance", "270202000000", -4_287_095.93, 16_955_648.78, -25.28],
    ["total-fund-balance", "270202000000", -3_644_701.92, 16_955_648.78, -21.5],
    ["operating-deficits", "270202000000", 1, 3, 1],
    ["cash-ratio", "270202000000", 33_800.42, 9_686_439.62, 0.35],
    ["cash-to-spending", "270202000000", 31_870.42, 28_372_591.92, 1.35],
    ["cash-flow-debt", "270202000000", 1_100_000, 17_904_239.39, 6.14],
    ["cash-flow-debt-years", "270202000000", 2, 3, 2],
    ["cash-flow-debt-years", "310255000000", 3, 3, 3],
    // issued in 2017 and 2018, none in 2019
    ["cash-flow-debt-years", "280228000000", 0, 3, 0],
  ])("measures %s of %s", async (indicator, municode, numerator, denominator, value) => {
    const measured = (await readValues(context, `NYS/${indicator}`)).get(municode);
    expect(measured).toMatchObject({ state: "assessed", numerator, denominator });
    expect(measured?.value).toBeCloseTo(value, 2);
  });

  it("averages the yearly shares of three years, not their sums", async () => {
    const value = async (indicator: string) =>
      (await readValues(context, `NYS/${indicator}`)).get("270202000000")?.value;
    expect(await value("personnel-cost-share")).toBeCloseTo(69.26, 2);
    expect(await value("debt-service-share")).toBeCloseTo(11.08, 2);
  });

  it("gives every published point: nine indicators of 1,412 municipalities", async () => {
    const { compared, mismatches } = await findPointMismatches(context, "fiscal", FISCAL);
    expect(compared).toBe(9 * 1412);
    expect(mismatches).toEqual([]);
  });

  it("gives every published score and designation", async () => {
    const scored = await readScored(context);
    expect(findScoreMismatches(scored, "fiscal")).toEqual({ scores: [], designations: [] });
    const count = (grade: string) =>
      [...scored.values()].filter((row) => row.grade === grade).length;
    expect(["significant", "moderate", "susceptible", "none"].map(count)).toEqual([
      6, 11, 14, 1381,
    ]);
  });

  it("shows who filed nothing, is coterminous or inconclusive as not ranked, never with a score", async () => {
    const scored = await readScored(context);
    const without = [...PUBLISHED].filter(([, row]) => row.fiscal_score === "");
    const count = new Map<string, number>();
    for (const [municode, row] of without) {
      const designation = row.fiscal_designation as string;
      count.set(designation, (count.get(designation) ?? 0) + 1);
      expect(scored.get(municode)).toMatchObject({ state: "not_ranked", score: null, grade: null });
    }
    expect(Object.fromEntries(count)).toEqual({
      "Not filed": 170,
      "N/A - Coterminous": 3,
      Inconclusive: 1,
    });
    expect([...scored.values()].filter(({ state }) => state === "not_ranked")).toHaveLength(174);
  });
});

describe("New York's Fiscal Stress Monitoring System 2019: the environmental score", () => {
  let context: Context;
  beforeAll(async () => {
    context = await runWorkspace(BUNDLED, "nys-fsms-environment");
  });
  afterAll(() => context?.store.close());

  it("gives every published point: seven indicators of 1,412 municipalities, less ten figures unavailable", async () => {
    const { compared, mismatches } = await findPointMismatches(
      context,
      "environmental",
      ENVIRONMENTAL,
    );
    expect(compared).toBe(7 * 1412 - 10);
    expect(mismatches).toEqual([]);
  });

  it("gives every published score and designation, those of five with unavailable figures too", async () => {
    const scored = await readScored(context);
    expect(findScoreMismatches(scored, "environmental")).toEqual({ scores: [], designations: [] });
    expect(UNAVAILABLE).toHaveLength(5);
    // Ocean Beach: 20 points each for assistance and home values; income is unavailable and takes none
    expect(scored.get("470442103590")?.score).toBeCloseTo(60, 9);
    // and its missing income is not shown as a value
    const income = await readValues(context, "NYS/household-income");
    expect(income.get("470442103590")?.value ?? null).toBeNull();
  });
});
