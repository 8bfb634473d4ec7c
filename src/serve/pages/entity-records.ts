import { html } from "hono/html";
import { nameCode } from "../../publish/words.ts";
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
      html`<tr><th scope="row">${record}</th><td>${nameCode(kind)[language]}${language === "zh" ? "：" : ": "}${title[language]}</td><td class="day">${occurred_on ?? "–"}</td><td class="n">${points === null ? "–" : signed(points, 2)}</td><td><code>${place}</code></td></tr>`,
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

/** Dishonesty records and where they stand, and the way to object. */
export function drawObjections({ data, language, month }: View): Markup {
  const say = speaker(language);
  const { standing, dishonesty_records: records } = data;
  const columns = Object.keys(records[0] ?? {}).filter(
    (column) => column !== "entity_id" && records.some((row) => row[column] !== null),
  );
  const rows = records.map(
    (row) =>
      html`<tr>${columns.map((column) => html`<td>${String(row[column] ?? "–")}</td>`)}</tr>`,
  );
  return panel(
    "objections",
    say("objections"),
    html`<p>${say("objectionsNote")}</p>
${records.length === 0 ? "" : drawTable({ head: columns, rows })}
<p><a class="button" href="/objection?pipeline=${month.pipeline.pipeline}&amp;entity=${encodeURIComponent(standing.entity_id)}">${say("fileObjection")}</a></p>`,
  );
}
