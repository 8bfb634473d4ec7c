import { copyFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openFixture, readEverything } from "./connect-fixture.ts";
import { ADMIN_PASSWORD, startPostgres } from "./database-servers.ts";
import { has, type LoopbackServer } from "./loopback.ts";

const PASSWORD = "reader's pass\\word";
let server: LoopbackServer;
let admin: pg.Client;

describe.skipIf(!has("postgres", "initdb", "openssl"))("PostgreSQL", () => {
  beforeAll(async () => {
    server = await startPostgres();
    admin = new pg.Client({
      host: "127.0.0.1",
      port: server.port,
      user: "admin",
      password: ADMIN_PASSWORD,
      database: "postgres",
    });
    await admin.connect();
    await admin.query("CREATE DATABASE hotline");
    await admin.end();
    admin = new pg.Client({
      host: "127.0.0.1",
      port: server.port,
      user: "admin",
      password: ADMIN_PASSWORD,
      database: "hotline",
    });
    await admin.connect();
    await admin.query(`CREATE ROLE reader LOGIN PASSWORD ${pg.escapeLiteral(PASSWORD)}`);
    await admin.query("CREATE TABLE secret_files (id int)");
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
      CREATE TABLE letter (id bigint, body text, amount numeric(30, 6), urgent boolean, changed timestamptz);
      GRANT SELECT ON letter TO reader;
      INSERT INTO letter VALUES
        (1, '市南区', 12345678901234567890.123456, true, '2018-01-05 08:00:00.123456+08'),
        (2, 'line
end "quoted"', NULL, false, '2018-01-06 08:00:00+08');`);
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
      `{ type: postgresql, host: ${host}, port: ${server.port}, database: hotline, user: ${user}, password: { env: LETTERS_DB }, tls: ${tls}, allow_hosts: [127.0.0.1, localhost], query: "${query}"${more} }`,
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

  test("rows come with all their digits, in the jurisdiction's time", async () => {
    const fixture = await open();
    await fixture.pull();
    const [text] = await fixture.contents();
    expect(text?.split("\n")).toEqual([
      '{"id":1,"body":"市南区","amount":12345678901234567890.123456,"urgent":true,"changed":"2018-01-05T08:00:00.123456+08:00"}',
      '{"id":2,"body":"line\\nend \\"quoted\\"","amount":null,"urgent":false,"changed":"2018-01-06T08:00:00+08:00"}',
      "",
    ]);
    expect(await fixture.names()).toEqual(["letters.ndjson"]);
    expect(await fixture.rows("json_extract_string(json, '$.body') AS body")).toEqual([
      { body: "市南区" },
      { body: 'line\nend "quoted"' },
    ]);
    // The same rows again: nothing changes.
    const before = await fixture.store.rows("SELECT * FROM raw.file");
    await fixture.pull();
    expect(await fixture.store.rows("SELECT * FROM raw.file")).toEqual(before);
  });

  test("a high-water mark: each row once, also those that share it, came late, or have none", async () => {
    const fixture = await open(MARK);
    expect(await fixture.fetch()).toBe(1);
    expect(await fixture.fetch()).toBe(0);
    await admin.query(
      "INSERT INTO letter VALUES (3, 'same time', NULL, NULL, '2018-01-06 08:00:00+08'), (4, 'no time', NULL, NULL, NULL), (5, 'later', NULL, NULL, '2018-01-07 00:00:00+00')",
    );
    expect(await fixture.fetch()).toBe(1);
    expect(await fixture.fetch()).toBe(0);
    await admin.query("INSERT INTO letter VALUES (6, 'no time either', NULL, NULL, NULL)");
    expect(await fixture.fetch()).toBe(1);
    expect(await lines(fixture)).toEqual([[1, 2], [4, 3, 5], [6]]);
    expect(await fixture.names()).toEqual([
      "letters.ndjson",
      "letters-since-2018-01-06_08_00_00+08.ndjson",
      "letters-since-2018-01-07_08_00_00+08.ndjson",
    ]);
    // A row that changes gets a new mark and comes again; a correction, for the stages after this one.
    await admin.query("UPDATE letter SET body = 'corrected', changed = '2018-01-08' WHERE id = 1");
    expect(await fixture.fetch()).toBe(1);
    expect((await lines(fixture)).at(-1)).toEqual([1]);
  });

  test("a start, and an overlap for transactions that end late", async () => {
    const fixture = await open(", mark: { column: changed, start: '2018-01-06', overlap: 3600 }");
    await fixture.fetch();
    await admin.query(
      "INSERT INTO letter VALUES (7, 'within', NULL, NULL, '2018-01-06 07:30:00+08'), (8, 'before', NULL, NULL, '2018-01-06 06:59:00+08')",
    );
    await fixture.fetch();
    expect(await fixture.fetch()).toBe(0);
    expect(await lines(fixture)).toEqual([[2], [7]]);
  });

  test("marks that are numbers or texts, with columns of any name", async () => {
    const number = await open(
      ", mark: { column: 'Zähler \"x\"', type: number, start: '9007199254740993' }",
      {
        query: 'SELECT id, id + 9007199254740991 AS \\"Zähler \\"\\"x\\"\\"\\" FROM letter',
      },
    );
    await number.fetch();
    expect(await lines(number)).toEqual([[2]]);
    const text = await open(", mark: { column: body, type: text }");
    await text.fetch();
    await admin.query("INSERT INTO letter (id, body) VALUES (9, '鿿')");
    await text.fetch();
    expect((await lines(text))[1]).toEqual([9]);
  });

  test("many rows pass through, a thousand at a time", async () => {
    await admin.query(
      "INSERT INTO letter SELECT i, repeat('字', 200), i, false, timestamptz '2018-02-01' + make_interval(secs => i) FROM generate_series(10, 50009) i",
    );
    const fixture = await open(MARK);
    const outcome = await fixture.pull();
    expect(outcome.counts).toMatchObject({ files: 1, rows: 50_002 });
    expect(await fixture.fetch()).toBe(0);
  });

  test("nothing can be written there", async () => {
    await admin.query("GRANT INSERT ON letter TO reader");
    const fixture = await open("", {
      query: "WITH gone AS (INSERT INTO letter VALUES (99) RETURNING id) SELECT id FROM gone",
    });
    expect((await fixture.fail()).name).toBe("PermanentFetchError");
    const stacked = await open("", { query: "SELECT 1) AS a; DELETE FROM letter; SELECT (1" });
    expect((await stacked.fail()).name).toBe("PermanentFetchError");
    const { rows } = await admin.query("SELECT count(*) AS n FROM letter");
    expect(rows).toEqual([{ n: "2" }]);
  });

  test("encryption: on demand, with a certificate that is checked", async () => {
    expect(await (await open("", { tls: "encrypt" })).fetch()).toBe(1);
    const stranger = await (await open("", { tls: "verify", host: "localhost" })).fail();
    expect(stranger.name).toBe("PermanentFetchError");
    expect(stranger.message).toContain("connector.ca");
    const known = await open(", ca: ca.crt", { tls: "verify", host: "localhost" });
    copyFileSync(join(server.folder, "data", "server.crt"), join(known.folder, "ca.crt"));
    expect(await known.fetch()).toBe(1);
  });

  test("faults to mend: password, permission, column; and the password is nowhere", async () => {
    const said: string[] = [];
    const fails = async (fixture: Fixture, words: string) => {
      const error = await fixture.fail();
      expect(error.name).toBe("PermanentFetchError");
      expect(error.message).toContain(words);
      expect(error.message).toContain(`127.0.0.1:${server.port}/hotline`);
      said.push(
        error.message,
        error.sentence.zh,
        String(error.stack),
        fixture.logged(),
        readEverything(fixture.folder),
      );
    };
    await fails(await open("", { query: "SELECT nothing FROM letter" }), "42703");
    await fails(await open("", { query: "SELECT * FROM secret_files" }), "42501");
    await fails(await open(", mark: { column: missing }"), "42703");
    process.env.LETTERS_DB = "wrong-password-of-reader";
    await fails(await open(), "does not admit the user reader");
    process.env.LETTERS_DB = PASSWORD;
    for (const secret of [PASSWORD, "wrong-password-of-reader"]) {
      expect(said.join("\n")).not.toContain(secret);
    }
  });

  test("what may pass: a time limit, a broken connection; nothing is kept, and the next fetch has all", async () => {
    const slow = await open(", timeout_seconds: 1", { query: "SELECT pg_sleep(5), * FROM letter" });
    const late = await slow.fail();
    expect(late.name).toBe("TransientFetchError");
    const broken = await open(MARK, {
      query: "SELECT *, pg_sleep(CASE WHEN id = 2 THEN 2 ELSE 0 END) FROM letter",
    });
    const failing = broken.fail();
    for (let attempt = 0; attempt < 100; attempt++) {
      const { rowCount } = await admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader' AND query LIKE '%pg_sleep%' AND state = 'active'",
      );
      if (rowCount) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await failing).name).toBe("TransientFetchError");
    expect(await broken.names()).toEqual([]);
    expect(await broken.fetch()).toBe(1);
    expect(await lines(broken)).toEqual([[1, 2]]);
    const elsewhere = await openFixture(
      `{ type: postgresql, host: 127.0.0.1, port: 1, database: d, user: u, tls: off, allow_hosts: [127.0.0.1], query: SELECT 1 }`,
      "{ type: ndjson }",
    );
    expect((await elsewhere.fail()).name).toBe("TransientFetchError");
    const forbidden = await openFixture(
      `{ type: postgresql, host: 127.0.0.1, port: ${server.port}, database: d, user: u, tls: off, allow_hosts: [10.0.0.1], query: SELECT 1 }`,
      "{ type: ndjson }",
    );
    expect((await forbidden.fail()).message).toContain("allow_hosts");
  });
});
