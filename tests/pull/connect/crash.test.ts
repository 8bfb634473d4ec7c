import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Store } from "../../../src/store/store.ts";
import { seeded } from "../../end-to-end/seeded.ts";
import { copyTinyCity } from "../../end-to-end/tiny-workspace.ts";
import { sourceText } from "./connect-fixture.ts";
import { ADMIN_PASSWORD, startPostgres } from "./database-servers.ts";
import { has, type LoopbackServer } from "./loopback.ts";

const PROGRAM = join(import.meta.dirname, "pull-child.ts");
const SECRET = "crash-test-secret";
const SEEDS = 8;
const PAGES = 12;
const FILES = 8;
const ROWS = 3000;

const folder = mkdtempSync(join(tmpdir(), "connect-crash-"));
let web: Server;
let database: LoopbackServer | undefined;
let onRequest: (count: number) => void = () => {};
let requests = 0;

beforeAll(async () => {
  web = createServer((request, response) => {
    requests += 1;
    onRequest(requests);
    const start = Number(new URL(request.url ?? "", "http://x").searchParams.get("cursor") ?? 0);
    const items =
      start < PAGES * 10 ? Array.from({ length: 10 }, (_, i) => ({ id: start + i })) : [];
    response.setHeader("etag", `"${start}"`);
    if (request.headers["if-none-match"] === `"${start}"`) {
      response.writeHead(304).end();
      return;
    }
    response.end(JSON.stringify({ items, next: items.length > 0 ? String(start + 10) : null }));
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  if (has("postgres", "initdb", "openssl")) {
    database = await startPostgres();
    const admin = new pg.Client({
      host: "127.0.0.1",
      port: database.port,
      user: "admin",
      password: ADMIN_PASSWORD,
      database: "postgres",
    });
    await admin.connect();
    await admin.query(
      `CREATE TABLE letter AS SELECT i AS id, timestamptz '2018-01-01' + make_interval(secs => i / 3) AS changed FROM generate_series(1, ${ROWS}) i`,
    );
    await admin.end();
  }
});

afterAll(async () => {
  web.close();
  web.closeAllConnections();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A workspace with sources of three kinds, and files waiting to be picked up and removed. */
function makeWorkspace(name: string): string {
  const workspace = copyTinyCity(join(folder, name));
  const { port } = web.address() as AddressInfo;
  const sources: Record<string, [connector: string, format: string]> = {
    pages: [
      `{ type: http-json, url: "http://127.0.0.1:${port}/letters", allow_hosts: [127.0.0.1], paging: { type: cursor, next: next, resume: true }, auth: { type: bearer, token: { env: CRASH_SECRET } } }`,
      "{ type: json, records: [items] }",
    ],
    drop: [
      "{ type: watched-folder, path: drop, settle_seconds: 0, after: remove }",
      "{ type: csv }",
    ],
  };
  if (database) {
    sources.letters = [
      `{ type: postgresql, host: 127.0.0.1, port: ${database.port}, database: postgres, user: admin, password: { env: CRASH_ADMIN }, tls: "off", allow_hosts: [127.0.0.1], query: SELECT * FROM letter, mark: { column: changed } }`,
      "{ type: ndjson }",
    ];
  }
  for (const [id, [connector, format]] of Object.entries(sources)) {
    const text = sourceText(connector, format).replace("source: letters", `source: ${id}`);
    writeFileSync(join(workspace, "pipelines", "sources", `${id}.yaml`), text);
  }
  const pipeline = `pipeline: crash
title: { zh: 合成, en: Synthetic }
jurisdiction: crash
time_zone: Asia/Shanghai
frequency: month
sources: [${Object.keys(sources).join(", ")}]
standard: tiny
report:
  title: { zh: 合成, en: Synthetic }
  levels: [{ level: district, zh: 区, en: Districts }]
`;
  writeFileSync(join(workspace, "pipelines", "crash.yaml"), pipeline);
  mkdirSync(join(workspace, "drop"));
  for (let file = 0; file < FILES; file++) {
    writeFileSync(join(workspace, "drop", `${file}.csv`), `id\n${file}\n`);
  }
  return workspace;
}

async function runPull(
  workspace: string,
  disturb: (child: ChildProcess) => void = () => {},
): Promise<{ worked: number; killed: boolean }> {
  const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, "crash"], {
    env: {
      ...process.env,
      ZHENGXIN_WORKSPACE: workspace,
      DATA_DIR: join(workspace, ".data"),
      CRASH_SECRET: SECRET,
      CRASH_ADMIN: ADMIN_PASSWORD,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<[number | null, string | null]>((resolve) =>
    child.on("close", (code, signal) => resolve([code, signal])),
  );
  // The work begins when the folder of what is received appears.
  const begun = join(workspace, ".data", "crash", "received");
  while (!existsSync(begun) && child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const began = performance.now();
  disturb(child);
  const [code, signal] = await ended;
  if (signal !== "SIGKILL")
    expect([code, said]).toEqual([0, expect.not.stringContaining("could not be fetched")]);
  return { worked: performance.now() - began, killed: signal === "SIGKILL" };
}

/**
 * What is held, but for numbers given in the order of receipt and the time of it, and for the ETags of single pages: once
 * all has come, a further fetch goes on at the last cursor and looks at that page alone.
 */
async function readHeld(workspace: string) {
  const dataDir = join(workspace, ".data", "crash");
  const store = await Store.open(join(dataDir, "working.duckdb"), { memory: "256MB", threads: 1 });
  try {
    const received = await store.rows<{ path: string }>(
      `SELECT source_id, replace(address, $workspace, '') AS address, file_hash, bytes, path FROM raw.received ORDER BY ALL`,
      { workspace },
    );
    const kept = readdirSync(join(dataDir, "received"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
    return {
      received,
      read: await store.rows(
        "SELECT source_id, file_hash, row_count, refused_because FROM raw.file ORDER BY ALL",
      ),
      marks: await store.rows(
        `SELECT source_id, replace(address, $workspace, '') AS address, CASE WHEN source_id = 'drop' THEN '' ELSE mark END AS mark FROM raw.fetch_mark WHERE source_id <> 'pages' OR address LIKE '%#list' ORDER BY ALL`,
        { workspace },
      ),
      ids: await store.rows(
        "SELECT count(*) AS n, count(DISTINCT id) AS distinct_ids FROM (SELECT json_extract_string(json, '$.id') AS id FROM raw.pages)",
      ),
      // Every file written down is there; half files are not.
      missing: received.filter(({ path }) => !existsSync(join(dataDir, path))),
      partial: kept.filter((name) => name.includes("part")),
      waiting: readdirSync(join(workspace, "drop")),
    };
  } finally {
    store.close();
  }
}

let undisturbed: Awaited<ReturnType<typeof readHeld>>;
let duration = 0;
let struck = 0;

test("undisturbed, everything comes once, and nothing the second time", async () => {
  const workspace = makeWorkspace("undisturbed");
  duration = (await runPull(workspace)).worked;
  undisturbed = await readHeld(workspace);
  expect(undisturbed.ids).toEqual([{ n: PAGES * 10, distinct_ids: PAGES * 10 }]);
  expect(undisturbed.waiting).toEqual([]);
  expect(undisturbed.read.length).toBe(PAGES + FILES + (database ? 1 : 0));
  await runPull(workspace);
  const again = await readHeld(workspace);
  expect({ ...again, marks: [] }).toEqual({ ...undisturbed, marks: [] });
});

test.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
  "killed at a random moment and run again, nothing is lost and nothing doubled (seed %i)",
  async (seed) => {
    const workspace = makeWorkspace(`seed-${seed}`);
    const delay = (duration * (seed - 1 + seeded(seed)())) / SEEDS;
    const { killed } = await runPull(workspace, (child) => {
      setTimeout(() => child.kill("SIGKILL"), delay);
    });
    struck += killed ? 1 : 0;
    await runPull(workspace);
    expect(await readHeld(workspace)).toEqual(undisturbed);
  },
  240_000,
);

test("killed again and again while pages come, it ends the same", async () => {
  const workspace = makeWorkspace("pages");
  for (const last of [1, 2, PAGES, PAGES + 1]) {
    requests = 0;
    const { killed } = await runPull(workspace, (child) => {
      onRequest = (count) => {
        if (count === last) child.kill("SIGKILL");
      };
    });
    struck += killed ? 1 : 0;
  }
  onRequest = () => {};
  await runPull(workspace);
  expect(await readHeld(workspace)).toEqual(undisturbed);
});

test("the kills struck while it worked", () => {
  process.stdout.write(`SIGKILL struck ${struck} times\n`);
  expect(struck).toBeGreaterThan(6);
});
