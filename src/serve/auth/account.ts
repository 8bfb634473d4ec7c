import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { Config } from "../../config.ts";
import { fill } from "../../publish/words.ts";
import { limitBody } from "../limit-body.ts";
import { renderPage } from "../page/layout.ts";
import { PAGE_TEXTS, type PageTextKey } from "../page/texts.ts";
import type { Door } from "./door.ts";
import { LOG_IN_LIMIT, limitRate } from "./limits.ts";
import type { WebEnv } from "./require-role.ts";

const MOST_BYTES = 10_000;
const ROLE_TEXTS = {
  public: "rolePublic",
  analyst: "roleAnalyst",
  officer: "roleOfficer",
  admin: "roleAdmin",
} as const;

/** Logging in with a token and out again, at /account; works without scripts. */
export function accountRoutes(config: Config, { tokens, sessions }: Door): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.get("/account", (c) => showAccount(c, c.req.query("to")));
  app.post("/account", limitBody(MOST_BYTES), limitRate(config, LOG_IN_LIMIT), async (c) => {
    const form = await c.req.parseBody();
    const to = typeof form.to === "string" ? form.to : undefined;
    const secret = typeof form.token === "string" ? form.token.trim() : "";
    const visitor = tokens.bySecret(secret);
    if (!visitor?.token) return showAccount(c, to, "wrongToken");
    await sessions.open(c, visitor.token);
    return c.redirect(isLocal(to) ? to : "/account", 303);
  });
  app.post("/account/leave", (c) => {
    sessions.close(c);
    return c.redirect("/account", 303);
  });
  return app;
}

/** Only a path of this very site: not "//elsewhere", nor anything a browser would read as another address. */
function isLocal(to: string | undefined): to is string {
  return to !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(to);
}

async function showAccount(c: Context<WebEnv>, to: string | undefined, problem?: PageTextKey) {
  const language = c.get("language");
  const say = (key: PageTextKey) => PAGE_TEXTS[key][language];
  const { name, role } = c.get("visitor");
  const inside =
    name === null || problem
      ? html`<p>${say("accountHow")}</p>
${problem ? html`<p class="problem" role="alert">${say(problem)}</p>` : ""}
<form method="post" action="/account" class="stack-form">
<label for="token">${say("token")}</label>
<input id="token" name="token" type="password" autocomplete="current-password" required spellcheck="false">
${isLocal(to) ? html`<input type="hidden" name="to" value="${to}">` : ""}
<button type="submit">${say("logIn")}</button>
</form>`
      : html`<p>${fill(PAGE_TEXTS.loggedInAs, { name, role: PAGE_TEXTS[ROLE_TEXTS[role]] })[language]}</p>
<form method="post" action="/account/leave"><button type="submit">${say("logOut")}</button></form>`;
  const page = await renderPage({
    language,
    title: PAGE_TEXTS.accountTitle,
    path: "/account",
    ...(isLocal(to) && { query: `to=${encodeURIComponent(to)}` }),
    main: inside,
  });
  c.header("Cache-Control", "private, no-store");
  return c.html(page, problem ? 403 : 200);
}
