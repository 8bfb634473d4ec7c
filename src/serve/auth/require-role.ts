import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { Language } from "../page/language.ts";
import { sayRefused, wantsPage } from "../page/refusal.ts";
import { hasRights, type Role, type Visitor } from "./roles.ts";

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

/** Says that the token is missing, not in force or of too little rights. */
export async function refuse(
  c: Context<WebEnv>,
  status: 401 | 403,
  why: Parameters<typeof sayRefused>[2],
) {
  if (status === 401) c.header("WWW-Authenticate", 'Bearer realm="zhengxin"');
  return sayRefused(c, status, why);
}
