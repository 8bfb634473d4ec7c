import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { publicDay } from "../present.ts";
import { openPool } from "../query/pool.ts";
import { poolOptions } from "../query/pool-options.ts";
import type { Queues } from "../queue/queues.ts";
import type { RedisState } from "../queue/redis-state.ts";
import { openRenderings, type WriteRendering } from "../redact/renderings.ts";
import { apiRoutes } from "./api/api-routes.ts";
import { objectionRoutes } from "./api/objection-page.ts";
import { recordEventRoutes } from "./api/record-events.ts";
import { accountRoutes } from "./auth/account.ts";
import { openDoor } from "./auth/door.ts";
import { refuseForeignSites } from "./auth/foreign-sites.ts";
import { API_LIMIT, limitRate } from "./auth/limits.ts";
import type { WebEnv } from "./auth/require-role.ts";
import { securityHeaders } from "./auth/security-headers.ts";
import { limitMethods } from "./limit-methods.ts";
import type { Metrics } from "./metrics.ts";
import { openMonthIndex, type ServedPipeline } from "./months/find-month.ts";
import { openMonths } from "./months/open-month.ts";
import { prepareMonths } from "./months/prepare-months.ts";
import { MonthInMaking, openShowing } from "./months/show-run.ts";
import { assetRoutes } from "./page/assets.ts";
import { chooseLanguage } from "./page/language.ts";
import { sayRefused, sayUnreadable } from "./page/refusal.ts";
import { pageRoutes } from "./pages/page-routes.ts";
import { paletteRoutes } from "./pages/palette.ts";
import { warmPages } from "./pages/warm-pages.ts";
import { publishedFiles } from "./published-files.ts";
import { BOARD, queueBoard } from "./queue-board.ts";
import { sqlPage } from "./sql/sql-page.ts";
import { sqlRoutes } from "./sql-routes.ts";

export interface ServedParts {
  readonly config: Config;
  /** What there is only with Redis: queues, their figures, and what Redis can do just now. */
  readonly queues?: Queues;
  readonly metrics?: Metrics;
  readonly redisState?: () => Promise<RedisState>;
  /** Whether the program is being stopped. */
  readonly isStopping: () => boolean;
  /** Day by which it is told whether a record may still be shown; default: see publicDay. */
  readonly today?: (served: ServedPipeline) => string;
  readonly log?: Logger;
  /** Whether the first pages are made before anybody asks. */
  readonly warm?: boolean;
  /** Whether what may be shown of each month is made before anybody asks. */
  readonly prepare?: boolean;
  /** So long a visitor waits for a month that is being made anew, in milliseconds; default: for ever, unless they are prepared. */
  readonly patience?: number;
  /** How a rendering of a month is written; default: in a process of its own. */
  readonly write?: WriteRendering;
}

/** So long a visitor waits for a month that is prepared, before being asked to come back. */
const PATIENCE_MS = 3000;

/** The routes, and what has to be ended with them: the processes of analysts' questions. */
export type WebApp = Hono<WebEnv> & { close(): void };

/**
 * The web server's routes: `/health`, `/ready` and `/metrics` for those who run it, `/queues` for the administrator,
 * `/published` the published months as files, and the pages and API that docs/web.md lists.
 */
export function makeApp(parts: ServedParts): WebApp {
  const { config, queues } = parts;
  const door = openDoor(config);
  const index = openMonthIndex(config);
  const renderings = openRenderings(config, parts.write);
  const today = parts.today ?? publicDay;
  const { show, look } = openShowing(
    renderings,
    today,
    parts.patience ?? (parts.prepare ? PATIENCE_MS : Number.POSITIVE_INFINITY),
  );
  const months = openMonths(config);
  const pool = openPool(poolOptions(config));
  const app = new Hono<WebEnv>();
  addHealth(app, parts);
  app.use(securityHeaders, chooseLanguage, limitMethods);
  app.use(door.identify, refuseForeignSites(config));
  app.use("/api/*", limitRate(config, API_LIMIT));
  app.route("/", assetRoutes());
  app.route("/", accountRoutes(config, door));
  const reached = async () => (await parts.redisState?.())?.reached ?? true;
  if (queues) app.route(BOARD, queueBoard(config, queues, reached));
  app.route("/published", publishedFiles({ config, index, show }));
  app.route("/", paletteRoutes());
  app.route("/", apiRoutes({ config, index, show, today }));
  app.route("/", recordEventRoutes({ config, index, months, show, today }));
  app.route("/", objectionRoutes({ config, index, months, show, today }));
  // Rooms of their own are mounted here, one line each: analyst SQL, credit reports.
  app.route("/", sqlRoutes({ config, index, show, pool }));
  app.route("/", sqlPage({ config, index }));
  app.route("/", pageRoutes({ config, index, months, show, look }));
  app.notFound((c) => sayRefused(c, 404, "noSuchPage"));
  app.onError((error, c) => {
    if (error instanceof HTTPException) {
      const challenge = error.res?.headers.get("WWW-Authenticate");
      if (challenge) c.header("WWW-Authenticate", challenge);
      return error.status === 401
        ? sayRefused(c, 401, "needsToken")
        : sayUnreadable(c, error.status);
    }
    if (error instanceof MonthInMaking) {
      c.header("Retry-After", "10");
      return sayRefused(c, 503, "monthInMaking");
    }
    parts.log?.error({ err: error, path: c.req.path }, "a request failed");
    return sayRefused(c, 500, "internal");
  });
  if (parts.warm) {
    warmPages(app, index).catch((err) => parts.log?.error({ err }, "the first pages failed"));
  }
  const preparing = parts.prepare
    ? prepareMonths({ index, renderings, today, log: parts.log })
    : undefined;
  return Object.assign(app, {
    close() {
      preparing?.close();
      pool.close();
      renderings.close();
    },
  });
}

/** Told before anything else is looked at, and without security headers nobody reads. */
function addHealth(app: Hono<WebEnv>, { redisState, isStopping, metrics }: ServedParts): void {
  app.get("/health", (c) => c.json({ status: "alive" }));
  app.get("/ready", async (c) => {
    const state = await redisState?.();
    const redis = state ? state.trouble === undefined : null;
    const ready = redis !== false && !isStopping();
    const told = { ready, redis, reason: state?.trouble ?? null, stopping: isStopping() };
    return c.json(told, ready ? 200 : 503);
  });
  if (!metrics) return;
  app.get("/metrics", async (c) => {
    c.header("Content-Type", metrics.contentType);
    return c.body(await metrics.read());
  });
}
