import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Config } from "../../config.ts";
import { sayRefused } from "../page/refusal.ts";
import type { WebEnv } from "./require-role.ts";
import type { Role } from "./roles.ts";

/** Requests in a window, by role. */
export interface Limit {
  readonly name: string;
  readonly seconds: number;
  readonly points: Readonly<Record<Role, number>>;
}

/** Calls of the API. */
export const API_LIMIT: Limit = {
  name: "api",
  seconds: 60,
  points: { public: 300, analyst: 1200, officer: 1200, admin: 6000 },
};

/** Tries to log in, which is where somebody would guess. */
export const LOG_IN_LIMIT: Limit = {
  name: "log-in",
  seconds: 300,
  points: { public: 10, analyst: 10, officer: 10, admin: 10 },
};

/** Tokens that are not in force, and passwords that are wrong. */
export const BAD_TOKEN_LIMIT: Limit = { ...LOG_IN_LIMIT, name: "bad-token" };

/** Pages that must be made anew; those made already cost nothing. */
export const RENDER_LIMIT: Limit = {
  name: "render",
  seconds: 60,
  points: { public: 300, analyst: 600, officer: 600, admin: 3000 },
};

/** Objections filed. */
export const FILING_LIMIT: Limit = {
  name: "filing",
  seconds: 3600,
  points: { public: 0, analyst: 0, officer: 60, admin: 600 },
};

export interface Meter {
  /** The seconds to wait for a point when there is none left; takes none. */
  wait(c: Context<WebEnv>): Promise<number | undefined>;
  /** Takes a point of whoever asks; the seconds to wait when there is none left. */
  take(c: Context<WebEnv>): Promise<number | undefined>;
}

/** Counts the requests of each visitor against a limit, in this process. */
export function openMeter(config: Config, { name, seconds, points }: Limit): Meter {
  const meters = new Map(
    Object.entries(points).map(([role, most]) => [
      role,
      new RateLimiterMemory({ keyPrefix: `${name} ${role}`, points: most, duration: seconds }),
    ]),
  );
  const find = (c: Context<WebEnv>) => {
    const { role, token } = c.get("visitor");
    return { meter: meters.get(role), key: token ?? addressOf(c, config) };
  };
  return {
    async wait(c) {
      const { meter, key } = find(c);
      const state = await meter?.get(key);
      return state && state.remainingPoints <= 0 ? secondsOf(state) : undefined;
    },
    async take(c) {
      const { meter, key } = find(c);
      try {
        await meter?.consume(key);
        return undefined;
      } catch (error) {
        if (error instanceof RateLimiterRes) return secondsOf(error);
        throw error;
      }
    },
  };
}

const secondsOf = ({ msBeforeNext }: RateLimiterRes) => Math.ceil(msBeforeNext / 1000);

/** Refuses with 429 and Retry-After what goes beyond a limit. Mount after `identify`. */
export function limitRate(config: Config, limit: Limit): MiddlewareHandler<WebEnv> {
  const meter = openMeter(config, limit);
  return createMiddleware<WebEnv>(async (c, next) => {
    const wait = await meter.take(c);
    if (wait !== undefined) return refuseFor(c, wait);
    await next();
  });
}

/** The answer to whoever asks too often. */
export function refuseFor(c: Context<WebEnv>, seconds: number): Promise<Response> {
  c.header("Retry-After", String(seconds));
  return sayRefused(c, 429, "tooMany", { seconds });
}

/**
 * The visitor's address. Behind so many proxies of one's own, the entry of X-Forwarded-For that the outermost of them
 * wrote; what stands before it, anybody can write.
 */
function addressOf(c: Context, { trustedProxies }: Config): string {
  if (trustedProxies > 0) {
    const chain = (c.req.header("X-Forwarded-For") ?? "").split(",").map((part) => part.trim());
    const own = chain.at(-trustedProxies);
    if (own) return own;
  }
  try {
    return getConnInfo(c).remote.address ?? "";
  } catch {
    // Called without a connection, as tests do.
    return "";
  }
}
