import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { signObjectRequest } from "../../../src/pull/connect/s3.ts";
import { readSource } from "../../../src/standard/source-definition.ts";
import { DefinitionError } from "../../../src/standard/yaml-document.ts";
import { NOON, openFixture, readEverything, sourceText } from "./connect-fixture.ts";
import { sendJson, startServer } from "./http-server.ts";

const SECRET = "pa/ss wörd+=?&%20:\"'密";
afterEach(() => {
  delete process.env.LETTERS_SECRET;
});

describe("a secret does not stand in a source file", () => {
  const database = (more: string) =>
    `{ type: postgresql, host: h, database: d, user: u, allow_hosts: [h], query: SELECT 1, ${more} }`;
  const http = (more: string) =>
    `{ type: http-json, url: "https://h/", allow_hosts: [h], ${more} }`;

  /** The fault of a source file, as "line: message". */
  function fault(connector: string, format = "{ type: json }"): string {
    const folder = mkdtempSync(join(tmpdir(), "secrets-"));
    try {
      writeFileSync(join(folder, "letters.yaml"), sourceText(connector, format));
      readSource(join(folder, "letters.yaml"));
      return "none";
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      return error.faults.map(({ line, message }) => `${line}: ${message}`).join("; ");
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const NDJSON = "{ type: ndjson }";

  test.each([
    ["a password", database("password: hunter2"), NDJSON],
    [
      "a password in quotes over lines",
      `\n  type: sftp\n  host: h\n  user: u\n  host_key: ["SHA256:${"a".repeat(43)}"]\n  path: /\n  allow_hosts: [h]\n  password: "hunter2"`,
      "{ type: csv }",
    ],
    ["a token", http("auth: { type: bearer, token: hunter2 }"), undefined],
    ["a key under another name", http("headers: { X-Api-Key: hunter2 }"), undefined],
    ["a parameter", http("query: { access_token: hunter2 }"), undefined],
    ["an address", `{ type: http-json, url: "https://u:hunter2@h/", allow_hosts: [h] }`, undefined],
  ])("%s is refused, with its line, and not repeated", (_name, connector, format) => {
    const found = fault(connector, format);
    expect(found).toContain("a secret must not stand in this file");
    const lines = sourceText(connector, "").split("\n");
    const line = lines.findIndex((text) => text.includes("hunter2")) + 1;
    expect(line).toBeGreaterThan(5);
    expect(found.startsWith(`${line}: `)).toBe(true);
    expect(found).not.toContain("hunter2");
  });

  test("a reference is taken; half of one, or both, are not", () => {
    expect(fault(database("password: { env: DB_PASSWORD }"), NDJSON)).toBe("none");
    expect(fault(database("password: { file: secrets/db }"), NDJSON)).toBe("none");
    expect(fault(database("password: {}"), NDJSON)).toContain("give env or file");
    expect(fault(database("password: { env: A, file: b }"), NDJSON)).toContain("give env or file");
    expect(fault(database("password: { env: 'hunter2!' }"), NDJSON)).toContain(
      "environment variable",
    );
  });

  test("faults of other kinds keep their place too", () => {
    expect(fault(database("tls: sometimes"), NDJSON)).toMatch(/^6: connector.tls/);
    expect(fault(database("mark: { column: a, kind: b }"), NDJSON)).toMatch(/^6: .*kind/);
    expect(fault(database("password: { env: A }"))).toContain("write ndjson");
    expect(fault("{ type: carrier-pigeon }")).toMatch(/^6: connector.type/);
  });
});

describe("a secret reaches nothing that is written", () => {
  const auths = {
    bearer: "{ type: bearer, token: { env: LETTERS_SECRET } }",
    basic: "{ type: basic, user: reader, password: { env: LETTERS_SECRET } }",
    parameter: "{ type: parameter, name: key, value: { env: LETTERS_SECRET } }",
    hmac: "{ type: hmac, key_id: zx, secret: { env: LETTERS_SECRET } }",
  };
  // What a header may hold is narrower than what an address may.
  const secretFor = (kind: string) => (kind === "bearer" ? "abc+/=~def-SECRET" : SECRET);

  test.each(Object.entries(auths))("%s: files, database, log and errors", async (kind, auth) => {
    const secret = secretFor(kind);
    process.env.LETTERS_SECRET = secret;
    let status = 200;
    const server = await startServer((request, response) =>
      // A next link that repeats the whole address, as servers do, credentials and all.
      sendJson(
        response,
        [{ id: 1 }],
        { etag: '"1"', link: `<${request.url}&b=2>; rel="prev"` },
        status,
      ),
    );
    const fixture = await openFixture(
      `{ type: http-json, url: "${server.origin}/letters?a=1", allow_hosts: [127.0.0.1], attempts: 1, auth: ${auth}, paging: { type: link } }`,
    );
    await fixture.pull();
    const errors: string[] = [];
    for (status of [403, 500, 404]) {
      const error = await fixture.fail();
      errors.push(error.message, error.address, error.sentence.zh, String(error.stack));
      await fixture.pull();
    }
    await fixture.store.run("CHECKPOINT");
    const said = fixture.logged() + errors.join("\n") + readEverything(fixture.folder);
    // The server did hear it, or a signature made from it.
    const heard = JSON.stringify(server.asked[0]);
    if (kind === "parameter")
      expect(decodeURIComponent(heard.replaceAll("+", " "))).toContain("pa/ss");
    else expect(heard).toMatch(/authorization|x-signature/);
    expect(said).toContain("/letters");
    for (const form of [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ s: secret }).toString().slice(2),
      Buffer.from(secret).toString("base64"),
      Buffer.from(`reader:${secret}`).toString("base64"),
      Buffer.from(secret).toString("latin1"),
    ]) {
      expect(said).not.toContain(form);
    }
  });

  test("one that is missing is named by its name", async () => {
    const server = await startServer((_request, response) => sendJson(response, []));
    const open = (reference: string) =>
      openFixture(
        `{ type: http-json, url: "${server.origin}/", allow_hosts: [127.0.0.1], auth: { type: bearer, token: ${reference} } }`,
      );
    const unset = await (await open("{ env: LETTERS_SECRET }")).fail();
    expect(unset.name).toBe("PermanentFetchError");
    expect(unset.message).toContain("LETTERS_SECRET is not set");
    const absent = await (await open("{ file: secrets/letters }")).fail();
    expect(absent.message).toContain("secrets/letters");
    const fixture = await open("{ file: secrets/letters }");
    fixture.write("secrets/letters", "abc\n");
    await fixture.fetch();
    expect(server.asked.at(-1)?.headers.authorization).toBe("Bearer abc");
  });
});

describe("signed requests", () => {
  test("HMAC over the text the definition composes, checked as a server would", async () => {
    process.env.LETTERS_SECRET = SECRET;
    const server = await startServer((request, response) => {
      const header = (name: string) => String(request.headers[name]);
      const url = new URL(request.url ?? "", "http://x");
      const text = [
        "GET",
        url.pathname,
        "a=1&b=2&page=1",
        header("x-timestamp"),
        header("x-nonce"),
      ];
      const signature = createHmac("sha256", SECRET).update(text.join("\n")).digest("hex");
      const right = header("x-signature") === signature && header("x-key-id") === "zx";
      sendJson(response, [], {}, right ? 200 : 403);
    });
    const auth = "auth: { type: hmac, key_id: zx, secret: { env: LETTERS_SECRET } }";
    const connector = `{ type: http-json, url: "${server.origin}/letters?b=2&a=1", allow_hosts: [127.0.0.1], paging: { type: page }, ${auth} }`;
    const fixture = await openFixture(connector);
    await fixture.fetch();
    expect(server.asked[0]?.headers["x-timestamp"]).toBe(String(Date.parse(NOON) / 1000));
    process.env.LETTERS_SECRET = "another";
    expect((await fixture.fail()).message).toContain("credentials");
    const nonces = server.asked.map(({ headers }) => headers["x-nonce"]);
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  test("by other forms: SM3 in base64, in one header", async () => {
    process.env.LETTERS_SECRET = "k";
    const server = await startServer((_request, response) => sendJson(response, []));
    const fixture = await openFixture(`
  type: http-json
  url: "${server.origin}/a"
  allow_hosts: [127.0.0.1]
  auth:
    type: hmac
    key_id: zx
    secret: { env: LETTERS_SECRET }
    algorithm: sm3
    encoding: base64
    timestamp: iso
    text: "{key_id}|{timestamp}|{path}"
    headers: { Authorization: "ZX {key_id}:{timestamp}:{signature}" }`);
    await fixture.fetch();
    const signature = createHmac("sm3", "k")
      .update("zx|2019-01-10T04:00:00.000Z|/a")
      .digest("base64");
    expect(server.asked[0]?.headers.authorization).toBe(
      `ZX zx:2019-01-10T04:00:00.000Z:${signature}`,
    );
  });

  // Example "GET Bucket (List Objects)" of Amazon's documentation of Signature Version 4.
  test("AWS Signature Version 4 as published", async () => {
    const headers = await signObjectRequest(
      { access_key_id: "AKIAIOSFODNN7EXAMPLE", region: "us-east-1" },
      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      new URL("https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J"),
      new Date("2013-05-24T00:00:00Z"),
    );
    expect(headers.authorization).toContain(
      "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    );
  });
});
