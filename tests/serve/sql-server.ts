import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Hono } from "hono";
import { readConfig } from "../../src/config.ts";
import { openPool, type PoolOptions, type QueryPool } from "../../src/query/pool.ts";
import { showWhole } from "../../src/redact/renderings.ts";
import type { WebEnv } from "../../src/serve/auth/require-role.ts";
import type { Role } from "../../src/serve/auth/roles.ts";
import type { MonthIndex } from "../../src/serve/months/find-month.ts";
import { startServer, type WebServer } from "../../src/serve/server.ts";
import { sqlRoutes } from "../../src/serve/sql-routes.ts";
import { makeFiles, SMALL } from "../query/small-files.ts";

export interface SqlServer extends WebServer {
  readonly pool: QueryPool;
}

/** `POST /api/sql` over two small published files; the role of whoever asks is in the header `X-Role`. */
export async function serveSql(options: Partial<PoolOptions>): Promise<SqlServer> {
  const data = mkdtempSync(join(tmpdir(), "zhengxin-sql-"));
  const [file = ""] = await makeFiles();
  const folder = dirname(file);
  const manifest = {
    period: { id: "2018-12" },
    run: "r",
    pipeline: "tiny",
    outputs: [{ path: "report.json", audience: "public" }],
  };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "report.json"), "{}");
  const pool = openPool({ ...SMALL, ...options });
  const run = { period: "2018-12", run: "r", asOf: "2019-01-10 00:00:00", latest: true };
  const newest = { ...run, folder };
  const served = { definition: { jurisdiction: "tiny" }, runs: [newest], newest };
  const index = {
    list: () => [served],
    find: (name: string) => (name === "tiny" ? served : undefined),
  } as unknown as MonthIndex;
  const app = new Hono<WebEnv>();
  app.use(async (c, next) => {
    const role = (c.req.header("X-Role") ?? "public") as Role;
    const name = role === "public" ? null : role;
    c.set("visitor", { role, name, token: name, body: null } as never);
    await next();
  });
  const config = readConfig({ DATA_DIR: data });
  app.route(
    "/",
    sqlRoutes({
      config,
      index,
      show: async (_, { folder: shown }) => showWhole(shown, "2019-01-10"),
      pool,
    }),
  );
  const server = await startServer(
    Object.assign(app, { close: () => pool.close() }),
    "127.0.0.1",
    0,
  );
  return { ...server, pool };
}
