import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BodyFacts, CountingRecord } from "../../src/lists/facts.ts";
import { judgeLists } from "../../src/lists/judge-lists.ts";
import { readStandard } from "../../src/standard/evaluation-standard.ts";
import { readLists } from "../../src/standard/list-definition.ts";
import { readIndicators } from "../../src/standard/workspace.ts";
import { DefinitionError } from "../../src/standard/yaml-document.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const STANDARD = readStandard(ROOT, "qingdao-2018", readIndicators(ROOT));
const LISTS = readLists(ROOT, "qingdao-2018", STANDARD);
const PERIOD = {
  start: "2018-12-01",
  end: "2018-12-31",
  next: "2019-02-01",
  ids: ["2018-12", "2018-11", "2018-10"],
};

function record(key: string, change: Partial<CountingRecord> = {}): CountingRecord {
  return {
    entity: "x",
    key,
    documentNo: `文${key}`,
    type: "breach",
    severity: "general",
    severityBasis: null,
    notifiedOn: null,
    heardOn: null,
    deliveredOn: null,
    field: null,
    decidedOn: "2018-06-10",
    disputed: false,
    fileId: 1,
    line: 2,
    ...change,
  };
}

function body(grades: string[], records: CountingRecord[] = [], more: Partial<BodyFacts> = {}) {
  const standings = grades.map((grade) => ({
    grade,
    score: 90,
    rank: 1,
    rankedOf: 3,
    vetoedBy: null,
  }));
  const one: BodyFacts = {
    entity: "x",
    level: "township",
    peerClass: "street",
    standings,
    records,
    values: new Map(),
    ...more,
  };
  return judgeLists(LISTS, [one], PERIOD, STANDARD.category_names).map(
    ({ part, rule, record: found, until }) => [part.id, rule.id, found?.key, until],
  );
}

test("a serious record puts a body on the black list for 36 months and restricts it in all four fields until repaired", () => {
  expect(body(["A", "A", "A"], [record("1", { severity: "serious" })])).toEqual([
    ["black", "serious-record", "1", "2021-06-10"],
    ["honours-disqualified", "weighty-record", "1", null],
    ["restriction-approval", "black-listed", "1", "2021-06-10"],
    ["restriction-procurement", "black-listed", "1", "2021-06-10"],
    ["restriction-tender", "black-listed", "1", "2021-06-10"],
    ["restriction-special-funds", "black-listed", "1", "2021-06-10"],
  ]);
});

test("a serious record whose 36 months are over by the period's end blacklists nobody", () => {
  const ids = (decidedOn: string) =>
    body(["C"], [record("1", { severity: "serious", decidedOn })]).map(([list]) => list);
  expect(ids("2015-12-31")).toEqual(["honours-disqualified"]);
  expect(ids("2016-01-01")).toContain("black");
});

test("two general records in a year do not blacklist, three do, and one of two years ago does not count", () => {
  const two = [record("1"), record("2")];
  const lists = (records: CountingRecord[]) => body(["B"], records).map(([list]) => list);
  expect(lists(two)).toEqual(["honours-disqualified", "honours-disqualified"]);
  expect(lists([...two, record("3", { decidedOn: "2017-06-10" })])).not.toContain("black");
  expect(lists([...two, record("3")]).filter((list) => list === "black")).toHaveLength(3);
});

test("a breach in procurement restricts in procurement alone, for twelve months from its document", () => {
  expect(body(["B"], [record("1", { field: "procurement" })])).toEqual([
    ["honours-disqualified", "weighty-record", "1", null],
    ["restriction-procurement", "procurement-breach", "1", "2019-06-10"],
  ]);
});

test("grade A is red and, three times in a row, an incentive candidate, unless any record stands", () => {
  expect(body(["A", "A", "A"])).toEqual([
    ["red", "grade-a-without-record", undefined, "2019-02-01"],
    ["incentive", "steadily-a", undefined, "2019-02-01"],
  ]);
  expect(body(["A", "B", "A"]).map(([list]) => list)).toEqual(["red"]);
  const minor = record("1", { severity: "minor" });
  // A minor record names nobody in public, but it keeps off the lists of honour.
  expect(body(["A", "A", "A"], [minor]).map(([list]) => list)).toEqual(["incentive"]);
});

test("streets and towns that keep their promises are demonstration candidates; other levels never are", () => {
  const values = new Map([
    ["C6/service-commitment-on-time", 90],
    ["C6/service-fields-covered", 100],
  ]);
  const on = (level: string, kept: number) =>
    body(["B"], [], {
      level,
      values: new Map(values).set("C6/service-commitment-on-time", kept),
    }).map(([list]) => list);
  expect(on("township", 90)).toEqual(["demonstration"]);
  expect(on("township", 89.9)).toEqual([]);
  expect(on("district", 90)).toEqual([]);
});

test("debt above its limit bars from special funds until the next list", () => {
  const standings = [{ grade: "C", score: 85, rank: 1, rankedOf: 3, vetoedBy: "debt-over-limit" }];
  expect(body([], [], { level: "district", standings })).toEqual([
    ["restriction-special-funds", "debt-over-limit", undefined, "2019-02-01"],
  ]);
});

test("a disputed record is said to be disputed in both languages", () => {
  const facts: BodyFacts = {
    entity: "x",
    level: "township",
    peerClass: "street",
    standings: [{ grade: "C", score: 70, rank: 1, rankedOf: 1, vetoedBy: null }],
    records: [record("1", { disputed: true })],
    values: new Map(),
  };
  const [first] = judgeLists(LISTS, [facts], PERIOD, STANDARD.category_names);
  expect(first?.reason).toEqual({
    zh: "存在第二、三计分档的政务失信记录：文1，失信违约，2018-06-10 认定（异议处理中）",
    en: "Dishonesty record of scoring class 2 or 3: 文1, breaches, decided on 2018-06-10 (disputed)",
  });
});

test("how grave a record is, is said only where a law or the decision sets it", () => {
  const say = (severityBasis: string | null) => {
    const standings = [{ grade: "C", score: 70, rank: 1, rankedOf: 1, vetoedBy: null }];
    const facts: BodyFacts = {
      entity: "x",
      level: "township",
      peerClass: "street",
      standings,
      records: [record("1", { severity: "serious", severityBasis })],
      values: new Map(),
    };
    return judgeLists(LISTS, [facts], PERIOD, STANDARD.category_names)[0]?.reason.zh;
  };
  expect(say(null)).not.toContain("严重");
  expect(say("决〔2018〕5号")).toContain("严重失信违约");
});

test("since December 2020 only whom a decision lists is listed, and a step that is missing lists nobody", () => {
  const lists = readLists(ROOT, "qingdao-2020", STANDARD, "370200");
  const listed = (records: CountingRecord[]) =>
    judgeLists(
      lists,
      [
        {
          entity: "x",
          level: "township",
          peerClass: "street",
          standings: [{ grade: "D", score: 10, rank: 3, rankedOf: 3, vetoedBy: null }],
          records,
          values: new Map(),
        },
      ],
      { start: "2021-06-01", end: "2021-06-30", next: "2021-08-01", ids: ["2021-06"] },
      STANDARD.category_names,
    ).map(({ part, record: found }) => [part.id, found?.key]);
  const decided = {
    type: "listing",
    decidedOn: "2021-03-01",
    notifiedOn: "2021-02-01",
    heardOn: "2021-02-05",
    deliveredOn: "2021-03-03",
  };
  expect(listed([record("1", decided)])).toEqual([
    ["black", "1"],
    ["honours-disqualified", "1"],
  ]);
  for (const step of ["documentNo", "notifiedOn", "deliveredOn"]) {
    expect(listed([record("1", { ...decided, [step]: null })]), step).toEqual([]);
  }
  // In their order, and by the end of the period: delivered in July, it lists nobody in June.
  for (const step of [
    { notifiedOn: "2021-03-02" },
    { heardOn: "2021-01-31" },
    { heardOn: "2021-03-02" },
    { deliveredOn: "2021-02-28" },
    { deliveredOn: "2021-07-01" },
  ]) {
    expect(listed([record("1", { ...decided, ...step })]), JSON.stringify(step)).toEqual([]);
  }
  expect(listed([record("1", { ...decided, heardOn: null })])).toHaveLength(2);
  expect(listed([record("1", { ...decided, deliveredOn: "2021-06-30" })])).toHaveLength(2);
  // Neither the gravest record nor many of them list anybody.
  const many = [1, 2, 3, 4].map((n) =>
    record(String(n), { severity: "serious", decidedOn: "2021-05-01" }),
  );
  expect(listed(many)).toEqual([]);
  // The court's list is decided by the court, by steps of its own.
  expect(listed([record("1", { type: "judgment_debtor", decidedOn: "2021-05-01" })])).toEqual([
    ["black", "1"],
    ["honours-disqualified", "1"],
  ]);
});

test("rules of our own over severities and counts are refused in a Chinese city since December 2020", () => {
  const workspace = mkdtempSync(join(tmpdir(), "lists-"));
  mkdirSync(join(workspace, "metrics", "lists"), { recursive: true });
  const read = (effective: string, division?: string) => {
    const own = readFileSync(join(ROOT, "metrics", "lists", "qingdao-2018.yaml"), "utf8");
    writeFileSync(
      join(workspace, "metrics", "lists", "qingdao-2018.yaml"),
      own.replace("{ from: 2018-01-01, to: 2020-12-06 }", effective),
    );
    try {
      readLists(workspace, "qingdao-2018", STANDARD, division);
      return "";
    } catch (error) {
      return error instanceof DefinitionError
        ? error.faults.map(({ message }) => message).join("\n")
        : String(error);
    }
  };
  expect(read("{ from: 2018-01-01, to: 2020-12-06 }", "370200")).toBe("");
  expect(read("{ from: 2018-01-01, to: 2020-12-07 }", "370200")).toMatch(
    /a severity or a number of records[\s\S]*a lawful decision lists/,
  );
  expect(read("{ from: 2018-01-01 }", "370200")).toMatch(/a lawful decision lists/);
  expect(read("{ from: 2018-01-01 }")).toBe("");
});

test("nor may a list rest on another of our own", () => {
  const workspace = mkdtempSync(join(tmpdir(), "lists-"));
  mkdirSync(join(workspace, "metrics", "lists"), { recursive: true });
  const said = "{ zh: 甲, en: a }";
  const list = (id: string, kind: string, when: string, until: string) =>
    `  - { id: ${id}, kind: ${kind}, title: ${said}, levels: [district], article: ${said}, effect: ${said}, rules: [{ id: r, title: ${said}, when: ${when}, until: ${until}, assumption: true }] }\n`;
  const faults = (...lists: string[]) => {
    const head = `lists_id: own\nversion: "1"\ntitle: ${said}\neffective: { from: 2021-01-01 }\nlists:\n`;
    writeFileSync(join(workspace, "metrics", "lists", "own.yaml"), head + lists.join(""));
    try {
      readLists(workspace, "own", STANDARD, "370200");
      return [];
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      return error.faults.map(({ line }) => line);
    }
  };
  const decided = list("listed", "black", "{ decision: { types: [listing] } }", "repair");
  const worst = list("worst", "incentive", "{ grades: [D] }", "next_list");
  expect(faults(decided, list("b", "black", "{ on_list: listed }", "repair"))).toEqual([]);
  expect(faults(worst, list("b", "black", "{ on_list: worst }", "next_list"))).toEqual([7]);
  expect(faults(decided, list("h", "honours", "{ on_list: listed }", "repair"))).toEqual([]);
  for (const when of ["{ grades: [D] }", "{ first: 3 }"]) {
    expect(faults(list("h", "honours", when, "next_list")), when).toEqual([6]);
  }
  expect(faults(list("h", "honours", "{ records: { at_least: 2 } }", "repair"))).toEqual([6]);
  expect(faults(list("h", "honours", "{ records: {} }", "repair"))).toEqual([]);
});

test("faults of a list file are named with their line", () => {
  const workspace = mkdtempSync(join(tmpdir(), "lists-"));
  mkdirSync(join(workspace, "metrics", "lists"), { recursive: true });
  const rule = (text: string) => `lists_id: bad
version: "1"
title: { zh: 甲, en: a }
lists:
  - id: black
    kind: black
    title: { zh: 甲, en: a }
    levels: [district]
    article: { zh: 甲, en: a }
    effect: { zh: 甲, en: a }
    rules:
      - { id: one, title: { zh: 甲, en: a }, ${text} }
`;
  const faults = (text: string) => {
    writeFileSync(join(workspace, "metrics", "lists", "bad.yaml"), rule(text));
    try {
      readLists(workspace, "bad", STANDARD);
    } catch (error) {
      if (error instanceof DefinitionError) {
        return error.faults.map(({ line, message }) => `${line} ${message}`).join("\n");
      }
      throw error;
    }
    return "";
  };
  const good = "when: { grades: [D] }, until: next_list, assumption: true";
  expect(faults(good)).toBe("");
  expect(faults(good.replace(", assumption: true", ""))).toMatch(/^12 .*must say where they come/);
  expect(faults(good.replace("[D]", "[F]"))).toMatch(/^12 .*has no grade "F"/);
  expect(faults(good.replace("next_list", "repair"))).toMatch(/^12 only a record can be repaired/);
  expect(faults(good.replace("grades: [D]", "grades: [D], off_lists: [red]"))).toMatch(
    /^12 there is no list "red" above/,
  );
  expect(faults(good.replace("when:", "colour: red, when:"))).toMatch(/^12 .*colour/);
});
