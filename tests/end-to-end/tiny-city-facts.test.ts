import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  APPROVALS,
  type Asked,
  askTinyCity,
  EAST,
  FINANCE,
  HILL,
  LAKE,
  NORTH,
  WEST,
} from "./tiny-answers.ts";
import { removeFolders } from "./tiny-workspace.ts";

// Every number is worked out in tests/fixtures/tiny-city/WORKED.md, under the section named.

let asked: Asked;

beforeAll(async () => {
  asked = await askTinyCity();
});

afterAll(() => {
  asked?.close();
  removeFolders();
});

describe("§2 facts", () => {
  const PERIODS = ["2018-01", "2018-02", "2018-03", "2018-04", "2018-05", "2018-06"];

  async function facts(indicator: string, entity: string): Promise<string[]> {
    const found = await asked.rows<Record<string, string | number | null>>(
      `SELECT c.period, v.state, CAST(CAST(v.numerator AS DOUBLE) AS VARCHAR) AS n, v.sample_size AS s, v.excluded AS x,
         CAST(CAST(v.denominator AS DOUBLE) AS VARCHAR) AS d, v.value
       FROM facts.run_computation c JOIN facts.value v USING (fingerprint)
       WHERE c.run_id = $run AND c.indicator_id = '${indicator}' AND v.entity_id = '${entity}' ORDER BY c.period`,
    );
    expect(found.map(({ period }) => period)).toEqual(PERIODS);
    return found.map(({ state, n, d, s, x, value }) => {
      if (state === "not_applicable") return "–";
      if (state === "no_data") return "no data";
      const number = (text: string | number | null | undefined) => Number(text);
      const base = indicator.includes("median") ? `${value} of ${s}` : `${number(n)}/${number(d)}`;
      return `${base}${state === "too_few" ? "*" : ""}${x ? ` -${x}` : ""}`;
    });
  }

  test.each([
    [EAST, ["1/2", "1/2", "2/4", "4/5", "7/8", "8/10"]],
    [WEST, ["–", "–", "3/4", "4/5", "6/8", "3/5"]],
    [NORTH, ["–", "–", "0/2", "1/3", "2/4", "4/4 -1"]],
    [LAKE, ["0/1*", "0/1*", "0/1*", "1/1*", "2/2", "3/4"]],
    [HILL, ["–", "–", "0/1*", "0/1*", "1/2", "1/1*"]],
    [APPROVALS, ["–", "–", "–", "2/2", "2/2", "3/4"]],
    [FINANCE, ["–", "–", "–", "–", "2/2", "5/5"]],
  ])("closed on time of %s", async (entity, expected) => {
    expect(await facts("B2/closed-on-time", entity)).toEqual(expected);
  });

  test.each([
    [EAST, ["0/2", "0/2", "0/4", "0/5", "1/8", "1/10"]],
    [WEST, ["–", "–", "0/4", "0/5", "0/8", "1/5"]],
    [NORTH, ["–", "–", "0/2", "0/3", "0/4", "0/5"]],
    [FINANCE, ["–", "–", "–", "–", "0/2", "1/5"]],
  ])("made again of %s", async (entity, expected) => {
    expect(await facts("B2/repeat-share", entity)).toEqual(expected);
  });

  test.each([
    [EAST, ["no data", "–", "7 of 1", "4 of 3", "4 of 3", "4 of 3 -1"]],
    [WEST, ["no data", "–", "5 of 1", "5 of 1", "6 of 2", "6 of 2"]],
    [NORTH, ["no data", "6 of 1", "6 of 1", "6 of 1", "–", "–"]],
    [APPROVALS, ["no data", "–", "–", "–", "2 of 1", "1 of 3"]],
    [FINANCE, ["no data", "–", "–", "–", "–", "2 of 1"]],
  ])("median delay of %s", async (entity, expected) => {
    expect(await facts("A1/publication-delay-median", entity)).toEqual(expected);
  });

  test.each([
    [EAST, "80000000/100000000", "100000000/100000000"],
    [WEST, "120000000/100000000", "120000000/100000000"],
    [NORTH, "–", "40000000/100000000"],
  ])("debt of %s", async (entity, before, june) => {
    const expected = ["no data", "no data", before, before, before, june];
    expect(await facts("C5/debt-ratio", entity)).toEqual(expected);
  });
});
