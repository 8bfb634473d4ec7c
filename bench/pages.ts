import { execFileSync } from "node:child_process";
import { serveCity, withPublishedCity } from "./serve-city.ts";

const CONNECTIONS = 16;
const SECONDS = 20;
/** A server that has just started makes its first pages for some seconds, and its code is compiled as it is used. */
const SECONDS_BEFORE = 8;

/**
 * Pages of the bundled city under load, on loopback: `zhengxin serve` in a process of its own, wrk (Debian) in another.
 * @param dataDir a data folder in which the bundled city is published already; else it is published first
 */
export async function benchPages(dataDir: string | undefined): Promise<void> {
  await withPublishedCity(dataDir, async (folder) => {
    const { address, stop } = await serveCity(folder);
    try {
      console.log("pages of the bundled city (target: ranking 4,000 requests/s, p99 below 30 ms)");
      for (const path of ["/qingdao/ranking", "/qingdao/"]) await makeFirst(`${address}${path}`);
      const just = load(`${address}/qingdao/ranking`, "Accept: text/html", SECONDS_BEFORE);
      console.log(`  ${"just started".padEnd(18)} ${describe(just)}`);
      for (const [name, path, header] of [
        ["ranking, plain", "/qingdao/ranking", "Accept: text/html"],
        ["ranking, brotli", "/qingdao/ranking", "Accept-Encoding: br"],
        ["overview, plain", "/qingdao/", "Accept: text/html"],
        ["overview, brotli", "/qingdao/", "Accept-Encoding: br"],
      ] as const) {
        console.log(`  ${name.padEnd(18)} ${describe(load(`${address}${path}`, header))}`);
      }
    } finally {
      await stop();
    }
  });
}

/** The first answer is made; those after it are kept bytes. */
async function makeFirst(address: string): Promise<void> {
  const answer = await fetch(address);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}.`);
}

function load(address: string, header: string, seconds = SECONDS): string {
  const parameters = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency", "-H", header];
  return execFileSync("wrk", [...parameters, address], { encoding: "utf8" });
}

function describe(report: string): string {
  const read = (pattern: RegExp) => pattern.exec(report)?.[1] ?? "?";
  const failed = /Non-2xx.*: (\d+)/.exec(report)?.[1];
  return [
    `${read(/Requests\/sec:\s+([\d.]+)/)} requests/s`,
    `p50 ${read(/^\s+50%\s+(\S+)/m)}`,
    `p99 ${read(/^\s+99%\s+(\S+)/m)}`,
    `${read(/Transfer\/sec:\s+(\S+)/)}/s`,
    ...(failed ? [`${failed} FAILED`] : []),
  ].join(", ");
}
