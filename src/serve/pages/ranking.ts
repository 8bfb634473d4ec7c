import { html } from "hono/html";
import { z } from "zod";
import type { Markup } from "../page/layout.ts";
import { definePage, type PageView } from "./define-page.ts";
import { drawTable, figure, gradeKey, panel, speaker } from "./parts.ts";
import { drawRanking, rankingCsv } from "./ranking-table.ts";
import { bodiesOf, chooseLevel, describeLevels, readTitles } from "./read-report.ts";
import { bilingual, dimensionScore, grade, levelTitle, standing } from "./shapes.ts";

const data = z.object({
  level: z.string(),
  title: bilingual,
  levels: z.array(levelTitle),
  grades: z.array(grade),
  periods: z.array(z.string()),
  titles: z.record(z.string(), bilingual).describe("names of the rules of vetoes"),
  peer_classes: z.array(
    z.object({
      id: z.string(),
      title: bilingual,
      standings: z.array(
        standing.extend({
          dimensions: z.array(dimensionScore).describe("those right below the index"),
        }),
      ),
    }),
  ),
});
type Ranking = z.infer<typeof data>;
type PeerClass = Ranking["peer_classes"][number];

/** Shades of a cell, pale to dark. */
const SHADES = 6;
const PALEST = 40;

export const rankingPage = definePage({
  name: "ranking",
  rest: "optional",
  restName: "level",
  summary: { zh: "一个层级的排名与分项得分", en: "Ranking of a level, with scores by dimension" },
  query: z.object({}),
  data,
  async read({ month, rest }) {
    const level = chooseLevel(month, rest);
    if (!level) return undefined;
    const nodes = await month.rows<{ level: string; id: string; parent: string | null }>("nodes");
    const index = nodes.find((node) => node.level === level.level && node.parent === null)?.id;
    const top = new Set(
      nodes
        .filter((node) => node.level === level.level && node.parent === index)
        .map(({ id }) => id),
    );
    const dimensions = level.dimensions.filter(({ id }) => top.has(id));
    const all = bodiesOf(month);
    const titles = await readTitles(month);
    return {
      level: level.level,
      title: level.title,
      levels: describeLevels(month),
      grades: [...month.report.grades],
      periods: [...month.report.periods],
      titles: Object.fromEntries(
        [...new Set(level.peer_classes.flatMap(({ bodies }) => bodies.map((b) => b.vetoed_by)))]
          .filter((rule) => rule !== null)
          .map((rule) => [rule, titles.get(rule) ?? { zh: rule, en: rule }]),
      ),
      peer_classes: level.peer_classes.map(({ id, title, bodies }) => ({
        id,
        title,
        standings: bodies.flatMap((body) => {
          const row = all.get(body.entity_id)?.standing;
          if (!row) return [];
          const scores = new Map(body.dimensions.map((one) => [one.id, one.score]));
          return {
            ...row,
            dimensions: dimensions.map((one) => ({ ...one, score: scores.get(one.id) ?? null })),
          };
        }),
      })),
    };
  },
  toCsv: ({ peer_classes }) => rankingCsv(peer_classes.flatMap(({ standings }) => standings)),
  draw(view) {
    const { data: shown, language } = view;
    const say = speaker(language);
    const named = shown.peer_classes.length > 1;
    const titles = new Map(Object.entries(shown.titles));
    return {
      title: {
        zh: `${shown.title.zh}排名`,
        en: `Ranking: ${shown.title.en}`,
      },
      entry: "ranking",
      main: html`<ul class="tabs">${shown.levels.map(
        ({ level, title, bodies }) =>
          html`<li><a href="${view.link(`ranking/${level}`)}"${level === shown.level ? html` aria-current="page"` : ""}>${title[language]} <small>${bodies}</small></a></li>`,
      )}</ul>
${gradeKey(view)}
${shown.peer_classes.map((peers) =>
  panel(
    `class-${peers.id}`,
    named ? peers.title[language] : say("ranking"),
    html`${drawRanking(view, peers.standings, { titles, full: true })}${drawDimensions(view, peers)}`,
  ),
)}
<p class="note">${say("rankIntervalNote")}</p>`,
    };
  },
});

/** Bodies by dimensions, the cells shaded by score: a heat map that is a table. */
function drawDimensions(view: PageView<Ranking>, { standings }: PeerClass): Markup {
  const { language } = view;
  const say = speaker(language);
  const dimensions = standings[0]?.dimensions ?? [];
  if (dimensions.length < 2) return html``;
  const rows = standings.map(
    ({ entity_id, name, dimensions: own }) =>
      html`<tr><th scope="row"><a href="${view.link(`entity/${entity_id}`)}">${name[language]}</a></th>${own.map(
        ({ score }) =>
          html`<td class="n shade${score === null ? "" : ` shade-${shadeOf(score)}`}">${figure(score, 1)}</td>`,
      )}</tr>
`,
  );
  return html`<details${standings.length <= 30 ? html` open` : ""}><summary>${say("dimensionScores")}</summary>${drawTable(
    {
      className: "heat",
      head: [
        say("body"),
        ...dimensions.map(({ title, weight }) => ({ n: `${title[language]} ${weight}` })),
      ],
      rows,
    },
  )}<p class="note">${say("heatMapNote")}</p></details>`;
}

function shadeOf(score: number): number {
  const step = Math.floor(((score - PALEST) / (100 - PALEST)) * SHADES);
  return Math.min(Math.max(step, 0), SHADES - 1);
}
