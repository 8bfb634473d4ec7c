import { shiftPeriod } from "../../period.ts";
import type { Report, ReportLevel, Standing } from "../report.ts";
import { DISPUTED, MERGED } from "../texts.ts";
import { nameCategory, nameCode } from "../words.ts";
import { topDimensions } from "./heat-map.ts";
import {
  anchor,
  both,
  chip,
  escapeHtml,
  figure,
  over,
  percent,
  plain,
  say,
  section,
  signed,
  table,
} from "./markup.ts";
import { renderVeto } from "./ranking.ts";

/** How many of a body's indicators are listed. */
const SHOWN = 8;
/** How many categories are named below an indicator. */
const CATEGORIES = 2;

/** A section for every body: its score and reasons, what it is made of, and the evidence. */
export function renderBodies(report: Report): string {
  const parts = report.levels.map((level) => {
    const medians = peerMedians(report, level);
    const bodies = level.classes.flatMap(({ standings }) => standings);
    return `<h3>${both(level.name)}</h3>\n${bodies.map((standing) => renderBody(report, standing, medians)).join("\n")}`;
  });
  return section("bodies", "bodies", `<p class=note>${say("bodiesNote")}</p>\n${parts.join("\n")}`);
}

type Medians = ReadonlyMap<string, number>;

function renderBody(report: Report, standing: Standing, medians: Medians): string {
  const { body, rank, rankedOf, score, grade } = standing;
  const parent = report.standings.find((other) => other.body.id === body.parent)?.body;
  const place = rank === null ? say("notRanked") : `${rank} / ${rankedOf}`;
  return `<details class=body id="${anchor(body.id)}"><summary><b>${both(body.name)}</b> <span class=place>${place}</span> <span class=score>${figure(score, 2)}</span> ${chip(grade, report.context.standard.grades)}${renderVeto(report, standing)}</summary>
<p class=meta><code>${escapeHtml(body.id)}</code>${parent ? ` ${say("partOf", { parent: parent.name })}` : ""} · ${say("coverage")} ${percent(standing.coverage)}</p>
${standing.reason.zh || standing.reason.en ? `<p class=reason>${both(standing.reason)}</p>` : ""}
${renderComposition(report, standing, medians)}
${renderWorst(report, standing)}${renderRecords(report, standing)}</details>`;
}

/** Dimensions with their scores and points, then deductions, bonuses and limits; the points add up to the score. */
function renderComposition(report: Report, standing: Standing, medians: Medians): string {
  const dimensionOf = mapToDimensions(report, standing.level);
  const sums = new Map<string, { points: number; before: number | null }>();
  for (const { kind, node, points, before } of standing.contributions) {
    const key = kind === "indicator" ? `d ${dimensionOf.get(node) ?? node}` : `${kind} ${node}`;
    const sum = sums.get(key) ?? { points: 0, before: null };
    sums.set(key, {
      points: sum.points + points,
      before: before === null ? sum.before : (sum.before ?? 0) + before,
    });
  }
  const rows = topDimensions(report, standing.level).map(({ id, title, weight }) => {
    const score = standing.nodes.get(id)?.score ?? null;
    const median = medians.get(`${standing.peerClass} ${id}`);
    const tick = median === undefined ? "" : `<i style="left:${figure(median, 1)}%"></i>`;
    const bar =
      score === null
        ? ""
        : `<div class=bar><b style="width:${figure(score, 1)}%"></b>${tick}</div>`;
    return `<tr><th scope=row>${both(title)}<td class=n>${plain(weight)}<td class=n>${figure(score, 1)}<td>${bar}${pointCells(sums.get(`d ${id}`), figure)}`;
  });
  for (const { kind, node } of standing.contributions.filter((part) => part.kind !== "indicator")) {
    const title = report.titles.get(node) ?? { zh: node, en: node };
    rows.push(
      `<tr><th scope=row>${both(nameCode(kind))}: ${both(title)}<td><td><td>${pointCells(sums.get(`${kind} ${node}`), signed)}`,
    );
  }
  rows.push(
    `<tr class=total><th scope=row>${say("total")}<td><td><td><td class=n>${figure(standing.score, 2)}<td class=n>${figure(standing.scorePrevious, 2)}`,
  );
  const before = escapeHtml(shiftPeriod(report.context.period, -1).id);
  return table(
    [
      say("dimension"),
      over(say("weight")),
      over(say("score")),
      `<th scope=col class=bars><small>${say("peerMedian")}</small>`,
      over(say("points")),
      over(`${say("pointsBefore")} ${before}`),
    ],
    rows,
    { className: "made", caption: say("composition") },
  );
}

function pointCells(
  sum: { points: number; before: number | null } | undefined,
  show: (points: number, decimals: number) => string,
): string {
  return `<td class=n>${sum ? show(sum.points, 2) : "–"}<td class=n>${sum && sum.before !== null ? show(sum.before, 2) : "–"}`;
}

/** The dimension right below the index that an indicator belongs to. */
function mapToDimensions({ nodes }: Report, level: string): Map<string, string> {
  const own = nodes.filter((node) => node.level === level);
  const parentOf = new Map(own.map((node) => [node.id, node.parent]));
  const index = own.find(({ parent }) => parent === null)?.id;
  const climb = (id: string): string => {
    const parent = parentOf.get(id);
    return parent === undefined || parent === null || parent === index ? id : climb(parent);
  };
  return new Map(own.map(({ id }) => [id, climb(id)]));
}

function peerMedians(report: Report, level: ReportLevel): Medians {
  const medians = new Map<string, number>();
  for (const { id, standings } of level.classes) {
    for (const dimension of topDimensions(report, level.level)) {
      const scores = standings
        .flatMap((standing) => standing.nodes.get(dimension.id)?.score ?? [])
        .toSorted((a, b) => a - b);
      const middle = (scores.length - 1) / 2;
      const low = scores[Math.floor(middle)];
      const high = scores[Math.ceil(middle)];
      if (low !== undefined && high !== undefined) {
        medians.set(`${id} ${dimension.id}`, (low + high) / 2);
      }
    }
  }
  return medians;
}

/** The indicators that cost most, with numerator, denominator and sample; and those that could not be assessed. */
function renderWorst(report: Report, standing: Standing): string {
  const assessed = [...standing.nodes.values()]
    .filter(({ nodeLevel, score }) => nodeLevel === "indicator" && score !== null)
    .map((node) => ({ node, lost: (100 - (node.score as number)) * (node.effectiveWeight ?? 0) }))
    .filter(({ lost }) => lost > 0.005)
    .toSorted((a, b) => b.lost - a.lost || (a.node.id < b.node.id ? -1 : 1))
    .slice(0, SHOWN);
  const rows = assessed.map(({ node, lost }) => {
    const value = standing.values.get(node.id);
    const indicator = report.context.indicators.get(node.id);
    const title = indicator?.title ?? { zh: node.id, en: node.id };
    return `<tr><th scope=row>${both(title)}${renderCategories(report, standing, node.id)}<td class=n>${plain(value?.value)}${indicator ? ` <small>${both(indicator.unit)}</small>` : ""}${sayShrunk(value?.shrunk)}<td class=n>${plain(value?.numerator)} / ${plain(value?.denominator)}<td class=n>${figure(value?.sampleSize)}<td class=n>${figure(node.score, 1)}<td class=n>${figure(-lost, 2)}`;
  });
  const list =
    rows.length === 0
      ? `<p>${say("worstNone")}</p>`
      : table(
          [
            say("indicator"),
            over(say("value")),
            over(say("evidence")),
            over(say("sample")),
            over(say("score")),
            over(say("lost")),
          ],
          rows,
          { className: "worst", caption: say("worst") },
        );
  return list + renderUnassessed(report, standing);
}

/** The value that was scored instead of the one measured. */
function sayShrunk(shrunk: number | null | undefined): string {
  if (shrunk === null || shrunk === undefined) return "";
  return `<br><small>${say("shrunkTo", { value: plain(shrunk) })}</small>`;
}

/** The categories that cost an indicator most; the merged small ones say nothing. */
function renderCategories(
  { context }: Report,
  { categories }: Standing,
  indicator: string,
): string {
  const names = context.standard.category_names;
  const own = (categories.get(indicator) ?? [])
    .filter(({ category }) => category !== MERGED)
    .slice(0, CATEGORIES);
  if (own.length === 0) return "";
  const parts = own.map(
    ({ category, points }) => `${both(nameCategory(category, names))} ${signed(points, 2)}`,
  );
  return `<br><small>${say("ofWhich")} ${parts.join("; ")}</small>`;
}

function renderUnassessed(report: Report, standing: Standing): string {
  const missing = [...standing.nodes.values()].filter(
    ({ nodeLevel, state }) => nodeLevel === "indicator" && state !== "assessed",
  );
  if (missing.length === 0) return "";
  const names = missing.map(({ id, state: own }) => {
    const state = own === "imputed" ? own : (standing.values.get(id)?.state ?? "no_data");
    const title = report.titles.get(id) ?? { zh: id, en: id };
    return `${both(title)} (${both(nameCode(state))})`;
  });
  return `<p class=note>${say("notAssessed")}: ${names.join("; ")}</p>`;
}

function renderRecords(report: Report, { records }: Standing): string {
  if (records.length === 0) return "";
  const rows = records.map((record) => {
    const title = report.titles.get(record.rule) ?? { zh: record.rule, en: record.rule };
    return `<tr><th scope=row>${escapeHtml(record.record)}${record.disputed ? ` <mark>${both(DISPUTED)}</mark>` : ""}<td>${both(nameCode(record.kind))}: ${both(title)}<td><span class=day>${escapeHtml(record.occurredOn ?? "–")}</span><td class=n>${record.points === null ? "–" : signed(record.points, 2)}<td><code>${escapeHtml(record.place)}</code>`;
  });
  return table([say("record"), say("rule"), say("date"), over(say("points")), say("place")], rows, {
    className: "records",
    caption: say("records"),
  });
}
