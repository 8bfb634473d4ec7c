import type { MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";
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
