import { html } from "hono/html";
import { z } from "zod";
import { TEXTS } from "../../publish/texts.ts";
import { fill } from "../../publish/words.ts";
import type { Markup } from "../page/layout.ts";
import { definePage, type PageView } from "./define-page.ts";
import { drawTable, figure, levelChip, panel, plain, sayLevel, speaker } from "./parts.ts";
import { bodiesOf, readAlerts, sayNoAlert } from "./read-report.ts";
import { alert, bilingual } from "./shapes.ts";

const data = z.object({
  alerts: z.array(alert),
  not_public: z
    .object({ indicators: z.number(), warnings: z.number(), lists: z.number() })
    .describe("how many outputs of the month are not for whoever asks"),
  debt_limits: z
    .array(
      z.object({
        warnings_id: z.string(),
        unit: bilingual,
        divide: z.number().describe("balance and limit divided by it are in the unit"),
        bodies: z.array(
          z.object({
            entity_id: z.string(),
            name: bilingual,
            balance: z.number().nullable(),
            debt_limit: z.number().nullable(),
          }),
        ),
      }),
    )
    .describe("the public form of what is internal of debt: limit and balance"),
  files: z.array(
    z.object({
      warnings_id: z.string(),
      version: z.string(),
      title: bilingual,
      levels: z
        .array(
          z.object({
            entity_id: z.string(),
            name: bilingual,
            level: z.string(),
            list: z.string().nullable(),
            emergency: z.string().nullable(),
            rating: z.string().nullable(),
            reason: bilingual,
            course: z.array(z.object({ period: z.string(), level: z.string() })),
          }),
        )
        .describe("bodies above green, and those that are rated; the worst first"),
      forecasts: z.array(
        z.object({
          entity_id: z.string(),
          name: bilingual,
          title: bilingual,
          value: z.number().nullable(),
          central: z.number(),
          low: z.number(),
          high: z.number(),
          end_period: z.string(),
          crossing_level: z.string(),
          crossing_line: z.number(),
          crossing_period: z.string().nullable(),
          crossing_earliest: z.string(),
        }),
      ),
    }),
  ),
});
type Alerts = z.infer<typeof data>;
type View = PageView<Alerts>;

const NONE = { indicators: 0, warnings: 0, lists: 0 };
const WORST = ["red", "orange", "yellow", "green", "no_data"];

export const alertsPage = definePage({
  name: "alerts",
  rest: "none",
  summary: {
    zh: "预警：已达预警线的项目、等级与预测",
    en: "Alerts: lines reached, risk levels, forecasts",
  },
  query: z.object({}),
  data,
  async read({ month }) {
    const bodies = bodiesOf(month);
    const nameOf = (id: string) => bodies.get(id)?.body.name ?? { zh: id, en: id };
    const rules = await month.rows<{
      warnings_id: string;
      series_id: string;
      series_zh: string;
      series_en: string;
    }>("warning-rules");
    const seriesTitle = (file: string, id: string) => {
      const found = rules.find((one) => one.warnings_id === file && one.series_id === id);
      return { zh: found?.series_zh ?? id, en: found?.series_en ?? id };
    };
    const { not_public = NONE, debt_limits = [] } = month.report as Partial<typeof month.report>;
    return {
      alerts: await readAlerts(month),
      not_public,
      debt_limits: debt_limits.map(({ warnings, unit, divide, bodies: own }) => ({
        warnings_id: warnings,
        unit,
        divide,
        bodies: own.map((one) => ({ ...one, name: nameOf(one.entity_id) })),
      })),
      files: month.report.warnings.map(({ id, version, title, levels, crossings }) => ({
        warnings_id: id,
        version,
        title,
        levels: levels
          .filter(
            ({ period, level, rating }) =>
              period === month.run.period &&
              (rating !== null || !["green", "no_data"].includes(level)),
          )
          .map((own) => ({
            entity_id: own.entity_id,
            name: nameOf(own.entity_id),
            level: own.level,
            list: own.list,
            emergency: own.emergency,
            rating: own.rating,
            reason: { zh: own.reason_zh, en: own.reason_en },
            course: levels
              .filter(({ entity_id }) => entity_id === own.entity_id)
              .map(({ period, level }) => ({ period, level })),
          }))
          .toSorted((a, b) => WORST.indexOf(a.level) - WORST.indexOf(b.level)),
        forecasts: crossings.map((own) => ({
          entity_id: own.entity_id,
          name: nameOf(own.entity_id),
          title: seriesTitle(id, own.series_id),
          value: own.value,
          central: own.central,
          low: own.low,
          high: own.high,
          end_period: own.end_period,
          crossing_level: own.crossing_level,
          crossing_line: own.crossing_line,
          crossing_period: own.crossing_period,
          crossing_earliest: own.crossing_earliest,
        })),
      })),
    };
  },
  toCsv: ({ alerts }) => ({
    columns: [
      "warnings_id",
      "rule_id",
      "kind",
      "part",
      "entity_id",
      "name_zh",
      "name_en",
      "title_zh",
      "title_en",
      "level",
      "began",
      "expected",
      "value",
      "line",
      "message_zh",
      "message_en",
    ],
    rows: alerts.map(({ name, title, message, ...row }) => ({
      ...row,
      name_zh: name.zh,
      name_en: name.en,
      title_zh: title.zh,
      title_en: title.en,
      message_zh: message.zh,
      message_en: message.en,
    })),
  }),
  draw(view) {
    const { data: shown, language } = view;
    const say = speaker(language);
    return {
      title: { zh: "预警", en: "Alerts" },
      entry: "alerts",
      main: html`<p class="note">${say("warningsNote")}</p>
${drawNotPublic(view)}
${panel("in-force", say("worstAlerts"), drawInForce(view))}
${shown.files.map((file) =>
  panel(
    `file-${file.warnings_id}`,
    file.title[language],
    html`${drawLevels(view, file)}${drawForecasts(view, file)}`,
    html`<small>${say("version", { version: file.version })}</small>`,
  ),
)}${shown.debt_limits.map((own) => drawDebtLimits(view, own))}`,
    };
  },
});

/** How much of the month is not for whoever reads the page. */
function drawNotPublic({ data: { not_public: count }, language }: View): Markup | "" {
  if (count.indicators + count.warnings + count.lists === 0) return "";
  return html`<p class="note">${fill(TEXTS.notPublic, count)[language]}</p>`;
}

function drawDebtLimits(
  { language, link }: View,
  { unit, divide, bodies, warnings_id }: Alerts["debt_limits"][number],
): Markup | "" {
  if (bodies.length === 0) return "";
  const shown = (value: number | null) => figure(value === null ? null : value / divide, 2);
  return panel(
    `debt-${warnings_id}`,
    TEXTS.debtLimits[language],
    html`<p class="note">${fill(TEXTS.debtLimitsNote, { unit })[language]}</p>
${drawTable({
  head: [
    TEXTS.body[language],
    { n: TEXTS.debtLimit[language] },
    { n: TEXTS.debtBalance[language] },
  ],
  rows: bodies.map(
    ({ entity_id, name, balance, debt_limit }) =>
      html`<tr><th scope="row"><a href="${link(`entity/${entity_id}`)}">${name[language]}</a></th><td class="n">${shown(debt_limit)}</td><td class="n">${shown(balance)}</td></tr>`,
  ),
})}`,
  );
}

function drawInForce({ data: shown, language, link, month }: View): Markup {
  const say = speaker(language);
  if (shown.alerts.length === 0) return html`<p>${say(sayNoAlert(month))}</p>`;
  return drawTable({
    head: [say("warningLevel"), say("body"), say("rule"), say("since"), say("what")],
    rows: shown.alerts.map(
      (own) =>
        html`<tr><td>${levelChip(own.level, language)}</td><th scope="row"><a href="${link(`entity/${own.entity_id}`)}">${own.name[language]}</a></th><td>${own.title[language]}${own.part ? `（${own.part}）` : ""}</td><td class="day">${own.began}</td><td>${own.message[language]}</td></tr>
`,
    ),
  });
}

function drawLevels({ language, link }: View, { levels }: Alerts["files"][number]): Markup {
  const say = speaker(language);
  if (levels.length === 0) return html`<p>${say("noAlertsAtAll")}</p>`;
  // Warnings on conduct put nobody on a list and rate nobody.
  const isListed = levels.some(({ list, emergency }) => list !== null || emergency !== null);
  const isRated = levels.some(({ rating }) => rating !== null);
  return drawTable({
    caption: say("levelsNow"),
    className: "row-list",
    head: [
      say("body"),
      say("warningLevel"),
      ...(isListed ? [say("warningList")] : []),
      ...(isRated ? [say("creditRating")] : []),
      say("warningCourse"),
      say("reason"),
    ],
    rows: levels.map(
      (own) =>
        html`<tr><th scope="row"><a href="${link(`entity/${own.entity_id}`)}">${own.name[language]}</a></th><td>${levelChip(own.level, language)}</td>${
          isListed
            ? html`<td>${own.list === null ? "–" : say(own.list === "warning" ? "listWarning" : "listHint")}${own.emergency === null ? "" : html` <small>${say("emergencyIV")}</small>`}</td>`
            : ""
        }${isRated ? html`<td>${own.rating ?? "–"}</td>` : ""}<td><ol class="course narrow">${own.course.map(
          ({ period, level }) =>
            html`<li class="w-${level}" title="${period}"><span class="hidden">${period} ${sayLevel(level, language)}</span></li>`,
        )}</ol></td><td>${own.reason[language]}</td></tr>
`,
    ),
  });
}

function drawForecasts({ language, link }: View, { forecasts }: Alerts["files"][number]): Markup {
  const say = speaker(language);
  if (forecasts.length === 0) return html``;
  return html`${drawTable({
    caption: say("forecasts"),
    head: [
      say("body"),
      say("series"),
      { n: say("now") },
      { n: say("ahead") },
      say("nextLine"),
      say("reachedIn"),
      say("reachedEarliest"),
    ],
    rows: forecasts.map(
      (own) =>
        html`<tr><th scope="row"><a href="${link(`entity/${own.entity_id}`)}">${own.name[language]}</a></th><td>${own.title[language]}</td><td class="n">${plain(own.value)}</td><td class="n">${plain(own.central)} <small>${plain(own.low)}–${plain(own.high)} · ${own.end_period}</small></td><td>${levelChip(own.crossing_level, language)} ${plain(own.crossing_line)}</td><td>${own.crossing_period ?? "–"}</td><td>${own.crossing_earliest}</td></tr>
`,
    ),
  })}<p class="note">${say("forecastsNote")}</p>`;
}
