import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Report } from "../report.ts";
import { TEXTS } from "../texts.ts";
import { renderBodies } from "./body.ts";
import { renderCertainty } from "./certainty.ts";
import { renderHeader, renderSummary } from "./header.ts";
import { renderHeatMap } from "./heat-map.ts";
import { renderLists } from "./lists.ts";
import { renderMap } from "./map.ts";
import { attribute, escapeHtml, say } from "./markup.ts";
import { renderMethod } from "./method.ts";
import { renderMovers } from "./movers.ts";
import { renderQuality } from "./quality.ts";
import { renderRanking } from "./ranking.ts";
import { renderTrends } from "./trend.ts";
import { renderWarnings } from "./warnings.ts";

const PARTS = [
  ["summary", "summary", renderSummary],
  ["map", "tiles", renderMap],
  ["ranking", "ranking", renderRanking],
  ["trends", "trends", renderTrends],
  ["heat-map", "heatMap", renderHeatMap],
  ["movers", "movers", renderMovers],
  ["warnings", "warnings", renderWarnings],
  ["lists", "lists", renderLists],
  ["bodies", "bodies", renderBodies],
  ["certainty", "certainty", renderCertainty],
  ["quality", "quality", renderQuality],
  ["method", "method", renderMethod],
] as const;

/** In the order of the cascade. */
const STYLES = [
  "page.css",
  "tables.css",
  "charts.css",
  "warnings.css",
  "lists.css",
  "row-list.css",
  "media.css",
];

/**
 * The report as one HTML file that needs nothing else: no network, no other file. Between its parts other work, as the
 * writing of the data files, gets its turn.
 */
export async function writeReportHtml(report: Report): Promise<string> {
  const { pipeline, standard } = report.context;
  const { title } = pipeline.report;
  const parts: { id: string; key: (typeof PARTS)[number][1]; html: string }[] = [];
  for (const [id, key, render] of PARTS) {
    const html = render(report);
    if (html !== "") parts.push({ id, key, html });
    await setImmediate();
  }
  const links = parts.map(({ id, key }) => `<a href="#${id}">${say(key)}</a>`).join("");
  const names = report.standings
    .map(({ body }) => `<option value="${attribute(body.name)} ${escapeHtml(body.id)}">`)
    .join("");
  return `<!DOCTYPE html>
<html lang=zh-CN>
<head>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<meta name=color-scheme content=light>
<title>${attribute(title)} ${escapeHtml(report.context.period.id)} · ${attribute(standard.title)}</title>
<style>
${STYLES.map(inline).join("")}</style>
</head>
<body>
<a class=skip href="#summary">${say("skip")}</a>
<nav aria-label="${attribute(TEXTS.contents)}"><div>${links}</div><form role=search><input list=names id=search type=search placeholder="${TEXTS.search.zh}" data-zh="${TEXTS.search.zh}" data-en="${TEXTS.search.en}" aria-label="${attribute(TEXTS.search)}"><datalist id=names>${names}</datalist></form><button type=button id=language>${say("language")}</button></nav>
<main>
${renderHeader(report)}
${parts.map(({ html }) => html).join("\n")}
</main>
<footer><a href="#top">${say("top")}</a></footer>
<script>
${inline("report.js")}</script>
</body>
</html>
`;
}

function inline(name: string): string {
  return readFileSync(join(import.meta.dirname, name), "utf8");
}
