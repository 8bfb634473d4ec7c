import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
  // Not SVG: that writes style attributes, which the content security policy forbids.
  CanvasRenderer,
]);

const DECIMALS = 2;

/** Draws a chart again in place of its picture, with values to be pointed at; it grows with the page. */
export function drawLive(place: HTMLElement): void {
  const picture = place.querySelector("svg");
  const data = place.querySelector("script")?.textContent;
  if (!picture || !data) return;
  const option = JSON.parse(data) as EChartsCoreOption;
  const [, , width = 1, height = 1] = (picture.getAttribute("viewBox") ?? "")
    .split(" ")
    .map(Number);
  const live = document.createElement("div");
  live.setAttribute("role", "img");
  live.setAttribute("aria-label", picture.getAttribute("aria-label") ?? "");
  const scale = () => picture.parentElement?.clientWidth ?? width;
  live.style.width = "100%";
  live.style.height = `${Math.max((scale() / width) * height, Math.min(height, 260))}px`;
  picture.replaceWith(live);
  const chart = init(live, null, { renderer: "canvas" });
  chart.setOption({
    ...option,
    textStyle: { fontFamily: getComputedStyle(place).fontFamily },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      axisPointer: { type: "shadow" },
      valueFormatter: (value: unknown) =>
        typeof value === "number" ? value.toFixed(DECIMALS) : "–",
      ...(option.tooltip as object | undefined),
    },
  });
  chart.on("click", (event) => {
    const { href } = (event.data ?? {}) as { href?: unknown };
    if (typeof href === "string" && href.startsWith("/")) location.assign(href);
  });
  new ResizeObserver(() => chart.resize()).observe(live);
}
