import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { runPipeline } from "../../src/run.ts";
import { backtestCity } from "../../src/warn/backtest/city.ts";
import { listCases, rankScores } from "../../src/warn/backtest/district-features.ts";
import { areaUnderCurve } from "../../src/warn/backtest/metrics.ts";
import { type DistrictYear, readPanel } from "../../src/warn/backtest/panel.ts";
import { backtestSchoolDistricts } from "../../src/warn/backtest/school-districts.ts";

const ROOT = join(import.meta.dirname, "..", "..");

test("the bundled city: its planted trouble is seen six months ahead, with at most one false alarm a year", async () => {
  // The whole workspace with the sources of bodies and debt only: the replay reads no other.
  const workspace = mkdtempSync(join(tmpdir(), "backtest-city-"));
  for (const folder of [
    "pipelines",
    "metrics",
    "data-samples/qingdao/divisions",
    "data-samples/qingdao/division-aliases",
    "data-samples/qingdao/debt-monthly",
    "data-samples/qingdao/debt-annual",
  ]) {
    cpSync(join(ROOT, folder), join(workspace, folder), { recursive: true });
  }
  const file = join(workspace, "pipelines", "qingdao.yaml");
  const text = readFileSync(file, "utf8").replace(
    /sources:\n( {2}- .*\n)+/,
    "sources: [divisions, division-aliases, debt-monthly, debt-annual]\n",
  );
  writeFileSync(file, text);
  const { context } = await runPipeline(
    readConfig({
      ZHENGXIN_WORKSPACE: workspace,
      DATA_DIR: mkdtempSync(join(tmpdir(), "backtest-data-")),
      ZHENGXIN_PSEUDONYM_KEY: "a key for the backtest of the city only",
      ZHENGXIN_LOG_LEVEL: "silent",
    }),
    { pipeline: "qingdao", log: pino({ level: "silent" }) },
    { through: "conform" },
  );
  try {
    const result = await backtestCity(context, 24);
    expect(result.troubles.map(({ entity, period }) => [entity, period])).toEqual([
      ["370285", "2018-09"],
    ]);
    // Six months of 30.4 days.
    expect(result.troubles[0]?.leadDays).toBeGreaterThanOrEqual(183);
    expect(result.falseAlarms / result.years).toBeLessThanOrEqual(1);
    // And every other district but one is quiet throughout: the rules do not simply warn of all.
    expect(result.falseAlarms).toBeLessThanOrEqual(1);
  } finally {
    context.store.close();
  }
});

describe("New York's school districts", () => {
  const panel = readPanel(join(ROOT, "data-samples/nys-fsms/school-districts-2013-2019.csv"));

  test("as published: how many were designated each year", () => {
    const count = (year: number) =>
      [...panel.values()].filter((years) => years.get(year)?.designated).length;
    // Significant, moderate and susceptible together, from the Comptroller's own designations.
    expect([2013, 2016, 2017, 2019].map(count)).toEqual([
      12 + 23 + 52,
      2 + 9 + 48,
      2 + 7 + 17,
      4 + 5 + 24,
    ]);
  });

  test("nothing of later years is in a case's features", () => {
    const until = (last: number) =>
      new Map(
        [...panel].map(([id, years]) => [id, new Map([...years].filter(([year]) => year <= last))]),
      );
    const features = (held: typeof panel) =>
      new Map(
        listCases(held, [2016], 1).map(({ district, features: own }) => [district, [...own]]),
      );
    const all = features(panel);
    const past = features(until(2017));
    expect(past.size).toBeGreaterThan(600);
    for (const [district, own] of past) expect(all.get(district)).toEqual(own);
  });

  test("new onsets are told from persistence: the current score knows far less of them", () => {
    const cases = [2016, 2017, 2018].flatMap((origin) => listCases(panel, [origin], 1));
    const area = (list: typeof cases) =>
      areaUnderCurve(
        list.map(({ current }) => current),
        list.map(({ came }) => came),
      );
    expect(area(cases)).toBeGreaterThan(area(cases.filter(({ designated }) => !designated)) + 0.05);
  });

  test("a standing is the share of lower scores, equal ones counting half", () => {
    const small = new Map(
      [10, 30, 30, 50, undefined].map((score, at) => [
        String(at),
        new Map([[2018, { score } as DistrictYear]]),
      ]),
    );
    // Of four: half of one; one and half of two; three and half of one.
    expect([...rankScores(small, 2018)]).toEqual([
      [10, 12.5],
      [30, 50],
      [50, 87.5],
    ]);
  });

  test("the standing within the year alone tells new onsets as well as the index, and better two years ahead", () => {
    const [one, two] = backtestSchoolDistricts(panel).onsets;
    // A recount by another hand, from the published scores alone.
    expect(one?.standing).toBe(0.793);
    expect(two?.standing).toBe(0.66);
    expect(Number(one?.index) - Number(one?.standing)).toBeLessThan(0.005);
    expect(Number(two?.index)).toBeLessThan(Number(two?.standing));
  });
});
