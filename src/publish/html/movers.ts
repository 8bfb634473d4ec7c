import type { Report, Standing } from "../report.ts";
import { anchor, both, chip, figure, over, say, section, signed, table } from "./markup.ts";

const SHOWN = 5;

/** The bodies whose score rose and fell most since the last period, with the sentence that says why. */
export function renderMovers(report: Report): string {
  const parts = report.levels.map((level) => {
    const moved = level.standings
      .filter(({ score, scorePrevious }) => score !== null && scorePrevious !== null)
      .toSorted((a, b) => move(b) - move(a));
    if (moved.length === 0) return `<h3>${both(level.name)}</h3><p>${say("noMovers")}</p>`;
    const rising = moved.filter((standing) => move(standing) > 0).slice(0, SHOWN);
    const falling = moved
      .filter((standing) => move(standing) < 0)
      .slice(-SHOWN)
      .reverse();
    return `<h3>${both(level.name)}</h3>${renderList(report, "rising", rising)}${renderList(report, "falling", falling)}`;
  });
  return section("movers", "movers", parts.join("\n"));
}

function move({ score, scorePrevious }: Standing): number {
  return (score as number) - (scorePrevious as number);
}

function renderList(
  report: Report,
  direction: "rising" | "falling",
  standings: readonly Standing[],
): string {
  if (standings.length === 0) return "";
  const rows = standings.map(
    (standing) =>
      `<tr><th scope=row><a href="#${anchor(standing.body.id)}">${both(standing.body.name)}</a><td class="n ${direction === "rising" ? "up" : "down"}">${signed(move(standing), 2)}<td class=n>${figure(standing.score, 2)}<td>${chip(standing.grade, report.context.standard.grades)}<td class=n>${standing.rankPrevious ?? "–"} → ${standing.rank ?? "–"}<td class=reason>${both(standing.reason)}`,
  );
  return table(
    [
      say("body"),
      over(say("change")),
      over(say("score")),
      say("grade"),
      over(say("rank")),
      say("reason"),
    ],
    rows,
    { className: "movers", caption: say(direction) },
  );
}
