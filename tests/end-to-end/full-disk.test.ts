import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mountDisk, unmountDisk } from "../services/small-disk.ts";
import {
  copyTinyCity,
  makeFolder,
  readPublished,
  removeFolders,
  tinyEnvironment,
} from "./tiny-workspace.ts";

const PROGRAM = join(import.meta.dirname, "../../src/cli/zhengxin.js");

const workspace = copyTinyCity();
const mounted: string[] = [];
afterAll(() => {
  for (const disk of mounted) unmountDisk(disk);
  removeFolders();
});

/** Whether this process may mount disks. */
const canMount = (() => {
  const folder = makeFolder("zhengxin-mount-");
  const can = mountDisk(folder, "size=4k");
  if (can) unmountDisk(folder);
  return can;
})();
const reason = canMount ? "" : " (left out: this process may not mount a disk)";

function run(dataDir: string, temporary?: string) {
  const env = { ...process.env, ...tinyEnvironment(workspace, dataDir) };
  if (temporary) env.TMPDIR = temporary;
  const { stderr, status } = spawnSync(process.execPath, [PROGRAM, "run"], {
    env,
    encoding: "utf8",
  });
  return { status, said: stderr.trim().split("\n").at(-1) ?? "" };
}

/** The month that a data folder has published, and what it holds; the office's key is each folder's own. */
async function readMonth(dataDir: string): Promise<Record<string, string>> {
  const month = join(dataDir, "tiny/published/tiny/2018-06");
  const runs = existsSync(month) ? readdirSync(month, { withFileTypes: true }) : [];
  const [whole] = runs.filter((each) => each.isDirectory() && !each.name.includes("."));
  if (!whole) return {};
  const { "manifest.sig": _own, ...files } = await readPublished(join(month, whole.name));
  const sums = Object.entries(files).map(([name, content]): [string, string] => [
    name,
    createHash("md5").update(content).digest("hex"),
  ]);
  return Object.fromEntries(sums);
}

const SAYS = {
  full: /^磁盘已满，文件 (\S+) 写不下.*The disk is full: the file \1 cannot be written/,
  "read-only":
    /^文件 (\S+) 所在的文件夹或磁盘是只读的.*The file \1 cannot be written: its folder or disk is read-only/,
};

describe("a run for which the disk has no room", () => {
  let clean: Record<string, string>;
  beforeAll(async () => {
    if (!canMount) return;
    const dataDir = makeFolder("zhengxin-clean-");
    expect(run(dataDir).status).toBe(0);
    clean = await readMonth(dataDir);
    expect(Object.keys(clean).length).toBeGreaterThan(50);
  }, 120_000);

  test.skipIf(!canMount).each(["8k", "900k", "1400k", "4400k"])(
    `of %s ends with a sentence that names the file, publishes nothing, and goes on when there is room${reason}`,
    async (size) => {
      const disk = makeFolder("zhengxin-small-");
      expect(mountDisk(disk, `size=${size}`)).toBe(true);
      mounted.push(disk);
      const dataDir = join(disk, "data");
      const { status, said } = run(dataDir);
      expect(status).toBe(1);
      expect(said).toMatch(SAYS.full);
      expect(SAYS.full.exec(said)?.[1]).toContain(dataDir);
      expect(await readMonth(dataDir)).toEqual({});
      expect(spawnSync("mount", ["-o", "remount,size=300m", disk]).status).toBe(0);
      expect(run(dataDir).status).toBe(0);
      expect(await readMonth(dataDir)).toEqual(clean);
    },
    120_000,
  );

  test.skipIf(!canMount).each([
    ["tiny/raw", "full"],
    ["tiny/published", "read-only"],
    ["tiny/definitions", "full"],
    ["public-keys", "read-only"],
    ["../temporary", "read-only"],
  ] as const)(
    `at %j alone, which is %s, names that place, publishes nothing, and goes on when it is mended${reason}`,
    async (place, fault) => {
      const folder = makeFolder("zhengxin-place-");
      const dataDir = join(folder, "data");
      const temporary = join(folder, "temporary");
      const disk = join(dataDir, place);
      for (const each of [dataDir, temporary, disk]) mkdirSync(each, { recursive: true });
      expect(mountDisk(disk, fault === "full" ? "size=4k" : "size=1m,ro")).toBe(true);
      mounted.push(disk);
      const { status, said } = run(dataDir, temporary);
      expect(status).toBe(1);
      expect(said).toMatch(SAYS[fault]);
      expect(SAYS[fault].exec(said)?.[1]).toContain(disk);
      expect(said).toContain(
        fault === "full" ? "Make room" : place === "../temporary" ? "TMPDIR" : "DATA_DIR",
      );
      expect(await readMonth(dataDir)).toEqual({});
      unmountDisk(disk);
      expect(run(dataDir, temporary).status).toBe(0);
      expect(await readMonth(dataDir)).toEqual(clean);
      rmSync(folder, { recursive: true, force: true });
    },
    120_000,
  );
});
