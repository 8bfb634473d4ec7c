import { html } from "hono/html";
import { UNNAMED } from "../../publish/unnamed.ts";
import { nameCode } from "../../publish/words.ts";
import { STATES } from "../../record/transitions.ts";
import { SEVERITY_NAMES, type Severity } from "../../standard/record-rules.ts";
import type { Language } from "../page/language.ts";
import type { Markup } from "../page/layout.ts";
import type { PageView } from "./define-page.ts";
import type { EntityData } from "./entity-shape.ts";
import { drawTable, panel, signed, speaker } from "./parts.ts";

type View = PageView<EntityData>;

/** Single records behind deductions, bonuses and vetoes, with the file and line they stand in. */
export function drawRecords({ data, language }: View): Markup {
  const say = speaker(language);
  const rows = data.records.map(
    ({ kind, title, record, occurred_on, points, place }) =>
      html`<tr><th scope="row">${record === UNNAMED ? say("recordEnded") : record}</th><td>${nameCode(kind)[language]}${language === "zh" ? "：" : ": "}${title[language]}</td><td class="day">${occurred_on ?? "–"}</td><td class="n">${points === null ? "–" : signed(points, 2)}</td><td><code>${place}</code></td></tr>`,
  );
  return panel(
    "records",
    say("recordsOf"),
    rows.length === 0
      ? html`<p>${say("noRecords")}</p>`
      : drawTable({
          head: [say("record"), say("rule"), say("date"), { n: say("points") }, say("place")],
          rows,
        }),
  );
}

/** Dishonesty records under publication and where they stand, and the way to object. */
export function drawObjections({ data, language, month }: View): Markup {
  const say = speaker(language);
  const { standing, dishonesty_records: records } = data;
  const { pipeline } = month.pipeline;
  const entity = encodeURIComponent(standing.entity_id);
  return panel(
    "objections",
    say("objections"),
    html`${
      month.has("dishonesty_record")
        ? records.length === 0
          ? html`<p>${say("noPublicRecords")}</p>`
          : drawTable({
              head: [
                say("record"),
                say("recordSeverity"),
                say("decidedOn"),
                say("issuedBy"),
                say("recordState"),
                say("repairFrom"),
                say("publicUntil"),
              ],
              rows: records.map((row) => drawPublicRecord(row, language)),
            })
        : ""
    }
<p>${say("objectionsNote")}</p>
<p><a class="button" href="/objection?pipeline=${pipeline}&amp;entity=${entity}">${say("fileObjection")}</a> · <a href="/api/credit-reports/${pipeline}/${entity}">${say("creditReport")}</a></p>`,
  );
}

function drawPublicRecord(
  row: EntityData["dishonesty_records"][number],
  language: Language,
): Markup {
  const say = speaker(language);
  const text = (name: string) => String(row[name] ?? "–");
  const basis = row[`publication_basis_${language}`];
  const severity = SEVERITY_NAMES[row.severity as Severity];
  const state = STATES[row.state as keyof typeof STATES];
  return html`<tr><th scope="row">${text("record_key")}</th><td>${severity?.[language] ?? text("severity")}</td><td class="day">${text("decided_on")}</td><td>${text("issuing_body")}</td><td>${row.disputed === true ? html`<b class="down">${say("disputedMark")}</b>` : (state?.[language] ?? text("state"))}</td><td class="day">${text("earliest_repair_on")}</td><td class="day">${text("publication_ends_on")}${typeof basis === "string" ? html`<br><small>${basis}</small>` : ""}</td></tr>
`;
}
