import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import type { Config } from "../config.ts";
import type { Queues } from "../queue/queues.ts";
import type { Metrics } from "./metrics.ts";
import { publishedFiles } from "./published-files.ts";
import { BOARD, queueBoard } from "./queue-board.ts";

export interface ServedParts {
  readonly config: Config;
  readonly queues: Queues;
  readonly metrics: Metrics;
  /** Whether Redis answers just now. */
  readonly pingRedis: () => Promise<boolean>;
  /** Whether the program is being stopped. */
  readonly isStopping: () => boolean;
}

/**
 * The web server's routes. `/health` tells that the process is alive, `/ready` that it can take work, `/metrics` its
 * figures, `/queues` the queues for the administrator, `/published` the published months.
 */
export function makeApp(parts: ServedParts): Hono {
  const app = new Hono();
  app.use(secureHeaders());
  app.get("/health", (c) => c.json({ status: "alive" }));
  app.get("/ready", async (c) => {
    const redis = await parts.pingRedis();
    const ready = redis && !parts.isStopping();
    return c.json({ ready, redis, stopping: parts.isStopping() }, ready ? 200 : 503);
  });
  app.get("/metrics", async (c) => {
    c.header("Content-Type", parts.metrics.contentType);
    return c.body(await parts.metrics.read());
  });
  const board = queueBoard(parts.config, parts.queues);
  if (board) app.route(BOARD, board);
  app.route("/published", publishedFiles(parts.config));
  app.notFound((c) => c.text("没有这个页面。There is no such page.\n", 404));
  app.onError((error, c) =>
    error instanceof HTTPException ? error.getResponse() : c.text(`${error.message}\n`, 500),
  );
  return app;
}
