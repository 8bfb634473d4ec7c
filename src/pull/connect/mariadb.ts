import { type Connection, createConnection, type FieldPacket } from "mysql2";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { sqlFile } from "../../store/sql-file.ts";
import { failForGood, failForNow } from "../fetch-error.ts";
import { openAllowedHosts } from "./allowed-hosts.ts";
import type { Fetching } from "./connector.ts";
import { explainNetworkError } from "./network-fault.ts";
import { fetchRows, type Snapshot } from "./query-rows.ts";
import { readAuthority } from "./read-authority.ts";

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
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    socket.destroy();
  }, timeout_seconds * 1000);
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
      typeCast: (field) => {
        if (field.type === "BIT" || field.type === "GEOMETRY") {
          return field.buffer()?.toString("base64") ?? null;
        }
        return field.string();
      },
    });
    // Its errors also come as rejections; without a listener the first one would end the program.
    connection.on("error", () => {});
    await connection.promise().query(sql("read-only"));
    await connection.promise().query(sql("begin"));
    await fetchRows(connector, fetching, address, openSnapshot(connection, connector));
  } catch (error) {
    explain(address, connector, late, error);
  } finally {
    clearTimeout(deadline);
    connection?.destroy();
    socket.destroy();
  }
}

function openSnapshot(connection: Connection, { query, mark }: MariaDb): Snapshot {
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
      let names: string[] = [];
      command.on("fields", (fields: FieldPacket[]) => {
        names = fields.map(({ name }) => name);
      });
      for await (const row of command.stream({ highWaterMark: 1000 })) {
        const values = row as (string | null)[];
        const cells = values.slice(1).map((value, index) => [names[index + 1], value]);
        yield { json: JSON.stringify(Object.fromEntries(cells)), mark: values[0] ?? null };
      }
    },
    async countFrom(start) {
      const [rows] = await connection
        .promise()
        .query(sql("count-from", { ...fragments, from }), [start]);
      return Number((rows as string[][])[0]?.[0] ?? 0);
    },
  };
}

/** Errors of the server that may pass: too many connections, lock, deadlock, time limit, shutdown, lost connection. */
const PASSING = new Set([
  1040, 1053, 1077, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1205, 1213, 1226, 1317, 1969, 2006,
  2013, 3024,
]);

function explain(address: string, { user }: MariaDb, late: boolean, error: unknown): never {
  if (late) {
    failForNow(
      address,
      `${address} 未在时限内答复，稍后再试。若反复如此，请调高 timeout_seconds 或缩小查询。`,
      `${address} did not answer in time; it is tried again later. If it stays so, raise timeout_seconds or narrow the query.`,
    );
  }
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
      `数据库暂时不能答复（${errno}：${sqlMessage}），稍后再试。`,
      `The database cannot answer at present (${errno}: ${sqlMessage}); it is tried again later.`,
    );
  }
  return failForGood(
    address,
    `数据库不接受该查询（${errno}：${sqlMessage}）。库表可能已变，请核对 connector.query。`,
    `The database does not accept the query (${errno}: ${sqlMessage}). Its tables may have changed; check connector.query.`,
  );
}
