import type { Context } from "hono";
import { html } from "hono/html";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { fill } from "../../publish/words.ts";
import type { WebEnv } from "../auth/require-role.ts";
import { renderPage } from "./layout.ts";
import { PAGE_TEXTS, type PageTextKey } from "./texts.ts";

/** What the page of a refusal is called, by its status. */
const TITLES: Readonly<Record<number, PageTextKey>> = {
  401: "notAllowed",
  403: "notAllowed",
  404: "notFound",
  429: "notNow",
  500: "notNow",
  503: "notNow",
};

/** Whether a request comes from somebody who looks at pages, rather than from a program. */
export function wantsPage(c: Context): boolean {
  return (c.req.header("Accept") ?? "").includes("text/html");
}

/** Says no in a sentence: as a page to a browser, else as JSON `{error: {code, zh, en}}`. */
export async function sayRefused(
  c: Context<WebEnv>,
  status: ContentfulStatusCode,
  why: PageTextKey,
  values: Readonly<Record<string, string | number>> = {},
): Promise<Response> {
  return sayProblem(c, status, why, fill(PAGE_TEXTS[why], values));
}

/** The same for a sentence that is not among the page texts. */
export async function sayProblem(
  c: Context<WebEnv>,
  status: ContentfulStatusCode,
  code: string,
  sentence: { readonly zh: string; readonly en: string },
): Promise<Response> {
  c.header("Cache-Control", "no-store");
  if (!wantsPage(c)) return c.json({ error: { code, ...sentence } }, status);
  const language = c.get("language") ?? "zh";
  const page = await renderPage({
    language,
    title: PAGE_TEXTS[TITLES[status] ?? "notDone"],
    path: c.req.path,
    main: html`<p class="lead">${sentence[language]}</p>
<p><a href="/">${PAGE_TEXTS.backHome[language]}</a></p>`,
  });
  return c.html(page, status);
}

/** The answer to a request that could not even be read: too large, or no JSON where JSON belongs. */
export function sayUnreadable(c: Context<WebEnv>, status: ContentfulStatusCode): Promise<Response> {
  return sayProblem(c, status, "unreadable", fill(PAGE_TEXTS.unreadable, { status }));
}
