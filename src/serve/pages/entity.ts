import { html } from "hono/html";
import { z } from "zod";
import { UNDISCLOSED } from "../../publish/outputs.ts";
import { nameCode } from "../../publish/words.ts";
import { drawHistory } from "../charts/history-chart.ts";
import type { Markup } from "../page/layout.ts";
import { definePage, type PageView } from "./define-page.ts";
import { drawChange } from "./entity-change.ts";
import { drawIndicators, drawPromises } from "./entity-indicators.ts";
import { drawObjections, drawRecords } from "./entity-records.ts";
import { type EntityData, entityData } from "./entity-shape.ts";
import {
  drawBar,
  drawMove,
  drawTable,
  figure,
  gradeChip,
  levelChip,
  panel,
  percent,
  plain,
  sayLevel,
  signed,
  speaker,
  vetoMark,
} from "./parts.ts";
import { drawRanking } from "./ranking-table.ts";
import { readEntity } from "./read-entity.ts";

type View = PageView<EntityData>;

export const entityPage = definePage({
  name: "entity",
  rest: "required",
  restName: "entity",
  summary: {
    zh: "一个单位：历史、构成、变动原因、记录",
    en: "A body: history, composition, changes, records",
  },
  query: z.object({
    from: z
      .string()
      .max(10)
      .optional()
      .describe("period the score is compared with; the one before when absent"),
  }),
  data: entityData,
  read: readEntity,
  toCsv: ({ standing, indicators }) => ({
    columns: [
      "entity_id",
      "indicator_id",
      "title_zh",
      "title_en",
      "clause",
      "state",
      "numerator",
      "denominator",
      "value",
      "score",
      "sample_size",
      "excluded",
      "undelivered",
      "weight",
      "lost",
    ],
    rows: indicators.map(({ id, title, unit: _u, categories: _c, ...row }) => ({
      ...row,
      entity_id: standing.entity_id,
      indicator_id: id,
      title_zh: title.zh,
      title_en: title.en,
    })),
  }),
  draw(view) {
    const { data, language } = view;
    return {
      title: data.standing.name,
      entry: "ranking",
      charts: true,
      main: html`${drawHead(view)}
<div class="split even">
${drawCourse(view)}
${drawComposition(view)}
</div>
${drawChange(view)}
${drawIndicators(view)}
<div class="split even">
${drawPromises(view)}
${drawWarnings(view)}
</div>
${drawRecords(view)}
${drawObjections(view)}
${
  data.children.length > 0
    ? panel("children", speaker(language)("children"), html`${drawChildren(view)}`)
    : ""
}`,
    };
  },
});

/** Bodies below, a ranking for each peer class: ranks of different classes are not compared. */
function drawChildren(view: View): Markup[] {
  const classes = [...new Set(view.data.children.map(({ peer_class }) => peer_class))];
  const titles = new Map(
    view.month.report.levels.flatMap(({ peer_classes }) =>
      peer_classes.map(({ id, title }): [string, string] => [id, title[view.language]]),
    ),
  );
  return classes.map((id) =>
    drawRanking(
      view,
      view.data.children.filter(({ peer_class }) => peer_class === id),
      { titles: new Map(), ...(classes.length > 1 && { caption: titles.get(id) ?? id }) },
    ),
  );
}

function drawHead(view: View): Markup {
  const { data, language, link } = view;
  const { standing, parent } = data;
  const say = speaker(language);
  const veto = new Map(
    standing.vetoed_by !== null && data.veto_title ? [[standing.vetoed_by, data.veto_title]] : [],
  );
  const place =
    standing.rank === null
      ? say("notRanked")
      : html`${standing.rank} <small>/ ${standing.ranked_of}</small> ${drawMove(standing.rank, standing.rank_previous, language)}`;
  const range = standing.rank_range;
  const pairs: [string, Markup | string][] = [
    [
      say("score"),
      html`${figure(standing.score, 2)} <small>${changeOf(standing.score, standing.score_previous)}</small>`,
    ],
    [`${say("rank")}（${data.peer_class_title[language]}）`, place],
    ...(range
      ? [
          [
            say("rankRange"),
            `${plain(Math.round(range.low))}–${plain(Math.round(range.high))}`,
          ] as [string, string],
        ]
      : []),
    [
      say("grade"),
      html`${gradeChip(standing.grade, data.grades, language)}${vetoMark(standing, veto, language)}`,
    ],
    [say("coverage"), percent(standing.coverage)],
  ];
  return html`<p class="meta"><a href="${link(`ranking/${standing.level}`)}">${data.level_title[language]}</a> · <code>${standing.entity_id}</code>${
    parent
      ? html` · ${say("partOfLink")} <a href="${link(`entity/${parent.entity_id}`)}">${parent.name[language]}</a>`
      : ""
  } · <a href="${link("compare", { a: standing.entity_id })}">${say("compareWith")}</a></p>
<dl class="figures">${pairs.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>
${standing.reason[language] ? html`<p class="reason">${standing.reason[language]}</p>` : ""}`;
}

function changeOf(now: number | null, before: number | null): string {
  return now === null || before === null ? "" : signed(now - before, 2);
}

function drawCourse({ data, language }: View): Markup {
  const say = speaker(language);
  const { history, standing } = data;
  const label = say("historyOf", { body: standing.name });
  const rows = history
    .toReversed()
    .map(
      ({ period, score, rank, ranked_of, grade }) =>
        html`<tr><th scope="row">${period}</th><td class="n">${figure(score, 2)}</td><td class="n">${rank ?? "–"} / ${ranked_of ?? "–"}</td><td>${gradeChip(grade, data.grades, language)}</td></tr>`,
    );
  return panel(
    "history",
    say("indexHistory"),
    html`<figure>${drawHistory(
      "history",
      history.map(({ period }) => period),
      [{ name: standing.name[language], values: history.map(({ score }) => score) }],
      label,
    )}</figure>
<details><summary>${say("tableBehind")}</summary>${drawTable({
      head: [say("period"), { n: say("score") }, { n: say("rank") }, say("grade")],
      rows,
      caption: label,
    })}</details>`,
  );
}

function drawComposition({ data, language }: View): Markup {
  const say = speaker(language);
  const shown = (points: number | null, sign = false) =>
    points === null ? "–" : sign ? signed(points, 2) : figure(points, 2);
  const rows = data.dimensions.map(
    ({ title, weight, score, median, points, points_previous }) =>
      html`<tr><th scope="row">${title[language]}</th><td class="n">${plain(weight)}</td><td class="n">${figure(score, 1)}</td><td>${drawBar(score, median)}</td><td class="n">${shown(points)}</td><td class="n">${shown(points_previous)}</td></tr>`,
  );
  const others = data.others.map(
    ({ kind, title, points, points_previous }) =>
      html`<tr><th scope="row">${kind === UNDISCLOSED ? "" : `${nameCode(kind)[language]}${language === "zh" ? "：" : ": "}`}${title[language]}</th><td></td><td></td><td></td><td class="n">${shown(points, true)}</td><td class="n">${shown(points_previous, true)}</td></tr>`,
  );
  const total = html`<tr class="total"><th scope="row">${say("total")}</th><td></td><td></td><td></td><td class="n">${figure(data.standing.score, 2)}</td><td class="n">${figure(data.standing.score_previous, 2)}</td></tr>`;
  const previous = data.history.at(-2)?.period ?? "";
  return panel(
    "composition",
    say("dimensions"),
    html`${drawTable({
      head: [
        say("dimension"),
        { n: say("weight") },
        { n: say("score") },
        say("median"),
        { n: say("points") },
        { n: previous },
      ],
      rows: [...rows, ...others, total],
    })}`,
  );
}

function drawWarnings({ data, language, link }: View): Markup {
  const say = speaker(language);
  if (data.warnings.length === 0) return html``;
  const parts = data.warnings.map(({ title, course, reason, rating, episodes }) => {
    const open = episodes.filter(({ ended }) => ended === null);
    return html`<h3>${title[language]} ${levelChip(course.at(-1)?.level ?? "no_data", language)}${rating === null ? "" : html` <small>${say("creditRating")} ${rating}</small>`}</h3>
<p>${reason[language]}</p>
<ol class="course" aria-label="${say("warningCourseOf")}">${course.map(
      ({ period, level }) =>
        html`<li class="w-${level}" title="${period}"><span class="hidden">${period} ${sayLevel(level, language)}</span></li>`,
    )}</ol>
${
  open.length === 0
    ? ""
    : html`<ul class="movers">${open.map(
        (one) =>
          html`<li><div class="head"><span>${one.title[language]}</span> <span>${levelChip(one.level, language)}</span> <small>${one.began}</small></div><p>${one.message[language]}</p></li>`,
      )}</ul>`
}`;
  });
  return panel(
    "warnings",
    say("warnings"),
    html`${parts}`,
    html`<a href="${link("alerts")}">${say("allAlerts")}</a>`,
  );
}
