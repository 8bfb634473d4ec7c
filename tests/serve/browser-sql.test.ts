import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addToken } from "../../src/serve/auth/token-file.ts";
import type { WebServer } from "../../src/serve/server.ts";
import { EAST } from "../end-to-end/tiny-answers.ts";
import { JUNE, removeFolders } from "../end-to-end/tiny-workspace.ts";
import { findBarriers, NO_BROWSER, openBrowser, watchComplaints } from "./browser.ts";
import { type PublishedCity, publishTinyCity } from "./published-city.ts";

const QUERY =
  "SELECT entity_id, score FROM rank WHERE period = '2018-06' AND level = 'district' ORDER BY entity_id";

describe.skipIf(NO_BROWSER)("the page for queries", () => {
  let city: PublishedCity;
  let server: WebServer;
  let browser: Browser;
  beforeAll(async () => {
    city = await publishTinyCity([JUNE]);
    server = await city.listen();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    removeFolders();
  });

  test("an analyst logs in, asks, sees rows and a chart, and takes them along", async () => {
    const { secret } = addToken(city.config, { name: "分析员", role: "analyst" });
    const page = await browser.newPage({ baseURL: server.address, locale: "zh-CN" });
    const complaints = watchComplaints(page);
    await page.goto("/sql");
    await page.getByLabel("令牌").fill(secret);
    await page.getByRole("button", { name: "登录" }).click();
    await page.locator(".cm-content").waitFor();
    await page.goto(`/sql?q=${encodeURIComponent(QUERY)}`);
    await page.locator(".cm-content").waitFor();
    expect(await page.getByRole("note").textContent()).toContain("合成");
    await page.getByRole("button", { name: "执行" }).click();
    await page.locator("[data-grid] tbody tr", { hasText: EAST }).waitFor({ timeout: 60_000 });
    // WORKED.md: East Lake stands at 51.5 in June.
    const row = page.locator("[data-grid] tbody tr", { hasText: EAST });
    expect(await row.textContent()).toContain("51.5");
    await page.locator("[data-chart] canvas").waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "csv" }).click(),
    ]);
    expect(readFileSync(await file.path(), "utf8")).toContain(`${EAST},51.5`);
    expect(await findBarriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("the editor completes names while one types, and nothing of it breaks the content security policy", async () => {
    const { secret } = addToken(city.config, { name: "分析员乙", role: "analyst" });
    const page = await browser.newPage({ baseURL: server.address, locale: "en" });
    const complaints = watchComplaints(page);
    await page.goto("/sql");
    await page.getByLabel("Token").fill(secret);
    await page.getByRole("button", { name: "Log in" }).click();
    const editor = page.locator(".cm-content");
    await editor.click();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("SELECT * FROM complai", { delay: 20 });
    const option = page.locator(".cm-tooltip-autocomplete li", { hasText: "complaint" });
    await option.first().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    // Its list stands at the word, in colours that can be read: styles the policy stopped would show.
    const box = await page.locator(".cm-tooltip-autocomplete").boundingBox();
    expect(box?.height).toBeGreaterThan(10);
    // A key held for a cross-hair, brackets and a search panel are dressed too.
    await page.keyboard.press("Alt");
    await page.keyboard.press("Enter");
    expect(await editor.textContent()).toContain("FROM complaint");
    await page.keyboard.type(" WHERE (1 = 1)");
    await page.keyboard.press("Control+F");
    await page.locator(".cm-search").waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
