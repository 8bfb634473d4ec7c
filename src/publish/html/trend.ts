import type { Report, ReportLevel, Standing } from "../report.ts";
import { TEXTS } from "../texts.ts";
import { fill } from "../words.ts";
import {
  type ChartFrame,
  type ChartTexts,
  LINE,
  makeChartTexts,
  renderChart,
  SOFT,
} from "./chart.ts";
import { anchor, both, figure, section } from "./markup.ts";

/** Above this many bodies lines cannot be told apart, and the spread is shown instead. */
const MOST_LINES = 14;
const WIDTH = 860;
const HEIGHT = 350;
/** Room for the names at the lines' ends. */
const RIGHT = 170;
/** Ten hues that stay apart for colour-blind readers too (Tableau's ten, darkened where too light for text). */
const HUES = [
  "#3f6ea0",
  "#c8651b",
  "#b9383c",
  "#4b9189",
  "#47873f",
  "#9a7a10",
  "#8a5f84",
  "#c65f74",
  "#7f5f4b",
  "#6b6461",
] as const;
const MEDIAN = "#14557b";

/** The course of scores: a line per body at small levels, the spread at large ones. */
export function renderTrends(report: Report): string {
  const parts = report.levels.map((level, place) => {
    if (level.standings.every(({ history }) => history.every((score) => score === null))) return "";
    const few = level.standings.length <= MOST_LINES;
    const label = fill(few ? TEXTS.trendLines : TEXTS.trendFan, { level: level.name });
    const texts = makeChartTexts();
    const series = few ? lineSeries(level.standings, texts) : fanSeries(level, texts);
    const frame: ChartFrame = {
      width: WIDTH,
      height: HEIGHT,
      className: "trend",
      label,
      ...(few ? { link: (index: number) => linkTo(level.standings[index]) } : {}),
    };
    const chart = renderChart(`trend${place}`, { ...axes(report), series }, frame, texts);
    return `<figure><figcaption>${both(label)}</figcaption>${chart}</figure>`;
  });
  return section("trends", "trends", parts.join("\n"));
}

function linkTo(standing: Standing | undefined) {
  return standing
    ? {
        href: `#${anchor(standing.body.id)}`,
        title: `${standing.body.name.zh} ${standing.body.name.en}`,
      }
    : undefined;
}

function axes({ context }: Report) {
  return {
    grid: { left: 40, right: RIGHT, top: 12, bottom: 28 },
    xAxis: {
      type: "category",
      boundaryGap: false,
      data: context.periods.map(({ id }) => id),
      axisLabel: { color: SOFT, fontSize: 11, showMaxLabel: true },
      axisLine: { lineStyle: { color: SOFT } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      scale: true,
      axisLabel: { color: SOFT, fontSize: 11 },
      splitLine: { lineStyle: { color: LINE } },
    },
  };
}

function lineSeries(standings: readonly Standing[], texts: ChartTexts) {
  return standings.map(({ body, history }, index) => ({
    type: "line",
    data: history,
    color: HUES[index % HUES.length],
    symbol: "circle",
    symbolSize: 5,
    showSymbol: false,
    lineStyle: { width: 1.8 },
    endLabel: {
      show: true,
      distance: 12,
      fontSize: 12,
      lineHeight: 17,
      color: HUES[index % HUES.length],
      formatter: `${texts.mark(body.name)} ${figure(
        history.findLast((score) => score !== null),
        1,
      )}`,
    },
    labelLayout: { moveOverlap: "shiftY" },
  }));
}

/** Whole range and middle half as stacked areas, and the median as a line. */
function fanSeries({ standings }: ReportLevel, texts: ChartTexts) {
  const places = standings[0]?.history.map((_, place) => place) ?? [];
  const spread = places.map((place) =>
    standings.flatMap(({ history }) => history[place] ?? []).toSorted((a, b) => a - b),
  );
  const at = (share: number) =>
    spread.map((scores) => (scores.length > 0 ? quantile(scores, share) : null));
  const less = (upper: readonly (number | null)[], lower: readonly (number | null)[]) =>
    upper.map((score, place) => {
      const below = lower[place] ?? null;
      return score === null || below === null ? null : score - below;
    });
  const area = (stack: string, low: number, high: number, colour: string) => [
    { ...plainLine, stack, data: at(low), lineStyle: { opacity: 0 } },
    {
      ...plainLine,
      stack,
      data: less(at(high), at(low)),
      lineStyle: { opacity: 0 },
      areaStyle: { color: colour, opacity: 1 },
    },
  ];
  const marked = (key: "highest" | "median" | "lowest", share: number, width: number) => {
    const data = at(share);
    return {
      ...plainLine,
      data,
      color: MEDIAN,
      lineStyle: { width, color: MEDIAN },
      endLabel: {
        show: true,
        distance: 12,
        fontSize: 12,
        lineHeight: 17,
        formatter: `${texts.mark(TEXTS[key])} ${figure(
          data.findLast((score) => score !== null),
          1,
        )}`,
      },
      labelLayout: { moveOverlap: "shiftY" },
    };
  };
  return [
    ...area("range", 0, 1, "#dbe7ee"),
    ...area("half", 0.25, 0.75, "#a9c6d8"),
    marked("highest", 1, 0),
    marked("median", 0.5, 2),
    marked("lowest", 0, 0),
  ];
}

const plainLine = { type: "line", showSymbol: false, symbol: "none" };

/** Linear between the two nearest values, of a sorted list. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}
