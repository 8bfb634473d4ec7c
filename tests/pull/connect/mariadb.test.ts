import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openFixture, readEverything } from "./connect-fixture.ts";
import { ADMIN_PASSWORD, startMariaDb } from "./database-servers.ts";
import { has, type LoopbackServer } from "./loopback.ts";

const PASSWORD = "reader-password";
let server: LoopbackServer;
let admin: Connection;

describe.skipIf(!has("mariadbd", "mariadb-install-db", "openssl"))("MariaDB", () => {
  beforeAll(async () => {
    server = await startMariaDb();
    admin = await createConnection({
      host: "127.0.0.1",
      port: server.port,
      user: "admin",
      password: ADMIN_PASSWORD,
      database: "hotline",
      multipleStatements: true,
    });
    process.env.LETTERS_DB = PASSWORD;
  });

  afterAll(async () => {
    delete process.env.LETTERS_DB;
    await admin?.end();
    await server?.stop();
  });

  beforeEach(async () => {
    await admin.query(`
      DROP TABLE IF EXISTS letter;
      CREATE TABLE letter (id BIGINT UNSIGNED, body TEXT, amount DECIMAL(40, 6), photo BLOB, changed DATETIME(6));
      INSERT INTO letter VALUES
        (18446744073709551615, '市南区 😀', 12345678901234567890.123456, x'00ff', '2018-01-05 08:00:00.123456'),
        (2, 'line\\nend "quoted"', NULL, NULL, '2018-01-06 08:00:00');`);
  });

  const open = (
    more = "",
    settings: Partial<Record<"user" | "host" | "tls" | "query", string>> = {},
  ) => {
    const {
      user = "reader",
      host = "127.0.0.1",
      tls = "off",
      query = "SELECT * FROM letter",
    } = settings;
    return openFixture(
      `{ type: mariadb, host: ${host}, port: ${server.port}, database: hotline, user: ${user}, password: { env: LETTERS_DB }, tls: ${tls}, allow_hosts: [127.0.0.1, localhost], query: "${query}"${more} }`,
      "{ type: ndjson }",
    );
  };
  const MARK = ", mark: { column: changed }";
  type Fixture = Awaited<ReturnType<typeof open>>;
  const lines = async (fixture: Fixture) =>
    (await fixture.contents()).map((text) =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).id),
    );

  test("rows come with all their digits", async () => {
    const fixture = await open("", {
      query: "SELECT id, body, amount, changed FROM letter ORDER BY changed",
    });
    await fixture.pull();
    const [text] = await fixture.contents();
    expect(text?.split("\n")).toEqual([
      '{"id":"18446744073709551615","body":"市南区 😀","amount":"12345678901234567890.123456","changed":"2018-01-05 08:00:00.123456"}',
      '{"id":"2","body":"line\\nend \\"quoted\\"","amount":null,"changed":"2018-01-06 08:00:00.000000"}',
      "",
    ]);
    const before = await fixture.store.rows("SELECT * FROM raw.file");
    await fixture.pull();
    expect(await fixture.store.rows("SELECT * FROM raw.file")).toEqual(before);
  });

  test("binary values come as base64", async () => {
    const fixture = await open("", {
      query: "SELECT photo, b'101' AS bits FROM letter WHERE id > 2",
    });
    await fixture.fetch();
    expect(await fixture.contents()).toEqual(['{"photo":"AP8=","bits":"BQ=="}\n']);
  });

  test("a high-water mark: each row once, also those that share it, came late, or have none", async () => {
    const fixture = await open(MARK);
    expect(await fixture.fetch()).toBe(1);
    expect(await fixture.fetch()).toBe(0);
    await admin.query(
      "INSERT INTO letter (id, changed) VALUES (3, '2018-01-06 08:00:00'), (4, NULL), (5, '2018-01-07 00:00:00.000001')",
    );
    expect(await fixture.fetch()).toBe(1);
    expect(await fixture.fetch()).toBe(0);
    await admin.query("INSERT INTO letter (id, changed) VALUES (6, NULL)");
    expect(await fixture.fetch()).toBe(1);
    expect(await lines(fixture)).toEqual([["18446744073709551615", "2"], ["4", "3", "5"], ["6"]]);
    expect((await fixture.names())[2]).toBe("letters-since-2018-01-07_00_00_00.000001.ndjson");
  });

  test("an overlap, and numbers beyond what a double holds", async () => {
    const late = await open(", mark: { column: changed, start: '2018-01-06', overlap: 3600 }");
    await late.fetch();
    await admin.query(
      "INSERT INTO letter (id, changed) VALUES (7, '2018-01-06 07:30:00'), (8, '2018-01-06 06:59:00')",
    );
    await late.fetch();
    expect(await late.fetch()).toBe(0);
    expect(await lines(late)).toEqual([["2"], ["7"]]);
    const number = await open(
      ", mark: { column: id, type: number, start: '18446744073709551614' }",
    );
    await number.fetch();
    expect(await lines(number)).toEqual([["18446744073709551615"]]);
    await admin.query("INSERT INTO letter (id, body) VALUES (18446744073709551614, 'smaller')");
    expect(await number.fetch()).toBe(0);
  });

  test("many rows pass through as they come", async () => {
    await admin.query(
      "INSERT INTO letter SELECT seq, repeat('字', 200), seq, NULL, '2018-02-01' + INTERVAL seq SECOND FROM seq_10_to_50009",
    );
    const fixture = await open(MARK, { query: "SELECT id, body, changed FROM letter" });
    const outcome = await fixture.pull();
    expect(outcome.counts).toMatchObject({ files: 1, rows: 50_002 });
    expect(await fixture.fetch()).toBe(0);
  });

  test("nothing can be written there", async () => {
    process.env.LETTERS_DB = ADMIN_PASSWORD;
    const stacked = await open("", {
      user: "admin",
      query: "SELECT 1) AS a; DELETE FROM letter; SELECT (1",
    });
    const error = await stacked.fail();
    process.env.LETTERS_DB = PASSWORD;
    expect(error.name).toBe("PermanentFetchError");
    const [rows] = await admin.query("SELECT count(*) AS n FROM letter");
    expect(rows).toEqual([{ n: 2 }]);
  });

  test("encryption: on demand, with a certificate that is checked", async () => {
    expect(await (await open("", { tls: "encrypt" })).fetch()).toBe(1);
    const stranger = await (await open("", { tls: "verify", host: "localhost" })).fail();
    expect(stranger.name).toBe("PermanentFetchError");
    expect(stranger.message).toContain("connector.ca");
    const known = await open(", ca: ca.crt", { tls: "verify", host: "localhost" });
    copyFileSync(join(server.folder, "server.crt"), join(known.folder, "ca.crt"));
    expect(await known.fetch()).toBe(1);
  });

  test("faults to mend: password, table, column; and the password is nowhere", async () => {
    const said: string[] = [];
    const fails = async (fixture: Fixture, words: string) => {
      const error = await fixture.fail();
      expect(error.name).toBe("PermanentFetchError");
      expect(error.message).toContain(words);
      expect(error.message).toContain(`127.0.0.1:${server.port}/hotline`);
      said.push(error.message, error.sentence.zh, String(error.stack), fixture.logged());
      said.push(readEverything(fixture.folder));
    };
    await fails(await open("", { query: "SELECT nothing FROM letter" }), "1054");
    await fails(await open("", { query: "SELECT * FROM mysql.global_priv" }), "1142");
    await fails(await open(", mark: { column: missing }"), "1054");
    process.env.LETTERS_DB = "wrong-password-of-reader";
    await fails(await open(), "does not admit the user reader");
    process.env.LETTERS_DB = PASSWORD;
    for (const secret of [PASSWORD, "wrong-password-of-reader"]) {
      expect(said.join("\n")).not.toContain(secret);
    }
  });

  test("what may pass: a time limit, a broken connection; nothing is kept, and the next fetch has all", async () => {
    const slow = await open(", timeout_seconds: 1", { query: "SELECT sleep(5), id FROM letter" });
    expect((await slow.fail()).name).toBe("TransientFetchError");
    const broken = await open(MARK, {
      query: "SELECT id, changed, sleep(CASE WHEN id = 2 THEN 2 ELSE 0 END) FROM letter",
    });
    const failing = broken.fail();
    for (let attempt = 0; attempt < 100; attempt++) {
      const [rows] = await admin.query(
        "SELECT id FROM information_schema.processlist WHERE user = 'reader' AND info LIKE '%sleep(CASE%'",
      );
      const id = (rows as { id: number }[])[0]?.id;
      if (id !== undefined) {
        await admin.query(`KILL ${Number(id)}`);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await failing).name).toBe("TransientFetchError");
    expect(await broken.names()).toEqual([]);
    expect(await broken.fetch()).toBe(1);
    expect(await lines(broken)).toEqual([["18446744073709551615", "2"]]);
    const elsewhere = await openFixture(
      "{ type: mariadb, host: 127.0.0.1, port: 1, database: d, user: u, tls: off, allow_hosts: [127.0.0.1], query: SELECT 1 }",
      "{ type: ndjson }",
    );
    expect((await elsewhere.fail()).name).toBe("TransientFetchError");
    const forbidden = await openFixture(
      `{ type: mariadb, host: 127.0.0.1, port: ${server.port}, database: d, user: u, tls: off, allow_hosts: [10.0.0.1], query: SELECT 1 }`,
      "{ type: ndjson }",
    );
    expect((await forbidden.fail()).message).toContain("allow_hosts");
  });
});
