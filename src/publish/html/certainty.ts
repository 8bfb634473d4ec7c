import type { Report, ReportLevel } from "../report.ts";
import { TEXTS } from "../texts.ts";
import { both, escapeHtml, figure, over, say, section, table } from "./markup.ts";

/** How certain the ranks are: replications, what their spread hangs on, and who is above whom. Empty without replications. */
export function renderCertainty(report: Report): string {
  if (report.replications.length === 0) return "";
  return section(
    "certainty",
    "certainty",
    [
      `<p class=note>${say("certaintyNote")}</p>`,
      ...report.levels.map((level) => renderCount(report, level)),
      renderSensitivities(report),
      ...report.levels.flatMap((level) => level.classes.map((peers) => renderPairs(report, peers))),
    ].join("\n"),
  );
}

function renderCount({ replications }: Report, { level, name }: ReportLevel): string {
  const own = replications.filter((row) => row.level === level);
  if (own.length === 0) return "";
  const sum = (outcome: string) =>
    own.reduce((total, row) => total + (row.outcome === outcome ? row.replications : 0), 0);
  const failed = sum("failed");
  const reasons = own
    .filter(({ outcome }) => outcome === "failed")
    .map(({ reason, replications: count }) => `<li>${count} × ${escapeHtml(reason ?? "")}`);
  return `<p>${say("certaintyCount", { level: name, evaluated: sum("evaluated") + failed, failed })}</p>${
    reasons.length > 0 ? `<ul class=bad>${reasons.join("")}</ul>` : ""
  }`;
}

const FACTOR_TEXTS = {
  weights: "factorWeights",
  normalisation: "factorNormalisation",
  aggregation: "factorAggregation",
  treatment: "factorTreatment",
  imputation: "factorImputation",
  data: "factorData",
} as const;

/** The name of a factor. */
export function nameFactor(factor: string): { readonly zh: string; readonly en: string } {
  return factor in FACTOR_TEXTS
    ? TEXTS[FACTOR_TEXTS[factor as keyof typeof FACTOR_TEXTS]]
    : { zh: factor, en: factor };
}

function renderSensitivities({ levels, sensitivities }: Report): string {
  const rows = levels.flatMap(({ classes, level }) =>
    classes.flatMap(({ id, name }) =>
      sensitivities
        .filter((row) => row.level === level && row.peerClass === id)
        .map(
          ({ factor, firstOrder, total }, place) =>
            `<tr>${place === 0 ? `<th scope=row>${both(name)}` : "<td>"}<td>${both(nameFactor(factor))}<td class=n>${figure(firstOrder, 2)}<td class=n>${figure(total, 2)}`,
        ),
    ),
  );
  if (rows.length === 0) return "";
  const head = [say("peerClass"), say("factor"), over(say("firstOrder")), over(say("totalEffect"))];
  return `${table(head, rows, { caption: say("sensitivity") })}<p class=note>${say("sensitivityNote")}</p>`;
}

/** Who is above whom, body by body; of classes too large for a page, the data files have it. */
function renderPairs({ pairs }: Report, peers: ReportLevel["classes"][number]): string {
  const ranked = peers.standings.filter(({ range }) => range !== null);
  const known = new Map(
    pairs
      .filter(({ peerClass }) => peerClass === peers.id)
      .map(({ body, other, above }) => [`${body} ${other}`, above]),
  );
  if (known.size === 0) return "";
  const chance = (body: string, other: string) => {
    const reverse = known.get(`${other} ${body}`);
    return known.get(`${body} ${other}`) ?? (reverse === undefined ? undefined : 1 - reverse);
  };
  const rows = ranked.map(({ body, rank }) => {
    const cells = ranked.map(({ body: other }) => {
      const above = chance(body.id, other.id);
      if (above === undefined) return "<td class=n>";
      return `<td class=n style="background:rgb(74 133 170 / ${figure(above * 0.55, 2)})">${figure(above * 100)}`;
    });
    return `<tr><th scope=row>${rank} ${both(body.name)}${cells.join("")}`;
  });
  const head = [
    both(peers.name),
    ...ranked.map(({ body, rank }) =>
      over(`<abbr title="${escapeHtml(body.name.zh)} ${escapeHtml(body.name.en)}">${rank}</abbr>`),
    ),
  ];
  return `<details class=fold><summary>${both(peers.name)}：${say("pairs")}</summary>${table(head, rows, { className: "pairs" })}</details>`;
}
