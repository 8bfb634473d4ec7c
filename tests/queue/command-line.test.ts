import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, describe, expect, test, vi } from "vitest";
import {
  copyTinyCity,
  makeFolder,
  removeFolders,
  tinyEnvironment,
} from "../end-to-end/tiny-workspace.ts";
import { spawnProgram } from "./queue-fixture.ts";
import { NO_REDIS_SERVER } from "./test-redis.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "src", "cli", "zhengxin.js");
const run = promisify(execFile);

afterAll(removeFolders);

/** A city with no REDIS_URL: the program has to find a Redis for itself. */
function makeCity(): Record<string, string> {
  return {
    ...tinyEnvironment(copyTinyCity(), makeFolder()),
    REDIS_URL: "",
    ZHENGXIN_PORT: "0",
    ZHENGXIN_LOG_LEVEL: "info",
  };
}

async function zhengxin(environment: Record<string, string>, ...parameters: string[]) {
  const options = { env: { ...process.env, ...environment } };
  return JSON.parse(
    (await run(process.execPath, [PROGRAM, ...parameters, "--json"], options)).stdout,
  );
}

// Processes are started and waited for: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 900_000 });

describe.skipIf(NO_REDIS_SERVER)("from the command line, with a private Redis", () => {
  test("what is queued while nothing runs is done by `up`, which starts a Redis that was killed again", async () => {
    const environment = makeCity();
    const added = await zhengxin(environment, "jobs", "add", "tiny");
    expect(added).toEqual({
      run: expect.stringMatching(/^publish\.tiny\.2018-06\.\w{12}$/),
      added: true,
    });
    expect(await zhengxin(environment, "jobs", "add", "tiny")).toEqual({ ...added, added: false });
    const forced = await zhengxin(environment, "jobs", "add", "tiny", "--force");
    expect(forced.run).not.toBe(added.run);

    const up = spawnProgram(environment, ["up"]);
    await up.printed("web");
    const socket = join(environment.DATA_DIR as string, "redis", "redis.sock");
    expect(existsSync(socket)).toBe(true);
    process.kill(findRedis(up.child.pid as number), "SIGKILL");
    const published = join(
      environment.DATA_DIR as string,
      "tiny",
      "published",
      "tiny",
      "latest",
      "manifest.json",
    );
    while (!existsSync(published)) await sleep(100);
    const state = async () => (await zhengxin(environment, "jobs", "show", forced.run)).state;
    while ((await state()) !== "completed") await sleep(200);
    const shown = await zhengxin(environment, "jobs", "show", added.run);
    expect(shown).toMatchObject({ state: "completed", period: "2018-06", pipeline: "tiny" });
    expect(shown.log.some((line: string) => line.startsWith("publish: files"))).toBe(true);
    expect(await zhengxin(environment, "jobs", "failed")).toEqual([]);
    expect(up.log()).toContain("The private redis-server ended; it is started again");
    const pid = findRedis(up.child.pid as number);
    expect(await up.kill()).toBe(0);
    // Its parent has gone as well: whoever takes over orphans may be slow to bury them.
    await expect.poll(() => isRunning(pid), { timeout: 30_000 }).toBe(false);
  });

  test("a failing command says what to do", async () => {
    const environment = makeCity();
    const failure = (parameters: string[]) =>
      run(process.execPath, [PROGRAM, ...parameters], {
        env: { ...process.env, ...environment, PATH: "" },
      }).then(
        () => "",
        (error: { stderr: string }) => error.stderr,
      );
    expect(await failure(["up"])).toContain(
      "There is no redis-server on the PATH: install it (Debian: apt-get install redis-server), or give the address of a Redis in REDIS_URL.",
    );
    environment.REDIS_URL = "redis://127.0.0.1:1/0";
    expect(await failure(["jobs"])).toContain("Redis does not answer at redis://127.0.0.1:1/0");
  });

  test("settings that cannot be used are refused in a sentence", async () => {
    const environment = { ...makeCity(), ZHENGXIN_ADMIN_PASSWORD: "short" };
    const error = await run(process.execPath, [PROGRAM, "jobs"], {
      env: { ...process.env, ...environment },
    }).catch(({ stderr }: { stderr: string }) => stderr);
    expect(error).toContain("ZHENGXIN_ADMIN_PASSWORD is too short; give at least 12 characters");
  });
});

/** Whether a process is there and not merely unburied. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** The redis-server a process has started. */
function findRedis(parent: number): number {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8")
    .trim()
    .split(" ");
  const pid = children.find((child) =>
    readFileSync(`/proc/${child}/cmdline`, "utf8").startsWith("redis-server"),
  );
  return Number(pid);
}
