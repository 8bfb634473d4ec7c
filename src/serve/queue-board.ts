import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { HonoAdapter } from "@bull-board/hono";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono, type MiddlewareHandler } from "hono";
import { basicAuth } from "hono/basic-auth";
import { HTTPException } from "hono/http-exception";
import type { Config } from "../config.ts";
import type { Queues } from "../queue/queues.ts";
import { BAD_TOKEN_LIMIT, openMeter, refuseFor } from "./auth/limits.ts";
import { requireRole, type WebEnv } from "./auth/require-role.ts";
import { sayProblem } from "./page/refusal.ts";

export const BOARD = "/queues";

/** Keeps whoever sends wrong passwords waiting. The middleware compares their digests in constant time. */
function slowDown(config: Config, check: MiddlewareHandler): MiddlewareHandler<WebEnv> {
  const wrong = openMeter(config, BAD_TOKEN_LIMIT);
  return async (c, next) => {
    const given = c.req.header("Authorization") !== undefined;
    const wait = given ? await wrong.wait(c) : undefined;
    if (wait !== undefined) return refuseFor(c, wait);
    try {
      return await check(c, next);
    } catch (error) {
      if (given && error instanceof HTTPException && error.status === 401) await wrong.take(c);
      throw error;
    }
  };
}

/** Bull Board over every queue while Redis is there, for administrators alone: by their token or session, or by the password where one is set. */
export function queueBoard(
  config: Config,
  queues: Queues,
  isReached: () => Promise<boolean>,
): Hono<WebEnv> {
  const adapter = new HonoAdapter(serveStatic);
  adapter.setBasePath(BOARD);
  createBullBoard({
    queues: queues.all.map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: "政信 zhengxin" } },
  });
  const app = new Hono<WebEnv>();
  const { adminUser, adminPassword } = config;
  const byToken = requireRole("admin");
  const byPassword = adminPassword
    ? slowDown(config, basicAuth({ username: adminUser, password: adminPassword }))
    : byToken;
  app.use("*", (c, next) => (c.get("visitor").role === "admin" ? byToken : byPassword)(c, next));
  // The board would wait for Redis without end.
  app.use("*", async (c, next) => {
    if (await isReached()) return next();
    return sayProblem(c, 503, "redis-away", {
      zh: "Redis 目前没有应答，队列无从查看；恢复后刷新即可。",
      en: "Redis does not answer at present, so that the queues cannot be shown; look again once it does.",
    });
  });
  app.route("/", adapter.registerPlugin() as unknown as Hono<WebEnv>);
  return app;
}
