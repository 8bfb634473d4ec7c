import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { readConfig } from "../src/config.ts";
import type { Format } from "../src/query/frames.ts";
import { openPool } from "../src/query/pool.ts";
import { poolOptions } from "../src/query/pool-options.ts";
import { showWhole } from "../src/redact/renderings.ts";
import type { WebEnv } from "../src/serve/auth/require-role.ts";
import type { MonthIndex } from "../src/serve/months/find-month.ts";
import { startServer, type WebServer } from "../src/serve/server.ts";
import { sqlRoutes, TYPES } from "../src/serve/sql-routes.ts";
import { writeBatches } from "../src/store/arrow-batches.ts";
import { LockedStore } from "../src/store/locked-store.ts";
import { loadNativeDuckdb } from "../src/store/native-duckdb.ts";
import { NativeStore } from "../src/store/native-store.ts";
import { quoteLiteral, sqlFile } from "../src/store/sql-file.ts";
import { Store } from "../src/store/store.ts";
import { sourceOf } from "../src/store/vector-access.ts";

const sql = sqlFile(import.meta.dirname, "bench.sql");
const ROWS = 5_000_000;
const JSON_ROWS = 1_000_000;
const TRIES = 5;
const BOMB = "SELECT count(*) FROM range(100000000000) a, range(100000) b";

/**
 * Analysts' SQL: rows a second of the Arrow bridge and of `POST /api/sql`, against DuckDB's own chunk streaming in one
 * process and against JSON; memory while many rows go by; and how much a query bomb slows the server's other answers.
 */
export async function benchSql(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zhengxin-bench-"));
  const file = join(folder, "published.duckdb");
  const store = await Store.open(":memory:", { memory: "1GB", threads: 2 });
  await store.run(`ATTACH ${quoteLiteral(file)} AS made`);
  await store.run(sql("make-wide", { rows: String(ROWS) }));
  store.close();
  const outputs = [{ path: "report.json", audience: "public" }];
  const manifest = { period: { id: "2018-12" }, run: "r", pipeline: "bench", outputs };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "report.json"), "{}");
  const server = await serveSql(folder);
  try {
    await benchRows(file, server);
    await benchMemory(file);
    await benchBomb(server);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchRows(file: string, server: WebServer): Promise<void> {
  const options = { memory: "512MB", threads: 1, spill: tmpdir(), spillSize: "1GB" };
  const locked = await LockedStore.open([file], options);
  const native = await loadNativeDuckdb();
  const direct = native && NativeStore.open(native, [file], options);
  const contenders: readonly Contender[] = [
    {
      name: "DuckDB's chunks in this process",
      rows: ROWS,
      work: async () => {
        for await (const _ of (await locked.stream({ text: "FROM wide" })).chunks());
      },
    },
    {
      name: "Arrow bridge in this process",
      rows: ROWS,
      work: async () => {
        const source = sourceOf(await locked.stream({ text: "FROM wide" }));
        for await (const _ of writeBatches(source, "stream", { dictionaries: true }));
      },
    },
    ...(direct
      ? [
          {
            name: "Arrow bridge, read from memory",
            rows: ROWS,
            work: async () => {
              const source = await direct.stream({ text: "FROM wide" });
              for await (const _ of writeBatches(source, "stream", { dictionaries: true }));
            },
          },
        ]
      : []),
    {
      name: "POST /api/sql as Arrow",
      rows: ROWS,
      work: () => post(server, "FROM wide", "arrow"),
      target: 0.6,
    },
    {
      name: "POST /api/sql as JSON",
      rows: JSON_ROWS,
      work: () => post(server, `FROM wide LIMIT ${JSON_ROWS}`, "json"),
    },
  ];
  const rates = await race(contenders);
  locked.close();
  direct?.close();
  const [chunks = 0] = rates;
  console.log(`analysts' SQL, ${ROWS / 1e6} million rows x 4 columns, best of ${TRIES}`);
  contenders.forEach(({ name, target }, place) => {
    const rate = rates[place] as number;
    const aim = target === undefined ? "" : ` (target: ${target.toFixed(2)})`;
    console.log(
      `  ${name.padEnd(34)} ${(rate / 1e6).toFixed(2)} million rows/s, ${(rate / chunks).toFixed(2)} x chunk streaming${aim}`,
    );
  });
  const [arrow = 0, json = 0] = rates.slice(-2);
  console.log(`  Arrow is ${(arrow / json).toFixed(1)} x JSON (target: 5)`);
}

interface Contender {
  readonly name: string;
  readonly rows: number;
  readonly work: () => Promise<void>;
  readonly target?: number;
}

/** The best rate of each, in rows a second. They take turns, so that all meet the machine in the same state. */
async function race(contenders: readonly Contender[]): Promise<number[]> {
  const rates = contenders.map(() => 0);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    for (const [place, { rows, work }] of contenders.entries()) {
      const start = performance.now();
      await work();
      const rate = (rows / (performance.now() - start)) * 1000;
      rates[place] = Math.max(rates[place] as number, rate);
    }
  }
  return rates;
}

async function benchMemory(file: string): Promise<void> {
  const options = { memory: "256MB", threads: 1, spill: tmpdir(), spillSize: "1GB" };
  const native = await loadNativeDuckdb();
  const locked = await LockedStore.open([file], options);
  const direct = native && NativeStore.open(native, [file], options);
  const many = "SELECT a.i, a.n, a.x, a.word FROM wide a, range(20)";
  // As the door does.
  const source = direct
    ? await direct.stream({ text: many })
    : sourceOf(await locked.stream({ text: many }));
  const batches = writeBatches(source, "stream", { dictionaries: true });
  let rows = 0;
  let first = 0;
  let most = 0;
  for await (const _ of batches) {
    rows += 65_536;
    const resident = process.memoryUsage.rss();
    if (rows > 5_000_000) first ||= resident;
    most = Math.max(most, resident);
  }
  locked.close();
  direct?.close();
  const growth = (most - first) / 2 ** 20;
  console.log(
    `  100 million rows through the bridge: resident memory at most ${(most / 2 ** 20).toFixed(0)} MiB, ${growth.toFixed(0)} MiB above what it was after 5 million`,
  );
}

async function benchBomb(server: WebServer): Promise<void> {
  const calm = await p95(server);
  const bombs = [1, 2].map(() => post(server, BOMB, "json").catch(() => undefined));
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const beside = await p95(server);
  console.log(
    `  p95 of a page ${calm.toFixed(2)} ms, beside a query bomb ${beside.toFixed(2)} ms: ${(beside / calm).toFixed(2)} x (target: under 2)`,
  );
  await Promise.all(bombs);
}

async function p95(server: WebServer): Promise<number> {
  const times: number[] = [];
  for (let request = 0; request < 2000; request++) {
    const start = performance.now();
    await (await fetch(`${server.address}/page`)).text();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] as number;
}

async function post(server: WebServer, statement: string, format: Format): Promise<void> {
  const answer = await send(server, statement, format);
  for await (const _ of answer);
  if (answer.statusCode !== 200) throw new Error(`The server answers ${answer.statusCode}.`);
}

/** Asks as any client does, but without the streams of `fetch`, which take longer than the server. */
function send(server: WebServer, statement: string, format: Format): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(`${server.address}/api/sql`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: TYPES[format] },
    })
      .on("response", resolve)
      .on("error", reject)
      .end(JSON.stringify({ sql: statement }));
  });
}

/** The routes with an analyst at the door, over one published folder. */
function serveSql(folder: string): Promise<WebServer> {
  const config = readConfig({
    DATA_DIR: folder,
    ZHENGXIN_SQL_SECONDS: "30",
    ZHENGXIN_SQL_PROCESSES: "2",
  });
  const run = { period: "2018-12", run: "r", asOf: "2019-01-10 00:00:00", latest: true, folder };
  const served = { definition: { jurisdiction: "bench" }, runs: [run], newest: run };
  const index = { list: () => [served], find: () => served } as unknown as MonthIndex;
  const app = new Hono<WebEnv>();
  app.use(async (c, next) => {
    c.set("visitor", { role: "analyst", name: "a", token: "a", body: null } as never);
    await next();
  });
  const page = "<p>a page of some size</p>".repeat(2000);
  app.get("/page", (c) => c.html(page));
  const pool = openPool(poolOptions(config));
  app.route(
    "/",
    sqlRoutes({
      config,
      index,
      show: async (_, { folder }) => showWhole(folder, "2019-01-10"),
      pool,
    }),
  );
  return startServer(Object.assign(app, { close: () => pool.close() }), "127.0.0.1", 0);
}
