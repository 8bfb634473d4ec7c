import { execFile } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { readBytes } from "../whole-file.ts";
import { writeWhole } from "../write-whole.ts";

const run = promisify(execFile);

const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const LONGEST_MS = 120_000;

/**
 * The browser that prints: the one the settings name, else the first on the path.
 * @throws Error in a sentence when there is none
 */
export function findBrowser({
  chromium,
  path,
}: {
  readonly chromium?: string | undefined;
  readonly path: string;
}): string {
  const places = chromium
    ? [chromium]
    : BROWSERS.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  const found = places.find(isExecutable);
  if (found) return found;
  throw new Error(
    chromium
      ? `The browser ZHENGXIN_CHROMIUM names, ${chromium}, is not there or may not be run.`
      : `No Chromium was found to print a PDF with. Install it ("apt-get install chromium fonts-noto-cjk" on Debian), or name it in ZHENGXIN_CHROMIUM; HTML and JSON need none.`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Prints an HTML page as PDF through headless Chromium, without network. The file is dated with the time given, so that
 * the same page on the same browser gives the same bytes.
 * @param dated civil time, "2019-01-10 00:00:00"
 * @param longestMs after which the browser is ended
 */
export async function printPdf(
  browser: string,
  html: string,
  dated: string,
  longestMs = LONGEST_MS,
): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "zhengxin-print-"));
  try {
    const page = join(folder, "report.html");
    const output = join(folder, "report.pdf");
    writeWhole(page, html);
    await run(
      browser,
      [
        "--headless=new",
        // The page is our own and loads nothing; in containers and as root Chromium's sandbox cannot start.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-extensions",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        `--user-data-dir=${join(folder, "profile")}`,
        "--no-pdf-header-footer",
        `--print-to-pdf=${output}`,
        pathToFileURL(page).href,
      ],
      { timeout: longestMs, killSignal: "SIGKILL" },
    );
    return datePdf(readBytes(output), dated);
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new Error(`${browser} could not print the report: ${detail}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Puts the time given in place of the time of printing, and counts the nodes of the page anew from 1, which Chromium counts
 * from wherever it is: all as long as it was, so that nothing in the file moves.
 */
export function datePdf(pdf: Buffer, dated: string): Buffer {
  const digits = dated.replace(/\D/g, "").padEnd(14, "0").slice(0, 14);
  const text = pdf.toString("latin1");
  const nodes = [...new Set(text.match(NODE))].sort();
  const numbers = new Map(
    nodes.map((node, at) => [node, `node${String(at + 1).padStart(8, "0")}`]),
  );
  return Buffer.from(
    text
      .replace(/\/(CreationDate|ModDate) \(D:\d{14}/g, `/$1 (D:${digits}`)
      .replace(NODE, (node) => numbers.get(node) as string),
    "latin1",
  );
}

const NODE = /\bnode\d{8}\b/g;
