import { describe, expect, test } from "vitest";
import { findCaseFaults } from "../../src/standard/deciding-cases.ts";
import type { ColumnMapping } from "../../src/standard/source-definition.ts";

const CODES = { active: "implementation", cancelled: "cancelled" };

function faultsOf(stage: Partial<ColumnMapping>): string[] {
  const mapping: ColumnMapping = { unknown: "drop", ...stage };
  return findCaseFaults({ columns: { stage: mapping } }).map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  );
}

describe("cases that contradict each other are refused", () => {
  test("one value of one column in two cases that say different things", () => {
    const cases = [
      { when: { "tender.status": ["cancelled", "withdrawn"] }, is: "cancelled" },
      { when: { "tender.status": ["withdrawn", "complete"] }, is: "closed" },
    ];
    expect(faultsOf({ cases })).toEqual([
      'columns.stage.cases.1: tender.status "withdrawn" is "cancelled" by case 1 and "closed" by case 2; give it one',
    ]);
  });

  test("a case that one with fewer conditions before it has decided", () => {
    const cases = [
      { when: [{ tag: ["a"] }, { "tender.status": ["withdrawn"] }], is: "cancelled" },
      { when: { tag: ["b"], "tender.status": ["withdrawn"] }, is: "cancelled" },
    ];
    expect(faultsOf({ cases })).toEqual([
      'columns.stage.cases.1: tender.status "withdrawn", tag "b" stands in case 1 already; leave it out here',
    ]);
  });

  test("the column's own codes", () => {
    const cases = [{ when: { "contracts.status": ["active", "pending"] }, is: "closed" }];
    expect(faultsOf({ from: "contracts.status", codes: CODES, cases })).toEqual([
      'columns.stage.cases.0: contracts.status "active" is "closed" by case 1 and "implementation" by the codes; give it one',
    ]);
  });

  test("a word that the codes take otherwise", () => {
    const cases = [{ when: { tag: ["a"] }, is: "active" }];
    expect(faultsOf({ from: "contracts.status", codes: CODES, cases })).toEqual([
      'columns.stage.cases.0: case 1 says "active", which the codes take for "implementation"; call one of them otherwise',
    ]);
  });

  test("the narrow before the wide, other values and agreement with the codes are none", () => {
    const cases = [
      { when: { tag: ["a"], "tender.status": ["active"] }, is: "closed" },
      { when: { tag: ["a"] }, is: "cancelled" },
      { when: { "contracts.status": ["active"] }, is: "implementation" },
    ];
    expect(faultsOf({ from: "contracts.status", codes: CODES, cases })).toEqual([]);
  });
});
