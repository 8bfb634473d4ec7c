import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { WebEnv } from "./auth/require-role.ts";
import { sayRefused } from "./page/refusal.ts";

/**
 * Refuses a request with 413 whose body is larger.
 * @param most bytes
 */
export function limitBody(most: number): MiddlewareHandler<WebEnv> {
  return bodyLimit({
    maxSize: most,
    onError: (c) => sayRefused(c, 413, "tooLarge", { most: most.toLocaleString("en") }),
  });
}
