import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { Config } from "../../config.ts";
import { BAD_TOKEN_LIMIT, openMeter, refuseFor } from "./limits.ts";
import { refuse, type WebEnv } from "./require-role.ts";
import { ANYBODY, type Visitor } from "./roles.ts";
import { openSessions, type Sessions } from "./session.ts";
import { openTokenRegister, type TokenRegister } from "./token-file.ts";

export interface Door {
  readonly tokens: TokenRegister;
  readonly sessions: Sessions;
  /**
   * Finds out who asks; to run before all routes. A token that is not known is refused, not taken for nobody's, and whoever
   * sends many of them is kept waiting; a token in force passes all the same, since others may share the address.
   */
  readonly identify: MiddlewareHandler<WebEnv>;
}

const BEARER = /^Bearer +(\S+)$/i;

/** Opens the door of the web server: tokens, sessions and who is who. */
export function openDoor(config: Config): Door {
  const tokens = openTokenRegister(config);
  const sessions = openSessions(config);
  const badTokens = openMeter(config, BAD_TOKEN_LIMIT);
  const identify = createMiddleware<WebEnv>(async (c, next) => {
    c.set("visitor", ANYBODY);
    c.set("bySession", false);
    const given = BEARER.exec(c.req.header("Authorization") ?? "")?.[1];
    let visitor: Visitor | undefined;
    if (given !== undefined) {
      visitor = tokens.bySecret(given);
      if (!visitor) {
        const wait = await badTokens.take(c);
        return wait === undefined ? refuse(c, 401, "unknownToken") : refuseFor(c, wait);
      }
    } else {
      const token = await sessions.read(c);
      visitor = token === undefined ? undefined : tokens.byId(token);
      c.set("bySession", visitor !== undefined);
    }
    if (visitor) c.set("visitor", visitor);
    await next();
  });
  return { tokens, sessions, identify };
}
