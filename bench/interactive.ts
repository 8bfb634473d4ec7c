import type { Page } from "playwright-core";
import { NO_BROWSER, openBrowser } from "../tests/serve/browser.ts";
import { serveCity, withPublishedCity } from "./serve-city.ts";

const PAGES = { overview: "/qingdao/", entity: "/qingdao/entity/370202" };
/** So long without a long task, and what came before is over. */
const CALM_MS = 500;
/** A server that has just been started makes its first pages meanwhile. */
const SETTLED_MS = 500;

/**
 * The first visit of a browser that knows nothing yet: bytes as they come over the wire, and time from the start of the
 * navigation until charts, fonts and scripts are there and no long task is under way. "Just started": the server listens
 * for the first time; "warm": its first pages are made; "again": somebody has had the page before.
 * @param dataDir a data folder in which the bundled city is published already; else it is published first
 */
export async function benchInteractive(dataDir: string | undefined): Promise<void> {
  if (NO_BROWSER) {
    console.log("first visit: needs Debian's chromium");
    return;
  }
  console.log("first visit (target: 300 KB compressed, interactive within 1,000 ms)");
  await withPublishedCity(dataDir, async (folder) => {
    for (const [name, path] of Object.entries(PAGES)) {
      const cold = await serveCity(folder);
      report(name, "just started", await visit(`${cold.address}${path}`));
      await cold.stop();
      const warm = await serveCity(folder);
      await settle(warm.address);
      // Another page than the one that was made when the server started.
      const other = name === "entity" ? path.replace("370202", "370211") : path;
      report(name, "warm", await visit(`${warm.address}${other}`));
      report(name, "again", await visit(`${warm.address}${other}`));
      await warm.stop();
    }
  });
}

interface Visit {
  readonly bytes: number;
  readonly interactive: number;
  readonly firstByte: number;
}

/** Waits until two answers in a row come at once: what is made beforehand is made. */
async function settle(address: string): Promise<void> {
  for (let quick = 0; quick < 5; ) {
    const start = performance.now();
    await (await fetch(`${address}/health`)).text();
    quick = performance.now() - start < 20 ? quick + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  }
}

async function visit(address: string): Promise<Visit> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ locale: "zh-CN" });
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.addInitScript(`
      globalThis.longTasks = [];
      new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => one.startTime + one.duration)))
        .observe({ type: "longtask", buffered: true });
    `);
    await page.goto(address, { waitUntil: "load", timeout: 60_000 });
    return { ...(await readTimes(page)), bytes };
  } finally {
    await browser.close();
  }
}

/** Charts are part of the page as pictures: it is complete when it is loaded, and usable when nothing holds it up. */
async function readTimes(page: Page): Promise<Omit<Visit, "bytes">> {
  await page.waitForTimeout(CALM_MS);
  return page.evaluate(`(() => {
    const [navigation] = performance.getEntriesByType("navigation");
    const paints = performance.getEntriesByType("paint").map(({ startTime }) => startTime);
    return {
      firstByte: navigation.responseStart,
      interactive: Math.max(navigation.loadEventEnd, ...paints, ...longTasks),
    };
  })()`);
}

function report(name: string, state: string, { bytes, firstByte, interactive }: Visit): void {
  console.log(
    `  ${name.padEnd(9)} ${state.padEnd(13)} ${(bytes / 1000).toFixed(0)} KB compressed, first byte ${firstByte.toFixed(0)} ms, interactive ${interactive.toFixed(0)} ms`,
  );
}
