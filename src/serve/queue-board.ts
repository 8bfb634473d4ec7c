import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { HonoAdapter } from "@bull-board/hono";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import type { Config } from "../config.ts";
import type { Queues } from "../queue/queues.ts";

export const BOARD = "/queues";

/** Bull Board over every queue, for the administrator alone; none while no password is set. */
export function queueBoard(config: Config, queues: Queues): Hono | undefined {
  if (!config.adminPassword) return undefined;
  const adapter = new HonoAdapter(serveStatic);
  adapter.setBasePath(BOARD);
  createBullBoard({
    queues: queues.all.map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: "政信 zhengxin" } },
  });
  const app = new Hono();
  // The middleware compares digests in constant time.
  app.use("*", basicAuth({ username: config.adminUser, password: config.adminPassword }));
  app.route("/", adapter.registerPlugin());
  return app;
}
