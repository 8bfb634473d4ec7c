import type { EChartsCoreOption } from "echarts/core";
import { DOWN, LINE, SOFT, UP } from "../../publish/html/chart.ts";
import { figure, signed } from "../../publish/html/markup.ts";
import type { Markup } from "../page/layout.ts";
import { drawBoth } from "./draw-chart.ts";
import { foldName } from "./fold-name.ts";

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

/** A form of the chart: its width, that of the names, and how many columns of text fit into those. */
const WIDE = { width: 860, names: 290, columns: 38, fontSize: 13 } as const;
const SLIM = { width: 360, names: 128, columns: 20, fontSize: 11 } as const;
const ROW = 34;
const EDGE = 34;
const WHOLE = "#4a85aa";
/** Room left and right of the changes, as a share of their span. */
const MARGIN = 0.12;

/** How a score became another: the first, each change where the one before left off, and the last. */
export function drawWaterfall(waterfall: Waterfall): Markup {
  const { id, label, steps } = waterfall;
  const height = EDGE + ROW * (steps.length + 2);
  const wide = { width: WIDE.width, height, option: lay(waterfall, WIDE) };
  const slim = { width: SLIM.width, height, option: lay(waterfall, SLIM) };
  return drawBoth({ id, label, className: "moves", ...wide }, slim);
}

function lay(
  { from, to, steps }: Waterfall,
  { names, columns, fontSize }: typeof WIDE | typeof SLIM,
): EChartsCoreOption {
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
  return {
    grid: { left: names, right: 56, top: 8, bottom: EDGE - 8 },
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
      data: [from.name, ...bars.map(({ name }) => foldName(name, columns)), to.name],
      axisLabel: { fontSize, lineHeight: fontSize + 2, interval: 0, margin: 10 },
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
        label: { show: true, fontSize, color: "#17222c" },
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
}
