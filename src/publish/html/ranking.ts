import type { Report, ReportLevel, Standing } from "../report.ts";
import { TEXTS } from "../texts.ts";
import { fill } from "../words.ts";
import { renderGradeKey } from "./header.ts";
import {
  anchor,
  attribute,
  both,
  chip,
  escapeHtml,
  figure,
  percent,
  say,
  section,
  signed,
  table,
} from "./markup.ts";
import { renderRange, sayCloseness } from "./rank-range.ts";
import { renderSparkline } from "./sparkline.ts";

const COLUMNS = [
  "rank",
  "body",
  "rankRange",
  "score",
  "grade",
  "sincePrevious",
  "sinceLastYear",
  "coverage",
] as const;

/** For a yearly report the last year is the last period, which has its column already. */
function hasYearAgo({ context }: Report): boolean {
  return context.period.frequency !== "year";
}

/** A sortable table for every peer class of every level. */
export function renderRanking(report: Report): string {
  const parts = report.levels.map(
    (level) =>
      `<h3 id="ranking-${escapeHtml(level.level)}">${both(level.name)}</h3>\n${level.classes
        .map((peers) => renderClass(report, level, peers))
        .join("\n")}`,
  );
  return section(
    "ranking",
    "ranking",
    `<p class=note>${say("rankingNote")} <span class=sorting>${say("sortNote")}</span></p>${renderGradeKey(report)}\n${parts.join("\n")}`,
  );
}

function renderClass(
  report: Report,
  level: ReportLevel,
  peers: ReportLevel["classes"][number],
): string {
  const known = level.standings.flatMap(({ history }) => history.filter((score) => score !== null));
  // Half the spread of the whole level: small months look small, and a fall through half the field fills the line.
  const span = (Math.max(...known) - Math.min(...known)) / 2;
  const certain = peers.standings.some(({ range }) => range !== null);
  const head = COLUMNS.filter((key) => key !== "sinceLastYear" || hasYearAgo(report))
    .filter((key) => key !== "rankRange" || certain)
    .map((key) => {
      const number = key === "body" || key === "grade" ? "" : " class=n";
      return `<th scope=col aria-sort=none${number}><button type=button>${say(key)}</button>`;
    })
    .concat(`<th scope=col>${say("course")}`);
  const closeness = certain ? `<p class=note>${sayCloseness(report, peers.standings)}</p>` : "";
  return `${table(
    head,
    peers.standings.map((standing) => renderRow(report, standing, span, certain)),
    {
      className: "ranking sortable",
      caption: level.classes.length > 1 ? both(peers.name) : "",
    },
  )}${closeness}`;
}

function renderRow(report: Report, standing: Standing, span: number, certain: boolean): string {
  const { body, score, rank } = standing;
  const { grades } = report.context.standard;
  const first = report.context.periods[0]?.id ?? "";
  const course = fill(TEXTS.courseOf, { from: first, to: report.context.period.id });
  return [
    `<tr><td class=n data-v="${rank ?? 1e9}">${rank ?? `<small>${say("notRanked")}</small>`}`,
    `<th scope=row data-v="${attribute(body.name)}"><a href="#${anchor(body.id)}">${both(body.name)}</a>`,
    certain ? renderRange(report, standing) : "",
    `<td class=n data-v="${score ?? -1}">${figure(score, 2)}`,
    `<td data-v="${gradePlace(report, standing)}">${chip(standing.grade, grades)}${renderVeto(report, standing)}`,
    renderMove(standing.rank, standing.rankPrevious, score, standing.scorePrevious),
    hasYearAgo(report)
      ? renderMove(standing.rank, standing.rankLastYear, score, standing.scoreLastYear)
      : "",
    `<td class=n data-v="${standing.coverage}">${percent(standing.coverage)}`,
    `<td>${renderSparkline(standing.history, span, `${attribute(body.name)} ${attribute(course)}`)}`,
  ].join("");
}

function gradePlace({ context }: Report, { grade }: Standing): number {
  const place = context.standard.grades.findIndex(({ id }) => id === grade);
  return place < 0 ? 99 : place;
}

/** A mark beside the grade when a veto caps it. */
export function renderVeto({ titles }: Report, standing: Standing): string {
  const { vetoedBy, gradeBeforeVeto } = standing;
  if (!vetoedBy) return "";
  const rule = titles.get(vetoedBy) ?? { zh: vetoedBy, en: vetoedBy };
  const words = fill(TEXTS.vetoed, { rule, grade: gradeBeforeVeto ?? "–" });
  return ` <abbr class=veto title="${attribute(words)}">${say("veto")}</abbr>`;
}

/** An arrow with the ranks moved, and the points; the words for readers who do not see the arrow. */
function renderMove(
  rank: number | null,
  before: number | null,
  score: number | null,
  scoreBefore: number | null,
): string {
  if (rank === null || before === null || score === null || scoreBefore === null) {
    return `<td class=n data-v="-999">–`;
  }
  const places = before - rank;
  const points = score - scoreBefore;
  const direction = places > 0 ? "up" : places < 0 ? "down" : "same";
  const words = fill(TEXTS[direction], { count: Math.abs(places) });
  const arrow = places > 0 ? `▲${places}` : places < 0 ? `▼${-places}` : "＝";
  return `<td class=n data-v="${points}"><span class=${direction} title="${attribute(words)}">${arrow}</span> <small>${signed(points, 2)}</small>`;
}
