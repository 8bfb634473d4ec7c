import { type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TYPES } from "../../src/serve/sql-routes.ts";
import { type SqlServer, serveSql } from "./sql-server.ts";

/** Some 7 MB as CSV: more than what two ends of a connection hold by themselves. */
const LONG = "SELECT range AS i, 'a text of some length' AS text FROM range(250000)";
/** Fails at its 900,000th row, when a good part of it has been sent. */
const FAULTY =
  "SELECT CASE WHEN range < 900000 THEN range ELSE error('no more') END AS i FROM range(1000000)";

const BOUNDS = { mostRows: 1_000_000, mostBytes: 50_000_000, seconds: 20, processes: 1 };

let server: SqlServer;
beforeAll(async () => {
  server = await serveSql({
    mostRows: 1_000_000,
    mostBytes: 50_000_000,
    seconds: 20,
    processes: 1,
  });
});
afterAll(() => server.close());

const headers = { "Content-Type": "application/json", "X-Role": "analyst" };

function ask(
  sql: string,
  accept: string,
  { rows, of = server }: { rows?: number; of?: SqlServer } = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(`${of.address}/api/sql`, { method: "POST", headers: { ...headers, Accept: accept } })
      .on("response", resolve)
      .on("error", reject)
      .end(JSON.stringify({ sql, rows }));
  });
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Asks by hand, in a version of HTTP. */
function connectAndAsk(sql: string, version: string): Socket {
  const { hostname, port } = new URL(server.address);
  const body = JSON.stringify({ sql });
  const head = [
    `POST /api/sql HTTP/${version}`,
    "Host: zhengxin",
    "X-Role: analyst",
    "Accept: text/csv",
    `Content-Length: ${body.length}`,
  ];
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  return socket;
}

test("a long answer says in its trailers how many rows it has and whether it was cut off", async () => {
  const whole = await ask(LONG, TYPES.arrow);
  expect(whole.statusCode).toBe(200);
  expect(whole.headers["content-type"]).toBe(TYPES.arrow);
  expect(whole.headers["x-zhengxin-period"]).toBe("2018-12");
  const table = tableFromIPC(await readAll(whole));
  expect([table.numRows, table.get(249_999)?.toJSON()]).toEqual([
    250_000,
    { i: 249_999n, text: "a text of some length" },
  ]);
  expect(whole.trailers).toMatchObject({
    "x-zhengxin-rows": "250000",
    "x-zhengxin-truncated": "false",
  });
  const cut = await ask("FROM range(300001)", "text/csv", { rows: 300_000 });
  expect((await readAll(cut)).toString().trimEnd().split("\r\n")).toHaveLength(300_001);
  expect(cut.trailers).toMatchObject({
    "x-zhengxin-rows": "300000",
    "x-zhengxin-truncated": "true",
  });
});

test("one that fails midway breaks off, and its process answers the next", async () => {
  const [pid] = server.pool.pids();
  await expect(readAll(await ask(FAULTY, "text/csv"))).rejects.toThrow("aborted");
  expect((await ask("SELECT 1", "text/csv")).statusCode).toBe(200);
  expect(server.pool.pids()).toEqual([pid]);
});

test("when the visitor leaves, the query ends, and another process answers the next", async () => {
  const [pid = 0] = server.pool.pids();
  const answer = await ask(LONG, "text/csv");
  answer.destroy();
  expect((await readAll(await ask("SELECT 42", "text/csv"))).toString()).toContain("42");
  expect(server.pool.pids()).not.toContain(pid);
});

test("an old client is answered without chunks", async () => {
  const answer = (await readAll(connectAndAsk(LONG, "1.0"))).toString();
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(head).not.toMatch(/transfer-encoding/i);
  expect(body.split("\r\n").slice(0, 2)).toEqual(["\ufeffi,text", "0,a text of some length"]);
  expect(answer.endsWith("249999,a text of some length\r\n")).toBe(true);
});

test("a server closes when the processes that answered are gone", async () => {
  const other = await serveSql(BOUNDS);
  (await ask(LONG, "text/csv", { of: other })).destroy();
  while (other.pool.pids().length > 0) await new Promise((next) => setTimeout(next, 20));
  await other.close();
});

test("a server that closes waits for no visitor", async () => {
  const other = await serveSql(BOUNDS);
  const answer = await ask(LONG, "text/csv", { of: other });
  await other.close();
  await expect(readAll(answer)).rejects.toThrow("aborted");
  expect(other.pool.pids()).toEqual([]);
});
