import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readListing } from "../../../src/pull/connect/s3.ts";
import { openFixture, readEverything } from "./connect-fixture.ts";
import { startServer } from "./http-server.ts";

const ROWS = "id,at\n1,2018-01-05\n";
const folder = mkdtempSync(join(tmpdir(), "s3-"));
let server: ChildProcess;
let origin = "";
const client = new AwsClient({
  accessKeyId: "S3RVER",
  secretAccessKey: "S3RVER",
  service: "s3",
  region: "us-east-1",
});

/** A real S3 server in a process of its own: the tokens of its listings need a cipher that OpenSSL 3 keeps among the legacy ones. */
const PROGRAM = `
const S3rver = require(${JSON.stringify(createRequire(import.meta.url).resolve("s3rver"))});
new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory: ${JSON.stringify(folder)}, configureBuckets: [{ name: "letters" }] })
  .run().then(({ port }) => console.log(port));
`;

beforeAll(async () => {
  server = spawn(
    process.execPath,
    ["--openssl-legacy-provider", "--no-deprecation", "-e", PROGRAM],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const port = await new Promise((resolve) =>
    server.stdout?.setEncoding("utf8").once("data", (text: string) => resolve(text.trim())),
  );
  origin = `http://127.0.0.1:${port}`;
  process.env.LETTERS_S3 = "S3RVER";
});

afterAll(() => {
  delete process.env.LETTERS_S3;
  server.kill();
  rmSync(folder, { recursive: true, force: true });
});

const put = async (key: string, body: string, headers: Record<string, string> = {}) => {
  const path = key.split("/").map(encodeURIComponent).join("/");
  const answer = await client.fetch(`${origin}/letters/${path}`, { method: "PUT", body, headers });
  expect(answer.status).toBe(200);
};

afterEach(async () => {
  const { objects } = readListing(
    await (await client.fetch(`${origin}/letters?list-type=2`)).text(),
    origin,
  );
  for (const { key } of objects) {
    const path = key.split("/").map(encodeURIComponent).join("/");
    await client.fetch(`${origin}/letters/${path}`, { method: "DELETE" });
  }
});

const open = (more = "", bucket = "letters") =>
  openFixture(
    `{ type: s3, endpoint: "${origin}", bucket: ${bucket}, allow_hosts: [127.0.0.1], access_key_id: S3RVER, secret_access_key: { env: LETTERS_S3 }, retry_seconds: 0.05, attempts: 2${more} }`,
    "{ type: csv }",
    // A signature is good for minutes only.
    { time: new Date().toISOString() },
  );

test("objects below a prefix, whatever their names, each once; a changed one again", async () => {
  await put("in/a 1+2.csv", ROWS);
  await put("in/2018/乙(1)'*.csv", `${ROWS}2,2018-01-06\n`);
  await put("in/notes.txt", "not wanted");
  await put("out/b.csv", ROWS);
  const fixture = await open(', prefix: in/, match: "**/*.csv"');
  expect(await fixture.fetch()).toBe(2);
  expect(await fixture.names()).toEqual(["2018/乙(1)'*.csv", "a 1+2.csv"]);
  expect((await fixture.contents())[1]).toBe(ROWS);
  expect(await fixture.fetch()).toBe(0);
  await put("in/a 1+2.csv", `${ROWS}3,2018-01-07\n`);
  expect(await fixture.fetch()).toBe(1);
  const outcome = await fixture.pull();
  expect(outcome.counts).toMatchObject({ files: 3, new: 3, rows: 5 });
  const versions = await fixture.store.rows<{ address: string; version: string }>(
    "SELECT address, version FROM raw.received ORDER BY received_id",
  );
  for (const { address, version } of versions) {
    expect(address.startsWith(`${origin}/letters/in/`)).toBe(true);
    expect(version).toMatch(/^"[0-9a-f]{32}"$/);
  }
});

test("more objects than one listing holds", async () => {
  for (let index = 0; index < 1003; index += 17) {
    await Promise.all(
      Array.from({ length: Math.min(17, 1003 - index) }, (_, offset) =>
        put(`many/${String(index + offset).padStart(4, "0")}.csv`, `id\n${index + offset}\n`),
      ),
    );
  }
  const fixture = await open(", prefix: many/");
  expect(await fixture.fetch()).toBe(1003);
  expect(await fixture.fetch()).toBe(0);
  expect(new Set(await fixture.names()).size).toBe(1003);
});

test("an object stored compressed is kept as it is stored", async () => {
  await put("z/a.csv", ROWS, { "content-encoding": "gzip" });
  const fixture = await open(", prefix: z/");
  expect(await fixture.fetch()).toBe(1);
  expect(await fixture.contents()).toEqual([ROWS]);
});

test("a wrong key, a missing bucket, another server: faults to mend; and the secret is nowhere", async () => {
  const stranger = await openFixture(
    `{ type: s3, endpoint: "${origin}", bucket: letters, allow_hosts: [127.0.0.1], access_key_id: NOBODY, secret_access_key: { env: LETTERS_S3 } }`,
    "{ type: csv }",
    { time: new Date().toISOString() },
  );
  const refused = await stranger.fail();
  expect(refused.name).toBe("PermanentFetchError");
  expect(refused.message).toContain("credentials");
  const missing = await (await open("", "nothing-here")).fail();
  expect(missing.name).toBe("PermanentFetchError");
  expect(missing.message).toContain("404");
  const web = await startServer((_request, response) => response.end("<html></html>"));
  process.env.LETTERS_S3 = "very-secret-access-key";
  const other = await openFixture(
    `{ type: s3, endpoint: "${web.origin}", bucket: letters, allow_hosts: [127.0.0.1], access_key_id: A, secret_access_key: { env: LETTERS_S3 } }`,
    "{ type: csv }",
  );
  const error = await other.fail();
  process.env.LETTERS_S3 = "S3RVER";
  expect(error.name).toBe("PermanentFetchError");
  expect(error.message).toContain("connector.endpoint");
  const said = other.logged() + error.stack + readEverything(other.folder);
  expect(said).not.toContain("very-secret");
});

test("a listing cut short is asked for again, not taken for all there is", async () => {
  const listing = (end: string) =>
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a&amp;b.csv</Key><ETag>&quot;1&quot;</ETag><Size>19</Size></Contents>${end}`;
  const half = await startServer((request, response, count) => {
    if (request.url?.includes("list-type")) {
      response.end(listing(count === 0 ? "<Contents><Key>c" : "</ListBucketResult>"));
    } else response.end(ROWS);
  });
  const fixture = await openFixture(
    `{ type: s3, endpoint: "${half.origin}", bucket: letters, allow_hosts: [127.0.0.1], access_key_id: A, secret_access_key: { env: LETTERS_S3 }, retry_seconds: 0.01 }`,
    "{ type: csv }",
  );
  expect((await fixture.fail()).name).toBe("TransientFetchError");
  expect(await fixture.fetch()).toBe(1);
  expect(await fixture.names()).toEqual(["a&b.csv"]);
});
