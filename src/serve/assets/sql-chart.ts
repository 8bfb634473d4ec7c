import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { Digits, type ExactAnswer, type ExactJson, showExact } from "../../exact-json.ts";
import { isNumber } from "./sql-grid.ts";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const MOST_SERIES = 4;
const MOST_POINTS = 200;

/**
 * A quick chart: the first column that is no number along the axis, the numbers as series; a line where the axis is of days,
 * else bars. Nothing where there is no number or only one row.
 */
export function drawQuickChart(place: HTMLElement, { columns, rows }: ExactAnswer): void {
  getInstanceByDom(place)?.dispose();
  const axis = columns.findIndex(({ type }) => !isNumber(type));
  const numbers = columns
    .flatMap(({ type }, at) => (isNumber(type) ? [at] : []))
    .slice(0, MOST_SERIES);
  place.classList.toggle("empty", axis < 0 || numbers.length === 0 || rows.length < 2);
  if (place.classList.contains("empty")) return;
  const shown = rows.slice(0, MOST_POINTS);
  const type = /^(DATE|TIMESTAMP)/.test(columns[axis]?.type ?? "")
    ? ("line" as const)
    : ("bar" as const);
  init(place, null, { renderer: "canvas" }).setOption({
    tooltip: { trigger: "axis" },
    legend: {},
    grid: { left: 60, right: 20, bottom: 60 },
    xAxis: { type: "category", data: shown.map((row) => label(row[axis])) },
    yAxis: { type: "value", scale: type === "line" },
    series: numbers.map((at) => ({
      type,
      name: columns[at]?.name,
      data: shown.map((row) => height(row[at])),
    })),
  });
}

const label = (value: ExactJson | undefined) => (value == null ? "–" : showExact(value));
/** A mark needs no more digits than a number of JavaScript has. */
const height = (value: ExactJson | undefined) =>
  value instanceof Digits ? Number(value.text) : null;
