import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { Config } from "../../config.ts";
import { readStoredQueries } from "../../standard/stored-query.ts";
import { requireRole, type WebEnv } from "../auth/require-role.ts";
import type { MonthIndex, ServedPipeline } from "../months/find-month.ts";
import type { Language } from "../page/language.ts";
import { type Markup, type PagePlace, renderPage } from "../page/layout.ts";
import { readDictionary, sideOf } from "./dictionary.ts";

const TEXTS = {
  title: { zh: "查询", en: "Ask by SQL" },
  how: {
    zh: "查询已发布的数据，不含个人信息。Ctrl+Enter 执行。",
    en: "Asks what is published; nothing personal is among it. Ctrl+Enter runs the query.",
  },
  statement: { zh: "SQL 语句", en: "SQL statement" },
  period: { zh: "期间", en: "Period" },
  run: { zh: "执行", en: "Run" },
  save: { zh: "保存", en: "Save" },
  saved: { zh: "已保存的查询", en: "Saved queries" },
  export: { zh: "导出", en: "Export" },
  examples: { zh: "例题", en: "Questions" },
  tables: { zh: "数据字典", en: "Data dictionary" },
  result: { zh: "结果", en: "Result" },
  chart: { zh: "图表", en: "Chart" },
  noScript: {
    zh: "此页需要 JavaScript；也可用 zhengxin sql 或 POST /api/sql。",
    en: "This page needs JavaScript; zhengxin sql and POST /api/sql do the same.",
  },
} as const;

/** The analysts' page at /sql, and what its editor completes from at /sql/catalogue.json. */
export function sqlPage({
  config,
  index,
}: {
  readonly config: Config;
  readonly index: MonthIndex;
}) {
  const app = new Hono<WebEnv>();
  app.use("/sql", requireRole("analyst"));
  app.use("/sql/*", requireRole("analyst"));
  app.get("/sql/catalogue.json", (c) =>
    c.json(
      Object.fromEntries(
        readDictionary().map(({ name, columns }) => [name, columns.map((one) => one.name)]),
      ),
    ),
  );
  app.get("/sql", async (c) => {
    const [leading] = index.list();
    const page = await renderPage({
      language: c.get("language"),
      title: TEXTS.title,
      path: "/sql",
      ...(leading && { place: placeOf(leading) }),
      entry: "sql",
      wide: true,
      scripts: ["sql.js"],
      styles: ["sql.css"],
      main: drawMain(c, config, index),
    });
    return c.html(page);
  });
  return app;
}

/** The page is of no single period, but invented data is called so wherever it may show. */
function placeOf({ definition, newest }: ServedPipeline): PagePlace {
  const { title, synthetic } = definition.report;
  return {
    pipeline: definition.pipeline,
    title,
    synthetic: synthetic ?? null,
    query: "",
    period: newest.period,
    periods: [],
    others: [],
  };
}

function drawMain(c: Context<WebEnv>, config: Config, index: MonthIndex): Markup {
  const language = c.get("language");
  const say = (key: keyof typeof TEXTS) => TEXTS[key][language];
  const months = index
    .list()
    .flatMap(({ definition, runs }) =>
      [...new Set(runs.map(({ period }) => period))]
        .reverse()
        .map((period) => ({ pipeline: definition.pipeline, period })),
    );
  return html`<p class="lead">${say("how")}</p>
<noscript><p class="problem">${say("noScript")}</p></noscript>
<div class="sql" data-sql data-nonce="${c.get("secureHeadersNonce") ?? ""}">
<section class="ask">
<div class="editor" data-editor aria-label="${say("statement")}"></div>
<div class="orders">
<label>${say("period")} <select data-period>${months.map(
    ({ pipeline, period }) =>
      html`<option value="${pipeline} ${period}">${pipeline} ${period}</option>`,
  )}</select></label>
<button type="button" data-run>${say("run")}</button>
<button type="button" class="quiet" data-save>${say("save")}</button>
<span>${say("export")}: ${["csv", "json", "arrow", "parquet"].map(
    (format) =>
      html`<button type="button" class="quiet" data-export="${format}">${format}</button> `,
  )}</span>
</div>
<p class="problem" role="alert" data-problem hidden></p>
<section aria-live="polite"><h2>${say("result")}</h2><p data-count></p>
<div class="wide grid" tabindex="0" data-grid></div></section>
<section><h2>${say("chart")}</h2><div class="chart-place" data-chart role="img" aria-label="${say("chart")}"></div></section>
</section>
<aside>
<h2>${say("examples")}</h2>
<ul class="questions">${readStoredQueries(config.workspace).map(
    ({ title, answers, sql }) =>
      html`<li><button type="button" class="link" data-query="${sql}" title="${answers[language]}">${title[language]}</button></li>`,
  )}</ul>
<h2>${say("saved")}</h2>
<ul class="questions" data-saved></ul>
<h2>${say("tables")}</h2>
${drawDictionary(language)}
</aside>
</div>`;
}

function drawDictionary(language: Language): Markup {
  return html`${readDictionary().map(
    ({ name, text, columns }) =>
      html`<details><summary><code>${name}</code> ${sideOf(text, language)}</summary>
<dl>${columns.map(
        (column) =>
          html`<dt><code>${column.name}</code> <small>${column.type}</small></dt><dd>${sideOf(column.text, language)}</dd>`,
      )}</dl></details>`,
  )}`;
}
