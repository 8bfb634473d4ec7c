import { type DistrictCase, FEATURES, listCases, STANDING } from "./district-features.ts";
import { fitLogistic, predictLogistic } from "./logistic.ts";
import { chooseThreshold, medianOfList } from "./metrics.ts";
import type { Panel } from "./panel.ts";
import {
  compareCurves,
  figure,
  METRIC_COLUMNS,
  markdownTable,
  measureContestant,
  THETA,
} from "./report.ts";
import { chooseWeights, type IndexWeights, scoreByIndex } from "./weighted-index.ts";

const FIRST_YEAR = 2013;
/** Outcomes up to this year choose the weights of the index; outcomes after it are tested. */
const LEARNING_UNTIL = 2016;
const TESTED = [2017, 2018, 2019] as const;
const HORIZONS = [1, 2] as const;
/** Ridge penalty, set before any test year was looked at. */
const PENALTY = 10;

/** Ways to warn, each by a score of a case; NaN where it has none to give. */
const CONTESTANTS = [
  "index",
  "model",
  "standing",
  "current",
  "environmental",
  "change",
  "designated",
] as const;
type Contestant = (typeof CONTESTANTS)[number];

const NAMES: Record<Contestant, string> = {
  index: "**weighted index**",
  model: "logistic regression",
  standing: "standing within the year alone (naive)",
  current: "current score (naive)",
  environmental: "environmental score alone (naive)",
  change: "change in a year alone (naive)",
  designated: "already designated (naive)",
};

interface Scored extends DistrictCase {
  readonly scores: Readonly<Record<Contestant, number>>;
  /** Set on outcomes known at the origin. */
  readonly thresholds: Readonly<Record<Contestant, number>>;
}

/** AUROC on new onsets so many years ahead. */
export interface OnsetAreas {
  readonly horizon: number;
  readonly index: number;
  readonly model: number;
  readonly standing: number;
  readonly current: number;
}

export interface DistrictResult {
  readonly markdown: string;
  readonly onsets: readonly OnsetAreas[];
}

/**
 * Replays New York's school districts. For each tested year everything is learnt from outcomes known at the origin, the
 * thresholds too; new onsets (undesignated at the origin, designated later) are told apart from the rest.
 */
export function backtestSchoolDistricts(panel: Panel): DistrictResult {
  const parts: string[] = [];
  const onsets: OnsetAreas[] = [];
  for (const horizon of HORIZONS) {
    for (const onsetsOnly of [false, true]) {
      const weights = learnWeights(panel, horizon, onsetsOnly);
      const scored = TESTED.flatMap((year) =>
        scoreYear(panel, year - horizon, horizon, onsetsOnly, weights),
      );
      const came = scored.map((one) => one.came);
      const shown = CONTESTANTS.filter((name) => !(onsetsOnly && name === "designated"));
      const rows = shown.map((name) => [
        NAMES[name],
        ...measureContestant(
          {
            name,
            scores: scored.map(({ scores }) => scores[name]),
            thresholds: scored.map(({ thresholds }) => thresholds[name]),
          },
          came,
        ),
      ]);
      const area = (name: Contestant) => Number(rows[shown.indexOf(name)]?.[1]);
      if (onsetsOnly) {
        onsets.push({
          horizon,
          index: area("index"),
          model: area("model"),
          standing: area("standing"),
          current: area("current"),
        });
      }
      parts.push(
        `**${onsetsOnly ? "New onsets: not designated in the year of the forecast" : "All districts"}, ${horizon === 1 ? "one year" : "two years"} ahead** (${scored.length} district-years, ${came.filter(Boolean).length} designated later)`,
        "",
        markdownTable(["", ...METRIC_COLUMNS], rows),
        "",
        describeWeights(weights),
        describeGain("index", "standing", scored),
        describeGain("index", "current", scored),
        describeGain("model", "current", scored),
        "",
      );
    }
  }
  parts.push(describeLeads(panel), "", `The logistic regression looks at: ${FEATURES.join("; ")}.`);
  return { markdown: parts.join("\n"), onsets };
}

function describeWeights(weights: IndexWeights): string {
  const [change, volatility, environmental, county] = weights;
  return `Index: the standing among the districts of the year, in per cent, plus change × ${change}, volatility × ${volatility}, environmental score × ${environmental}, county's mean × ${county}.`;
}

const OTHERS = {
  standing: "the standing within the year alone",
  current: "the current score",
} as const;

function describeGain(
  name: Contestant,
  other: keyof typeof OTHERS,
  scored: readonly Scored[],
): string {
  const { gain, low, high } = compareCurves(
    scored.map(({ scores }) => scores[name]),
    scored.map(({ scores }) => scores[other]),
    scored.map(({ came }) => came),
    scored.map(({ district }) => district),
  );
  const verdict =
    low > 0
      ? "beats it, beyond chance"
      : gain > 0
        ? "is above it, but not beyond chance"
        : "does not beat it";
  return `${NAMES[name].replaceAll("*", "")}: AUROC ${gain < 0 ? "−" : "+"}${figure(Math.abs(gain), 3)} against ${OTHERS[other]} (95 % of resamplings of districts: ${figure(low, 3)} to ${figure(high, 3)}): it ${verdict}.  `;
}

function learnWeights(panel: Panel, horizon: number, onsetsOnly: boolean): IndexWeights {
  const origins: number[] = [];
  for (let year = FIRST_YEAR; year + horizon <= LEARNING_UNTIL; year++) origins.push(year);
  return chooseWeights(origins.map((origin) => selectCases(panel, [origin], horizon, onsetsOnly)));
}

function selectCases(
  panel: Panel,
  origins: readonly number[],
  horizon: number,
  onsetsOnly: boolean,
) {
  return listCases(panel, origins, horizon).filter(({ designated }) => !onsetsOnly || !designated);
}

/** Learns from all outcomes known at the origin, then scores the cases of the origin. */
function scoreYear(
  panel: Panel,
  origin: number,
  horizon: number,
  onsetsOnly: boolean,
  weights: IndexWeights,
): Scored[] {
  const origins: number[] = [];
  for (let year = FIRST_YEAR; year + horizon <= origin; year++) origins.push(year);
  const learning = selectCases(panel, origins, horizon, onsetsOnly);
  const came = learning.map((one) => one.came);
  const model = fitLogistic(
    learning.map(({ features }) => features.subarray(0, FEATURES.length)),
    came,
    PENALTY,
  );
  const scoreAll = (one: DistrictCase): Record<Contestant, number> => ({
    index: scoreByIndex(weights, one.features),
    model: predictLogistic(model, one.features.subarray(0, FEATURES.length)),
    standing: one.features[STANDING] as number,
    current: one.current,
    environmental: known(one.environmental),
    change: known(one.change),
    designated: one.designated ? 1 : 0,
  });
  const learnt = learning.map(scoreAll);
  const thresholds = Object.fromEntries(
    CONTESTANTS.map((name) => [
      name,
      chooseThreshold(
        learnt.map((scores) => scores[name]),
        came,
        THETA,
      ),
    ]),
  ) as Record<Contestant, number>;
  return selectCases(panel, [origin], horizon, onsetsOnly).map((one) => ({
    ...one,
    scores: scoreAll(one),
    thresholds,
  }));
}

function known(value: number): number {
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

/** For how many years in a row before its onset each district was warned of by the index. */
function describeLeads(panel: Panel): string {
  const weights = learnWeights(panel, 1, true);
  const warned = new Set<string>();
  const onsets: { district: string; year: number }[] = [];
  const last = TESTED[TESTED.length - 1] as number;
  for (let year = FIRST_YEAR + 2; year <= last; year++) {
    for (const { district, origin, came, scores, thresholds } of scoreYear(
      panel,
      year - 1,
      1,
      true,
      weights,
    )) {
      if (scores.index >= thresholds.index) warned.add(`${district} ${origin}`);
      if (came && year > LEARNING_UNTIL) onsets.push({ district, year });
    }
  }
  const leads = onsets.map(({ district, year }) => {
    let lead = 0;
    while (warned.has(`${district} ${year - 1 - lead}`)) lead++;
    return lead;
  });
  const caught = leads.filter((lead) => lead > 0);
  return `Lead: of ${onsets.length} new onsets of ${TESTED[0]}-${last}, the index warned of ${caught.length} in the year before, of ${caught.filter((lead) => lead > 1).length} two years running or longer; median lead of those caught ${figure(medianOfList(caught), 0)} year.`;
}
