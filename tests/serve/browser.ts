import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Page } from "playwright-core";
import { findBinary } from "../services/find-binary.ts";

const CHROMIUM = findBinary("chromium");

/** Tests in a browser need Debian's chromium; `tests/services` says what to install where there is none. */
export const NO_BROWSER = CHROMIUM === undefined;

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A browser of the test's own. The caller closes it. */
export function openBrowser() {
  return chromium.launch({
    executablePath: CHROMIUM as string,
    // Inside a container there is no sandbox to be had, and shared memory is small.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}

/** What a page complains of: failed scripts, and whatever the content security policy stopped. */
export function watchComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  return complaints;
}

/** Serious and critical faults of accessibility on the page as it is now, each with the elements it is about. */
export async function findBarriers(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the policy of the page does not bind.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: put there by the line above
    const { violations } = await (globalThis as any).axe.run();
    return violations as { id: string; impact: string; nodes: { html: string }[] }[];
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${page.url()} ${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}
