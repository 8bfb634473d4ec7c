import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findPublicity } from "../../src/record/periods.ts";
import { readRecordRules, readRuleFile } from "../../src/standard/record-rules.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const RULES = readRecordRules(ROOT, ["credit-repair"]);
const record = (severity: string, decided_on: string, act_ended_on: string | null = null) => ({
  record_type: "breach",
  severity,
  decided_on,
  act_ended_on,
});

describe("publication and repair", () => {
  // By hand, from the orders' own words: minor at most 3 months, general 3 to 12, serious 12 to 36, from the document's date.
  test.each([
    ["minor", "2026-04-01", "2026-04-01", "2026-07-01", "order-36", "if_needed"],
    ["general", "2026-04-01", "2026-07-01", "2027-04-01", "order-36", "yes"],
    ["serious", "2026-04-01", "2027-04-01", "2029-04-01", "order-36", "yes"],
    // The day before, Order 58: three months to three years, whatever the severity.
    ["minor", "2026-03-31", "2026-06-30", "2029-03-31", "order-58", "yes"],
    ["serious", "2023-05-01", "2023-08-01", "2026-05-01", "order-58", "yes"],
    ["general", "2023-04-30", "2023-07-30", "2026-04-30", "before-order-58", "yes"],
    // From the 31st to the last day of a shorter month.
    ["general", "2026-08-31", "2026-11-30", "2027-08-31", "order-36", "yes"],
  ])("%s of %s", (severity, decided, earliest, ends, rule, may) => {
    const found = findPublicity(record(severity, decided), decided, RULES);
    expect(found).toEqual({
      mayBePublished: may,
      earliestRepair: earliest,
      endsOn: ends,
      endsBy: rule,
    });
    const dayBefore = new Date(`${ends}T00:00:00Z`);
    dayBefore.setUTCDate(dayBefore.getUTCDate() - 1);
    const before = dayBefore.toISOString().slice(0, 10);
    expect(findPublicity(record(severity, decided), before, RULES).mayBePublished).toBe(may);
    expect(findPublicity(record(severity, decided), ends, RULES).mayBePublished).toBe("over");
  });

  test("the earlier of the two clocks decides: five years from the end of the act come first for an old act", () => {
    const old = findPublicity(record("serious", "2026-05-01", "2023-06-10"), "2026-05-02", RULES);
    expect(old).toMatchObject({ endsOn: "2028-06-10", endsBy: "shandong-38" });
    const new_ = findPublicity(record("serious", "2026-05-01", "2025-06-10"), "2026-05-02", RULES);
    expect(new_).toMatchObject({ endsOn: "2029-05-01", endsBy: "order-36" });
  });

  test("the court's list has its own rules, and a sanction its own duration", () => {
    const listed = { ...record("serious", "2026-05-01"), record_type: "judgment_debtor" };
    expect(findPublicity(listed, "2040-01-01", RULES)).toEqual({
      mayBePublished: "unlimited",
      earliestRepair: null,
      endsOn: null,
      endsBy: null,
    });
    for (const [measure, ends] of [
      ["warning", "2019-07-10"],
      ["demerit", "2020-01-10"],
      ["major_demerit", "2020-07-10"],
      ["demotion", "2021-01-10"],
      ["dismissal", "2021-01-10"],
    ] as const) {
      const sanction = { ...record("serious", "2019-01-10"), record_type: "discipline", measure };
      expect(findPublicity(sanction, "2019-01-11", RULES)).toMatchObject({
        endsOn: ends,
        endsBy: "before-sanctions",
      });
    }
  });
});

describe("metrics/rules", () => {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true });
  });
  const readText = (text: string) => {
    const workspace = mkdtempSync(join(tmpdir(), "zhengxin-rules-"));
    made.push(workspace);
    mkdirSync(join(workspace, "metrics", "rules"), { recursive: true });
    writeFileSync(join(workspace, "metrics", "rules", "r.yaml"), text);
    return () => readRuleFile(workspace, "r");
  };
  const file = (...caps: string[]) =>
    [
      "rules: r",
      'version: "1"',
      "title: { zh: 甲, en: A }",
      "caps:",
      ...caps.map((cap) => `  - ${cap}`),
    ].join("\n");
  const cap = (id: string, more: string) =>
    `{ id: ${id}, title: { zh: 甲, en: A }, months: 60, ${more} }`;

  test.each([
    ["a number without its origin", [cap("a", "from: 2020-01-01")], /r\.yaml:5:.*source/],
    ["an unknown key", [cap("a", "assumption: true, monts: 3")], /r\.yaml:5:\d+: .*monts/],
    [
      "ranges that overlap",
      [
        cap("a", "to: 2020-01-02, assumption: true"),
        cap("b", "from: 2020-01-01, assumption: true"),
      ],
      /r\.yaml:6:\d+: "b" begins before "a" ends/,
    ],
    [
      "a gap",
      [
        cap("a", "to: 2020-01-01, assumption: true"),
        cap("b", "from: 2020-01-02, assumption: true"),
      ],
      /r\.yaml:6:\d+: no rule holds from 2020-01-01 to 2020-01-02/,
    ],
  ])("%s is named with its line", (_, caps, message) => {
    expect(readText(file(...caps))).toThrow(message);
  });

  test("half-open ranges that meet are right", () => {
    const read = readText(
      file(
        cap("a", "to: 2020-01-01, assumption: true"),
        cap("b", "from: 2020-01-01, assumption: true"),
      ),
    );
    expect(read().caps).toHaveLength(2);
  });
});
