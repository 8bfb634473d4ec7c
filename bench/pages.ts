import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM_FOLDER = resolve(import.meta.dirname, "..");
const CONNECTIONS = 16;
const SECONDS = 20;

/**
 * Pages of the bundled city under load, on loopback: `zhengxin serve` in a process of its own, wrk (Debian) in another.
 * @param dataDir a data folder in which the bundled city is published already; else it is published first
 */
export async function benchPages(dataDir: string | undefined): Promise<void> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), "zhengxin-bench-"));
  const environment = { ...process.env, DATA_DIR: resolve(folder), ZHENGXIN_PORT: "0" };
  const options = { cwd: PROGRAM_FOLDER, env: environment };
  try {
    if (dataDir === undefined) {
      execFileSync("npm", ["start", "--silent", "--", "qingdao"], { ...options, stdio: "ignore" });
    }
    const command = ["src/cli/zhengxin.js", "serve", "--port", "0"];
    const server = spawn(process.execPath, command, {
      ...options,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const address = await readAddress(server.stdout);
      console.log("pages of the bundled city (target: ranking 1,500 requests/s, p99 below 30 ms)");
      for (const path of ["/qingdao/ranking", "/qingdao/"]) await makeFirst(`${address}${path}`);
      for (const [name, path, header] of [
        ["ranking, plain", "/qingdao/ranking", "Accept: text/html"],
        ["ranking, brotli", "/qingdao/ranking", "Accept-Encoding: br"],
        ["overview, plain", "/qingdao/", "Accept: text/html"],
        ["overview, brotli", "/qingdao/", "Accept-Encoding: br"],
      ] as const) {
        console.log(`  ${name.padEnd(18)} ${describe(load(`${address}${path}`, header))}`);
      }
    } finally {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
  } finally {
    if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function readAddress(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address) return address;
  }
  throw new Error("The web server ended before it said where it listens.");
}

/** The first answer is made; those after it are kept bytes. */
async function makeFirst(address: string): Promise<void> {
  const answer = await fetch(address);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}.`);
}

function load(address: string, header: string): string {
  const parameters = ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, "--latency", "-H", header];
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
