import { createMiddleware } from "hono/factory";
import type { WebEnv } from "./auth/require-role.ts";
import { sayRefused } from "./page/refusal.ts";
import { BOARD } from "./queue-board.ts";

const METHODS = ["GET", "HEAD", "OPTIONS", "POST"];
/** What the board of the queues is worked with besides. */
const OF_BOARD = [...METHODS, "DELETE", "PATCH", "PUT"];

/** Refuses with 405 what this server does under no address, as TRACE. */
export const limitMethods = createMiddleware<WebEnv>(async (c, next) => {
  const { path, method } = c.req;
  const allowed = path === BOARD || path.startsWith(`${BOARD}/`) ? OF_BOARD : METHODS;
  if (allowed.includes(method)) return next();
  c.header("Allow", allowed.join(", "));
  return sayRefused(c, 405, "noSuchMethod", { method });
});
