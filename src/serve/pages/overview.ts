import { join } from "node:path";
import { html } from "hono/html";
import { z } from "zod";
import { describeMap, drawBodies } from "../../publish/html/map.ts";
import { readMap } from "../../standard/map-file.ts";
import { withoutStyles } from "../charts/draw-chart.ts";
import type { Markup } from "../page/layout.ts";
import { definePage, type PageView } from "./define-page.ts";
import { gradeClass } from "./palette.ts";
import {
  asMarkup,
  figure,
  gradeChip,
  gradeKey,
  levelChip,
  panel,
  signed,
  speaker,
} from "./parts.ts";
import { drawRanking, rankingCsv } from "./ranking-table.ts";
import {
  chooseLevel,
  describeLevels,
  readAlerts,
  readTitles,
  sayNoAlert,
  standingsOf,
} from "./read-report.ts";
import { alert, bilingual, grade, levelTitle, type StandingRow, standing } from "./shapes.ts";

const data = z.object({
  level: z.string().describe("the level shown: the first of `levels`"),
  levels: z.array(levelTitle),
  grades: z.array(grade),
  periods: z.array(z.string()),
  titles: z.record(z.string(), bilingual).describe("names of the rules of vetoes"),
  ranking: z.array(standing),
  movers: z.array(z.object({ entity_id: z.string(), change: z.number() })),
  alerts: z.array(alert),
  figures: z.object({
    sources_fresh: z.number(),
    sources: z.number(),
    checks_passed: z.number(),
    checks: z.number(),
    rows_loaded: z.number(),
    rows_quarantined: z.number(),
  }),
});
type Overview = z.infer<typeof data>;

const MOVERS = 6;
const ALERTS = 6;

export const overviewPage = definePage({
  name: "",
  rest: "none",
  summary: { zh: "总览：地图、排名、变动与预警", en: "Overview: map, ranking, movements, alerts" },
  query: z.object({}),
  data,
  async read({ month }) {
    const level = chooseLevel(month, "");
    if (!level) return undefined;
    const { sources, checks, grades, periods } = month.report;
    const ranking = standingsOf(month, level);
    const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
    const titles = await readTitles(month);
    return {
      level: level.level,
      levels: describeLevels(month),
      grades: [...grades],
      periods: [...periods],
      ranking,
      titles: Object.fromEntries(
        ranking.flatMap(({ vetoed_by: rule }) => {
          const title = rule === null ? undefined : titles.get(rule);
          return rule !== null && title ? [[rule, title]] : [];
        }),
      ),
      movers: chooseMovers(ranking),
      alerts: (await readAlerts(month)).slice(0, ALERTS),
      figures: {
        sources_fresh: sources.filter(({ state }) => state === "fresh").length,
        sources: sources.length,
        checks_passed: checks.filter(({ passed }) => passed).length,
        checks: checks.length,
        rows_loaded: sum(sources.map(({ rows_loaded }) => rows_loaded)),
        rows_quarantined: sum(sources.map(({ rows_quarantined }) => rows_quarantined)),
      },
    };
  },
  toCsv: ({ ranking }) => rankingCsv(ranking),
  draw(view) {
    const { language, month } = view;
    return {
      title: month.report.title,
      entry: "overview",
      main: html`${drawLead(view)}
<div class="split">
${drawMapPanel(view)}
${drawRankingPanel(view)}
</div>
<div class="split even">
${drawMoversPanel(view)}
${panel("alerts", speaker(language)("worstAlerts"), drawAlerts(view), html`<a href="${view.link("alerts")}">${speaker(language)("allAlerts")}</a>`)}
</div>
${drawFigures(view)}`,
    };
  },
});

/** The bodies whose score moved most either way, from the largest rise to the largest fall. */
function chooseMovers(ranking: readonly StandingRow[]) {
  return ranking
    .flatMap(({ entity_id, score, score_previous: before }) =>
      score === null || before === null ? [] : [{ entity_id, change: score - before }],
    )
    .filter(({ change }) => change !== 0)
    .toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change))
    .slice(0, MOVERS)
    .toSorted((a, b) => b.change - a.change);
}

function drawLead({ data: { ranking, levels }, language }: PageView<Overview>): Markup {
  const say = speaker(language);
  const ranked = ranking.filter(({ rank }) => rank !== null);
  const scores = ranked.flatMap(({ score }) => score ?? []).toSorted((a, b) => a - b);
  const [best, worst] = [ranked[0], ranked.at(-1)];
  const level = levels[0]?.title;
  if (!level || !best || !worst) return html``;
  const middle = (scores.length - 1) / 2;
  const low = scores[Math.floor(middle)] ?? 0;
  const high = scores[Math.ceil(middle)] ?? 0;
  return html`<p class="lead">${say("summarySentence", {
    level,
    ranked: ranked.length,
    median: figure((low + high) / 2, 1),
    best: best.name,
    bestScore: figure(best.score, 1),
    worst: worst.name,
    worstScore: figure(worst.score, 1),
  })}</p>`;
}

function drawMapPanel(view: PageView<Overview>): Markup {
  const { language, month, around, data: shown } = view;
  const { map } = month.pipeline.report;
  if (!map) return drawTiles(view);
  const file = readMap(join(around.workspace, map));
  const svg = drawBodies(
    file,
    shown.ranking.map(({ entity_id, name, score, grade: own }) => ({
      id: entity_id,
      score,
      href: view.link(`entity/${entity_id}`),
      name: { zh: name[language], en: name[language] },
      colour: shown.grades.find(({ id }) => id === own)?.colour,
    })),
  );
  const say = speaker(language);
  return panel(
    "map",
    say("tiles"),
    html`<figure>${asMarkup(withoutStyles(svg))}<figcaption>${say("mapAlternative")} ${describeMap(file)[language]}</figcaption></figure>${gradeKey(view)}`,
  );
}

/** What a map would show, without outlines: only a reviewed map may show those. */
function drawTiles(view: PageView<Overview>): Markup {
  const { language, data: shown } = view;
  const say = speaker(language);
  const tiles = shown.ranking.map(({ entity_id, name, score, grade }) => {
    const inside = html`${name[language]}<b>${grade ?? "–"} ${figure(score, 2)}</b>`;
    const href = view.link(`entity/${entity_id}`);
    return grade === null
      ? html`<li><a href="${href}">${inside}</a></li>`
      : html`<li><a class="${gradeClass(grade)}" href="${href}">${inside}</a></li>`;
  });
  return panel(
    "map",
    say("tiles"),
    html`<ol class="tiles">${tiles}</ol><p class="note">${say("tilesNote")}</p>${gradeKey(view)}`,
  );
}

function drawRankingPanel(view: PageView<Overview>): Markup {
  const { language, data: shown } = view;
  const say = speaker(language);
  const titles = new Map(Object.entries(shown.titles));
  const certain = shown.ranking.some(({ rank_range }) => rank_range !== null);
  return panel(
    "ranking",
    `${say("ranking")} · ${shown.levels[0]?.title[language] ?? ""}`,
    html`${drawRanking(view, shown.ranking, { titles })}
${certain ? html`<p class="note">${say("rankIntervalNote")}</p>` : ""}
<ul class="tabs">${shown.levels.map(
      ({ level, title, bodies }) =>
        html`<li><a href="${view.link(`ranking/${level}`)}">${title[language]} <small>${bodies}</small></a></li>`,
    )}</ul>`,
    html`<a href="${view.link("ranking")}">${say("allRankings")}</a>`,
  );
}

function drawMoversPanel(view: PageView<Overview>): Markup {
  const { language, month, data: shown } = view;
  const say = speaker(language);
  const byId = new Map(shown.ranking.map((row) => [row.entity_id, row]));
  const items = shown.movers.flatMap(({ entity_id, change }) => {
    const row = byId.get(entity_id);
    if (!row) return [];
    return html`<li><div class="head"><a href="${view.link(`entity/${entity_id}`)}">${row.name[language]}</a> <span class="n ${change > 0 ? "up" : "down"}">${signed(change, 2)}</span> ${gradeChip(row.grade, month.report.grades, language)} <small class="n">${row.rank_previous ?? "–"} → ${row.rank ?? "–"}</small></div><p class="clamp">${row.reason[language]}</p></li>`;
  });
  return panel(
    "movers",
    say("moversShort"),
    items.length === 0 ? html`<p>${say("noMovers")}</p>` : html`<ul class="movers">${items}</ul>`,
  );
}

function drawAlerts(view: PageView<Overview>): Markup {
  const { language, data: shown } = view;
  if (shown.alerts.length === 0) return html`<p>${speaker(language)(sayNoAlert(view.month))}</p>`;
  return html`<ul class="movers">${shown.alerts.map(
    ({ entity_id, name, level, title, began, message }) =>
      html`<li><div class="head alert-line"><a href="${view.link(`entity/${entity_id}`)}">${name[language]}</a> <span class="what">${title[language]}</span> ${levelChip(level, language)} <small class="n">${began}</small></div><p class="clamp">${message[language]}</p></li>`,
  )}</ul>`;
}

function drawFigures(view: PageView<Overview>): Markup {
  const { figures } = view.data;
  const say = speaker(view.language);
  const of = (part: number, whole: number) =>
    say("ofTotal", { part: figure(part), whole: figure(whole) });
  const pairs = [
    [say("sourcesFresh"), of(figures.sources_fresh, figures.sources)],
    [say("checksPassed"), of(figures.checks_passed, figures.checks)],
    [say("rowsLoaded"), figure(figures.rows_loaded)],
    [say("rowsQuarantined"), figure(figures.rows_quarantined)],
  ];
  return panel(
    "quality",
    say("quality"),
    html`<dl class="figures">${pairs.map(
      ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
    )}</dl>`,
    html`<a href="${view.link("quality")}">${say("sources")}</a>`,
  );
}
