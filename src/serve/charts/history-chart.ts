import type { EChartsCoreOption } from "echarts/core";
import { LINE, SOFT } from "../../publish/html/chart.ts";
import type { Markup } from "../page/layout.ts";
import { drawBoth } from "./draw-chart.ts";
import { foldName } from "./fold-name.ts";

export interface HistoryLine {
  readonly name: string;
  /** By period; null where there is none. */
  readonly values: readonly (number | null)[];
}

/** Hues that stay apart for colour-blind readers, dark enough for text. */
const HUES = ["#14557b", "#c8651b", "#47873f", "#8a5f84"] as const;
const WIDTH = 720;
const HEIGHT = 280;
/** On a phone. */
const SLIM = 360;

/** Scores by period, a line for each body. */
export function drawHistory(
  id: string,
  periods: readonly string[],
  lines: readonly HistoryLine[],
  label: string,
): Markup {
  const size = { width: WIDTH, height: HEIGHT };
  return drawBoth(
    { id, label, ...size, className: "trend", live: true, option: lay(periods, lines, WIDTH) },
    { width: SLIM, height: HEIGHT, option: lay(periods, lines, SLIM) },
  );
}

function lay(
  periods: readonly string[],
  lines: readonly HistoryLine[],
  width: number,
): EChartsCoreOption {
  const isSlim = width === SLIM;
  const named = isSlim ? 104 : 130;
  const fontSize = isSlim ? 11 : 12;
  return {
    grid: { left: isSlim ? 32 : 44, right: lines.length > 1 ? named : 30, top: 16, bottom: 28 },
    xAxis: {
      type: "category",
      boundaryGap: false,
      data: periods,
      axisLabel: { color: SOFT, fontSize, showMaxLabel: true },
      axisLine: { lineStyle: { color: SOFT } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      scale: true,
      axisLabel: { color: SOFT, fontSize },
      splitLine: { lineStyle: { color: LINE } },
    },
    series: lines.map(({ name, values }, place) => ({
      type: "line",
      name,
      data: values,
      color: HUES[place % HUES.length],
      symbol: "circle",
      symbolSize: 6,
      lineStyle: { width: 2.2 },
      ...(lines.length > 1 && {
        endLabel: {
          show: true,
          formatter: foldName(name, isSlim ? 14 : 20),
          fontSize: isSlim ? 11 : 13,
          color: HUES[place % HUES.length],
        },
        labelLayout: { moveOverlap: "shiftY" },
      }),
    })),
  };
}
