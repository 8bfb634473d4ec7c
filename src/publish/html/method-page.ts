import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import type { LevelExamination } from "../../method/examine-level.ts";
import type { Fragility } from "../../method/fragility.ts";
import type { Replicated } from "../../uncertainty/replicate.ts";
import type { Bilingual } from "../report.ts";
import { METHOD_PAGE_TEXTS } from "../texts-method-page.ts";
import { fill } from "../words.ts";
import { attribute, both, escapeHtml } from "./markup.ts";
import { renderCases } from "./method-cases.ts";
import { renderCorrelations } from "./method-correlation.ts";
import {
  renderReliabilities,
  renderRemovals,
  renderReversals,
  renderWeights,
} from "./method-tables.ts";
import { renderUncertainty } from "./method-uncertainty.ts";

/** What the page shows of one level. */
export interface ExaminedLevel {
  readonly level: string;
  readonly panel: { readonly entity: readonly string[] };
  readonly groups: readonly {
    readonly peerClass: string;
    readonly units: Int32Array;
    readonly stated: Int32Array;
  }[];
  readonly examination: LevelExamination;
  readonly fragility: Fragility;
  readonly replicated?: Replicated | undefined;
}

/** What the page is made of. */
export interface MethodPage {
  readonly context: Context;
  readonly levels: readonly ExaminedLevel[];
  readonly names: ReadonlyMap<string, Bilingual>;
}

/** In the order of the page. */
const PARTS = [
  ["weights", renderWeights],
  ["correlation", renderCorrelations],
  ["reliability", renderReliabilities],
  ["removal", renderRemovals],
  ["reversal", renderReversals],
  ["cases", renderCases],
  ["uncertainty", renderUncertainty],
] as const;

const STYLES = ["page.css", "tables.css", "charts.css", "media.css"];

type TextKey = keyof typeof METHOD_PAGE_TEXTS;

/** A text of the method report in both languages. */
export function tell(
  key: TextKey,
  values?: Readonly<Record<string, string | number | Bilingual>>,
): string {
  return both(values ? fill(METHOD_PAGE_TEXTS[key], values) : METHOD_PAGE_TEXTS[key]);
}

/** The method report as one HTML file that needs nothing else; Chinese first, `#~en` in English. */
export function writeMethodHtml(page: MethodPage): string {
  const { pipeline, standard, period, asOf } = page.context;
  const title = {
    zh: `${METHOD_PAGE_TEXTS.title.zh}：${standard.title.zh}`,
    en: `${METHOD_PAGE_TEXTS.title.en}: ${standard.title.en}`,
  };
  const parts = PARTS.map(([id, render]) => ({
    id,
    html: page.levels.map((level) => {
      const content = render(page, level);
      return content && `<h3>${both(nameLevel(page, level.level))}</h3>\n${content}`;
    }),
  })).filter(({ html }) => html.some((content) => content !== ""));
  const links = parts.map(({ id }) => `<a href="#${id}">${tell(id)}</a>`).join("");
  const sections = parts.map(
    ({ id, html }) => `<section id="${id}"><h2>${tell(id)}</h2>\n${html.join("\n")}\n</section>`,
  );
  const { synthetic } = pipeline.report;
  return `<!DOCTYPE html>
<html lang=zh-CN>
<head>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<meta name=color-scheme content=light>
<title>${attribute(title)} ${escapeHtml(period.id)}</title>
<style>
${STYLES.map(inline).join("")}</style>
</head>
<body>
<nav><div>${links}</div><button type=button id=language>${tell("language")}</button></nav>
<main>
<header id=top>
${synthetic ? `<p class=synthetic>${both(synthetic)}</p>` : ""}
<h1>${both(title)}</h1>
<p class=note>${escapeHtml(period.id)} · ${escapeHtml(asOf)} · ${escapeHtml(standard.id)} ${escapeHtml(standard.version)}</p>
<p>${tell("intro")}</p>
</header>
${sections.join("\n")}
</main>
<script>
${inline("method-page.js")}</script>
</body>
</html>
`;
}

function inline(name: string): string {
  return readFileSync(join(import.meta.dirname, name), "utf8");
}

/** The name of a level as the report calls it. */
function nameLevel({ context }: MethodPage, level: string): Bilingual {
  const shown = context.pipeline.report.levels.find((one) => one.level === level);
  return shown ?? { zh: level, en: level };
}

/** The name of a peer class. */
export function nameClass({ context }: MethodPage, id: string): Bilingual {
  return context.standard.peer_classes.find((peers) => peers.id === id) ?? { zh: id, en: id };
}

/** The title of a node or indicator. */
export function nameNode({ context }: MethodPage, id: string): Bilingual {
  const { standard, indicators } = context;
  const node = standard.nodes.find((one) => one.id === id);
  return node?.title ?? indicators.get(id)?.title ?? { zh: id, en: id };
}
