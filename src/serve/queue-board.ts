import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { HonoAdapter } from "@bull-board/hono";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono, type MiddlewareHandler } from "hono";
import { basicAuth } from "hono/basic-auth";
import type { Config } from "../config.ts";
import type { Queues } from "../queue/queues.ts";
import { requireRole, type WebEnv } from "./auth/require-role.ts";

export const BOARD = "/queues";

/** Bull Board over every queue, for administrators alone: by their token or session, or by the password where one is set. */
export function queueBoard(config: Config, queues: Queues): Hono<WebEnv> {
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
  // The middleware compares digests in constant time.
  const byPassword: MiddlewareHandler<WebEnv> = adminPassword
    ? basicAuth({ username: adminUser, password: adminPassword })
    : byToken;
  app.use("*", (c, next) => (c.get("visitor").role === "admin" ? byToken : byPassword)(c, next));
  app.route("/", adapter.registerPlugin() as unknown as Hono<WebEnv>);
  return app;
}
