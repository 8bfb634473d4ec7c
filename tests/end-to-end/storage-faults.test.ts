import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { mountDisk, unmountDisk } from "../services/small-disk.ts";
import { copyTinyCity, makeFolder, removeFolders, tinyEnvironment } from "./tiny-workspace.ts";

const PROGRAM = join(import.meta.dirname, "../../src/cli/zhengxin.js");

/** A disk of its own in memory; undefined where this process may not mount one. */
function makeDisk(size: string): string | undefined {
  const folder = makeFolder("zhengxin-disk-");
  return mountDisk(folder, `size=${size}`) ? folder : undefined;
}

const remount = (folder: string, options: string) =>
  expect(spawnSync("mount", ["-o", `remount,${options}`, folder]).status).toBe(0);

describe("a disk that cannot be written", () => {
  const disk = makeDisk("256m");
  const small = makeDisk("1m");
  const workspace = copyTinyCity();
  const reason = disk ? "" : " (left out: this process may not mount a disk)";
  afterAll(() => {
    for (const one of [disk, small]) if (one) unmountDisk(one);
    removeFolders();
  });

  const run = (dataDir: string) => {
    const env = { ...process.env, ...tinyEnvironment(workspace, dataDir) };
    const { stderr, status } = spawnSync(process.execPath, [PROGRAM, "run"], {
      env,
      encoding: "utf8",
    });
    return { status, said: stderr.trim().split("\n").at(-1) ?? "" };
  };

  test.skipIf(!disk)(
    `is said to be read-only before anything is there and after, or full, in both languages${reason}`,
    () => {
      const dataDir = join(disk as string, "data");
      remount(disk as string, "ro");
      expect(run(dataDir)).toEqual({
        status: 1,
        said: expect.stringMatching(/只读的，无法写入.*its folder or disk is read-only/),
      });
      remount(disk as string, "rw");
      expect(run(dataDir).status).toBe(0);
      const published = join(dataDir, "tiny/published/tiny/2018-06");
      const before = readdirSync(published);
      remount(disk as string, "ro");
      expect(run(dataDir)).toEqual({
        status: 1,
        said: expect.stringMatching(/只读的，无法写入.*its folder or disk is read-only/),
      });
      expect(readdirSync(published)).toEqual(before);
      expect(run(join(small as string, "data"))).toEqual({
        status: 1,
        said: expect.stringMatching(/磁盘已满.*The disk is full/),
      });
    },
    600_000,
  );
});
