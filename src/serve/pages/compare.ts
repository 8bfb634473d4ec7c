import { html } from "hono/html";
import { z } from "zod";
import { drawHistory } from "../charts/history-chart.ts";
import type { Markup } from "../page/layout.ts";
import { definePage, type PageView } from "./define-page.ts";
import { drawTable, figure, panel, plain, speaker } from "./parts.ts";
import { drawRanking } from "./ranking-table.ts";
import { bodiesOf, type FoundBody, readTitles } from "./read-report.ts";
import { bilingual, grade, levelTitle, standing } from "./shapes.ts";

const body = z.string().max(40).optional().describe("id of a body");
const query = z.object({ a: body, b: body, c: body, d: body });

const line = z.object({
  id: z.string(),
  title: bilingual,
  values: z
    .array(z.object({ score: z.number().nullable(), value: z.number().nullable() }))
    .describe("one of each body, in their order"),
});

const data = z.object({
  bodies: z.array(standing),
  grades: z.array(grade),
  periods: z.array(z.string()),
  levels: z.array(levelTitle),
  choices: z.array(z.object({ entity_id: z.string(), name: bilingual, level: z.string() })),
  dimensions: z.array(line),
  indicators: z.array(line),
});
type Comparison = z.infer<typeof data>;
type Line = z.infer<typeof line>;

const PLACES = ["a", "b", "c", "d"] as const;

export const comparePage = definePage({
  name: "compare",
  rest: "none",
  summary: { zh: "对比两至四个单位", en: "Two to four bodies side by side" },
  query,
  data,
  async read({ month, query: asked }) {
    const all = bodiesOf(month);
    const chosen = [...new Set(PLACES.flatMap((place) => asked[place] ?? []))].flatMap(
      (id) => all.get(id) ?? [],
    );
    const titles = await readTitles(month);
    const lines = (
      ids: readonly string[],
      read: (found: FoundBody, id: string) => Line["values"][number],
    ) =>
      ids.map((id) => ({
        id,
        title: titles.get(id) ?? { zh: id, en: id },
        values: chosen.map((found) => read(found, id)),
      }));
    const idsOf = (part: "dimensions" | "indicators") => [
      ...new Set(chosen.flatMap((found) => found.body[part].map(({ id }) => id))),
    ];
    return {
      bodies: chosen.map((found) => found.standing),
      grades: [...month.report.grades],
      periods: [...month.report.periods],
      levels: month.report.levels.map(({ level, title, peer_classes }) => ({
        level,
        title,
        bodies: peer_classes.reduce((sum, { bodies }) => sum + bodies.length, 0),
      })),
      choices: [...all.values()].map(({ body: own, level }) => ({
        entity_id: own.entity_id,
        name: own.name,
        level: level.level,
      })),
      dimensions: lines(idsOf("dimensions"), ({ body: own }, id) => ({
        score: own.dimensions.find((one) => one.id === id)?.score ?? null,
        value: null,
      })),
      indicators: lines(idsOf("indicators").toSorted(), ({ body: own }, id) => {
        const found = own.indicators.find((one) => one.id === id);
        return { score: found?.score ?? null, value: found?.value ?? null };
      }),
    };
  },
  toCsv: ({ bodies, dimensions, indicators }) => ({
    columns: ["kind", "id", "title_zh", "title_en", "entity_id", "score", "value"],
    rows: (
      [
        ["dimension", dimensions],
        ["indicator", indicators],
      ] as const
    ).flatMap(([kind, lines]) =>
      lines.flatMap(({ id, title, values }) =>
        values.map(({ score, value }, at) => ({
          kind,
          id,
          title_zh: title.zh,
          title_en: title.en,
          score,
          value,
          entity_id: bodies[at]?.entity_id ?? null,
        })),
      ),
    ),
  }),
  draw(view) {
    const { data: shown, language } = view;
    const say = speaker(language);
    const { bodies } = shown;
    const classes = new Set(bodies.map(({ peer_class }) => peer_class));
    return {
      title: { zh: "对比单位", en: "Compare bodies" },
      entry: "compare",
      charts: bodies.length > 0,
      main: html`<p>${say("compareHow")}</p>
${drawChoice(view)}
${
  bodies.length === 0
    ? ""
    : html`${classes.size > 1 ? html`<p class="problem">${say("notComparable")}</p>` : ""}
${panel("standing", say("ranking"), drawRanking(view, bodies, { titles: new Map() }))}
${drawCourses(view)}
${drawLines(view, "dimensions", say("dimensionScores"), shown.dimensions)}
${drawLines(view, "indicators", say("indicatorsOf"), shown.indicators)}`
}`,
    };
  },
});

function drawChoice(view: PageView<Comparison>): Markup {
  const { data: shown, language } = view;
  const say = speaker(language);
  const [path = "", kept] = view.link("compare").split("?");
  const options = (chosen: string | undefined) =>
    shown.levels.map(
      ({ level, title }) =>
        html`<optgroup label="${title[language]}">${shown.choices
          .filter((one) => one.level === level)
          .map(
            ({ entity_id, name }) =>
              html`<option value="${entity_id}"${entity_id === chosen ? html` selected` : ""}>${name[language]}</option>`,
          )}</optgroup>`,
    );
  return html`<form class="row-form" method="get" action="${path}">
${[...new URLSearchParams(kept)].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${PLACES.map(
  (place, at) =>
    html`<label>${say("bodyNumber", { number: at + 1 })}<select name="${place}"><option value="">${say("nobody")}</option>${options(shown.bodies[at]?.entity_id)}</select></label>`,
)}
<button type="submit">${say("show")}</button>
</form>`;
}

function drawCourses({ data: shown, language }: PageView<Comparison>): Markup {
  const say = speaker(language);
  const label = say("indexHistory");
  const rows = shown.periods.map(
    (period, at) =>
      html`<tr><th scope="row">${period}</th>${shown.bodies.map(({ history }) => html`<td class="n">${figure(history[at], 2)}</td>`)}</tr>`,
  );
  return panel(
    "history",
    label,
    html`<figure>${drawHistory(
      "history",
      shown.periods,
      shown.bodies.map(({ name, history }) => ({ name: name[language], values: history })),
      label,
    )}</figure>
<details><summary>${say("tableBehind")}</summary>${drawTable({
      head: [say("period"), ...shown.bodies.map(({ name }) => ({ n: name[language] }))],
      rows,
      caption: label,
    })}</details>`,
  );
}

/** Lines of scores, the largest difference between bodies first; the best of a line in bold. */
function drawLines(
  { data: shown, language, link }: PageView<Comparison>,
  id: "dimensions" | "indicators",
  title: string,
  lines: readonly Line[],
): Markup {
  const say = speaker(language);
  const spread = ({ values }: Line) => {
    const known = values.flatMap(({ score }) => score ?? []);
    return known.length < 2 ? -1 : Math.max(...known) - Math.min(...known);
  };
  const shownLines = id === "indicators" ? lines.toSorted((a, b) => spread(b) - spread(a)) : lines;
  const rows = shownLines
    .filter(({ values }) => values.some(({ score, value }) => score !== null || value !== null))
    .map((own) => {
      const best = Math.max(...own.values.flatMap(({ score }) => score ?? []));
      const name =
        id === "indicators"
          ? html`<a href="${link(`indicator/${own.id}`)}">${own.title[language]}</a>`
          : own.title[language];
      const difference = spread(own);
      return html`<tr><th scope="row">${name}</th>${own.values.map(
        ({ score, value }) =>
          html`<td class="n">${score === best && difference > 0 ? html`<b>${figure(score, 1)}</b>` : figure(score, 1)}${value === null ? "" : html` <small>${plain(value)}</small>`}</td>`,
      )}<td class="n">${difference < 0 ? "–" : figure(difference, 1)}</td></tr>
`;
    });
  return panel(
    id,
    title,
    drawTable({
      head: [
        say(id === "indicators" ? "indicator" : "dimension"),
        ...shown.bodies.map(({ name }) => ({ n: name[language] })),
        { n: say("difference") },
      ],
      rows,
    }),
  );
}
