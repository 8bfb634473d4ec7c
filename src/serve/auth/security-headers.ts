import type { MiddlewareHandler } from "hono";
import { csrf } from "hono/csrf";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import { NONCE, secureHeaders } from "hono/secure-headers";
import { sayRefused } from "../page/refusal.ts";
import type { WebEnv } from "./require-role.ts";

type Options = NonNullable<Parameters<typeof secureHeaders>[0]>;
type Policy = NonNullable<Options["contentSecurityPolicy"]>;

/** Everything from this server, and nothing inline. */
const POLICY: Policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", "data:"],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

const OTHERS: Options = {
  xFrameOptions: "DENY",
  referrerPolicy: "same-origin",
  crossOriginResourcePolicy: "same-origin",
  permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
};

const strict = secureHeaders({ contentSecurityPolicy: POLICY, ...OTHERS });
/** An editor that writes style sheets of its own gets a nonce for them: `c.get("secureHeadersNonce")`. */
const editor = secureHeaders({
  contentSecurityPolicy: { ...POLICY, styleSrc: ["'self'", NONCE], workerSrc: ["'self'"] },
  ...OTHERS,
});
/** Pages that others made bring their own policy, or none: the queues' board, and report files. */
const own = secureHeaders(OTHERS);

const OWN = ["/queues", "/published/", "/api/credit-reports/"];

/** Security headers for every answer. */
export const securityHeaders: MiddlewareHandler<WebEnv> = (c, next) => {
  const { path } = c.req;
  if (path === "/sql" || path.startsWith("/sql/")) return editor(c, next);
  if (OWN.some((place) => path.startsWith(place))) return own(c, next);
  return strict(c, next);
};

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const checkOrigin = csrf();

/**
 * Refuses what another site makes a browser send. A form must come from a page of this site (hono/csrf: Origin or
 * Sec-Fetch-Site); anything else that changes something and is known by cookie must be JSON, which a foreign form
 * cannot send. A request with a token needs none of this: no browser sends that by itself.
 */
export const refuseForeignSites: MiddlewareHandler<WebEnv> = createMiddleware(async (c, next) => {
  if (SAFE.has(c.req.method) || c.req.header("Authorization")?.startsWith("Bearer")) return next();
  const site = c.req.header("Sec-Fetch-Site");
  if (site !== undefined && site !== "same-origin") return sayRefused(c, 403, "foreignSite");
  let passed = false;
  try {
    return await checkOrigin(c, async () => {
      passed = true;
      await next();
    });
  } catch (error) {
    if (!passed && error instanceof HTTPException) return sayRefused(c, 403, "foreignSite");
    throw error;
  }
});
