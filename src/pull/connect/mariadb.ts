import { type Connection, createConnection, type FieldPacket } from "mysql2";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { withoutQuotes } from "../../standard/without-quotes.ts";
import { sqlFile } from "../../store/sql-file.ts";
import { failForGood, failForNow } from "../fetch-error.ts";
import { openAllowedHosts } from "./allowed-hosts.ts";
import type { Fetching } from "./connector.ts";
import { explainNetworkError } from "./network-fault.ts";
import { fetchRows, type Snapshot } from "./query-rows.ts";
import { readAuthority } from "./read-authority.ts";
import { countRowsHeld, type RowsHeld } from "./rows-held.ts";

type MariaDb = ConnectorOf<"mariadb">;

const sql = sqlFile(import.meta.dirname, "mariadb.sql");

/**
 * Fetches what a query of a MariaDB or MySQL database gives that was not fetched before, from one read-only snapshot.
 * Values come as text, as the server writes them, so that no digit is lost; binary ones as base64.
 * @throws ConnectorFault
 */
export async function fetchNew(connector: MariaDb, fetching: Fetching): Promise<void> {
  const { host, port, database, user, tls, timeout_seconds } = connector;
  const address = `mariadb://${host}:${port}/${database}`;
  const password = connector.password ? fetching.secrets.read(connector.password) : undefined;
  const ca = readAuthority(fetching.workspace, connector.ca);
  const socket = await openAllowedHosts(connector).connect(host, port, timeout_seconds);
  let connection: Connection | undefined;
  // The client does not tell the stream of a query that the connection is gone, and knows no limit for the whole.
  const lost = new AbortController();
  const stopped = (code: string) => () => {
    lost.abort(Object.assign(new Error("stopped"), { code }));
    socket.destroy();
  };
  socket.once("close", stopped("PROTOCOL_CONNECTION_LOST"));
  const deadline = setTimeout(stopped("ETIMEDOUT"), timeout_seconds * 1000);
  try {
    connection = createConnection({
      stream: socket,
      host,
      database,
      user,
      ...(password !== undefined && { password }),
      ...(tls !== "off" && {
        ssl: {
          rejectUnauthorized: tls === "verify",
          verifyIdentity: tls === "verify",
          ...(ca && { ca }),
        },
      }),
      connectTimeout: timeout_seconds * 1000,
      charset: "utf8mb4",
      rowsAsArray: true,
      typeCast: (field) => field.buffer(),
    });
    // Its errors also come as rejections; without a listener the first one would end the program.
    connection.on("error", () => {});
    await connection.promise().query(sql("read-only"));
    await connection.promise().query(sql("begin"));
    const held = countRowsHeld(address);
    const snapshot = openSnapshot(connection, connector, { lost, held });
    await fetchRows(connector, fetching, address, snapshot);
  } catch (error) {
    explain(address, connector, lost.signal.reason ?? error);
  } finally {
    clearTimeout(deadline);
    connection?.destroy();
    socket.destroy();
  }
}

function openSnapshot(
  connection: Connection,
  { query, mark }: MariaDb,
  { lost, held }: { readonly lost: AbortController; readonly held: RowsHeld },
): Snapshot {
  const column = `\`${(mark?.column ?? "").replaceAll("`", "``")}\``;
  const fragments = { query: query.trim().replace(/;$/, ""), column };
  const from = sql(`from-${mark?.type ?? "text"}`, { overlap: String(mark?.overlap ?? 0) });
  return {
    async *rows(start) {
      const statement = mark
        ? start === undefined
          ? sql("marked-rows", fragments)
          : sql("marked-rows-from", { ...fragments, from })
        : sql("all-rows", fragments);
      const command = connection.query(statement, start === undefined ? [] : [start]);
      let columns: { readonly name: string; readonly encoding: "base64" | "utf8" }[] = [];
      command.on("fields", (fields: FieldPacket[]) => {
        columns = fields.map((field) => ({
          name: field.name,
          encoding: isBinary(field) ? "base64" : "utf8",
        }));
      });
      command.on("result", (row: unknown) => {
        try {
          held.arrive(sizeOf(row));
        } catch (error) {
          lost.abort(error);
        }
      });
      const stream = command.stream({ highWaterMark: 1000 });
      lost.signal.addEventListener("abort", () => stream.destroy(lost.signal.reason));
      for await (const row of stream) {
        held.release(sizeOf(row));
        const [mark = null, ...values] = (row as (Buffer | null)[]).map(
          (value, index) => value?.toString(columns[index]?.encoding) ?? null,
        );
        const cells = values.map((value, index) => [columns[index + 1]?.name, value]);
        yield { json: JSON.stringify(Object.fromEntries(cells)), mark };
      }
    },
    async countFrom(start) {
      const [rows] = await connection
        .promise()
        .query(sql("count-from", { ...fragments, from }), [start]);
      return Number(String((rows as Buffer[][])[0]?.[0] ?? 0));
    },
  };
}

/** Bytes of the values of a row. */
function sizeOf(row: unknown): number {
  return (row as (Buffer | null)[]).reduce((sum, value) => sum + (value?.length ?? 0), 0);
}

/** Numbers and times are text in the binary character set; what is bytes is told by its type. */
function isBinary({ characterSet, columnType }: FieldPacket): boolean {
  const binaryCharacterSet = 63;
  const bit = 16;
  const geometry = 255;
  const shortest = 249; // TINY_BLOB, then MEDIUM_BLOB, LONG_BLOB, BLOB, VAR_STRING, STRING
  const type = columnType ?? 0;
  if (type === bit || type === geometry) return true;
  return characterSet === binaryCharacterSet && type >= shortest;
}

/** Errors of the server that may pass: too many connections, lock, deadlock, time limit, shutdown, lost connection. */
const PASSING = new Set([
  1040, 1053, 1077, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1205, 1213, 1226, 1317, 1969, 2006,
  2013, 3024,
]);

function explain(address: string, { user }: MariaDb, error: unknown): never {
  const {
    code = "",
    errno,
    sqlMessage,
  } = error as {
    code?: string;
    errno?: number;
    sqlMessage?: string;
  };
  if (code === "HANDSHAKE_NO_SSL_SUPPORT") {
    failForGood(
      address,
      `${address} 不支持加密连接。请对方启用 TLS；确在封闭网络内的，写 tls: off。`,
      `${address} does not offer encryption. Have TLS switched on there; on a closed network, write tls: off.`,
    );
  }
  if (errno === undefined || sqlMessage === undefined) return explainNetworkError(address, error);
  if (errno === 1044 || errno === 1045 || errno === 1698) {
    failForGood(
      address,
      `数据库拒绝用户 ${user} 登录（${errno}）。请核对该数据源的口令与权限。`,
      `The database does not admit the user ${user} (${errno}). Check the source's password and what it permits.`,
    );
  }
  if (PASSING.has(errno)) {
    failForNow(
      address,
      `数据库暂时不能答复（${errno}：${withoutQuotes(sqlMessage)}），稍后再试。`,
      `The database cannot answer at present (${errno}: ${withoutQuotes(sqlMessage)}); it is tried again later.`,
    );
  }
  return failForGood(
    address,
    `数据库不接受该查询（${errno}：${withoutQuotes(sqlMessage)}）。库表可能已变，请核对 connector.query。`,
    `The database does not accept the query (${errno}: ${withoutQuotes(sqlMessage)}). Its tables may have changed; check connector.query.`,
  );
}
