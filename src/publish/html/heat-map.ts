import type { Report, ReportLevel } from "../report.ts";
import { anchor, both, figure, say, section, table } from "./markup.ts";

/** Larger levels start folded. */
const FOLDED_ABOVE = 20;

/** A table of dimensions by bodies for every level, cells shaded by score. */
export function renderHeatMap(report: Report): string {
  const parts = report.levels.map((level) => {
    const grid = renderGrid(report, level);
    const count = level.standings.length;
    return `<h3>${both(level.name)}</h3>${
      count > FOLDED_ABOVE
        ? `<details class=fold><summary>${say("showAll", { count })}</summary>${grid}</details>`
        : grid
    }`;
  });
  return section(
    "heat-map",
    "heatMap",
    `<p class=note>${say("heatMapNote")}</p>${parts.join("\n")}`,
  );
}

function renderGrid(report: Report, level: ReportLevel): string {
  const dimensions = topDimensions(report, level.level);
  const rows = level.classes.flatMap(({ standings }) =>
    standings.map((standing) => {
      const cells = dimensions.map(({ id }) => {
        const score = standing.nodes.get(id)?.score ?? null;
        return score === null ? "<td>–" : `<td class=h${shade(score)}>${figure(score, 1)}`;
      });
      return `<tr><th scope=row><a href="#${anchor(standing.body.id)}">${both(standing.body.name)}</a>${cells.join("")}`;
    }),
  );
  return table([say("body"), ...dimensions.map(({ title }) => both(title))], rows, {
    className: "heat",
  });
}

/** The nodes right below the index at a level. */
export function topDimensions({ nodes }: Report, level: string) {
  const own = nodes.filter((node) => node.level === level);
  const index = own.find(({ parent }) => parent === null);
  return own.filter(({ parent, nodeLevel }) => nodeLevel === "dimension" && parent === index?.id);
}

/** Steps of 10 points from 0 to 9. */
function shade(score: number): number {
  return Math.min(9, Math.max(0, Math.floor(score / 10)));
}
