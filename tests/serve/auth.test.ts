import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { makeApp } from "../../src/serve/app.ts";
import { hasRights, mayActFor, ROLES } from "../../src/serve/auth/roles.ts";
import { addToken, readTokens, revokeToken } from "../../src/serve/auth/token-file.ts";
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
      ...{ role, body, token: "1", name: "x" },
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
});
