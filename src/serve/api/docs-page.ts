import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { html } from "hono/html";
import type { WebEnv } from "../auth/require-role.ts";
import { type Markup, renderPage } from "../page/layout.ts";
import { drawTable, panel } from "../pages/parts.ts";
import { API_TEXTS } from "./texts.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

interface Operation {
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
      }
    >
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** The API's description for readers, made from its OpenAPI document; needs no script and nothing from elsewhere. */
export async function docsPage(c: Context<WebEnv>, app: OpenAPIHono<WebEnv>): Promise<Response> {
  const language = c.get("language");
  const answer = await app.request("/api/openapi.json");
  const document = (await answer.json()) as Document;
  const say = (key: keyof typeof API_TEXTS) => API_TEXTS[key][language];
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const page = await renderPage({
    language,
    title: API_TEXTS.title,
    path: "/api/docs",
    entry: "api",
    main: html`<p class="lead">${say("lead")}</p>
<p><a href="/api/openapi.json">/api/openapi.json</a> · OpenAPI 3.1</p>
<pre tabindex="0"><code>curl -H "Authorization: Bearer $TOKEN" ${new URL(c.req.url).origin}/api/me</code></pre>
${panel(
  "contents",
  say("contents"),
  html`<ul class="plain">${operations.map(
    ({ path, method, operation }) =>
      html`<li><a href="#${anchorOf(method, path)}"><code>${method.toUpperCase()} ${path}</code></a> ${operation.summary ?? ""}</li>`,
  )}</ul>`,
)}
${operations.map(({ path, method, operation }) => drawOperation(document, method, path, operation, say))}`,
  });
  c.header("Cache-Control", "public, no-cache");
  return c.html(page);
}

function anchorOf(method: string, path: string): string {
  return `${method}${path.replace(/[^a-z0-9]+/gi, "-")}`;
}

function drawOperation(
  document: Document,
  method: string,
  path: string,
  { summary, parameters = [], requestBody, responses, security }: Operation,
  say: (key: keyof typeof API_TEXTS) => string,
): Markup {
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  return panel(
    anchorOf(method, path),
    `${method.toUpperCase()} ${path}`,
    html`<p>${summary ?? ""}${security ? html` · <b>${say("needsToken")}</b>` : ""}</p>
${
  parameters.length === 0
    ? ""
    : drawTable({
        caption: say("parameters"),
        head: [say("name"), say("place"), say("meaning")],
        rows: parameters.map(
          (one) =>
            html`<tr><th scope="row"><code>${one.name}</code>${one.required ? " *" : ""}</th><td>${one.in}</td><td>${one.description ?? one.schema?.description ?? ""}</td></tr>`,
        ),
      })
}
${body ? html`<h3>${say("request")}</h3>${drawSchema(document, body)}` : ""}
<h3>${say("answers")}</h3>
${Object.entries(responses).map(([status, { description, content }]) => {
  const [type, media] = Object.entries(content ?? {})[0] ?? [];
  return html`<details><summary><code>${status}</code> ${description}${type ? ` · ${type}` : ""}</summary>${media?.schema ? drawSchema(document, media.schema) : ""}</details>`;
})}`,
  );
}

const DEEPEST = 4;

function drawSchema(document: Document, schema: Schema, depth = 0): Markup {
  const real = resolve(document, schema);
  const properties = real.properties ?? resolve(document, real.items ?? {}).properties;
  if (!properties || depth >= DEEPEST) return html`<code>${describeType(document, real)}</code>`;
  return html`<ul class="plain">${Object.entries(properties).map(([name, value]) => {
    const inner = resolve(document, value);
    const nested = inner.properties ?? (inner.items && resolve(document, inner.items).properties);
    return html`<li><code>${name}</code> <small>${describeType(document, inner)}</small> ${inner.description ?? ""}${nested ? drawSchema(document, inner, depth + 1) : ""}</li>`;
  })}</ul>`;
}

function resolve(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  const found = name ? document.components?.schemas?.[name] : undefined;
  if (found) return resolve(document, found);
  const [first] = schema.anyOf?.filter((one) => one.type !== "null") ?? [];
  return first ? { ...resolve(document, first), ...schema } : schema;
}

function describeType(document: Document, schema: Schema): string {
  const real = resolve(document, schema);
  if (real.enum) return real.enum.map((one) => JSON.stringify(one)).join(" | ");
  const type = [real.type ?? "object"].flat().join(" | ");
  return real.items ? `${describeType(document, real.items)}[]` : type;
}
