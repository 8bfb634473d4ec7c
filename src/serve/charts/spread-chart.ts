import type { EChartsCoreOption } from "echarts/core";
import { LINE, SOFT } from "../../publish/html/chart.ts";
import { plain } from "../../publish/html/markup.ts";
import type { Markup } from "../page/layout.ts";
import { drawBoth } from "./draw-chart.ts";

/** On a phone. */
const SLIM = 360;
const WIDTH = 560;
const HEIGHT = 220;
const MOST_BINS = 14;
const FEWEST_BINS = 6;

export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Values in bins of one width, by the square root of their number; the last holds its upper end. */
export function binValues(values: readonly number[]): Bin[] {
  if (values.length === 0) return [];
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (low === high) return [{ low, high, count: values.length }];
  const wanted = Math.ceil(Math.sqrt(values.length));
  const count = Math.min(Math.max(wanted, FEWEST_BINS), MOST_BINS);
  const width = (high - low) / count;
  const bins = Array.from({ length: count }, (_, at) => ({
    low: low + at * width,
    high: low + (at + 1) * width,
    count: 0,
  }));
  for (const value of values) {
    const bin = bins[Math.min(Math.floor((value - low) / width), count - 1)];
    if (bin) bin.count += 1;
  }
  return bins;
}

/** How many bodies have which value. */
export function drawSpread(id: string, bins: readonly Bin[], label: string): Markup {
  const size = { width: WIDTH, height: HEIGHT };
  return drawBoth(
    { id, label, ...size, className: "spread", live: true, option: lay(bins, 12) },
    { width: SLIM, height: HEIGHT, option: lay(bins, 10) },
  );
}

function lay(bins: readonly Bin[], fontSize: number): EChartsCoreOption {
  return {
    grid: { left: 36, right: 16, top: 12, bottom: 30 },
    xAxis: {
      type: "category",
      data: bins.map(({ low, high }) =>
        low === high ? plain(low) : `${plain(low)}–${plain(high)}`,
      ),
      axisLabel: { color: SOFT, fontSize },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: SOFT } },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: { color: SOFT, fontSize },
      splitLine: { lineStyle: { color: LINE } },
    },
    series: [
      {
        type: "bar",
        barWidth: "92%",
        itemStyle: { color: "#4a85aa" },
        data: bins.map(({ count }) => count),
      },
    ],
  };
}
