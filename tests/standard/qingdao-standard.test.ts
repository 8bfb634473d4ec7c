import { resolve } from "node:path";
import { expect, test } from "vitest";
import { indicatorIds, readStandard } from "../../src/standard/evaluation-standard.ts";
import { readIndicators } from "../../src/standard/workspace.ts";

const WORKSPACE = resolve(import.meta.dirname, "../..");
const known = readIndicators(WORKSPACE);
const standard = readStandard(WORKSPACE, "qingdao-2018", known);

// Indicators of another jurisdiction stand in a folder of its own, not one of a clause.
const ofClauses = [...known.keys()].filter((id) => /^[A-D]\d\//.test(id));

const revised = readStandard(WORKSPACE, "qingdao-2018-1-1", known);

test("every indicator of a clause has a weight, a deduction, a bonus or a veto, or a reason for none", () => {
  const unweighted = revised.unweighted.map(({ indicator }) => indicator);
  expect([...indicatorIds(revised), ...unweighted].sort()).toEqual(ofClauses.sort());
  for (const { indicator, reason } of revised.unweighted) {
    expect(reason.zh.length, indicator).toBeGreaterThan(5);
    expect(reason.en.length, indicator).toBeGreaterThan(10);
  }
});

test("the first version computes all that had a trace when it was written", () => {
  // 65 weighted, 4 lists of records (dishonesty, judgment debtors, honours given and revoked) and debt above its limit.
  expect(indicatorIds(standard)).toHaveLength(68);
});

test("every indicator is weighed at each level it applies to", () => {
  for (const { indicator, weight } of standard.indicators) {
    expect(Object.keys(weight).sort(), indicator).toEqual(
      [...(known.get(indicator)?.levels ?? [])].sort(),
    );
  }
});

test("all duties of the plan are in it, from A1 to D3", () => {
  const clauses = new Set(indicatorIds(standard).map((id) => id.split("/")[0]));
  expect([...clauses].sort().join(" ")).toBe(
    "A1 A2 A3 A4 A5 A6 A7 B1 B2 C1 C2 C3 C4 C5 C6 D1 D2 D3",
  );
});
