import { expect, test } from "vitest";
import {
  type EvaluationStandard,
  findBand,
  indicatorIds,
  readStandard,
} from "../../src/standard/evaluation-standard.ts";
import { DefinitionError, type Fault } from "../../src/standard/yaml-document.ts";
import { makeIndicator, mapIndicators, standardFrom } from "../score/city.ts";

const INDICATORS = mapIndicators(
  makeIndicator("A/one", { levels: ["district", "township"] }),
  makeIndicator("A/two"),
  makeIndicator("B/one"),
  makeIndicator("records", { aggregate: "list" }),
  makeIndicator("debtor", { aggregate: "list" }),
);

const STANDARD = `standard: test
version: "1"
title: { zh: 标准, en: Standard }
effective: { from: 2018-01-01, to: 2020-12-31 }
window_months: { value: 12, source: "a text" }
levels:
  district: { zh: 区市, en: Districts, minimum_coverage: 0.6, assumption: true }
  township: { zh: 街镇, en: Townships, minimum_coverage: 0.6, assumption: true }
peer_classes:
  - { id: district, level: district, zh: 区市, en: districts }
missing: { rule: reweight, minimum_coverage: 0.5, not_applicable: excluded, assumption: true }
nodes:
  - { id: index, title: { zh: 指数, en: Index }, weight: { district: 140, township: 10 }, source: "2019: 140 points" }
  - { id: A, parent: index, title: { zh: 甲, en: A }, weight: { district: 80, township: 10 }, assumption: true }
  - { id: B, parent: index, title: { zh: 乙, en: B }, weight: { district: 60 }, assumption: true }
indicators:
  - { indicator: A/one, parent: A, weight: { district: 50, township: 10 }, normalise: { district: posts, township: table }, assumption: true }
  - { indicator: A/two, parent: A, weight: { district: 30 }, normalise: posts, assumption: true }
  - { indicator: B/one, parent: B, weight: { district: 60 }, normalise: minus, assumption: true }
normalisations:
  posts: { method: goalposts, low: 0, high: 100, assumption: true }
  table:
    method: points
    bands:
      - { below: 10, points: 0 }
      - { from: 10, below: 20, points: 50 }
      - { from: 20, points: 100 }
    assumption: true
  minus: { method: deduction, start: 100, beyond: 7, per: 1, points: 10, floor: 0, assumption: true }
  peers: { method: min_max, winsor: { low: 0.05, high: 0.95 }, minimum_peers: 3, when_equal: 100, assumption: true }
deductions:
  - { id: dishonesty, title: { zh: 失信, en: Records }, indicator: records, points: { minor: 1 }, window_months: 24, maximum: 20, assumption: true }
vetoes:
  - { id: listed, title: { zh: 被执行, en: Debtor }, indicator: debtor, cap: B, assumption: true }
  - { id: low, title: { zh: 过低, en: Too low }, indicator: A/two, below: 20, cap: B, assumption: true }
bounds: { minimum: 0, maximum: 100, assumption: true }
grades:
  - { id: A, zh: 好, en: Good, colour: "#00aa00", from: 80, assumption: true }
  - { id: B, zh: 中, en: Fair, colour: "#aaaa00", from: 60, below: 80, assumption: true }
  - { id: C, zh: 差, en: Poor, colour: "#aa0000", below: 60, assumption: true }
`;

const read = (text: string): EvaluationStandard => standardFrom(text, INDICATORS);

function faultsOf(text: string): readonly Fault[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof DefinitionError) return error.faults;
    throw error;
  }
  return [];
}

/** Replaces a text that occurs once. */
function edit(from: string, to: string): string {
  expect(STANDARD.split(from).length, `"${from}" must occur once`).toBe(2);
  return STANDARD.replace(from, to);
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

test("a sound standard is read, with its hash and the indicators it needs", () => {
  const standard = read(STANDARD);
  expect(standard.id).toBe("test");
  expect(standard.window_months).toBe(12);
  expect(standard.effective).toEqual({ from: "2018-01-01", to: "2020-12-31" });
  expect(standard.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(read(`${STANDARD}\n# other bytes`).hash).not.toBe(standard.hash);
  expect(indicatorIds(standard)).toEqual(["A/one", "A/two", "B/one", "debtor", "records"]);
});

test("bands are half-open: an edge belongs to the band above it", () => {
  const { grades } = read(STANDARD);
  expect([59.999, 60, 79.999, 80, 100].map((score) => findBand(grades, score).id)).toEqual([
    "C",
    "B",
    "B",
    "A",
    "A",
  ]);
});

// Each case: what is changed, into what, part of the line at fault, part of the sentence.
const REFUSED: [name: string, from: string, to: string, at: string, says: RegExp][] = [
  [
    "weights below a node that do not sum",
    "indicator: A/two, parent: A, weight: { district: 30 }",
    "indicator: A/two, parent: A, weight: { district: 31 }",
    "id: A, parent",
    /level "district" the weights below "A" sum to 81, not to its 80/,
  ],
  [
    "weights of dimensions that do not sum to the total",
    "weight: { district: 140, township: 10 }",
    "weight: { district: 100, township: 10 }",
    "id: index",
    /below "index" sum to 140, not to its 100/,
  ],
  [
    "a level without weights below",
    "weight: { district: 50, township: 10 }",
    "weight: { district: 50 }",
    "id: A, parent",
    /level "township" the weights below "A" sum to 0/,
  ],
  [
    "an indicator weighed where its node is not",
    "id: A, parent: index, title: { zh: 甲, en: A }, weight: { district: 80, township: 10 }",
    "id: A, parent: index, title: { zh: 甲, en: A }, weight: { district: 80 }",
    "id: A, parent",
    /"A" has no weight at the level "township"/,
  ],
  [
    "an unknown indicator",
    "indicator: A/two, parent",
    "indicator: A/tow, parent",
    "A/tow",
    /no indicator "A\/tow"/,
  ],
  [
    "an unknown indicator of a deduction",
    "indicator: records,",
    "indicator: recrods,",
    "recrods",
    /no indicator "recrods"/,
  ],
  [
    "an unknown indicator of a veto",
    "indicator: debtor,",
    "indicator: deptor,",
    "deptor",
    /no indicator "deptor"/,
  ],
  [
    "an indicator that does not apply to the level",
    "indicator: B/one, parent: B, weight: { district: 60 }",
    "indicator: B/one, parent: B, weight: { district: 60, township: 5 }",
    "indicator: B/one",
    /"B\/one" does not apply to the level "township"/,
  ],
  [
    "an unknown level",
    "indicator: B/one, parent: B, weight: { district: 60 }",
    "indicator: B/one, parent: B, weight: { district: 60, village: 5 }",
    "indicator: B/one",
    /"village" is no level/,
  ],
  [
    "an indicator listed twice",
    "indicator: B/one, parent: B",
    "indicator: A/one, parent: B",
    "indicator: A/one, parent: B",
    /"A\/one" is listed twice/,
  ],
  [
    "a node id twice",
    "id: B, parent: index",
    "id: A, parent: index",
    "zh: 乙",
    /node "A" is there twice/,
  ],
  ["a grade id twice", "id: C, zh", "id: B, zh", "zh: 差", /id "B" is there twice/],
  [
    "a veto named as a deduction is",
    "id: listed",
    "id: dishonesty",
    "zh: 被执行",
    /id "dishonesty" is there twice/,
  ],
  [
    "a parent that is none",
    "indicator: B/one, parent: B",
    "indicator: B/one, parent: X",
    "indicator: B/one",
    /no node "X"/,
  ],
  [
    "a list of records given a weight",
    "indicator: B/one, parent: B",
    "indicator: records, parent: B",
    "indicator: records, parent: B",
    /"records" lists records/,
  ],
  [
    "an indicator with a value as a deduction",
    "indicator: records,",
    "indicator: B/one,",
    "id: dishonesty",
    /"B\/one" is no list of records/,
  ],
  [
    "a veto on a value without a threshold",
    "below: 20, cap",
    "cap",
    "id: low",
    /needs either "above" or "below"/,
  ],
  [
    "a threshold for a list of records",
    "indicator: debtor, cap",
    "indicator: debtor, above: 1, cap",
    "id: listed",
    /takes no "above" or "below"/,
  ],
  [
    "a veto that caps at no grade",
    "indicator: debtor, cap: B",
    "indicator: debtor, cap: E",
    "cap: E",
    /no grade "E"/,
  ],
  [
    "a normalisation that is none",
    "normalise: minus",
    "normalise: plus",
    "normalise: plus",
    /no normalisation "plus"/,
  ],
  [
    "a level without normalisation",
    "normalise: { district: posts, township: table }",
    "normalise: { district: posts }",
    "normalise: { district: posts }",
    /no normalisation at the level "township"/,
  ],
  [
    "overlapping bands",
    "from: 10, below: 20",
    "from: 9, below: 20",
    "from: 9",
    /values from 9 to 10 fall in two bands/,
  ],
  [
    "bands with a gap",
    "{ from: 20, points: 100 }",
    "{ from: 21, points: 100 }",
    "from: 21",
    /values from 20 to 21 fall in no band/,
  ],
  [
    "bands closed below",
    "{ below: 10, points: 0 }",
    "{ from: 0, below: 10, points: 0 }",
    "from: 0,",
    /values below 0 fall in no band/,
  ],
  [
    "bands closed above",
    "{ from: 20, points: 100 }",
    "{ from: 20, below: 100, points: 100 }",
    "below: 100, points",
    /values of 100 and more fall in no band/,
  ],
  [
    "an empty band",
    "from: 10, below: 20",
    "from: 20, below: 20",
    "from: 20, below: 20",
    /band is empty/,
  ],
  [
    "grades that overlap",
    "from: 60, below: 80",
    "from: 60, below: 85",
    "from: 80, assumption",
    /values from 80 to 85 fall in two bands/,
  ],
  [
    "grades with a gap, as 80-89 and 90-100",
    "from: 60, below: 80",
    "from: 60, below: 79",
    "from: 80, assumption",
    /values from 79 to 80 fall in no band/,
  ],
  [
    "days inverted",
    "to: 2020-12-31",
    "to: 2017-12-31",
    "effective",
    /ends on 2017-12-31, before it begins on 2018-01-01/,
  ],
  [
    "goalposts inverted",
    "low: 0, high: 100",
    "low: 100, high: 0",
    "posts: {",
    /goalposts are inverted/,
  ],
  [
    "winsor limits inverted",
    "low: 0.05, high: 0.95",
    "low: 0.95, high: 0.05",
    "peers: {",
    /winsor limits are inverted/,
  ],
  [
    "a deduction without its points",
    "per: 1, points: 10,",
    "per: 1,",
    "minus: {",
    /beyond, per and points together, or bands/,
  ],
  [
    "bounds inverted",
    "minimum: 0, maximum: 100",
    "minimum: 100, maximum: 0",
    "bounds",
    /maximum of the index is not above its minimum/,
  ],
  [
    "a number that does not say where it comes from",
    "below: 20, cap: B, assumption: true",
    "below: 20, cap: B",
    "id: low",
    /"source: ..." or "assumption: true"/,
  ],
  [
    "a weight that does not say where it comes from",
    "normalise: minus, assumption: true",
    "normalise: minus",
    "indicator: B/one",
    /"source: ..." or "assumption: true"/,
  ],
  [
    "a name other than the file's",
    "standard: test",
    "standard: other",
    "standard: other",
    /calls itself "other", but its file is test.yaml/,
  ],
  ["an unknown key", "version:", "verison:", "verison:", /verison/],
];

test.each(REFUSED)("refuses %s, naming the line", (_name, from, to, at, says) => {
  const text = edit(from, to);
  const faults = faultsOf(text).filter(({ message }) => says.test(message));
  expect(faults.map(({ line }) => line)).toEqual([lineOf(text, at)]);
});

test("refuses a cycle, naming the round trip and a line on it", () => {
  const text = edit(
    "  - { id: B, parent: index,",
    "  - { id: X, parent: Y, title: { zh: 丙, en: X }, weight: { district: 1 }, assumption: true }\n  - { id: Y, parent: X, title: { zh: 丁, en: Y }, weight: { district: 1 }, assumption: true }\n  - { id: B, parent: index,",
  );
  const cycles = faultsOf(text).filter(({ message }) => message.includes("cycle"));
  expect(cycles.map(({ line, message }) => [line, message])).toEqual([
    [lineOf(text, "id: X"), "the parents go round in a cycle: X → Y → X"],
    [lineOf(text, "id: Y"), "the parents go round in a cycle: Y → X → Y"],
  ]);
});

test("refuses two indexes, and none", () => {
  const two = edit("id: B, parent: index,", "id: B,");
  expect(faultsOf(two).map(({ line, message }) => [line, message])).toEqual([
    [lineOf(two, "id: B,"), "a second node without a parent; only the index has none"],
  ]);
  const none = edit("{ id: index, title", "{ id: index, parent: A, title");
  expect(faultsOf(none).some(({ message }) => message.includes("there is no index"))).toBe(true);
});

test("reports every fault at once, in the order of the lines", () => {
  const text = edit("to: 2020-12-31", "to: 2017-12-31").replace(
    "cap: B, assumption",
    "cap: Z, assumption",
  );
  expect(faultsOf(text).map(({ line }) => line)).toEqual([
    lineOf(text, "effective"),
    lineOf(text, "cap: Z"),
  ]);
});

test("a standard without a file is named in a sentence", () => {
  expect(() => readStandard(import.meta.dirname, "nowhere", INDICATORS)).toThrow(
    'There is no standard "nowhere": metrics/standards has no nowhere.yaml.',
  );
});
