import { sayByAnalogy } from "../cited.ts";
import { countWithheld, type Edition, nameEdition } from "../edition.ts";
import type { Report, ReportLevel } from "../report.ts";
import { attribute, both, chip, escapeHtml, figure, inkOn, say, section, table } from "./markup.ts";

/** Title, period, as-of time, standard, and the banner when the data is invented. */
export function renderHeader({ context, edition, redaction, byAnalogy }: Report): string {
  const { pipeline, standard, period, asOf, runId } = context;
  const { title, synthetic } = pipeline.report;
  const facts = [
    [say("period"), escapeHtml(period.id)],
    [say("asOf"), escapeHtml(asOf.replace(/ 00:00:00$/, ""))],
    [say("standard"), `${both(standard.title)} ${say("version", { version: standard.version })}`],
    [say("edition"), both(nameEdition(edition.audience))],
    [say("run"), `<code>${escapeHtml(runId)}</code>`],
  ];
  return `<header id=top>
${synthetic ? `<p class=synthetic><b>${say("syntheticMark")}</b> ${both(synthetic)}</p>` : ""}
<h1>${both(title)}</h1>
<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join("")}</dl>
${renderWithheld(edition)}
${byAnalogy.length > 0 ? `<p class=note>${both(sayByAnalogy(byAnalogy))}</p>` : ""}
${redaction ? `<p class=redaction role=note>${both(redaction)}</p>\n` : ""}</header>`;
}

/** How much of the publication is not for whoever reads this edition. */
function renderWithheld(edition: Edition): string {
  if (edition.withheld.length === 0) return "";
  return `<p class=note>${say("notPublic", countWithheld(edition))}</p>`;
}

/** A sentence for every peer class, the spread of grades by level, and how sound the data is. */
export function renderSummary(report: Report): string {
  // Bodies are ranked within their class only: the best of one is not compared with the worst of another.
  const ranked: readonly Ranked[] = report.levels.flatMap((level): readonly Ranked[] =>
    level.classes.length > 1 ? level.classes : [level],
  );
  const sentences = ranked.map((peers) => `<p>${summarise(peers)}</p>`);
  const count = (list: readonly unknown[]) => figure(list.length);
  const sum = (numbers: readonly number[]) => figure(numbers.reduce((a, b) => a + b, 0));
  const { sources, checks } = report;
  const figures = [
    [
      "sourcesFresh",
      say("ofTotal", {
        part: count(sources.filter(({ state }) => state === "fresh")),
        whole: count(sources),
      }),
    ],
    [
      "checksPassed",
      say("ofTotal", { part: count(checks.filter(({ passed }) => passed)), whole: count(checks) }),
    ],
    ["rowsLoaded", sum(sources.map(({ rows_loaded }) => rows_loaded))],
    ["rowsQuarantined", sum(sources.map(({ rows_quarantined }) => rows_quarantined))],
    ["inRefusedFiles", sum(sources.map(({ rows_refused }) => rows_refused))],
  ] as const;
  return section(
    "summary",
    "summary",
    `${sentences.join("\n")}
${table(
  [say("level"), say("gradeSpread")],
  report.levels.map(
    (level) => `<tr><th scope=row>${both(level.name)}<td>${renderSpread(report, level)}`,
  ),
  { className: "spread" },
)}
<dl class=figures>${figures.map(([key, value]) => `<div><dt>${say(key)}</dt><dd>${value}</dd></div>`).join("")}</dl>`,
  );
}

type Ranked = Pick<ReportLevel, "name" | "standings">;

function summarise({ name, standings }: Ranked): string {
  const ranked = standings
    .filter((standing) => standing.ranked && standing.score !== null)
    .toSorted((a, b) => (b.score as number) - (a.score as number));
  const best = ranked[0];
  const worst = ranked.at(-1);
  const left = standings.length - ranked.length;
  const more = left > 0 ? ` ${say("summaryNotRanked", { count: left })}` : "";
  if (!best || !worst) return say("summaryNobody", { level: name }) + more;
  const middle = (at: number) => ranked[at]?.score as number;
  const half = ranked.length / 2;
  const median =
    ranked.length % 2 === 1 ? middle(Math.floor(half)) : (middle(half - 1) + middle(half)) / 2;
  return (
    say("summarySentence", {
      level: name,
      ranked: ranked.length,
      median: figure(median, 2),
      best: best.body.name,
      bestScore: figure(best.score, 2),
      worst: worst.body.name,
      worstScore: figure(worst.score, 2),
    }) + more
  );
}

/** How many bodies have each grade, as a bar of which each part is a grade. */
function renderSpread({ context }: Report, { standings }: ReportLevel): string {
  const parts = context.standard.grades.flatMap((grade) => {
    const count = standings.filter((standing) => standing.grade === grade.id).length;
    return count === 0
      ? []
      : [
          `<span style="flex-grow:${count};background:${grade.colour};color:${inkOn(grade.colour)}" title="${attribute(grade)}">${escapeHtml(grade.id)} ${count}</span>`,
        ];
  });
  return `<div class=stack>${parts.join("")}</div>`;
}

/** What the grades' letters and colours mean. */
export function renderGradeKey({ context }: Report): string {
  const { grades } = context.standard;
  return `<p class=key>${grades.map((grade) => `<span>${chip(grade.id, grades)} ${both(grade)}</span>`).join(" ")}</p>`;
}
