import { join } from "node:path";
import { expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { listsOf } from "../../src/definitions-on.ts";
import { parsePeriod } from "../../src/period.ts";
import { settleRecords } from "../../src/record/settle.ts";
import { readStandard } from "../../src/standard/evaluation-standard.ts";
import { nameRule, readRecordRules } from "../../src/standard/record-rules.ts";
import { findPipeline, readIndicators } from "../../src/standard/workspace.ts";
import { openWorld } from "../measure/small-world.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const RULES = readRecordRules(ROOT, ["credit-repair"]);
const QINGDAO = findPipeline(ROOT, "qingdao");
const STANDARD = readStandard(ROOT, QINGDAO.standard, readIndicators(ROOT));

/** The same five records of May, decided on the tenth and published on the fifteenth, moved to a year. */
const recordsOf = (year: number) =>
  [
    { record_key: "penalty", record_type: "penalty", severity: "serious" },
    { record_key: "summary-penalty", record_type: "penalty", severity: "minor" },
    { record_key: "breach", record_type: "breach", severity: "general" },
    // Its act ended four years before the decision.
    {
      record_key: "long-ended",
      record_type: "breach",
      severity: "serious",
      act_ended_on: `${year - 4}-07-01`,
    },
    { record_key: "warned", record_type: "discipline", severity: "general", measure: "warning" },
  ].map((record) => ({
    ...{ act_ended_on: null, measure: null, subject_kind: "organ", state: "published" },
    ...{ decided_on: `${year}-05-10`, published_on: `${year}-05-15`, entity_id: "D1" },
    ...record,
  }));

async function settle(year: number) {
  const store = await openWorld(
    { dishonesty_record: recordsOf(year) },
    { asOf: `${year}-07-10 00:00:00` },
  );
  try {
    const pipeline = { rules: ["credit-repair"] };
    await settleRecords({ store, workspace: ROOT, pipeline } as unknown as Context);
    const rows = await store.rows<Record<string, string | null>>(
      `SELECT record_key, state, CAST(publication_ends_on AS VARCHAR) AS ends, publication_ends_by AS by, severity_basis AS basis
       FROM known.dishonesty_record`,
    );
    return Object.fromEntries(
      rows.map(({ record_key, state, ends, by, basis }) => [
        record_key,
        state === "published" ? [ends, nameRule(RULES, by as string).zh, basis] : [state as string],
      ]),
    );
  } finally {
    store.close();
  }
}

const ORDER_58 = "参照国家发展改革委令第58号的期限";
const ARTICLE_38 = "山东省社会信用条例第38条";

// By hand. Order 58 (three years at most) is of May 2023 and holds before by analogy; Order 36 (serious three years, general one
// year, classes of its own for penalties) is of April 2026. The regulation (five years from the act's end; summary and minor
// penalties stay outside) is of October 2020, the law on sanctions (a warning: six months) of July 2020.
test.each([
  [
    2018,
    {
      penalty: ["2021-05-10", ORDER_58, null],
      "summary-penalty": ["2021-05-10", ORDER_58, null],
      breach: ["2021-05-10", ORDER_58, null],
      "long-ended": ["2019-07-01", `参照${ARTICLE_38}`, null],
      warned: ["2018-11-10", "参照公职人员政务处分法第8条的处分期间", null],
    },
  ],
  [
    2021,
    {
      penalty: ["2024-05-10", ORDER_58, null],
      "summary-penalty": ["not_entered"],
      breach: ["2024-05-10", ORDER_58, null],
      "long-ended": ["2022-07-01", ARTICLE_38, null],
      warned: ["2021-11-10", "处分期间", null],
    },
  ],
  [
    2026,
    {
      penalty: ["2029-05-10", "国家发展改革委令第36号", "order-36-classes"],
      "summary-penalty": ["not_entered"],
      breach: ["2027-05-10", "国家发展改革委令第36号", null],
      "long-ended": ["2027-07-01", ARTICLE_38, null],
      warned: ["2026-11-10", "处分期间", null],
    },
  ],
])("the records of a month of %i", async (year, expected) => {
  expect(await settle(year)).toEqual(expected);
});

// Until 6 December 2020 the plan's own lists, parts of which rest on later laws; from then on only what a decision lists.
test.each([
  ["2018-06", "qingdao-2018", true],
  ["2020-11", "qingdao-2018", true],
  ["2020-12", "qingdao-2020", false],
  ["2021-06", "qingdao-2020", false],
  ["2026-06", "qingdao-2020", false],
])("the lists of %s", (period, id, byAnalogy) => {
  const lists = listsOf({
    workspace: ROOT,
    pipeline: QINGDAO,
    period: parsePeriod(period),
    standard: STANDARD,
  });
  expect(lists?.lists_id).toBe(id);
  expect(JSON.stringify(lists).includes("参照")).toBe(byAnalogy);
  // Of a period that the law of 2020 binds, no rule goes by a severity of ours or by a number of records.
  const own = JSON.stringify(lists).match(/"severities":|"at_least":/g) ?? [];
  expect(own.length > 0).toBe(id === "qingdao-2018");
});
