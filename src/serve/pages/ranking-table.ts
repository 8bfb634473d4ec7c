import { html } from "hono/html";
import { RANKING_COLUMNS } from "../../publish/csv.ts";
import { renderSparkline } from "../../publish/html/sparkline.ts";
import type { Bilingual } from "../../publish/report.ts";
import type { Markup } from "../page/layout.ts";
import type { PageView } from "./define-page.ts";
import {
  asMarkup,
  drawMove,
  drawRange,
  drawTable,
  figure,
  gradeChip,
  labelOf,
  percent,
  signed,
  speaker,
  vetoMark,
} from "./parts.ts";
import type { StandingRow } from "./shapes.ts";

export interface RankingOptions {
  readonly caption?: string;
  /** With movement since last year, coverage and course too. */
  readonly full?: boolean;
  readonly titles: ReadonlyMap<string, Bilingual>;
}

/** A ranking: place, interval, score, grade and movement. */
export function drawRanking(
  view: PageView<unknown>,
  standings: readonly StandingRow[],
  { caption, full = false, titles }: RankingOptions,
): Markup {
  const { language, month } = view;
  const say = speaker(language);
  const certain = standings.some(({ rank_range }) => rank_range !== null);
  const known = standings.flatMap(({ history }) => history.filter((score) => score !== null));
  // Half the spread of all: small months look small, and a fall through half the field fills the line.
  const span = (Math.max(...known) - Math.min(...known)) / 2;
  const yearAgo = full && month.report.period.id.length > 4;
  const first = month.report.periods[0] ?? "";
  const course = say("courseOf", { from: first, to: month.run.period });
  const rows = standings.map((row) => {
    const { entity_id, name, rank, score, grade } = row;
    return html`<tr><td class="n place">${rank ?? html`<small>${say("notRanked")}</small>`}</td><th scope="row"><a href="${view.link(`entity/${entity_id}`)}">${name[language]}</a></th>${
      certain ? html`<td>${drawRange(row, language)}</td>` : ""
    }<td class="n">${figure(score, 2)}</td><td>${gradeChip(grade, month.report.grades, language)}${vetoMark(row, titles, language)}</td><td class="n">${drawMove(rank, row.rank_previous, language)} ${drawPoints(score, row.score_previous)}</td>${
      yearAgo
        ? html`<td class="n roomy">${drawMove(rank, row.rank_last_year, language)} ${drawPoints(score, row.score_last_year)}</td>`
        : ""
    }${
      full
        ? html`<td class="n roomy">${percent(row.coverage)}</td><td class="roomy">${asMarkup(renderSparkline(row.history, span, labelOf(`${name[language]} ${course}`)))}</td>`
        : ""
    }</tr>
`;
  });
  return drawTable({
    className: "ranking",
    caption,
    head: [
      { n: say("rank") },
      say("body"),
      ...(certain ? [say("rankRange")] : []),
      { n: say("score") },
      say("grade"),
      { n: say("sincePrevious") },
      ...(yearAgo ? [{ n: say("sinceLastYear"), roomy: true }] : []),
      ...(full
        ? [
            { n: say("coverage"), roomy: true },
            { text: say("course"), roomy: true },
          ]
        : []),
    ],
    rows,
  });
}

function drawPoints(score: number | null, before: number | null): Markup {
  if (score === null || before === null) return html``;
  return html`<small>${signed(score - before, 2)}</small>`;
}

/** Columns of a ranking as CSV, and its rows. */
export function rankingCsv(standings: readonly StandingRow[]) {
  const rows = standings.map(({ name, reason, rank_range: range, history: _, ...row }) => ({
    ...row,
    name_zh: name.zh,
    name_en: name.en,
    reason_zh: reason.zh,
    reason_en: reason.en,
    rank_median: range?.median ?? null,
    rank_low: range?.low ?? null,
    rank_high: range?.high ?? null,
    top_three: range?.top_three ?? null,
    bottom_three: range?.bottom_three ?? null,
    above_next: range?.above_next ?? null,
  }));
  return { columns: RANKING_COLUMNS, rows };
}
