import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type {
  SeriesDefinition,
  WarningDefinition,
  WarningRule,
} from "../../src/standard/warning-definition.ts";
import type { WarningEvidence } from "../../src/warn/evidence.ts";
import { type BodyEpisode, findWarnings } from "../../src/warn/findings.ts";
import { describeComposite, describeEpisode } from "../../src/warn/sentence.ts";
import { type ReadSentence, readChinese, readEnglish } from "./read-sentence.ts";

const PERIODS = ["2018-07", "2018-08", "2018-09", "2018-10", "2018-11", "2018-12"];

type Shape = Record<string, unknown>;

const RATIO: Shape = {
  from: "indicator",
  title: { zh: "许可按时公示率", en: "Licences published on time" },
  unit: { zh: "%", en: "%" },
};
const GROWTH: Shape = {
  from: "change",
  of: "whole",
  as: "percent",
  months: 12,
  title: { zh: "债务余额同比增长", en: "Growth of debt" },
  unit: { zh: "%", en: "%" },
};
const POINTS: Shape = {
  ...GROWTH,
  as: "points",
  months: 3,
  unit: { zh: "个百分点", en: "points" },
};
const COUNT: Shape = {
  from: "overdue_steps",
  title: { zh: "逾期未答复的异议", en: "Objections overdue" },
  unit: { zh: "件", en: "objections" },
};
const MONEY: Shape = {
  from: "position",
  title: { zh: "应代偿未代偿", en: "Guarantees called and not paid" },
  unit: { zh: "元", en: "yuan" },
};
const SURGE: Shape = {
  from: "surge",
  count: "complaints",
  months: 1,
  minimum_count: 30,
  title: { zh: "投诉量", en: "Complaints" },
  unit: { zh: "倍正常波动", en: "times the usual variation" },
};
const DROP: Shape = { ...SURGE, from: "score_drop", title: { zh: "评价得分", en: "Score" } };

const UPWARDS = [
  { level: "yellow", from: 120, release: 115 },
  { level: "orange", from: 200, release: 190 },
];
const STRICT = [{ level: "yellow", above: 7, release: 6 }];
const DOWNWARDS = [
  { level: "yellow", below: 80, release: 84 },
  { level: "orange", below: 60, release: 65 },
];

interface Case {
  readonly shape: Shape;
  readonly bands: readonly Shape[];
  readonly values: readonly number[];
  readonly rule?: Shape;
  readonly numerator?: readonly number[];
  readonly denominator?: readonly number[];
  readonly part?: string;
}

/** The episodes of one body, as the stage finds them, and what is told of each. */
function tell({ shape, bands, values, rule, numerator, denominator, part = "" }: Case) {
  const periods = PERIODS.slice(-values.length);
  const series = { id: "s", worse: "below" in (bands[0] as Shape) ? "lower" : "higher", ...shape };
  const definition = {
    series: [
      { id: "whole", from: "position", title: { zh: "债务余额", en: "Debt" } },
      series as unknown as SeriesDefinition,
    ],
    rules: [
      {
        id: "r",
        series: "s",
        bands,
        persistence: 1,
        release_after: 1,
        composite: true,
        ...rule,
      } as unknown as WarningRule,
    ],
    outlooks: [],
  } as unknown as WarningDefinition;
  const column = (list: readonly number[] | undefined) => list && Float64Array.from(list);
  const evidence = {
    bodies: [{ id: "370202", level: "district" }],
    periods,
    series: new Map([
      [
        "s",
        {
          definition: series,
          bodies: Int32Array.from([0]),
          parts: [part],
          values: Float64Array.from(values),
          numerator: column(numerator),
          denominator: column(denominator),
        },
      ],
    ]),
    forecasts: [],
    stress: [],
  } as unknown as WarningEvidence;
  const { episodes } = findWarnings(definition, evidence);
  return episodes.map((episode) => ({
    episode,
    ...describeEpisode(definition, episode, periods),
  }));
}

const last = (one: Case) => tell(one).at(-1);
const gap = Number.NaN;

// Written out by hand from the values and the lines.
test.each<[string, Case, string, string]>([
  [
    "above, in the first period",
    { shape: RATIO, bands: UPWARDS, values: [100, 130.25] },
    "许可按时公示率为130.3%，超过黄色预警线（120%）",
    "Licences published on time: 130.3%, above the yellow warning line (120%)",
  ],
  [
    "on the line, since October",
    { shape: RATIO, bands: UPWARDS, values: [100, 200, 205, 200] },
    "许可按时公示率为200%，达到橙色预警线（200%），自2018年10月起为橙色",
    "Licences published on time: 200%, at or above the orange warning line (200%), orange since October 2018",
  ],
  [
    "below, where lower is worse",
    { shape: RATIO, bands: DOWNWARDS, values: [90, 79.96] },
    "许可按时公示率为79.96%，低于黄色预警线（80%）",
    "Licences published on time: 79.96%, below the yellow warning line (80%)",
  ],
  [
    "risen again, but not to the standard for release",
    { shape: RATIO, bands: DOWNWARDS, values: [90, 75, 83.3], rule: { release_after: 2 } },
    "许可按时公示率为83.3%，曾低于黄色预警线（80%），尚未达到解除标准（84%以上，连续2期），自2018年11月起为黄色",
    "Licences published on time: 83.3%, was below the yellow warning line (80%) and does not yet meet the standard for release (84% or more for 2 periods running), yellow since November 2018",
  ],
  [
    "good enough for release, but not for long enough",
    { shape: RATIO, bands: DOWNWARDS, values: [75, 90], rule: { release_after: 2 } },
    "许可按时公示率为90%，曾低于黄色预警线（80%），已达到解除标准（84%以上），尚待连续2期，自2018年11月起为黄色",
    "Licences published on time: 90%, was below the yellow warning line (80%) and meets the standard for release (84% or more), but not yet for 2 periods running, yellow since November 2018",
  ],
  [
    "eased from orange to yellow: since when yellow",
    { shape: RATIO, bands: DOWNWARDS, values: [75, 55, 70] },
    "许可按时公示率为70%，低于黄色预警线（80%）",
    "Licences published on time: 70%, below the yellow warning line (80%)",
  ],
  [
    "over and done: the line is that of the peak",
    { shape: RATIO, bands: DOWNWARDS, values: [75, 55, 70, 90, 91] },
    "许可按时公示率2018年10月为70%，曾低于橙色预警线（60%），2018年9月起为橙色，2018年11月解除",
    "Licences published on time, October 2018: 70%, was below the orange warning line (60%), orange from September 2018, released in November 2018",
  ],
  [
    "the newest value is not of the period asked for",
    { shape: RATIO, bands: STRICT, values: [8, gap] },
    "许可按时公示率2018年11月为8%，超过黄色预警线（7%），自2018年11月起为黄色",
    "Licences published on time, November 2018: 8%, above the yellow warning line (7%), yellow since November 2018",
  ],
  [
    "growth of an amount",
    { shape: GROWTH, bands: [{ level: "orange", from: 40, release: 30 }], values: [186.4] },
    "债务余额同比增长186.4%，超过橙色预警线（增长40%）",
    "Debt: a rise of 186.4% in 12 months, above the orange warning line (a rise of 40%)",
  ],
  [
    "growth that has become a fall",
    {
      shape: GROWTH,
      bands: [{ level: "orange", from: 40, release: 30 }],
      values: [50, -3],
      rule: { release_after: 3 },
    },
    "债务余额同比下降3%，曾达到橙色预警线（增长40%），已达到解除标准（升幅低于30%），尚待连续3期，自2018年11月起为橙色",
    "Debt: a fall of 3% in 12 months, was at or above the orange warning line (a rise of 40%) and meets the standard for release (a rise of less than 30%), but not yet for 3 periods running, orange since November 2018",
  ],
  [
    "a fall in points beyond a line below nothing",
    { shape: POINTS, bands: [{ level: "yellow", below: -10, release: -7 }], values: [-12] },
    "债务余额较3个月前下降12个百分点，超过黄色预警线（下降10个百分点）",
    "Debt: a fall of 12 points in 3 months, beyond the yellow warning line (a fall of 10 points)",
  ],
  [
    "a fall that is not small enough for release",
    { shape: POINTS, bands: [{ level: "yellow", below: -10, release: -7 }], values: [-12, -8] },
    "债务余额较3个月前下降8个百分点，曾超过黄色预警线（下降10个百分点），尚未达到解除标准（降幅不超过7个百分点），自2018年11月起为黄色",
    "Debt: a fall of 8 points in 3 months, was beyond the yellow warning line (a fall of 10 points) and does not yet meet the standard for release (a fall of no more than 7 points), yellow since November 2018",
  ],
  [
    "one of something is singular",
    { shape: COUNT, bands: [{ level: "yellow", from: 1, release: 0.5 }], values: [1] },
    "逾期未答复的异议为1件，达到黄色预警线（1件）",
    "Objections overdue: 1 objection, at or above the yellow warning line (1 objection)",
  ],
  [
    "a sum of money",
    { shape: MONEY, bands: [{ level: "orange", above: 0, release: 0 }], values: [354_604_500] },
    "应代偿未代偿为3.5亿元，超过橙色预警线（0元）",
    "Guarantees called and not paid: 354.6 million yuan, above the orange warning line (0 yuan)",
  ],
  [
    "a surge, with what was counted and what is usual",
    {
      shape: SURGE,
      bands: [{ level: "orange", from: 7, release: 4.5 }],
      values: [7.25],
      numerator: [42],
      denominator: [18.5],
      part: "物业",
    },
    "投诉量（物业）为42件，高出通常水平（18.5件）7.3倍正常波动，超过橙色预警线（7倍正常波动）",
    "Complaints (物业): 42, 7.3 times the usual variation above what is usual (18.5), above the orange warning line (7 times the usual variation)",
  ],
  [
    "too few to be a surge",
    {
      shape: { ...SURGE, months: 3 },
      bands: [{ level: "yellow", from: 4, release: 2.5 }],
      values: [5, 0],
      numerator: [60, 20],
      denominator: [20, 20],
      rule: { release_after: 2 },
    },
    "投诉量近3个月为20件，不足30件，不判为异常增加，曾达到黄色预警线（4倍正常波动），已达到解除标准（低于2.5倍正常波动），尚待连续2期，自2018年11月起为黄色",
    "Complaints: 20 in 3 months, too few to be a surge (30), was at or above the yellow warning line (4 times the usual variation) and meets the standard for release (below 2.5 times the usual variation), but not yet for 2 periods running, yellow since November 2018",
  ],
  [
    "a score that fell",
    {
      shape: DROP,
      bands: [{ level: "yellow", from: 3, release: 2 }],
      values: [3.6],
      numerator: [3.204],
      denominator: [0.89],
    },
    "评价得分较上期下降3.20分，为3.6倍正常波动，超过黄色预警线（3倍正常波动）",
    "Score: 3.20 points down on the period before, 3.6 times the usual variation, above the yellow warning line (3 times the usual variation)",
  ],
])("%s", (_, one, zh, en) => {
  const told = last(one);
  expect(told?.zh).toBe(zh);
  expect(told?.en).toBe(en);
});

describe("what is told is what is known", () => {
  const value = fc.oneof(
    fc.double({ min: -300, max: 300, noNaN: true }),
    fc.integer({ min: -30, max: 30 }),
    fc.constantFrom(80, 84, 60, 65, 120, 115, 200, 190, 7, 6, 79.99, 84.04, 0, -10, -7, -0.01),
    fc.constant(gap),
  );
  const series = fc.constantFrom(RATIO, GROWTH, POINTS, COUNT, MONEY);
  const bands = fc.constantFrom(
    UPWARDS,
    STRICT,
    DOWNWARDS,
    [{ level: "red", above: 100, release: 100 }],
    [{ level: "yellow", below: -10, release: -7 }],
    [{ level: "yellow", below: 0, release: 0 }],
  );
  const cases = fc.record({
    shape: series,
    bands,
    values: fc.array(value, { minLength: 1, maxLength: 6 }),
    rule: fc.record({
      persistence: fc.integer({ min: 1, max: 2 }),
      release_after: fc.integer({ min: 1, max: 3 }),
    }),
  });

  test.each([
    ["Chinese", "zh", readChinese],
    ["English", "en", readEnglish],
  ] as const)(
    "a reader who knows the %s sentence alone finds the data in it",
    (_, language, read) => {
      fc.assert(
        fc.property(cases, (one) => {
          for (const told of tell(one)) {
            const found = read(told[language]);
            expect(found, told[language]).toEqual(known(one, told.episode, found));
          }
        }),
        { numRuns: 2000 },
      );
    },
  );

  /** What the sentence has to say, worked out from the values anew; figures as far as they were written. */
  function known(one: Case, episode: BodyEpisode, found: ReadSentence): ReadSentence {
    const periods = PERIODS.slice(-one.values.length);
    const isOver = episode.ended !== undefined;
    const level = isOver ? episode.peak : episode.level;
    const band = one.bands.find((each) => each.level === level) as Record<string, number>;
    const current = one.values[episode.at] as number;
    const stands = isOver
      ? "ended"
      : isBeyond(band, current)
        ? "beyond"
        : isCalm(band, current)
          ? "calm"
          : "between";
    const levels = levelsOf(one, one.values);
    const rank = ["green", "yellow", "orange", "red"].indexOf(level);
    // The first period of the stretch of this level that ends with the last value, or of the peak's.
    let since = isOver ? episode.began : one.values.length - 1;
    if (isOver) while (levels[since] !== rank) since++;
    else while (since > 0 && levels[since - 1] === rank) since--;
    return {
      value: near(current, found.value),
      line: near((band.from ?? band.above ?? band.below) as number, found.line),
      level,
      stands,
      side: band.below === undefined ? "higher" : "lower",
      at: episode.at === periods.length - 1 ? undefined : (periods[episode.at] as string),
      since: since === periods.length - 1 && !isOver ? undefined : (periods[since] as string),
      ended: isOver ? (periods[episode.ended as number] as string) : undefined,
    };
  }

  /** The figure read, if it is the true one as far as its digits go; else the true one. */
  function near(truth: number, read: number): number {
    return Math.abs(truth - read) <= 0.0500001 ? read : truth;
  }

  function isBeyond(band: Record<string, number>, value: number): boolean {
    if (band.from !== undefined) return value >= band.from;
    return band.above === undefined ? value < (band.below as number) : value > band.above;
  }

  function isCalm(band: Record<string, number>, value: number): boolean {
    const release = band.release as number;
    if (band.from !== undefined) return value < release;
    return band.above === undefined ? value >= release : value <= release;
  }

  /** Level of each period, by the sentence of the manual: taken after `persistence`, given up after `release_after`. */
  function levelsOf({ bands: lines, rule }: Case, values: readonly number[]): number[] {
    const { persistence, release_after } = rule as { persistence: number; release_after: number };
    const ranks = lines.map(({ level }) =>
      ["green", "yellow", "orange", "red"].indexOf(String(level)),
    );
    const seen: number[] = [];
    let held = -1;
    return values.map((value) => {
      if (!Number.isNaN(value)) {
        seen.push(value);
        const all = (count: number, holds: (value: number) => boolean) =>
          seen.length >= count && seen.slice(-count).every(holds);
        const band = (place: number) => lines[place] as Record<string, number>;
        while (held >= 0 && all(release_after, (each) => isCalm(band(held), each))) held--;
        for (let place = held + 1; place < lines.length; place++) {
          if (all(persistence, (each) => isBeyond(band(place), each))) held = place;
        }
      }
      return held < 0 ? 0 : (ranks[held] as number);
    });
  }
});

test("a composite says what stands, and why several make it worse", () => {
  const definition = {
    series: [{ id: "s", ...RATIO }],
    rules: ["a", "b", "c", "d"].map((id) => ({ id, series: "s", bands: STRICT, release_after: 1 })),
    outlooks: [],
    composite: { several: { count: 3, at_least: "yellow", become: "orange" } },
  } as unknown as WarningDefinition;
  const episodes = ["a", "b", "c", "d"].map((ruleId) => ({
    ruleId,
    began: 0,
    ended: undefined,
    level: "yellow",
    peak: "yellow",
    since: 0,
    at: 0,
    value: 8,
    line: 7,
    part: "",
  })) as unknown as BodyEpisode[];
  const { zh, en } = describeComposite(definition, "orange", episodes, ["2018-12"], true);
  const one = "许可按时公示率为8%，超过黄色预警线（7%）";
  expect(zh).toBe(
    `综合风险等级为橙色（3项以上达到黄色，按规则定为橙色）。${one}；${one}；${one}；另有1项预警。`,
  );
  const each = "Licences published on time: 8%, above the yellow warning line (7%)";
  expect(en).toBe(
    `The composite risk is orange (3 or more warnings at yellow make it orange). ${each}; ${each}; ${each}; and 1 more.`,
  );
});

test("a forecast says when, which line, and how sure", () => {
  const definition = {
    series: [{ id: "s", ...RATIO, title: { zh: "债务限额使用率", en: "Debt to its limit" } }],
    rules: [{ id: "limit", series: "s", bands: [{ level: "red", above: 100, release: 100 }] }],
    outlooks: [{ id: "soon", rule: "limit", reaches: "red", level: "yellow" }],
  } as unknown as WarningDefinition;
  const episode = {
    ruleId: "soon",
    began: 0,
    ended: undefined,
    level: "yellow",
    since: 0,
    at: 0,
    value: 100.04,
    line: 100,
    part: "",
    expected: "2019-12",
    interval: [89.7, 110.5],
  } as unknown as BodyEpisode;
  const { zh, en } = describeEpisode(definition, episode, ["2018-12"]);
  expect(zh).toBe(
    "按现有趋势测算，债务限额使用率2019年12月将为100.04%，超过红色预警线（100%），80%预测区间为89.7%至110.5%",
  );
  expect(en).toBe(
    "Debt to its limit, by the present trend: 100.04% in December 2019, above the red warning line (100%); 80% interval 89.7% to 110.5%",
  );
});
