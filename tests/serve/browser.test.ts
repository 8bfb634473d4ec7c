import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addToken } from "../../src/serve/auth/token-file.ts";
import type { WebServer } from "../../src/serve/server.ts";
import { EAST, FINANCE } from "../end-to-end/tiny-answers.ts";
import { JUNE, removeFolders } from "../end-to-end/tiny-workspace.ts";
import { findBarriers, NO_BROWSER, openBrowser, watchComplaints } from "./browser.ts";
import { MAY, type PublishedCity, publishTinyCity } from "./published-city.ts";

const PHONE = { width: 390, height: 844 };

describe.skipIf(NO_BROWSER)("in a browser", () => {
  let city: PublishedCity;
  let server: WebServer;
  let browser: Browser;
  const open = async (options: Parameters<Browser["newPage"]>[0] = {}) => {
    const page = await browser.newPage({
      ...{ baseURL: server.address, locale: "zh-CN" },
      ...options,
    });
    return { page, complaints: watchComplaints(page) };
  };

  beforeAll(async () => {
    city = await publishTinyCity([MAY, JUNE]);
    server = await city.listen();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    removeFolders();
  });

  test("one goes from the ranking to a body and to why its score moved", async () => {
    const { page, complaints } = await open();
    await page.goto("/");
    expect(new URL(page.url()).pathname).toBe("/tiny/");
    await page.locator("#ranking tbody tr", { hasText: "东湖" }).getByRole("link").click();
    await expect.poll(() => page.locator("h1").textContent()).toContain("东湖");
    expect(await page.locator(".figures").first().textContent()).toContain("51.50");
    // 51.5 − 66.125; of it −4.5 for orders closed late.
    expect(await page.locator("#change figcaption").textContent()).toContain("−14.63");
    await page.locator("#change details summary").click();
    const step = page.locator("#change tbody tr", { hasText: "−4.50" });
    expect(await step.count()).toBe(1);
    await step.getByRole("link").click();
    await expect.poll(() => page.locator("#sql pre").textContent()).toContain("SELECT");
    expect(complaints).toEqual([]);
  });

  test("charts come alive where somebody points at them", async () => {
    const { page, complaints } = await open();
    await page.goto(`/tiny/entity/${EAST}`);
    await page.locator("#history .chart").hover();
    await page.locator("#history canvas").waitFor();
    expect(complaints).toEqual([]);
  });

  test("the language is switched and stays", async () => {
    const { page } = await open();
    await page.goto("/tiny/ranking");
    await page.locator("a.language").click();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    await page.goto("/tiny/quality");
    expect(await page.locator("h1").textContent()).toBe("Data quality");
  });

  test("another period is shown as soon as it is chosen", async () => {
    const { page } = await open();
    await page.goto("/tiny/ranking");
    await page.getByRole("combobox", { name: "期间" }).selectOption("2018-05");
    await page.waitForURL(/period=2018-05/);
    await page.locator("#main").getByRole("link", { name: "东湖" }).first().click();
    expect(new URL(page.url()).searchParams.get("period")).toBe("2018-05");
  });

  test("an officer logs in and files an objection for the own body", async () => {
    const { secret } = addToken(city.config, { name: "东湖", role: "officer", body: EAST });
    const { page, complaints } = await open();
    await page.goto(`/tiny/entity/${EAST}`);
    await page.getByRole("link", { name: "提出异议" }).click();
    await page.getByLabel("令牌").fill(secret);
    await page.getByRole("button", { name: "登录" }).click();
    await page.getByLabel("记录编号").fill("D1");
    await page.getByLabel("应当答复的单位").selectOption(FINANCE);
    await page.getByLabel("文号").fill("东信〔2018〕1号");
    await page.getByLabel("异议理由").fill("承诺已按期履行。");
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole("button", { name: "提交" }).click();
    const receipt = /E[0-9a-f]{15}/.exec((await page.getByRole("status").textContent()) ?? "")?.[0];
    const inbox = join(city.config.dataDir, "tiny", "inbox", "record-inbox");
    expect(readdirSync(inbox)).toEqual([`${receipt}.ndjson`]);
    expect(JSON.parse(readFileSync(join(inbox, `${receipt}.ndjson`), "utf8"))).toMatchObject({
      ...{ event: "dispute", entity: EAST, record: "D1", responsible: FINANCE },
    });
    expect(complaints).toEqual([]);
  });

  test("no page has a serious barrier, nor is wider than a phone", async () => {
    const { page, complaints } = await open({ viewport: PHONE, hasTouch: true });
    const paths = [
      ...["", "ranking", `entity/${EAST}`, `compare?a=${EAST}&b=999902`, "alerts", "quality"].map(
        (path) => `/tiny/${path}`,
      ),
      ...["/tiny/indicator/B2/closed-on-time", "/tiny/standards", "/tiny/months"],
      ...["/account", "/api/docs"],
    ];
    const faults: string[] = [];
    for (const path of paths) {
      const answer = await page.goto(path);
      if (answer?.status() !== 200) faults.push(`${path}: ${answer?.status()}`);
      faults.push(...(await findBarriers(page)));
      const width = await page.evaluate("document.documentElement.scrollWidth");
      if (width !== PHONE.width) faults.push(`${path} is ${width} wide`);
    }
    expect(faults).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("a report file runs its own script and nothing else", async () => {
    const { page, complaints } = await open();
    await page.goto("/published/tiny/latest/latest/report.html");
    await page.locator("#language").click();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.evaluate("globalThis.origin")).toBe("null");
    expect(complaints).toEqual([]);
  });

  test("everything works without scripts", async () => {
    const { page } = await open({ javaScriptEnabled: false });
    await page.goto(`/tiny/entity/${EAST}`);
    expect(await page.locator("#history svg").count()).toBe(1);
    await page.getByRole("combobox", { name: "对比期" }).selectOption("2018-04");
    await page.locator("#change").getByRole("button", { name: "查看" }).click();
    expect(await page.locator("#change h2").textContent()).toContain("2018-04");
  });
});
