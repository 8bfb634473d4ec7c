import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { Config } from "../../config.ts";
import type { Language } from "../page/language.ts";
import { sayRefused, wantsPage } from "../page/refusal.ts";
import { ANYBODY, hasRights, type Role, type Visitor } from "./roles.ts";
import { openSessions, type Sessions } from "./session.ts";
import { openTokenRegister, type TokenRegister } from "./token-file.ts";

/** What every request knows: who asks, and in which language. */
export interface WebEnv {
  Variables: {
    visitor: Visitor;
    /** Whether the visitor is known by cookie, which a browser sends by itself. */
    bySession: boolean;
    language: Language;
    secureHeadersNonce?: string;
  };
}

export interface Door {
  readonly tokens: TokenRegister;
  readonly sessions: Sessions;
  /** Finds out who asks; to run before all routes. A token that is not known is refused, not taken for nobody's. */
  readonly identify: MiddlewareHandler<WebEnv>;
}

const BEARER = /^Bearer +(\S+)$/i;

/** Opens the door of the web server: tokens, sessions and who is who. */
export function openDoor(config: Config): Door {
  const tokens = openTokenRegister(config);
  const sessions = openSessions(config);
  const identify = createMiddleware<WebEnv>(async (c, next) => {
    const given = BEARER.exec(c.req.header("Authorization") ?? "")?.[1];
    let visitor: Visitor | undefined;
    if (given !== undefined) {
      visitor = tokens.bySecret(given);
      if (!visitor) return refuse(c, 401, "unknownToken");
      c.set("bySession", false);
    } else {
      const token = await sessions.read(c);
      visitor = token === undefined ? undefined : tokens.byId(token);
      c.set("bySession", visitor !== undefined);
    }
    c.set("visitor", visitor ?? ANYBODY);
    await next();
  });
  return { tokens, sessions, identify };
}

/**
 * Lets only those pass that have at least a role: others get 401 (a browser is led to the log-in page) or 403.
 * Mount after `identify`: `app.use("/api/sql", requireRole("analyst"))`.
 */
export function requireRole(role: Role): MiddlewareHandler<WebEnv> {
  return createMiddleware<WebEnv>(async (c, next) => {
    const visitor = c.get("visitor");
    if (!hasRights(visitor.role, role)) {
      if (visitor.token !== null) return refuse(c, 403, "tooLittle");
      if (wantsPage(c) && c.req.method === "GET") {
        return c.redirect(`/account?to=${encodeURIComponent(localPath(c))}`, 303);
      }
      return refuse(c, 401, "needsToken");
    }
    await next();
    // What only some may see must not stay in a cache that others share.
    if (role !== "public" && !c.res.headers.has("Cache-Control")) {
      c.header("Cache-Control", "private, no-store");
    }
  });
}

function localPath(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}

async function refuse(
  c: Context<WebEnv>,
  status: 401 | 403,
  why: Parameters<typeof sayRefused>[2],
) {
  if (status === 401) c.header("WWW-Authenticate", 'Bearer realm="zhengxin"');
  return sayRefused(c, status, why);
}
