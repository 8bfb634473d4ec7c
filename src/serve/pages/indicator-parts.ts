import { html } from "hono/html";
import { describeEdge, describeRollup } from "../../publish/counting-words.ts";
import { nameCode } from "../../publish/words.ts";
import { binValues, drawSpread } from "../charts/spread-chart.ts";
import type { Markup } from "../page/layout.ts";
import type { PageView } from "./define-page.ts";
import type { Indicator } from "./indicator.ts";
import { drawTable, figure, panel, plain, speaker } from "./parts.ts";

type View = PageView<Indicator>;

/** What an indicator is, how it is counted and what it weighs. */
export function drawDefinition({ data: own, language, month, link }: View): Markup {
  const say = speaker(language);
  const how = {
    ratio: say("aggregateRatio", { scale: own.scale }),
    median: say("aggregateMedian"),
    list: say("aggregateList"),
  }[own.aggregate];
  const titleOf = (level: string) =>
    month.report.levels.find((one) => one.level === level)?.title[language] ?? level;
  const pairs: [string, Markup | string][] = [
    ["ID", html`<code>${own.id}</code>`],
    [say("clause"), own.clause ?? "–"],
    [say("unit"), own.unit[language]],
    [say("direction"), say(own.direction === "higher" ? "higherBetter" : "lowerBetter")],
    [say("howCounted"), how ?? own.aggregate],
    [say("numerator"), own.numerator?.[language] ?? "–"],
    [say("denominator"), own.denominator[language]],
    [say("windowEdge"), own.evidence === null ? "–" : describeEdge(own.evidence)[language]],
    [say("rollup"), own.rollup === null ? "–" : describeRollup(own.rollup)[language]],
    [say("minimumSample"), figure(own.minimum_sample)],
    [
      say("weightsOf"),
      own.weights
        .map(({ level, weight }) => `${titleOf(level)} ${plain(weight)}`)
        .join(language === "zh" ? "，" : ", ") || "–",
    ],
    [
      say("usedBySources"),
      html`<a href="${link("quality")}">${own.sources.map(({ title }) => title[language]).join(language === "zh" ? "、" : ", ") || "–"}</a>`,
    ],
    [say("basis"), own.source?.[language] ?? "–"],
  ];
  return panel(
    "definition",
    say("definition"),
    html`<dl class="facts">${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`,
  );
}

/** How the values of a level's bodies are spread. */
export function drawDistribution({ data: own, language, month }: View): Markup {
  const say = speaker(language);
  const parts = month.report.levels.flatMap(({ level, title }, at) => {
    const values = own.values.flatMap((one) => (one.level === level ? (one.value ?? []) : []));
    if (values.length === 0) return [];
    const bins = binValues(values);
    const label = say("distributionOf", { indicator: own.title });
    return html`<div><h3>${title[language]} <small>${values.length}</small></h3><figure>${drawSpread(`spread${at}`, bins, `${label}（${title[language]}）`)}</figure>
<details><summary>${say("tableBehind")}</summary>${drawTable({
      head: [`${say("value")}（${own.unit[language]}）`, { n: say("body") }],
      rows: bins.map(
        ({ low, high, count }) =>
          html`<tr><th scope="row">${plain(low)}–${plain(high)}</th><td class="n">${count}</td></tr>`,
      ),
      caption: title[language],
    })}</details></div>`;
  });
  return panel(
    "distribution",
    `${say("distribution")} · ${month.run.period}`,
    html`<div class="trio">${parts}</div>`,
  );
}

/** Medians and middle halves by period. */
export function drawCourse({ data: own, language, month }: View): Markup {
  const say = speaker(language);
  const levels = month.report.levels.filter(({ level }) =>
    own.course.some((one) => one.level === level && one.assessed > 0),
  );
  const periods = [...new Set(own.course.map(({ period }) => period))];
  const at = (period: string, level: string) =>
    own.course.find((one) => one.period === period && one.level === level);
  return panel(
    "course",
    say("courseByLevel"),
    drawTable({
      head: [say("period"), ...levels.map(({ title }) => ({ n: title[language] }))],
      rows: periods.toReversed().map(
        (period) =>
          html`<tr><th scope="row">${period}</th>${levels.map(({ level }) => {
            const one = at(period, level);
            return html`<td class="n">${plain(one?.median)} <small>${plain(one?.low)}–${plain(one?.high)}</small></td>`;
          })}</tr>`,
      ),
    }),
  );
}

/** How many bodies could be assessed. */
export function drawCoverage({ data: own, language, month }: View): Markup {
  const say = speaker(language);
  const titleOf = (level: string) =>
    month.report.levels.find((one) => one.level === level)?.title[language] ?? level;
  return panel(
    "coverage",
    say("coverage"),
    drawTable({
      head: [
        say("level"),
        { n: say("assessed") },
        { n: say("not_applicable") },
        { n: say("too_few") },
        { n: say("no_data") },
        { n: say("sample") },
        { n: say("excluded") },
        { n: say("undelivered") },
      ],
      rows: own.coverage.map(
        (one) =>
          html`<tr><th scope="row">${titleOf(one.level)}</th><td class="n">${one.assessed} / ${one.bodies}</td><td class="n">${one.not_applicable}</td><td class="n">${one.too_few}</td><td class="n">${one.no_data}</td><td class="n">${figure(one.sample_size)}</td><td class="n">${figure(one.excluded)}</td><td class="n">${figure(one.undelivered)}</td></tr>`,
      ),
    }),
  );
}

/** The value of every body, the best score first. */
export function drawValues({ data: own, language, link, month }: View): Markup {
  const say = speaker(language);
  const parts = month.report.levels.map(({ level, title }) => {
    const rows = own.values
      .filter((one) => one.level === level && one.state !== "not_applicable")
      .toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1));
    if (rows.length === 0) return "";
    return html`<details${level === month.report.levels[0]?.level ? html` open` : ""}><summary>${title[language]} (${rows.length})</summary>${drawTable(
      {
        head: [
          say("body"),
          { n: say("value") },
          { n: say("evidence") },
          { n: say("sample") },
          { n: say("score") },
          say("state"),
        ],
        rows: rows.map(
          (one) =>
            html`<tr><th scope="row"><a href="${link(`entity/${one.entity_id}`)}">${one.name[language]}</a></th><td class="n">${plain(one.value)}</td><td class="n">${plain(one.numerator)} / ${plain(one.denominator)}</td><td class="n">${figure(one.sample_size)}</td><td class="n">${figure(one.score, 1)}</td><td>${nameCode(one.state)[language]}</td></tr>
`,
        ),
      },
    )}</details>`;
  });
  return panel("values", say("valuesByBody"), html`${parts}`);
}

/** The statement, and whether it is the one the month was computed with. */
export function drawSql({ data: own, language }: View): Markup {
  const say = speaker(language);
  return panel(
    "sql",
    say("sqlOf"),
    own.sql === null
      ? html`<p>${say("sqlMissing")}</p>`
      : html`${own.sql_is_of_the_month ? "" : html`<p class="problem">${say("sqlChanged")}</p>`}<pre tabindex="0"><code>${own.sql}</code></pre>`,
  );
}
