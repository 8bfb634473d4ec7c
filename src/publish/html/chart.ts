import type { EChartsCoreOption } from "echarts/core";
import type { Bilingual } from "../report.ts";
import { init } from "./echarts.ts";
import { attribute, escapeHtml } from "./markup.ts";

/** Colours of charts, as in the style sheets. */
export const INK = "#1d2733";
export const SOFT = "#5b6775";
export const LINE = "#dde3e8";
export const UP = "#1a7a3f";
export const DOWN = "#b3261e";

/** A datum that leads to a body's section, and what is said of it when it is pointed at. */
export interface Link {
  readonly href: string;
  readonly title: string;
}

export interface ChartFrame {
  readonly width: number;
  readonly height: number;
  readonly className: string;
  /** Alternative text. */
  readonly label: Bilingual;
  /** Which datum of which series leads where; none: it is not a link. */
  readonly link?: (series: number, datum: number | undefined) => Link | undefined;
}

/** Bilingual texts of one chart. A chart is drawn once, with a mark for each text, which is then replaced by both. */
export interface ChartTexts {
  /** The mark that stands for a text; to be put alone on its line. */
  mark(text: Bilingual): string;
  readonly all: readonly Bilingual[];
}

export function makeChartTexts(): ChartTexts {
  const all: Bilingual[] = [];
  return { all, mark: (text) => `§${all.push(text) - 1}§` };
}

/**
 * Draws a chart with ECharts as SVG for the page: both languages in it, bodies as links, and the same bytes every time
 * (ECharts numbers its classes and clip paths through the process; they are taken out or numbered by chart).
 * @param id number of the chart on the page
 */
export function renderChart(
  id: string,
  option: EChartsCoreOption,
  frame: ChartFrame,
  { all }: ChartTexts,
): string {
  const { width, height } = frame;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: "inherit", color: INK },
    stateAnimation: { duration: 0 },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  const inside = svg
    .replace(/^<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<style[\s\S]*?<\/style>/g, "")
    .replace(/<rect [^>]*fill="none"><\/rect>\n?/, "")
    .replace(/ class="zr\d+-cls-\d+"/g, "")
    .replace(/zr\d+-/g, `${id}-`)
    .replace(/font-family:inherit;/g, "")
    .replace(/ (?:d|points|transform)="[^"]*"/g, (place) => place.replace(/(\.\d)\d+/g, "$1"))
    .replace(/<(path|circle|rect)( [^>]*?)><\/\1>/g, (_, tag: string, attributes: string) =>
      linkShape(tag, attributes, frame),
    )
    .replace(/ ecmeta_\w+="[^"]*"/g, "")
    .replace(/<text( [^>]*)>§(\d+)§([^<]*)<\/text>/g, (_, attributes, index, rest) => {
      const text = all[Number(index)] as Bilingual;
      if (text.zh === text.en) return `<text${attributes}>${escapeHtml(text.zh)}${rest}</text>`;
      const say = (language: "zh" | "en") =>
        `<text lang=${language}${attributes}>${escapeHtml(text[language])}${rest}</text>`;
      return say("zh") + say("en");
    })
    .trim();
  return `<svg class="${frame.className}" viewBox="0 0 ${width} ${height}" role=${frame.link ? "group" : "img"} aria-label="${attribute(frame.label)}">${inside}</svg>`;
}

function linkShape(tag: string, attributes: string, { link }: ChartFrame): string {
  const number = (name: string) => {
    const found = new RegExp(`ecmeta_${name}_index="(\\d+)"`).exec(attributes);
    return found ? Number(found[1]) : undefined;
  };
  const shape = `<${tag}${attributes}/>`;
  const series = number("series");
  const target = series === undefined ? undefined : link?.(series, number("data"));
  return target
    ? `<a href="${target.href}"><title>${escapeHtml(target.title)}</title>${shape}</a>`
    : shape;
}
