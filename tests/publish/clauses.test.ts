import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CLAUSES_PAGE, describeClauses, traceClauses } from "../../docs/clauses.ts";
import { PAGES } from "../../src/serve/pages/page-list.ts";

const traces = traceClauses();

test("docs/clauses.md is what the definitions say today", () => {
  expect(readFileSync(CLAUSES_PAGE, "utf8")).toBe(describeClauses());
});

test("no duty is without a trace, and no indicator without a use or a reason", () => {
  expect(traces.map(({ id }) => id).join(" ")).toBe(
    "A0 A1 A2 A3 A4 A5 A6 A7 B1 B2 C1 C2 C3 C4 C5 C6 D1 D2 D3",
  );
  for (const { id, indicators, pages } of traces) {
    // The goals of the whole plan are the index itself.
    if (id !== "A0") expect(indicators.length, id).toBeGreaterThan(0);
    expect(pages.length, id).toBeGreaterThan(0);
    for (const { file, use } of indicators) {
      expect(use.zh, file.id).not.toBe("");
      expect(use.en, file.id).not.toBe("");
    }
  }
});

test("the pages named are pages there are", () => {
  const names = new Set(PAGES.map(({ name }) => name || "overview"));
  expect(traces.flatMap(({ pages }) => pages).filter((page) => !names.has(page))).toEqual([]);
});

// The duties that had no measure, as they were found in the plan, each with what measures it now.
test.each([
  ["B2/lead-verified-on-time", "B2"],
  ["A2/record-collected-share", "A2"],
  ["A3/commitment-outcome-published-share", "A3"],
  ["A4/honour-under-record-share", "A4"],
  ["A5/correction-reported-on-time", "A5"],
  ["A5/judgment-fulfilled-on-time", "A5"],
  ["A5/litigation-lost-share", "A5"],
  ["A6/restriction-applied-share", "A6"],
  ["A1/disclosure-request-on-time", "A1"],
  ["A1/inspection-risk-graded-share", "A1"],
  ["B1/deliberation-opinion-on-time", "B1"],
  ["B2/rating-published-on-time", "B2"],
  ["C1/acceptance-on-time", "C1"],
  ["C1/procurement-complaint-on-time", "C1"],
  ["C3/tender-credit-report-share", "C3"],
  ["C4/policy-competition-reviewed-share", "C4"],
  ["C5/alert-handled-on-time", "C5"],
  ["C5/debt-disclosed-on-time", "C5"],
  ["C6/finance-published-on-time", "C6"],
  ["B2/complaint-responded-on-time", "B2"],
  ["B2/complaint-reopened-share", "B2"],
])("%s measures a duty of %s", (indicator, clause) => {
  const found = traces.find(({ id }) => id === clause);
  expect(found?.indicators.map(({ file }) => file.id)).toContain(indicator);
});
