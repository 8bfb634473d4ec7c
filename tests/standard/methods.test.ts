import { expect, test } from "vitest";
import type { Fault } from "../../src/standard/yaml-document.ts";
import { DefinitionError } from "../../src/standard/yaml-document.ts";
import { makeIndicator, mapIndicators, standardFrom } from "../score/city.ts";

const INDICATORS = mapIndicators(
  makeIndicator("A/one"),
  makeIndicator("A/two"),
  makeIndicator("people"),
  makeIndicator("records", { aggregate: "list" }),
  makeIndicator("figure", { family: true, sql: "SELECT $member" }),
);

// Every kind of rule a standard can state, in a standard that is in order.
const STANDARD = `standard: test
version: "1"
title: { zh: 标准, en: Standard }
effective: { from: 2018-01-01 }
window_months: { value: 12, assumption: true }
levels:
  district: { zh: 区市, en: Districts, minimum_coverage: 0.6, assumption: true }
peer_classes:
  - { id: district, level: district, zh: 区市, en: districts }
weights: relative
ties: { tolerance: 1.0e-9, assumption: true }
missing: { rule: reweight, minimum_coverage: 0.5, not_applicable: excluded, assumption: true }
screening: { minimum_available: 0.5, minimum_nonzero: 0.2, counts: observed, assumption: true }
defaults: { normalise: peers, impute: middle, treat: outliers }
denominators:
  people: { indicator: people, scale: 0.001, assumption: true }
groupings:
  size: { indicator: people, bands: [{ below: 1000 }, { from: 1000 }], assumption: true }
imputations:
  middle: { method: median, among: size, assumption: true }
  last: { method: last_observation, maximum_age: 3, assumption: true }
treatments:
  outliers: { method: skew_kurtosis, skewness: 2, kurtosis: 3.5, winsorise: 5, otherwise: { method: box_cox, lambda: maximum_likelihood }, assumption: true }
nodes:
  - { id: index, title: { zh: 指数, en: Index }, weight: { district: 1 }, aggregation: { method: mazziotta_pareto, penalty: negative }, assumption: true }
  - id: A
    parent: index
    title: { zh: 甲, en: A }
    weight: { district: 3 }
    aggregation: { method: geometric }
    weighting: { method: equal }
    missing: { rule: require, not_applicable: missing, assumption: true }
    caps: [{ child: A/one, below: 30, maximum: 60, assumption: true }]
    normalise: posts
    direction: higher
    assumption: true
  - { id: B, parent: index, title: { zh: 乙, en: B }, weight: { district: 2.5 }, aggregation: { method: ordered, weights: [0.7] }, assumption: true }
indicators:
  - { indicator: A/one, parent: A, weight: { district: 1 }, denominate: people, impute: { district: last }, assumption: true }
  - { indicator: A/two, parent: A, weight: { district: 2 }, direction: lower, treat: none, impute: none, assumption: true }
  - { indicator: figure/LPI, parent: B, title: { zh: 物流, en: Logistics }, unit: { zh: 分, en: points }, direction: higher, weight: { district: 1 }, normalise: distance, assumption: true }
normalisations:
  peers: { method: min_max, range: { low: 1, high: 100 }, among: size, reference_period: 2018-01, assumption: true }
  posts: { method: goalposts, low: 0, high: 100, assumption: true }
  distance: { method: distance_to_target, target: 90, assumption: true }
  z: { method: z_score, assumption: true }
bounds: { minimum: 0, maximum: 100, assumption: true }
grades:
  - { id: A, zh: 好, en: Good, colour: "#00aa00", from: 80, assumption: true }
  - { id: B, zh: 差, en: Poor, colour: "#aa0000", below: 80, assumption: true }
`;

function faultsOf(text: string): readonly Fault[] {
  try {
    standardFrom(text, INDICATORS);
  } catch (error) {
    if (error instanceof DefinitionError) return error.faults;
    throw error;
  }
  return [];
}

test("a standard that says all of it is read", () => {
  expect(faultsOf(STANDARD).map(({ message }) => message)).toEqual([]);
});

// Each case: what is changed, into what, part of the sentence.
test.each<[string, string, string, RegExp]>([
  [
    "a negative weight",
    "weight: { district: 2.5 }",
    "weight: { district: -2 }",
    /weights are above 0/,
  ],
  ["a missing target", "target: 90, ", "", /normalisations\.distance\.target/],
  [
    "a geometric mean over zeros",
    "range: { low: 1, high: 100 }, among: size",
    "among: size",
    /the geometric mean of "A" is undefined for scores of 0 and less, and "A\/one" below it can score 0: give the node a floor/,
  ],
  [
    "an inverted range",
    "range: { low: 1, high: 100 }",
    "range: { low: 100, high: 1 }",
    /the range is inverted/,
  ],
  [
    "an unknown imputation",
    "impute: { district: last }",
    "impute: { district: first }",
    /there is no imputation "first"/,
  ],
  [
    "an unknown treatment",
    "treat: outliers }",
    "treat: inliers }",
    /there is no treatment "inliers"/,
  ],
  [
    "an unknown denominator",
    "denominate: people",
    "denominate: area",
    /there is no denominator "area"/,
  ],
  [
    "an unknown default",
    "normalise: peers,",
    "normalise: pears,",
    /there is no normalisation "pears"/,
  ],
  [
    "an unknown grouping",
    "method: median, among: size",
    "method: median, among: colour",
    /there is no grouping "colour"; the groupings are: peers, level, size/,
  ],
  [
    "a denominator that lists records",
    "people: { indicator: people,",
    "people: { indicator: records,",
    /no value to divide or group by/,
  ],
  [
    "a cap by another's child",
    "child: A/one,",
    "child: figure/LPI,",
    /"figure\/LPI" is no child of "A"/,
  ],
  [
    "a node's unknown scale",
    "normalise: posts\n",
    "normalise: goals\n",
    /there is no normalisation "goals"/,
  ],
  [
    "ordered weights that do not fit",
    "weights: [0.7]",
    "weights: [0.7, 0.3]",
    /has 2 weights for 1 children/,
  ],
  [
    "an ordered average of nothing",
    "weights: [0.7]",
    "weights: [0]",
    /the ordered weights of "B" are all 0/,
  ],
  [
    "an ordered average with two recipes",
    "weights: [0.7]",
    "weights: [0.7], exponent: 2",
    /takes either weights or an exponent/,
  ],
  [
    "shares nobody can meet",
    "method: ordered, weights: [0.7]",
    "method: benefit_of_the_doubt, maximum_share: 0.5",
    /no weights of "B" give each of its 1 children a share between 0 and 0.5/,
  ],
  [
    "an index turned round",
    "title: { zh: 指数, en: Index },",
    "title: { zh: 指数, en: Index }, direction: lower,",
    /指数“index”不能写direction: lower.*the index "index" cannot have "direction: lower": grades, ranks and sentences take its high scores for good/,
  ],
  [
    "caps on a node turned round",
    "direction: higher\n",
    "direction: lower\n",
    /"A" has both "direction: lower" and "caps"/,
  ],
  [
    "shares of influence nobody can have",
    "weighting: { method: equal }",
    "weighting: { method: equal_influence, minimum_share: 0.6 }",
    /no weights give each of the 2 children of "A" a share of at least 0.6/,
  ],
  [
    "a family named without its member",
    "indicator: figure/LPI",
    "indicator: figure",
    /there is no indicator "figure"/,
  ],
  [
    "a member that is no name",
    "indicator: figure/LPI",
    "indicator: figure/_LPI",
    /there is no indicator "figure\/_LPI"/,
  ],
])("%s is refused beforehand", (_name, from, to, sentence) => {
  expect(STANDARD.split(from).length, `"${from}" must occur once`).toBe(2);
  const faults = faultsOf(STANDARD.replace(from, to));
  expect(faults.map(({ message }) => message).join("\n")).toMatch(sentence);
  for (const { line } of faults) expect(line).toBeGreaterThan(0);
});

test("relative weights need not sum; a node must have something below it", () => {
  const text = STANDARD.replace(
    "{ indicator: figure/LPI, parent: B",
    "{ indicator: figure/LPI, parent: A",
  ).replace("weights: [0.7]", "exponent: 2");
  expect(faultsOf(text).map(({ message }) => message)).toContain(
    'at the level "district" there is nothing below "B" to score it by',
  );
});

test("a mean that scores below 0 leave undefined is refused too, unless it has a floor", () => {
  const text = STANDARD.replace(
    "{ method: geometric }",
    "{ method: power, exponent: 0.5 }",
  ).replace("defaults: { normalise: peers,", "defaults: { normalise: z,");
  expect(faultsOf(text)[0]?.message).toMatch(
    /the power mean of "A".*"A\/one" below it can score below 0/,
  );
  expect(faultsOf(text.replace("exponent: 0.5 }", "exponent: 0.5, floor: 1 }"))).toEqual([]);
});

test("a node turned round needs scores of 0 to 100, or a scale of its own", () => {
  const turn = (normalise: string, own: string) =>
    faultsOf(
      STANDARD.replace(
        "weights: [0.7] }, assumption",
        `weights: [0.7] }, direction: lower, ${own}assumption`,
      ).replace("normalise: distance,", `normalise: ${normalise},`),
    ).map(({ message }) => message);
  expect(turn("distance", "")).toEqual([]);
  expect(turn("z", "normalise: posts, ")).toEqual([]);
  expect(turn("z", "").join("\n")).toMatch(
    /"B" has "direction: lower", which takes its score from 100, and what is below it can score outside 0 to 100/,
  );
});
