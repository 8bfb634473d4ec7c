import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import {
  binary,
  freePort,
  type LoopbackServer,
  makeServerFolder,
  startProgram,
  unprivileged,
} from "./loopback.ts";

export const ADMIN_PASSWORD = "admin-password-for-tests";

/** A PostgreSQL server on loopback with a self-signed certificate, in a folder of its own; administrator "admin". */
export async function startPostgres(): Promise<LoopbackServer> {
  const owner = unprivileged("postgres");
  const folder = makeServerFolder("postgres-", owner);
  const data = join(folder, "data");
  const port = await freePort();
  const as = owner ?? {};
  const options = {
    ...as,
    cwd: folder,
    stdio: "pipe" as const,
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  };
  writeFileSync(join(folder, "password"), ADMIN_PASSWORD, { mode: 0o644 });
  execFileSync(
    binary("initdb"),
    [
      "-D",
      data,
      "-U",
      "admin",
      "--auth=scram-sha-256",
      "--pwfile",
      join(folder, "password"),
      "-E",
      "UTF8",
      "--no-sync",
    ],
    options,
  );
  makeCertificate(data, as);
  const server = await startProgram(
    binary("postgres"),
    [
      "-D",
      data,
      "-p",
      String(port),
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      `unix_socket_directories=${folder}`,
      "-c",
      "fsync=off",
      "-c",
      "ssl=on",
    ],
    { port, folder },
    { ...options, stdio: ["ignore", "pipe", "pipe"] },
  );
  await untilReady(port);
  return server;
}

/** It takes connections a while before it answers questions. */
async function untilReady(port: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const client = new pg.Client({
      host: "127.0.0.1",
      port,
      user: "admin",
      password: ADMIN_PASSWORD,
      database: "postgres",
    });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (attempt > 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** A MariaDB server on loopback, in a folder of its own; administrator "admin". */
export async function startMariaDb(): Promise<LoopbackServer> {
  const owner = unprivileged("mysql");
  const folder = makeServerFolder("mariadb-", owner);
  const data = join(folder, "data");
  const port = await freePort();
  const options = { ...(owner ?? {}), cwd: folder, stdio: "pipe" as const };
  execFileSync(
    binary("mariadb-install-db"),
    [
      "--no-defaults",
      `--datadir=${data}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
    ],
    options,
  );
  const setup = join(folder, "setup.sql");
  writeFileSync(
    setup,
    // One statement in a line, as the server reads this file.
    `CREATE DATABASE hotline CHARACTER SET utf8mb4;
CREATE USER 'admin'@'%' IDENTIFIED BY '${ADMIN_PASSWORD}';
GRANT ALL ON *.* TO 'admin'@'%' WITH GRANT OPTION;
CREATE USER 'reader'@'%' IDENTIFIED BY 'reader-password';
GRANT SELECT ON hotline.* TO 'reader'@'%';
DROP USER IF EXISTS ''@'localhost';
`,
    { mode: 0o644 },
  );
  makeCertificate(folder, owner ?? {});
  return startProgram(
    binary("mariadbd"),
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      `--socket=${join(folder, "socket")}`,
      `--init-file=${setup}`,
      "--innodb-flush-log-at-trx-commit=0",
      `--ssl-cert=${join(folder, "server.crt")}`,
      `--ssl-key=${join(folder, "server.key")}`,
    ],
    { port, folder },
    { ...options, stdio: ["ignore", "pipe", "pipe"] },
  );
}

/** A certificate for 127.0.0.1 and localhost that vouches for itself: server.crt and server.key. */
function makeCertificate(folder: string, owner: { uid?: number; gid?: number }): void {
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-subj",
      "/CN=localhost",
      "-addext",
      "subjectAltName=DNS:localhost,IP:127.0.0.1",
      "-keyout",
      "server.key",
      "-out",
      "server.crt",
    ],
    { ...owner, cwd: folder, stdio: "pipe" },
  );
}
