import { LINE, SOFT } from "../../publish/html/chart.ts";
import type { Markup } from "../page/layout.ts";
import { drawChart } from "./draw-chart.ts";

export interface HistoryLine {
  readonly name: string;
  /** By period; null where there is none. */
  readonly values: readonly (number | null)[];
}

/** Hues that stay apart for colour-blind readers, dark enough for text. */
const HUES = ["#14557b", "#c8651b", "#47873f", "#8a5f84"] as const;
const WIDTH = 720;
const HEIGHT = 280;

/** Scores by period, a line for each body. */
export function drawHistory(
  id: string,
  periods: readonly string[],
  lines: readonly HistoryLine[],
  label: string,
): Markup {
  return drawChart({
    ...{ id, label, width: WIDTH, height: HEIGHT, className: "trend", live: true },
    option: {
      grid: { left: 44, right: lines.length > 1 ? 130 : 30, top: 16, bottom: 28 },
      xAxis: {
        type: "category",
        boundaryGap: false,
        data: periods,
        axisLabel: { color: SOFT, fontSize: 12, showMaxLabel: true },
        axisLine: { lineStyle: { color: SOFT } },
        axisTick: { show: false },
      },
      yAxis: {
        type: "value",
        scale: true,
        axisLabel: { color: SOFT, fontSize: 12 },
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
          endLabel: { show: true, formatter: name, fontSize: 13, color: HUES[place % HUES.length] },
          labelLayout: { moveOverlap: "shiftY" },
        }),
      })),
    },
  });
}
