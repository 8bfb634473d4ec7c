import { isIP, Socket } from "node:net";
import pg from "pg";
import Cursor from "pg-cursor";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { withoutQuotes } from "../../standard/without-quotes.ts";
import { quoteIdentifier, sqlFile } from "../../store/sql-file.ts";
import { failForGood, failForNow } from "../fetch-error.ts";
import { openAllowedHosts } from "./allowed-hosts.ts";
import type { Fetching } from "./connector.ts";
import { explainNetworkError } from "./network-fault.ts";
import { fetchRows, type MarkedRow, type Snapshot } from "./query-rows.ts";
import { readAuthority } from "./read-authority.ts";
import { countRowsHeld, type RowsHeld } from "./rows-held.ts";

type Postgresql = ConnectorOf<"postgresql">;

const sql = sqlFile(import.meta.dirname, "postgresql.sql");
const ROWS_AT_ONCE = 1000;
/** Milliseconds a server may take beyond its own limit to say that it was reached. */
const GRACE = 2000;

/**
 * Fetches what a query of a PostgreSQL database gives that was not fetched before, from one read-only snapshot.
 * Values come as PostgreSQL writes them in JSON: numbers with all their digits, times in the jurisdiction's zone.
 * @throws ConnectorFault
 */
export async function fetchNew(connector: Postgresql, fetching: Fetching): Promise<void> {
  const { host, port, database, user, tls } = connector;
  const address = `postgresql://${host}:${port}/${database}`;
  const password = connector.password ? fetching.secrets.read(connector.password) : undefined;
  const ca = readAuthority(fetching.workspace, connector.ca);
  const socket = new Socket();
  const client = new pg.Client({
    stream: () => socket,
    host: await openAllowedHosts(connector).resolve(host, port),
    port,
    database,
    user,
    password: password ?? "",
    ssl: tls !== "off" && {
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: tls === "verify",
      ...(ca && { ca }),
    },
    connectionTimeoutMillis: connector.timeout_seconds * 1000,
    statement_timeout: connector.timeout_seconds * 1000,
    application_name: "zhengxin",
    options: `-c timezone=${fetching.timeZone} -c datestyle=ISO -c intervalstyle=iso_8601`,
  });
  // Its errors also come as rejections; without a listener the first one would end the program.
  client.on("error", () => {});
  let tooMuch: unknown;
  const held = countRowsHeld(address);
  client.connection.on("dataRow", ({ length }: { readonly length: number }) => {
    try {
      held.arrive(length);
    } catch (error) {
      tooMuch = error;
      socket.destroy();
    }
  });
  // The server ends a query that takes too long; a server that is gone ends nothing, so the connection has a limit too.
  let late = false;
  const deadline = setTimeout(
    () => {
      late = true;
      socket.destroy();
    },
    connector.timeout_seconds * 1000 + GRACE,
  );
  try {
    await client.connect();
    await client.query(sql("begin"));
    await fetchRows(connector, fetching, address, openSnapshot(client, connector, held));
  } catch (error) {
    explain(address, connector, tooMuch ?? (late ? new Error("timeout") : error));
  } finally {
    clearTimeout(deadline);
    await client.end().catch(() => undefined);
  }
}

function openSnapshot(client: pg.Client, { query, mark }: Postgresql, held: RowsHeld): Snapshot {
  const fragments = {
    query: query.trim().replace(/;$/, ""),
    column: quoteIdentifier(mark?.column ?? ""),
  };
  const from = sql(`from-${mark?.type ?? "text"}`, { overlap: String(mark?.overlap ?? 0) });
  return {
    async *rows(start) {
      const statement = mark
        ? start === undefined
          ? sql("marked-rows", fragments)
          : sql("marked-rows-from", { ...fragments, from })
        : sql("all-rows", fragments);
      const cursor = client.query(
        new Cursor<MarkedRow>(statement, start === undefined ? [] : [start]),
      );
      for (;;) {
        const rows = await cursor.read(ROWS_AT_ONCE);
        if (rows.length === 0) break;
        yield* rows;
        held.release();
      }
      await cursor.close();
    },
    async countFrom(start) {
      const { rows } = await client.query<{ rows: string }>(
        sql("count-from", { ...fragments, from }),
        [start],
      );
      return Number(rows[0]?.rows ?? 0);
    },
  };
}

/** Classes of SQLSTATE that may pass: connection, resources, operator intervention, conflict, lock, system error. */
const PASSING = /^(08|53|57|40|55|58)/;

function explain(address: string, { user }: Postgresql, error: unknown): never {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  if (/timeout|Connection terminated/i.test(message) && !/^\w{5}$/.test(code)) {
    failForNow(
      address,
      `${address} 未在时限内答复或连接中断，稍后再试。若反复如此，请调高 timeout_seconds 或缩小查询。`,
      `${address} did not answer in time, or broke off; it is tried again later. If it stays so, raise timeout_seconds or narrow the query.`,
    );
  }
  if (/does not support SSL/i.test(message)) {
    failForGood(
      address,
      `${address} 不支持加密连接。请对方启用 TLS；确在封闭网络内的，写 tls: off。`,
      `${address} does not offer encryption. Have TLS switched on there; on a closed network, write tls: off.`,
    );
  }
  if (!/^[0-9A-Z]{5}$/.test(code) || !(error instanceof pg.DatabaseError)) {
    return explainNetworkError(address, error);
  }
  if (code.startsWith("28")) {
    failForGood(
      address,
      `数据库拒绝用户 ${user} 登录（${code}）。请核对该数据源的口令与权限。`,
      `The database does not admit the user ${user} (${code}). Check the source's password and what it permits.`,
    );
  }
  if (PASSING.test(code)) {
    failForNow(
      address,
      `数据库暂时不能答复（${code}：${withoutQuotes(message)}），稍后再试。`,
      `The database cannot answer at present (${code}: ${withoutQuotes(message)}); it is tried again later.`,
    );
  }
  return failForGood(
    address,
    `数据库不接受该查询（${code}：${withoutQuotes(message)}）。库表可能已变，请核对 connector.query。`,
    `The database does not accept the query (${code}: ${withoutQuotes(message)}). Its tables may have changed; check connector.query.`,
  );
}
