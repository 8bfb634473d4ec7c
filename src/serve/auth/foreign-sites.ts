import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { Config } from "../../config.ts";
import { sayRefused } from "../page/refusal.ts";
import type { WebEnv } from "./require-role.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
/** What a page of another site can send without asking first. */
const FORM = /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)(?:;|$)/i;

/**
 * Refuses what another site makes a browser send. A request that changes something must come from a page of this site, by
 * Sec-Fetch-Site or Origin, when a browser may have sent it by itself: a form, or whatever is known by a session's cookie or a
 * password that the browser keeps. A request with a token needs none of this: no browser sends that by itself.
 */
export function refuseForeignSites(config: Config): MiddlewareHandler<WebEnv> {
  return createMiddleware<WebEnv>(async (c, next) => {
    const byToken = c.get("visitor").token !== null && !c.get("bySession");
    if (SAFE.has(c.req.method) || byToken || isOwn(c, config)) return next();
    return sayRefused(c, 403, "foreignSite");
  });
}

function isOwn(c: Context<WebEnv>, config: Config): boolean {
  // A browser says so itself wherever it trusts the connection.
  const site = c.req.header("Sec-Fetch-Site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("Origin");
  if (origin !== undefined) return origin === originOf(c, config);
  return !mayBeUnasked(c);
}

function mayBeUnasked(c: Context<WebEnv>): boolean {
  const type = c.req.header("Content-Type");
  const hasPassword = c.req.header("Authorization") !== undefined;
  return c.get("bySession") || hasPassword || type === undefined || FORM.test(type.trim());
}

/** This site as a browser names it. */
function originOf(c: Context, { trustedProxies }: Config): string {
  const { protocol, host } = new URL(c.req.url);
  if (trustedProxies === 0) return `${protocol}//${host}`;
  const first = (name: string) => c.req.header(name)?.split(",")[0]?.trim();
  const scheme = first("X-Forwarded-Proto") ?? protocol.replace(":", "");
  return `${scheme}://${first("X-Forwarded-Host") ?? host}`;
}
