import { resolve } from "node:path";
import { expect, test } from "vitest";
import { type EvaluationStandard, readStandard } from "../../src/standard/evaluation-standard.ts";
import { readIndicators } from "../../src/standard/workspace.ts";

const WORKSPACE = resolve(import.meta.dirname, "../..");
const known = readIndicators(WORKSPACE);
const first = readStandard(WORKSPACE, "qingdao-2018", known);
const revised = readStandard(WORKSPACE, "qingdao-2018-1-1", known);

const find = ({ indicators }: EvaluationStandard, id: string) =>
  indicators.find(({ indicator }) => indicator === id);

test("one indicator stands for what became of a commitment, with the points of all three", () => {
  expect(find(revised, "A3/commitment-on-time-share")).toBeUndefined();
  expect(find(revised, "A3/commitment-broken-share")).toBeUndefined();
  // 4 + 2 + 2, 4 + 3 + 2, 8 + 5 + 3
  expect(find(revised, "A3/commitment-fulfilled-share")?.weight).toEqual({
    district: 8,
    department: 9,
    township: 16,
  });
});

test("the volume of complaints is out, its points are those of resolution", () => {
  expect(find(revised, "B2/complaint-volume")).toBeUndefined();
  expect(find(revised, "B2/complaint-resolution")?.weight).toEqual({
    district: 5,
    department: 4,
    township: 10,
  });
});

test("a broken partnership contract is measured on a longer scale", () => {
  expect(find(revised, "C2/ppp-government-breach-share")?.normalise).toBe("ppp-breach");
  expect(revised.normalisations["ppp-breach"]).toMatchObject({ low: 0, high: 50 });
});

test("a listed judgment debtor is deducted and limits no grade", () => {
  expect(revised.vetoes.map(({ id }) => id)).toEqual(["debt-over-limit"]);
});

test("what counts cases is shrunk; a census of fields, amounts and medians are not", () => {
  const shrunk = revised.indicators.filter((entry) => entry.shrink).map((entry) => entry.indicator);
  expect(shrunk).toHaveLength(43);
  for (const id of [
    "C6/service-fields-covered",
    "C5/debt-ratio",
    "A7/training-hours",
    "B2/complaint-delay-median",
  ]) {
    expect(shrunk).not.toContain(id);
  }
});

test("everything else is as in the first version", () => {
  const changed = new Set([
    "A3/commitment-fulfilled-share",
    "A3/commitment-on-time-share",
    "A3/commitment-broken-share",
    "B2/complaint-volume",
    "B2/complaint-resolution",
    "C2/ppp-government-breach-share",
  ]);
  const rest = ({ indicators }: EvaluationStandard) =>
    indicators
      .filter(({ indicator }) => !changed.has(indicator))
      .map(({ shrink: _, ...entry }) => entry);
  expect(rest(revised)).toEqual(rest(first));
  for (const part of [
    "levels",
    "nodes",
    "missing",
    "deductions",
    "bonuses",
    "bounds",
    "grades",
  ] as const) {
    expect(revised[part], part).toEqual(first[part]);
  }
});
