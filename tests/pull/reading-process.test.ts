import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { readReadingBounds } from "../../src/config.ts";
import type { Context } from "../../src/context.ts";
import { pull } from "../../src/pull/pull.ts";
import { DEFAULTS, makeFixture } from "./pull-fixture.ts";

const MEBI = 1 << 20;
/** Takes long to read, and much memory. */
const HEAVY = `[\n${"[],\n".repeat(6 * MEBI)}[]]`;

/** Processes that a process has started and that are still there. */
function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

test.skipIf(!existsSync("/proc/self/stat"))(
  "a program that is killed while it reads leaves no process behind",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "killed-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const input = join(folder, "in.json");
    writeFileSync(input, HEAVY);
    const task = {
      store: { memory: "256MB", threads: 1 },
      format: { ...DEFAULTS, type: "json" },
      input,
      output: join(folder, "out.parquet"),
      scratch: join(folder, "out.text"),
      timeZone: "Asia/Shanghai",
      bounds: readReadingBounds(),
    };
    const script = `
      import { readApart } from ${JSON.stringify(join(import.meta.dirname, "../../src/pull/reading-process.ts"))};
      console.log("reading");
      await readApart(${JSON.stringify(task)});`;
    const parent = spawn(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", script],
      {
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    onTestFinished(() => void parent.kill("SIGKILL"));
    await once(parent.stdout, "data");
    const deadline = performance.now() + 120_000;
    const until = async (holds: () => boolean) => {
      while (!holds() && performance.now() < deadline) await sleep(20);
      expect(holds()).toBe(true);
    };
    const isReading = (pid: number) =>
      readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("reading-worker");
    await until(() => childrenOf(parent.pid as number).some(isReading));
    const started = childrenOf(parent.pid as number).filter(isReading);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await until(() => started.every((pid) => !existsSync(`/proc/${pid}`)));
  },
  240_000,
);

test("two pulls at once do not disturb each other, whatever ends the readers of one", async () => {
  const good = await makeFixture({ type: "json" });
  const bad = await makeFixture({ type: "json" });
  for (let at = 0; at < 20; at++) {
    good.write(`${at}.json`, `[{"a":${at}}]`);
    if (at < 3) bad.write(`${at}.json`, `${HEAVY} ${at}`);
  }
  const tight = { ...readReadingBounds(), memory: 200 * MEBI };
  const [read, refused] = await Promise.all([
    good.pull(),
    pull({ ...bad.context, reading: tight } as Context),
  ]);
  expect(read.counts).toMatchObject({ files: 20, new: 20, refused: 0, rows: 20 });
  expect(refused.counts).toMatchObject({ files: 3, new: 3, refused: 3, rows: 0 });
  expect(new Set(refused.notes.map(({ en }) => /was refused\. (.{40})/.exec(en)?.[1]))).toEqual(
    new Set(["Reading it takes more memory than the 20"]),
  );
});

test("a small file that brings the reader of many down is refused by itself, and the others are read", async () => {
  const fixture = await makeFixture({ type: "ocds" });
  const release = (at: number) => ({
    ocid: `o-${at}`,
    id: "1",
    date: "2018-01-02",
    tag: ["award"],
  });
  for (let at = 0; at < 5; at++) fixture.write(`${at}.json`, JSON.stringify(release(at)));
  // A few kilobytes that take far more than 200 MiB to hold.
  const packed = gzipSync(HEAVY);
  expect(packed.length).toBeLessThan(MEBI);
  fixture.write("bomb.json.gz", packed);
  const tight = { ...readReadingBounds(), memory: 200 * MEBI };
  const { counts, notes } = await pull({ ...fixture.context, reading: tight } as Context);
  expect(counts).toMatchObject({ files: 6, new: 6, refused: 1, rows: 5 });
  expect(notes.map(({ en }) => en).join("\n")).toContain(
    "takes more memory than the 200MB allowed",
  );
  const read = await fixture.rows("json_extract_string(json, '$.ocid') AS ocid");
  expect(read.map(({ ocid }) => ocid).toSorted()).toEqual(["o-0", "o-1", "o-2", "o-3", "o-4"]);
});
