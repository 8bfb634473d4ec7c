import { verify } from "node:crypto";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chainFile } from "../../src/publish/chain.ts";
import { findPublished, listPublished } from "../../src/publish/find-published.ts";
import { makeApp } from "../../src/serve/app.ts";
import { openSigner, readPublicKey } from "../../src/signing-key.ts";
import { JUNE, makeFolder, removeFolders } from "../end-to-end/tiny-workspace.ts";
import { MAY, type PublishedCity, publishTinyCity } from "./published-city.ts";

let city: PublishedCity;
let dataDir: string;

beforeAll(async () => {
  city = await publishTinyCity([MAY, JUNE]);
  dataDir = join(city.config.dataDir, "tiny");
}, 600_000);
afterAll(removeFolders);

/** Of a program that has just been started: what the folder looked like is kept for a second. */
const ask = async (path: string) => {
  const app = makeApp({
    config: city.config,
    isStopping: () => false,
    today: () => "2018-07-10",
  });
  const answer = await app.request(path);
  return { status: answer.status, text: await answer.text() };
};

test("the public key and the chain are handed out, and prove a month that was downloaded", async () => {
  const keys = JSON.parse((await ask("/published/public-keys")).text);
  expect(keys).toHaveLength(1);
  const file = join(makeFolder(), "key.pem");
  writeFileSync(file, (await ask(`/published/public-keys/${keys[0]}`)).text);
  const { id, key } = readPublicKey(file);
  expect(id).toBe(keys[0]);
  const { folder, run } = listPublished(dataDir, "tiny").at(-1) as { folder: string; run: string };
  const [manifest, signature] = ["manifest.json", "manifest.sig"].map((name) =>
    readFileSync(join(folder, name)),
  );
  const asked = await ask(`/published/tiny/2018-06/${run}/manifest.json`);
  expect(asked.text).toBe(manifest?.toString());
  expect(verify(null, Buffer.from(asked.text), key, signature as Buffer)).toBe(true);
  const chain = await ask("/published/tiny/chain.ndjson");
  expect(chain).toEqual({ status: 200, text: readFileSync(chainFile(dataDir, "tiny"), "utf8") });
  expect((await ask("/published/public-keys/0123456789abcdef")).status).toBe(404);
  expect((await ask("/published/nowhere/chain.ndjson")).status).toBe(404);
});

test("a public key that is damaged is told of, and keeps no other from being handed out", async () => {
  const [id] = JSON.parse((await ask("/published/public-keys")).text);
  const folder = join(city.config.dataDir, "public-keys");
  const other = "00112233445566ff";
  writeFileSync(join(folder, `${other}.pem`), "-----BEGIN PUBLIC KEY-----\nMCow\n");
  expect(JSON.parse((await ask("/published/public-keys")).text)).toEqual([id]);
  expect((await ask(`/published/public-keys/${id}`)).status).toBe(200);
  expect(await ask(`/published/public-keys/${other}`)).toMatchObject({
    status: 503,
    text: expect.stringMatching(/公钥文件 public-keys.00112233445566ff.pem 已损坏.*is damaged/),
  });
  // That of the key in use is written anew when something is signed.
  const own = join(folder, `${id}.pem`);
  const sound = readFileSync(own, "utf8");
  writeFileSync(own, sound.slice(0, 40));
  expect(JSON.parse((await ask("/published/public-keys")).text)).toEqual([]);
  openSigner(city.config, "tiny").sign(Buffer.from("any"));
  expect(readFileSync(own, "utf8")).toBe(sound);
  rmSync(join(folder, `${other}.pem`));
});

test("a month whose manifest is damaged is said to be that, on every page and where it is asked for", async () => {
  const folder = findPublished(dataDir, "tiny", { period: "2018-05" });
  const run = folder.split("/").at(-1) as string;
  truncateSync(join(folder, "manifest.json"), 300);
  const file = await ask("/published/tiny/2018-05/latest/report.html");
  expect(file).toMatchObject({ status: 503, text: expect.stringMatching(/已损坏.*is damaged/) });
  for (const asked of [
    `/tiny/?period=2018-05`,
    `/tiny/?run=${run}`,
    "/tiny/months?period=2018-05",
  ]) {
    const page = await ask(asked);
    expect(page, asked).toMatchObject({ status: 503, text: expect.stringContaining("清单已损坏") });
  }
  for (const page of ["/tiny/", "/tiny/months"]) {
    const { status, text } = await ask(page);
    expect(status).toBe(200);
    expect(text).toMatch(`2018-05 (${run})`);
    expect(text).toMatch("清单已损坏");
  }
  expect(JSON.parse((await ask("/tiny/months.json")).text).damaged).toEqual([
    { period: "2018-05", run },
  ]);
  expect((await ask("/tiny/?period=2017-01")).status).toBe(404);
});

test("when nothing else is left, it is not said that nothing was published", async () => {
  const june = findPublished(dataDir, "tiny", { period: "2018-06" });
  rmSync(join(june, "manifest.json"));
  for (const path of ["/", "/tiny", "/tiny/", "/tiny/months"]) {
    expect(await ask(path), path).toMatchObject({
      status: 503,
      text: expect.stringContaining("清单已损坏"),
    });
  }
});
