import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import {
  countRows,
  findData,
  prepareWorkspace,
  readQuarantine,
  readRanks,
  readValues,
  runWorkspace,
} from "./run-workspace.ts";

const data = findData("baltimore-311");

/** The city's name of an agency is its code; codes are held in capitals and without blanks. */
const codeOf = (agency: string) => agency.toUpperCase().replaceAll(" ", "");

// Expected values: pandas 2 on 311_sample.csv. Left out of the due-date share: no due date, a due date equal to the
// moment of creation, or open with the due date still ahead at 2019-02-13 16:18:56, the newest moment in the file.
describe.skipIf(!data.present)(data.label, () => {
  let context: Context;
  beforeAll(async () => {
    context = await runWorkspace(prepareWorkspace("baltimore-311"), "baltimore-311");
  });
  afterAll(() => context?.store.close());

  it("loads every one of the 10,000 requests", async () => {
    expect(await readQuarantine(context)).toEqual([]);
    expect(await countRows(context, "known.complaint")).toBe(10_000);
  });

  // value_counts() of Agency
  it.each([
    ["Solid Waste", 4760],
    ["Transportation", 1680],
    ["Housing", 1164],
    ["Water Wastewater", 849],
    ["BGE", 392],
    ["Mayor's Office", 1],
  ])("counts the volume of %s", async (agency, requests) => {
    const value = (await readValues(context, "B2/volume")).get(codeOf(agency));
    expect(value).toMatchObject({
      state: "assessed",
      numerator: requests,
      // January 2014 to February 2019
      denominator: 62,
      sample_size: requests,
    });
    expect(value?.value).toBeCloseTo(requests / 62, 10);
  });

  // closed on or before the due date, of those assessed; size of the group less those assessed
  it.each([
    ["Solid Waste", 4090, 4648, 112],
    ["Transportation", 1149, 1462, 218],
    ["Water Wastewater", 474, 822, 27],
    ["Recreation & Parks", 50, 170, 6],
    ["Housing", 1035, 1158, 6],
    ["Finance", 249, 293, 64],
    ["Call Center", 130, 136, 26],
  ])(
    "measures the timeliness of %s against the due date",
    async (agency, onTime, assessed, left) => {
      expect(
        (await readValues(context, "B2/closed-by-due-date")).get(codeOf(agency)),
      ).toMatchObject({
        state: "assessed",
        numerator: onTime,
        denominator: assessed,
        excluded: left,
      });
    },
  );

  // empty CloseDate
  it.each([
    ["Transportation", 71, 1680],
    ["Water Wastewater", 45, 849],
    ["Finance", 26, 357],
    ["Fire Department", 14, 130],
    ["Health", 1, 298],
  ])("counts the backlog of %s", async (agency, open, requests) => {
    expect((await readValues(context, "B2/backlog")).get(codeOf(agency))).toMatchObject({
      numerator: open,
      denominator: requests,
    });
  });

  it("ranks the ten agencies with enough requests, the six others not", async () => {
    const ranks = await readRanks(context);
    expect(ranks.map(({ entity_id }) => entity_id)).toEqual(
      [
        "Call Center",
        "Health",
        "BGE",
        "Housing",
        "Finance",
        "Transportation",
        "Solid Waste",
        "Fire Department",
        "Water Wastewater",
        "Recreation & Parks",
      ].map(codeOf),
    );
    // 20 × (76.774194 − 2.838710) / (76.774194 − 0.016129) + 50 × 50 / 170 + 30 × (1 − (100 × 16 / 176) / 20), by hand
    expect(ranks.at(-1)?.score).toBeCloseTo(50.33407, 4);
  });
});
