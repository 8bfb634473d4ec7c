import { readFileSync, statSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { makeApp } from "../../src/serve/app.ts";
import { hasRights, mayActFor, ROLES } from "../../src/serve/auth/roles.ts";
import { addToken, readTokens, revokeToken } from "../../src/serve/auth/token-file.ts";
import { startServer } from "../../src/serve/server.ts";
import { EAST, WEST } from "../end-to-end/tiny-answers.ts";
import {
  makeFolder,
  removeFolders,
  TINY_CITY,
  tinyEnvironment,
} from "../end-to-end/tiny-workspace.ts";

const ORIGIN = "http://localhost";
const config = readConfig({ ...tinyEnvironment(TINY_CITY, makeFolder()) });
let app: ReturnType<typeof makeApp>;
beforeAll(() => {
  app = makeApp({ config, isStopping: () => false });
});
afterAll(removeFolders);

const whoIs = async (headers: Record<string, string>) => {
  const answer = await app.request("/api/me", { headers });
  return [answer.status, ((await answer.json()) as { role?: string }).role];
};
const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });
const logIn = (token: string, { to = "", origin = ORIGIN } = {}) =>
  app.request("/account", {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: origin },
    body: new URLSearchParams({ token, to }).toString(),
  });
const cookieOf = (answer: Response) => ({
  Cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "",
});

describe("a role", () => {
  test("may do all that those before it may", () => {
    const table = ROLES.map((role) => ROLES.map((least) => hasRights(role, least)));
    expect(table).toEqual([
      [true, false, false, false],
      [true, true, false, false],
      [true, true, true, false],
      [true, true, true, true],
    ]);
  });

  test("an officer acts for the own body alone, the credit office and the administrator for any", () => {
    const visitor = (role: (typeof ROLES)[number], body: string | null) => ({
      ...{ role, body, token: "1", name: "x", office: null },
    });
    expect(mayActFor(visitor("officer", EAST), EAST)).toBe(true);
    expect(mayActFor(visitor("officer", EAST), WEST)).toBe(false);
    expect(mayActFor(visitor("officer", null), WEST)).toBe(true);
    expect(mayActFor(visitor("admin", EAST), WEST)).toBe(true);
    expect(mayActFor(visitor("analyst", EAST), EAST)).toBe(false);
  });
});

describe("a token", () => {
  test("is random, kept as its hash only, in a file of its owner's", () => {
    const one = addToken(config, { name: "a", role: "analyst" });
    const other = addToken(config, { name: "a", role: "analyst" });
    expect(one.secret).toMatch(/^zx_[\w-]{43}$/);
    expect(one.secret).not.toBe(other.secret);
    const path = join(config.dataDir, "web", "tokens.json");
    expect(readFileSync(path, "utf8")).not.toContain(one.secret.slice(3));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("says who asks, until it is revoked or has run out", async () => {
    const { secret, kept } = addToken(config, { name: "b", role: "officer" });
    expect(await whoIs(bearer(secret))).toEqual([200, "officer"]);
    expect(await whoIs({})).toEqual([200, "public"]);
    expect(await whoIs(bearer(`${secret}x`))).toEqual([401, undefined]);
    revokeToken(config, kept.id);
    expect(await whoIs(bearer(secret))).toEqual([401, undefined]);
    const old = addToken(config, { name: "c", role: "admin", expiresAt: new Date(1e12) });
    expect(await whoIs(bearer(old.secret))).toEqual([401, undefined]);
    expect(() => revokeToken(config, "nobody")).toThrow("There is no token");
    expect(readTokens(config).map(({ name }) => name)).toEqual(expect.arrayContaining(["b", "c"]));
  });
});

describe("a refusal", () => {
  const readBody = async (answer: Response) => ({
    status: answer.status,
    ...((await answer.json()) as object),
  });
  const said = (code: string, en: RegExp) => ({
    error: { code, zh: expect.stringMatching(/\p{Script=Han}/u), en: expect.stringMatching(en) },
  });

  test.each(["/api/sql", "/api/objections", "/api/record-events", "/api/check-subjects"])(
    "of what is too large has the form of all others: %s",
    async (path) => {
      const { secret } = addToken(config, { name: "l", role: "officer" });
      const body = "x".repeat(25_000_001);
      const headers = { ...bearer(secret), "Content-Type": "application/json" };
      const stream = new Blob([body]).stream();
      for (const sent of [
        { body, headers: { ...headers, "Content-Length": `${body.length}` } },
        { body: stream, headers, duplex: "half" },
      ]) {
        const answer = await app.request(path, { method: "POST", ...sent } as RequestInit);
        expect(await readBody(answer)).toEqual({
          status: 413,
          ...said("tooLarge", /[\d,]+ bytes at most/),
        });
      }
    },
  );

  test("of a method that is served nowhere names those that are", async () => {
    for (const method of ["PUT", "DELETE", "PATCH"]) {
      const answer = await app.request("/api/sql", { method });
      expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
      expect(await readBody(answer)).toEqual({
        status: 405,
        ...said("noSuchMethod", /PUT|DELETE|PATCH/),
      });
    }
    // Over a connection: a request of this method cannot be made otherwise.
    const server = await startServer(app, "127.0.0.1", 0);
    try {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        request(server.address, { method: "TRACE", headers: { Cookie: "a=secret" } })
          .on("response", resolve)
          .on("error", reject)
          .end();
      });
      let text = "";
      for await (const piece of answer) text += piece;
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, "GET, HEAD, OPTIONS, POST"]);
      expect(JSON.parse(text)).toEqual(said("noSuchMethod", /TRACE/));
    } finally {
      await server.close();
    }
  });
});

describe("a session", () => {
  test("is opened by a token, and ends with it", async () => {
    const { secret, kept } = addToken(config, { name: "d", role: "analyst" });
    const answer = await logIn(secret);
    expect(answer.status).toBe(303);
    const header = answer.headers.get("set-cookie") ?? "";
    expect(header).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(header).not.toContain(secret.slice(3));
    expect(await whoIs(cookieOf(answer))).toEqual([200, "analyst"]);
    const { Cookie } = cookieOf(answer);
    const forged = Cookie.replace(kept.id, addToken(config, { name: "e", role: "admin" }).kept.id);
    expect(forged).not.toBe(Cookie);
    expect(await whoIs({ Cookie: forged })).toEqual([200, "public"]);
    revokeToken(config, kept.id);
    expect(await whoIs({ Cookie })).toEqual([200, "public"]);
  });

  test("leads on to a page of this site, and to no other", async () => {
    const { secret } = addToken(config, { name: "f", role: "analyst" });
    const leadsTo = async (to: string) => (await logIn(secret, { to })).headers.get("location");
    expect(await leadsTo("/objection?entity=1")).toBe("/objection?entity=1");
    expect(await leadsTo("//elsewhere.example")).toBe("/account");
    expect(await leadsTo("/\\elsewhere.example")).toBe("/account");
    expect(await leadsTo("https://elsewhere.example")).toBe("/account");
  });

  test("is of no use to another site", async () => {
    const { secret } = addToken(config, { name: "g", role: "officer" });
    expect((await logIn(secret, { origin: "https://elsewhere.example" })).status).toBe(403);
    const session = cookieOf(await logIn(secret));
    const post = (headers: Record<string, string>) =>
      app.request("/objection", { method: "POST", headers: { ...session, ...headers }, body: "" });
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    expect((await post({ ...form, Origin: "https://elsewhere.example" })).status).toBe(403);
    expect((await post({ ...form, "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
    expect((await post({ ...form, "Sec-Fetch-Site": "same-site", Origin: ORIGIN })).status).toBe(
      403,
    );
    // Nothing is published here: it came as far as that.
    expect((await post({ ...form, Origin: ORIGIN })).status).toBe(404);
  });

  test("changes nothing by JSON either, unless a page of this site asks", async () => {
    const { secret } = addToken(config, { name: "h", role: "officer" });
    const session = cookieOf(await logIn(secret));
    const post = async (headers: Record<string, string>) =>
      (
        await app.request("/api/objections", {
          ...{
            method: "POST",
            headers: { "Content-Type": "application/json", ...headers },
            body: "{}",
          },
        })
      ).status;
    expect(await post(session)).toBe(403);
    expect(await post({ ...session, Origin: "https://elsewhere.example" })).toBe(403);
    expect(await post({ ...session, Origin: "null" })).toBe(403);
    expect(await post({ ...session, Origin: "https://localhost" })).toBe(403);
    expect(await post({ ...session, "Sec-Fetch-Site": "cross-site" })).toBe(403);
    expect(await post({ ...session, "Sec-Fetch-Site": "none" })).toBe(403);
    // A header that is no token makes no session harmless.
    expect(await post({ ...session, Authorization: "Bearer" })).toBe(403);
    // Faulty: it came as far as that.
    expect(await post({ ...session, Origin: ORIGIN })).toBe(400);
    expect(await post({ ...session, "Sec-Fetch-Site": "same-origin" })).toBe(400);
    expect(await post(bearer(secret))).toBe(400);
    expect(await post({})).toBe(401);
  });

  test("knows this site behind a proxy by the address that the visitor sees", async () => {
    const { secret } = addToken(config, { name: "i", role: "officer" });
    const own = makeApp({ config: { ...config, trustedProxies: 1 }, isStopping: () => false });
    const post = async (headers: Record<string, string>) =>
      (
        await own.request("/account", {
          method: "POST",
          headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
          body: new URLSearchParams({ token: secret }).toString(),
        })
      ).status;
    const proxy = { "X-Forwarded-Proto": "https", "X-Forwarded-Host": "credit.example.gov.cn" };
    expect(await post({ ...proxy, Origin: "https://credit.example.gov.cn" })).toBe(303);
    expect(await post({ ...proxy, Origin: "http://credit.example.gov.cn" })).toBe(403);
    expect(await post({ ...proxy, Origin: ORIGIN })).toBe(403);
  });

  test("guessing is slowed down", async () => {
    const own = makeApp({
      config: { ...config, trustedProxies: 1 },
      isStopping: () => false,
    });
    const guess = async (address: string) => {
      const answer = await own.request("/account", {
        method: "POST",
        headers: {
          ...{ "Content-Type": "application/x-www-form-urlencoded", Origin: ORIGIN },
          "X-Forwarded-For": `203.0.113.9, ${address}`,
        },
        body: "token=zx_guess",
      });
      return [answer.status, answer.headers.get("retry-after") !== null];
    };
    for (let tries = 0; tries < 10; tries++) expect(await guess("192.0.2.1")).toEqual([403, false]);
    expect(await guess("192.0.2.1")).toEqual([429, true]);
    expect(await guess("192.0.2.2")).toEqual([403, false]);
  });

  test("tokens that are not in force are slowed down; one in force is not", async () => {
    const own = makeApp({ config: { ...config, trustedProxies: 1 }, isStopping: () => false });
    const { secret } = addToken(config, { name: "j", role: "analyst" });
    const ask = async (token: string, address: string) => {
      const headers = { ...bearer(token), "X-Forwarded-For": address };
      const answer = await own.request("/qingdao/", { headers });
      return [answer.status, answer.headers.get("retry-after")];
    };
    for (let tries = 0; tries < 10; tries++) {
      expect(await ask(`zx_${tries}`, "192.0.2.1")).toEqual([401, null]);
    }
    expect(await ask("zx_again", "192.0.2.1")).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect((await ask(secret, "192.0.2.1"))[0]).toBe(404);
    expect(await ask("zx_again", "192.0.2.2")).toEqual([401, null]);
  });
});
