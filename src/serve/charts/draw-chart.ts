import type { EChartsCoreOption } from "echarts/core";
import { html, raw } from "hono/html";
import { type Link, makeChartTexts, renderChart } from "../../publish/html/chart.ts";
import type { Markup } from "../page/layout.ts";

export interface PageChart {
  /** Name of the chart on its page. */
  readonly id: string;
  readonly option: EChartsCoreOption;
  readonly width: number;
  readonly height: number;
  readonly className: string;
  /** Alternative text. */
  readonly label: string;
  readonly link?: (series: number, datum: number | undefined) => Link | undefined;
  /** Whether a script may draw it again in place, so that values can be pointed at; its option then holds no functions. */
  readonly live?: boolean;
}

/** Properties that ECharts writes as style, which the content security policy forbids and SVG knows as attributes. */
const ATTRIBUTES = new Set([
  "font-size",
  "font-weight",
  "font-family",
  "font-style",
  "fill",
  "stroke",
  "opacity",
  "stroke-width",
  "text-anchor",
  "dominant-baseline",
  "mix-blend-mode",
]);

/** Fonts of a picture, which inherits none of the page. */
const FONTS = "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";

/** A chart and the picture that stands for it on a phone, of which one is shown. */
export function drawBoth(
  chart: PageChart,
  slim: Pick<PageChart, "option" | "width" | "height">,
): Markup {
  const { id, className, label } = chart;
  const { option, width, height } = slim;
  const frame = { width, height, className, label: { zh: label, en: label } };
  const svg = renderChart(`${id}-slim`, option, frame, makeChartTexts()).replace(
    "<svg ",
    `<svg xmlns="http://www.w3.org/2000/svg" font-family="${FONTS}" width="${width}" height="${height}" `,
  );
  const picture = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  return html`<div class="roomy">${drawChart(chart)}</div><img class="slim" src="${picture}" alt="${label}">`;
}

/** Draws a chart with ECharts as SVG, without a script; with `live`, a script can take over. */
export function drawChart({ live, option, ...chart }: PageChart): Markup {
  const { id, width, height, className, label, link } = chart;
  const frame = {
    width,
    height,
    className,
    label: { zh: label, en: label },
    ...(link && { link }),
  };
  const svg = withoutStyles(renderChart(id, option, frame, makeChartTexts()));
  if (!live) return html`<div class="chart" tabindex="0">${raw(svg)}</div>`;
  const data = JSON.stringify(option).replaceAll("<", "\\u003c");
  return html`<div class="chart" tabindex="0" data-live>${raw(svg)}<script type="application/json">${raw(data)}</script></div>`;
}

/** A chart with its style attributes as attributes of SVG. */
export function withoutStyles(svg: string): string {
  return svg.replace(/ style="([^"]*)"/g, (_, styles: string) => toAttributes(styles));
}

function toAttributes(styles: string): string {
  return styles
    .split(";")
    .map((pair) => pair.split(":").map((part) => part.trim()) as [string, string | undefined])
    .filter(([name, value]) => value && ATTRIBUTES.has(name))
    .map(([name, value]) => ` ${name}="${value}"`)
    .join("");
}
