import { DOWN, LINE, SOFT, UP } from "../../publish/html/chart.ts";
import { figure, signed } from "../../publish/html/markup.ts";
import type { Markup } from "../page/layout.ts";
import { drawChart } from "./draw-chart.ts";

export interface WaterfallStep {
  readonly name: string;
  readonly change: number;
}

export interface Waterfall {
  readonly id: string;
  readonly from: { readonly name: string; readonly score: number };
  readonly to: { readonly name: string; readonly score: number };
  readonly steps: readonly WaterfallStep[];
  readonly label: string;
}

const WIDTH = 860;
const ROW = 30;
const EDGE = 34;
const NAMES = 290;
const WHOLE = "#4a85aa";
/** Room left and right of the changes, as a share of their span. */
const MARGIN = 0.12;

/** How a score became another: the first, each change where the one before left off, and the last. */
export function drawWaterfall({ id, from, to, steps, label }: Waterfall): Markup {
  let at = from.score;
  const bars = steps.map(({ name, change }) => {
    const before = at;
    at += change;
    return { name, change, low: Math.min(before, at), size: Math.abs(change) };
  });
  const ends = [from.score, to.score, ...bars.flatMap(({ low, size }) => [low, low + size])];
  const span = Math.max(...ends) - Math.min(...ends) || 1;
  const least = Math.min(...ends) - span * MARGIN;
  const whole = (score: number) => ({
    value: score - least,
    itemStyle: { color: WHOLE },
    label: { position: "right", formatter: figure(score, 2) },
  });
  const option = {
    grid: { left: NAMES, right: 70, top: 8, bottom: EDGE - 8 },
    xAxis: {
      type: "value",
      min: 0,
      max: span * (1 + 2 * MARGIN),
      axisLabel: { show: false },
      splitLine: { lineStyle: { color: LINE } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: [from.name, ...bars.map(({ name }) => name), to.name],
      axisLabel: { fontSize: 13, interval: 0, margin: 12, width: NAMES - 20, overflow: "truncate" },
      axisLine: { show: true, lineStyle: { color: SOFT } },
      axisTick: { show: false },
    },
    series: [
      {
        type: "bar",
        stack: "score",
        silent: true,
        itemStyle: { color: "transparent" },
        data: [0, ...bars.map(({ low }) => low - least), 0],
      },
      {
        type: "bar",
        stack: "score",
        barWidth: "62%",
        label: { show: true, fontSize: 13, color: "#17222c" },
        data: [
          whole(from.score),
          ...bars.map(({ change, size }) => ({
            value: size,
            itemStyle: { color: change > 0 ? UP : DOWN },
            label: { position: "right", formatter: signed(change, 2) },
          })),
          whole(to.score),
        ],
      },
    ],
  };
  const height = EDGE + ROW * (bars.length + 2);
  return drawChart({ id, label, option, width: WIDTH, height, className: "moves" });
}
