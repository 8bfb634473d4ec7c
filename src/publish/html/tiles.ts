import type { Report } from "../report.ts";
import { renderGradeKey } from "./header.ts";
import { anchor, both, figure, inkOn, say, section } from "./markup.ts";

/** Colour of a body without a grade. */
export const NO_GRADE = "#d9dde1";

/**
 * The bodies of the first level as tiles coloured by grade, in the order of the report: what a map shows, without outlines,
 * which only a reviewed map may show.
 */
export function renderTiles(report: Report): string {
  const { grades } = report.context.standard;
  const tiles = (report.levels[0]?.standings ?? []).map(({ body, score, grade }) => {
    const colour = grades.find(({ id }) => id === grade)?.colour ?? NO_GRADE;
    const style = `background:${colour};color:${inkOn(colour)}`;
    return `<li><a href="#${anchor(body.id)}" style="${style}">${both(body.name)}<b>${grade ?? "–"} ${figure(score, 2)}</b></a>`;
  });
  return section(
    "map",
    "tiles",
    `<ol class=tiles>${tiles.join("")}</ol><p class=note>${say("tilesNote")}</p>${renderGradeKey(report)}`,
  );
}
