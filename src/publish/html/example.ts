import type { NodeScore, Report, Standing } from "../report.ts";
import { figure, percent, plain, say } from "./markup.ts";

/** A worked example from the report's own figures: the heaviest indicator that the first body did not get all points for. */
export function renderExample(report: Report): string {
  const found = chooseExample(report);
  if (!found) return "";
  const { standing, node, points } = found;
  const indicator = report.context.indicators.get(node.id);
  const value = standing.values.get(node.id)?.value ?? null;
  if (!indicator || value === null) return "";
  const unit = (language: "zh" | "en") => `${plain(value)} ${indicator.unit[language]}`;
  return `<p class=example>${say("example", {
    body: standing.body.name,
    indicator: indicator.title,
    value: { zh: unit("zh"), en: unit("en") },
    score: figure(node.score, 2),
    weight: percent(node.effectiveWeight, 2),
    points: figure(points, 2),
  })}</p>`;
}

function chooseExample({ standings }: Report) {
  for (const standing of standings) {
    if (standing.rank !== 1) continue;
    const candidates = [...standing.nodes.values()]
      .filter(isTelling)
      .toSorted((a, b) => (b.effectiveWeight ?? 0) - (a.effectiveWeight ?? 0));
    for (const node of candidates) {
      const points = pointsOf(standing, node);
      const plainly = (node.score as number) * (node.effectiveWeight as number);
      // Where a geometric mean spreads the points otherwise, the product would not explain them.
      if (points !== undefined && Math.abs(points - plainly) < 0.005) {
        return { standing, node, points };
      }
    }
  }
  return undefined;
}

function isTelling({ nodeLevel, score }: NodeScore): boolean {
  return nodeLevel === "indicator" && score !== null && score > 0 && score < 100;
}

function pointsOf({ contributions }: Standing, { id }: NodeScore): number | undefined {
  return contributions.find(({ kind, node }) => kind === "indicator" && node === id)?.points;
}
