import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { FILING_LIMIT, limitRate } from "../auth/limits.ts";
import { requireRole, type WebEnv } from "../auth/require-role.ts";
import { mayActFor } from "../auth/roles.ts";
import { limitBody } from "../limit-body.ts";
import type { Months } from "../months/open-month.ts";
import { readRun } from "../months/read-run.ts";
import { type Markup, renderPage } from "../page/layout.ts";
import { sayRefused } from "../page/refusal.ts";
import { speaker } from "../pages/parts.ts";
import { bodiesOf } from "../pages/read-report.ts";
import type { ApiParts } from "./api-routes.ts";
import { fileObjection, type Objection, objection } from "./objection.ts";

const MOST_BYTES = 20_000;

/** The form that files an objection, at /objection; for officers, and without scripts. */
export function objectionRoutes(parts: ApiParts & { readonly months: Months }): Hono<WebEnv> {
  const { config, index } = parts;
  const app = new Hono<WebEnv>();
  app.use("/objection", requireRole("officer"));
  app.get("/objection", (c) =>
    showForm(c, parts, { pipeline: c.req.query("pipeline"), entity: c.req.query("entity") }),
  );
  app.post("/objection", limitBody(MOST_BYTES), limitRate(config, FILING_LIMIT), async (c) => {
    const form = Object.fromEntries(
      Object.entries(await c.req.parseBody()).filter(([, value]) => value !== ""),
    ) as Partial<Record<keyof Objection, string>>;
    const say = speaker(c.get("language"));
    const read = objection.safeParse(form);
    if (!read.success) {
      const fields = [...new Set(read.error.issues.map(({ path }) => path.join(".")))];
      const reason = say("fieldMissing", { fields: fields.join(", ") });
      return showForm(c, parts, form, { problem: say("objectionFaulty", { reason }) });
    }
    const outcome = await fileObjection(config, index, c.get("visitor"), read.data);
    if ("refused" in outcome) {
      const reason = outcome.refused.sentence;
      return showForm(c, parts, form, { problem: say("objectionFaulty", { reason }) });
    }
    const key = outcome.state === "received" ? "objectionDone" : "objectionBefore";
    return showForm(c, parts, form, { done: say(key, { receipt: outcome.receipt }) });
  });
  return app;
}

type Form = Partial<Record<keyof Objection, string | undefined>>;

async function showForm(
  c: Context<WebEnv>,
  { config, index, months, show }: ApiParts & { readonly months: Months },
  form: Form,
  { problem, done }: { readonly problem?: string; readonly done?: string } = {},
): Promise<Response> {
  const language = c.get("language");
  const say = speaker(language);
  const served = index.find(form.pipeline ?? "") ?? index.list()[0];
  if (!served) return sayRefused(c, 404, "nothingPublished");
  const reading = await readRun(c, { config, show }, served, served.newest);
  if (!reading) return sayRefused(c, 404, "nothingPublished");
  const month = await months.open(served, served.newest, reading);
  const all = [...bodiesOf(month).values()];
  const visitor = c.get("visitor");
  const options = (chosen: string | undefined, own: boolean) =>
    month.report.levels.map(
      ({ level, title }) =>
        html`<optgroup label="${title[language]}">${all
          .filter((one) => one.level.level === level)
          .filter(({ body }) => !own || mayActFor(visitor, body.entity_id))
          .map(
            ({ body }) =>
              html`<option value="${body.entity_id}"${body.entity_id === chosen ? html` selected` : ""}>${body.name[language]}</option>`,
          )}</optgroup>`,
    );
  const records = month.has("dishonesty_record")
    ? await month.rows<{ record_key: string }>("dishonesty-records", {
        entity: form.entity ?? visitor.body ?? "",
      })
    : [];
  const message = done
    ? html`<p class="done" role="status">${done}</p>`
    : problem
      ? html`<p class="problem" role="alert">${problem}</p>`
      : html``;
  const page = await renderPage({
    language,
    title: { zh: "对失信记录提出异议", en: "Object to a dishonesty record" },
    path: "/objection",
    query: new URLSearchParams({
      pipeline: served.definition.pipeline,
      ...(form.entity && { entity: form.entity }),
    }).toString(),
    place: {
      pipeline: served.definition.pipeline,
      title: month.report.title,
      query: "",
      synthetic: month.report.synthetic,
      period: month.run.period,
      periods: [],
      others: [],
    },
    main: html`${message}
${done ? "" : drawForm({ form, say, records, options, pipeline: served.definition.pipeline, body: visitor.body })}
<p><a href="/${served.definition.pipeline}/entity/${encodeURIComponent(form.entity ?? visitor.body ?? "")}">${form.entity ?? visitor.body ?? ""}</a></p>`,
  });
  c.header("Cache-Control", "private, no-store");
  return c.html(page, problem ? 400 : 200);
}

interface FormParts {
  readonly form: Form;
  readonly say: ReturnType<typeof speaker>;
  readonly records: readonly { readonly record_key: string }[];
  readonly options: (chosen: string | undefined, own: boolean) => Markup[];
  readonly pipeline: string;
  readonly body: string | null;
}

function drawForm({ form, say, records, options, pipeline, body }: FormParts): Markup {
  return html`<p>${say("objectionHow")}</p>
<form method="post" action="/objection" class="stack-form">
<input type="hidden" name="pipeline" value="${pipeline}">
<label for="entity">${say("objectionBody")}</label>
<select id="entity" name="entity" required>${options(form.entity ?? body ?? undefined, true)}</select>
<label for="record">${say("recordKey")}</label>
<input id="record" name="record_key" required maxlength="200" list="records" value="${form.record_key ?? ""}" autocomplete="off">
<datalist id="records">${records.map(({ record_key }) => html`<option value="${record_key}"></option>`)}</datalist>
<label for="responsible">${say("responsible")}</label>
<select id="responsible" name="responsible" required><option value="">–</option>${options(form.responsible, false)}</select>
<label for="document">${say("documentNo")}</label>
<input id="document" name="document_no" required maxlength="200" value="${form.document_no ?? ""}" autocomplete="off">
<label for="grounds">${say("grounds")}</label>
<textarea id="grounds" name="grounds" required maxlength="2000">${form.grounds ?? ""}</textarea>
<button type="submit">${say("submit")}</button>
</form>`;
}
