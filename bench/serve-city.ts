import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM_FOLDER = resolve(import.meta.dirname, "..");

/** `zhengxin serve` in a process of its own. */
export interface ServedCity {
  /** As "http://127.0.0.1:34567". */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Does some work with a data folder in which the bundled city is published.
 * @param dataDir such a folder; else it is published first, and removed afterwards
 */
export async function withPublishedCity(
  dataDir: string | undefined,
  work: (dataDir: string) => Promise<void>,
): Promise<void> {
  const folder = resolve(dataDir ?? mkdtempSync(join(tmpdir(), "zhengxin-bench-")));
  try {
    if (dataDir === undefined) {
      execFileSync("npm", ["start", "--silent", "--", "qingdao"], {
        cwd: PROGRAM_FOLDER,
        env: { ...process.env, DATA_DIR: folder },
        stdio: "ignore",
      });
    }
    await work(folder);
  } finally {
    if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts the web server over a data folder, and waits until it listens. */
export async function serveCity(dataDir: string): Promise<ServedCity> {
  const server = spawn(process.execPath, ["src/cli/zhengxin.js", "serve", "--port", "0"], {
    cwd: PROGRAM_FOLDER,
    env: { ...process.env, DATA_DIR: dataDir, ZHENGXIN_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return {
    address: await readAddress(server.stdout),
    async stop() {
      server.kill("SIGTERM");
      await once(server, "exit");
    },
  };
}

async function readAddress(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address) return address;
  }
  throw new Error("The web server ended before it said where it listens.");
}
