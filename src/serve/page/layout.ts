import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Bilingual } from "../../publish/report.ts";
import { type AssetName, openAssets } from "./assets.ts";
import { type Language, tagOf } from "./language.ts";
import { PAGE_TEXTS, type PageTextKey } from "./texts.ts";

/** Markup made by hono's `html`, which escapes whatever is put into it. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Where in the site a page stands: whose data it shows, and of which period. */
export interface PagePlace {
  readonly pipeline: string;
  readonly title: Bilingual;
  /** The standard that scores go by, which says of itself whose it is; absent where a page is of no single month. */
  readonly standard?: Bilingual | null;
  /** Said above every page that shows invented data. */
  readonly synthetic: Bilingual | null;
  /** That records were left out of the month, which are published no more. */
  readonly redaction?: Bilingual | null;
  /** Which laws its figures rest on by analogy. */
  readonly byAnalogy?: Bilingual | null;
  /** What the month does not hold because an older program published it. */
  readonly lacked?: readonly Bilingual[];
  /** Published runs that cannot be shown because their manifest is damaged, as "2018-06 (0123456789abcdef)". */
  readonly damaged?: readonly string[];
  /** Query that keeps the period chosen, as "?period=2018-06"; empty for the latest. */
  readonly query: string;
  readonly period: string;
  /** Published periods to choose from, newest first. */
  readonly periods: readonly string[];
  /** Other pipelines with something published. */
  readonly others: readonly { readonly pipeline: string; readonly title: Bilingual }[];
}

export interface Page {
  readonly language: Language;
  readonly title: Bilingual;
  /** Path of the page itself, without the query; the language switch leads to it. */
  readonly path: string;
  readonly main: Markup;
  readonly place?: PagePlace;
  /** Query of the page itself, for the language switch: "a=1&period=2018-06". */
  readonly query?: string;
  /** Which entry of the navigation the page belongs to. */
  readonly entry?: PageTextKey;
  /** Shows links to the same data as JSON and CSV. */
  readonly data?: boolean;
  readonly scripts?: readonly AssetName[];
  readonly styles?: readonly AssetName[];
  /** Has charts that a script brings to life. */
  readonly charts?: boolean;
  /** Path of a style sheet made from data, as the colours of grades. */
  readonly palette?: string;
  /** Takes the whole width, as the SQL page does. */
  readonly wide?: boolean;
}

const ENTRIES = [
  ["overview", ""],
  ["ranking", "ranking"],
  ["alerts", "alerts"],
  ["compare", "compare"],
  ["quality", "quality"],
  ["standards", "standards"],
  ["months", "months"],
] as const satisfies readonly (readonly [PageTextKey, string])[];

/**
 * A whole page: head, navigation, language switch, the warning about invented data, and `main` below a heading.
 * Nothing inline: scripts and styles are files (see `assets.ts`), as the content security policy asks.
 */
export async function renderPage(page: Page): Promise<string> {
  const { language, place } = page;
  const say = (key: PageTextKey) => PAGE_TEXTS[key][language];
  const assets = await openAssets();
  const site = place?.title[language] ?? say("claim");
  const styles = ["page.css" as const, ...(page.styles ?? [])];
  const scripts = ["page.js" as const, ...(page.scripts ?? [])];
  // Fetched when the page is there, so that a chart comes to life at once.
  const charts = page.charts
    ? html`<link rel="modulepreload" href="${assets.path("charts.js")}" fetchpriority="low" data-charts>`
    : "";
  return String(
    await html`<!DOCTYPE html>
<html lang="${tagOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${page.title[language]} · ${site}${place?.standard ? ` · ${place.standard[language]}` : ""}</title>
<link rel="icon" href="${assets.path("icon.svg")}" type="image/svg+xml">
${styles.map((name) => html`<link rel="stylesheet" href="${assets.path(name)}">`)}
${page.palette ? html`<link rel="stylesheet" href="${page.palette}">` : ""}
${scripts.map((name) => html`<script type="module" src="${assets.path(name)}"></script>`)}
${charts}
</head>
<body${page.wide ? html` class="wide-page"` : ""}>
<a class="skip" href="#main">${say("skip")}</a>
<header class="site">
<div class="bar">
<a class="brand" href="${place ? `/${place.pipeline}/${place.query}` : "/"}"><b>${say("product")}</b> <span>${site}</span></a>
<nav aria-label="${say("navigation")}">${renderEntries(page)}</nav>
<div class="tools">${renderLanguage(page)}<a href="/account">${say("account")}</a></div>
</div>
</header>
${place?.synthetic ? html`<p class="synthetic" role="note"><b>${say("syntheticMark")}</b> ${place.synthetic[language]}</p>` : ""}
${place?.redaction ? html`<p class="redaction" role="note">${place.redaction[language]}</p>` : ""}
${place?.damaged?.length ? html`<p class="synthetic" role="alert">${say("damagedNote")}${language === "zh" ? "：" : ": "}${place.damaged.join(language === "zh" ? "、" : ", ")}</p>` : ""}
${place?.lacked?.length ? html`<p class="lacked" role="note">${say("lackedNote")}${language === "zh" ? "：" : ": "}${place.lacked.map((part) => part[language]).join(language === "zh" ? "、" : ", ")}${language === "zh" ? "。" : "."}</p>` : ""}
<main id="main" tabindex="-1">
<div class="title"><h1>${page.title[language]}</h1>${place ? renderPeriods(page, place) : ""}</div>
${place?.standard ? html`<p class="standard">${say("byStandard")} ${place.standard[language]}</p>` : ""}
${page.main}
${place?.byAnalogy ? html`<p class="note" role="note">${place.byAnalogy[language]}</p>` : ""}
</main>
<footer>${renderFooter(page)}</footer>
</body>
</html>
`,
  );
}

/** The period shown, and the others to choose from; a script sends the form by itself. */
function renderPeriods({ language, path, query }: Page, { period, periods }: PagePlace): Markup {
  if (periods.length < 2) return html`<p class="when">${period}</p>`;
  const kept = [...new URLSearchParams(query)].filter(
    ([name]) => !["period", "run"].includes(name),
  );
  return html`<form class="when" method="get" action="${path}" data-send>
${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label><span class="hidden">${PAGE_TEXTS.period[language]}</span><select name="period">${periods.map(
    (one) => html`<option value="${one}"${one === period ? html` selected` : ""}>${one}</option>`,
  )}</select></label> <button class="quiet" type="submit">${PAGE_TEXTS.show[language]}</button></form>`;
}

function renderEntries({ language, place, entry }: Page): Markup {
  const inside = place
    ? ENTRIES.map(([key, path]) => ({ key, href: `/${place.pipeline}/${path}${place.query}` }))
    : [{ key: "overview" as const, href: "/" }];
  const links = [
    ...inside,
    { key: "sql" as const, href: "/sql" },
    { key: "api" as const, href: "/api/docs" },
  ];
  return html`<ul>${links.map(
    ({ key, href }) =>
      html`<li><a href="${href}"${key === entry ? html` aria-current="page"` : ""}>${PAGE_TEXTS[key][language]}</a></li>`,
  )}</ul>`;
}

function renderLanguage({ language, path, query }: Page): Markup {
  const other = language === "zh" ? "en" : "zh";
  const search = new URLSearchParams(query);
  search.set("lang", other);
  return html`<a class="language" hreflang="${tagOf(other)}" lang="${tagOf(other)}" href="${path}?${search.toString()}">${PAGE_TEXTS.otherLanguage[language]}</a>`;
}

function renderFooter({ language, place, path, query, data }: Page): Markup {
  const search = query ? `?${query}` : "";
  const base = path.endsWith("/") ? `${path}index` : path;
  return html`${
    data
      ? html`<p>${PAGE_TEXTS.sameAs[language]} <a href="${base}.json${search}">JSON</a> · <a href="${base}.csv${search}">CSV</a></p>`
      : ""
  }${
    place && place.others.length > 0
      ? html`<p>${PAGE_TEXTS.jurisdiction[language]}: ${place.others.map(
          ({ pipeline, title }) => html`<a href="/${pipeline}/">${title[language]}</a> `,
        )}</p>`
      : ""
  }`;
}
