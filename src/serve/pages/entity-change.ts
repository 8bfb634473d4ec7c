import { html } from "hono/html";
import { nameCode } from "../../publish/words.ts";
import { drawWaterfall } from "../charts/waterfall-chart.ts";
import type { Markup } from "../page/layout.ts";
import type { PageView } from "./define-page.ts";
import type { EntityData } from "./entity-shape.ts";
import { drawTable, figure, panel, signed, speaker } from "./parts.ts";

/** So many changes have a bar of their own; the rest share one. */
const BARS = 10;

/** Why the score moved from one period to another: a waterfall, and every change in a table. */
export function drawChange(view: PageView<EntityData>): Markup {
  const { data, language } = view;
  const { change } = data;
  const say = speaker(language);
  if (!change) {
    return panel("change", say("change"), html`<p>${say("notBoth")}</p>`);
  }
  const { from, to, steps, score_from: before, score_to: after } = change;
  const title = say("waterfall", { from, to });
  const nameOf = ({ kind, title: own }: (typeof steps)[number]) =>
    kind === "indicator"
      ? own[language]
      : `${nameCode(kind)[language]}${language === "zh" ? "：" : ": "}${own[language]}`;
  const shown = steps.slice(0, BARS).map((step) => ({ name: nameOf(step), change: step.change }));
  const rest = steps.slice(BARS);
  if (rest.length > 0) {
    shown.push({
      name: say("otherChanges", { count: rest.length }),
      change: rest.reduce((sum, step) => sum + step.change, 0),
    });
  }
  const rows = steps.map(
    (step) =>
      html`<tr><th scope="row">${step.kind === "indicator" ? html`<a href="${view.link(`indicator/${step.id}`)}">${nameOf(step)}</a>` : nameOf(step)}</th><td class="n">${figure(step.before, 2)}</td><td class="n">${figure(step.after, 2)}</td><td class="n ${step.change > 0 ? "up" : "down"}">${signed(step.change, 2)}</td></tr>`,
  );
  return panel(
    "change",
    title,
    html`${chooseFrom(view)}
${
  steps.length === 0
    ? html`<p>${say("noChange")}</p>`
    : html`<figure>${drawWaterfall({
        id: "waterfall",
        label: title,
        steps: shown,
        from: { name: from, score: before },
        to: { name: to, score: after },
      })}<figcaption>${say("waterfallNote", { change: signed(after - before, 2) })}</figcaption></figure>
<details><summary>${say("tableBehind")}</summary>${drawTable({
        head: [say("indicator"), { n: from }, { n: to }, { n: say("change") }],
        rows,
        caption: title,
      })}</details>`
}`,
  );
}

function chooseFrom({ data, language, month, link }: PageView<EntityData>): Markup {
  const say = speaker(language);
  const { change, standing } = data;
  if (!change || change.periods.length < 2) return html``;
  const [path = "", query] = link(`entity/${standing.entity_id}`).split("?");
  const kept = [...new URLSearchParams(query)];
  return html`<form class="row-form" method="get" action="${path}#change" data-send>
${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label>${say("fromPeriod")}<select name="from">${change.periods
    .toReversed()
    .map(
      (period) =>
        html`<option value="${period}"${period === change.from ? html` selected` : ""}>${period}</option>`,
    )}</select></label>
<button class="quiet" type="submit">${say("show")}</button>
<small>→ ${month.run.period}</small>
</form>`;
}
