import type { Config } from "../../config.ts";
import { findBrowser, printPdf } from "../../credit-report/pdf.ts";
import type { Bilingual } from "../../publish/report.ts";
import { openTurns, TooBusy } from "../turns.ts";
import { BUSY } from "./problem.ts";

/** A browser takes a few hundred megabytes: so many may wait for the one at work. */
const MOST_WAITING = 4;
const LONGEST_MS = 60_000;

/** A PDF, or why there is none, with the status that says so. */
export type Printed =
  | { readonly pdf: Buffer }
  | { readonly status: 501 | 503; readonly code: string; readonly sentence: Bilingual };

/** Prints pages as PDF, one browser at a time, each for a limited time. */
export function openPrinter(config: Pick<Config, "chromium" | "path">) {
  const turns = openTurns(MOST_WAITING);
  return {
    async print(html: string, dated: string): Promise<Printed> {
      let browser: string;
      try {
        browser = findBrowser(config);
      } catch (error) {
        const en = error instanceof Error ? error.message : String(error);
        return { status: 501, code: "noBrowser", sentence: { zh: NO_BROWSER, en } };
      }
      try {
        return { pdf: await turns.take(() => printPdf(browser, html, dated, LONGEST_MS)) };
      } catch (error) {
        if (error instanceof TooBusy) return { status: 503, code: "busy", sentence: BUSY };
        return { status: 503, code: "print", sentence: NOT_PRINTED };
      }
    },
  };
}

const NO_BROWSER =
  "服务器上没有可用于打印 PDF 的 Chromium；请安装（Debian：apt-get install chromium fonts-noto-cjk），或取 HTML 与 JSON。";
const NOT_PRINTED = {
  zh: "这份报告未能在时限内打印成 PDF，请稍后再试，或取 HTML。",
  en: "The report could not be printed in time; try again, or take it as HTML.",
};
