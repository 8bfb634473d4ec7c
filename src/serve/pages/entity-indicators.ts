import { html } from "hono/html";
import { nameCode } from "../../publish/words.ts";
import type { Markup } from "../page/layout.ts";
import type { PageView } from "./define-page.ts";
import type { EntityData } from "./entity-shape.ts";
import { drawTable, figure, panel, plain, signed, speaker } from "./parts.ts";

type View = PageView<EntityData>;
type Indicator = EntityData["indicators"][number];

/** So many indicators are shown at once; the rest unfold. */
const SHOWN = 10;
const CATEGORIES = 3;

/** Every indicator of a body, those that cost most first, with what they were counted from. */
export function drawIndicators(view: View): Markup {
  const { data, language } = view;
  const say = speaker(language);
  const assessed = data.indicators.filter(({ state }) => state === "assessed");
  const missing = data.indicators.filter(({ state }) => state !== "assessed");
  const head = [
    say("indicator"),
    { n: say("value") },
    { n: say("evidence") },
    { n: say("sample") },
    { n: say("score") },
    { n: say("lostPoints") },
  ];
  const table = (rows: readonly Indicator[]) =>
    drawTable({ head, rows: rows.map((row) => drawRow(view, row)) });
  const rest = assessed.slice(SHOWN);
  return panel(
    "indicators",
    say("worst"),
    html`${table(assessed.slice(0, SHOWN))}
${rest.length === 0 ? "" : html`<details><summary>${say("indicatorsOf")} (${assessed.length})</summary>${table(rest)}</details>`}
${
  missing.length === 0
    ? ""
    : html`<p class="note">${say("notAssessed")}${language === "zh" ? "：" : ": "}${missing
        .map(({ title, state }) => `${title[language]} (${nameCode(state)[language]})`)
        .join(language === "zh" ? "；" : "; ")}</p>`
}`,
  );
}

function drawRow({ language, link }: View, row: Indicator): Markup {
  const named = row.categories
    .filter(({ points }) => points < 0 || points > 0)
    .slice(0, CATEGORIES);
  const parts = named.map(({ title, points }) => `${title[language]} ${signed(points, 2)}`);
  return html`<tr><th scope="row"><a href="${link(`indicator/${row.id}`)}">${row.title[language]}</a>${
    parts.length === 0
      ? ""
      : html`<br><small>${speaker(language)("ofWhich")} ${parts.join(language === "zh" ? "；" : "; ")}</small>`
  }</th><td class="n">${plain(row.value)} <small>${row.unit[language]}</small></td><td class="n">${plain(row.numerator)} / ${plain(row.denominator)}</td><td class="n">${figure(row.sample_size)}</td><td class="n">${figure(row.score, 1)}</td><td class="n">${row.lost === null ? "–" : figure(-row.lost, 2)}</td></tr>
`;
}

/** What the body promised and kept, by its indicators on commitments and contracts. */
export function drawPromises(view: View): Markup {
  const { data, language, link } = view;
  const say = speaker(language);
  const own = data.indicators.filter(
    ({ on_commitments, state }) => on_commitments && state === "assessed",
  );
  if (own.length === 0) return html``;
  const rows = own
    .toSorted((a, b) => ((a.clause ?? "") < (b.clause ?? "") ? -1 : 1))
    .map(
      ({ id, title, clause, value, unit, numerator, denominator }) =>
        html`<tr><td>${clause ?? ""}</td><th scope="row"><a href="${link(`indicator/${id}`)}">${title[language]}</a></th><td class="n">${plain(value)} <small>${unit[language]}</small></td><td class="n">${plain(numerator)} / ${plain(denominator)}</td></tr>`,
    );
  return panel(
    "commitments",
    say("commitments"),
    html`${drawTable({
      head: [say("clause"), say("indicator"), { n: say("value") }, { n: say("evidence") }],
      rows,
    })}<p class="note">${say("commitmentsNote")}</p>`,
  );
}
