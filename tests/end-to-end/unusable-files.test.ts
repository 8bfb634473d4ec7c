import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyTinyCity, makeFolder, removeFolders, tinyEnvironment } from "./tiny-workspace.ts";

const PROGRAM = join(import.meta.dirname, "../../src/cli/zhengxin.js");
/** A user without any rights of its own: the first user of a system may read everything. */
const NOBODY = 65534;
const AS_NOBODY = ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath];
const isRoot = process.getuid?.() === 0;

/** What takes the place of a file, and what the program then says in both languages. */
const KINDS = {
  folder: {
    put: (file: string) => mkdirSync(file),
    said: /^文件 \S+ 读不了：.* The file \S+ cannot be used: .*belongs to something else/,
  },
  circle: {
    put: (file: string) => symlinkSync(basename(file), file),
    said: /^文件 \S+ 读不了：.* The file \S+ cannot be used: .*belongs to something else/,
  },
  nothing: {
    put: (file: string) => symlinkSync("nowhere", file),
    said: /^文件 \S+ 不存在，.* The file \S+ is not there, or is a link that leads to nothing/,
  },
  // The memory of a process can be opened like a file, and its first page cannot be read: what a failing disk answers.
  failing: {
    put: (file: string) => symlinkSync("/proc/self/mem", file),
    said: /^读写文件 \S+ 时磁盘出错。.* The disk failed while the file \S+ was read or written/,
  },
  denied: {
    put: (file: string) => cpSync(import.meta.filename, file),
    said: /^无权读写文件 \S+。.* The file \S+ may not be read or written by the user/,
  },
} as const;
type Kind = keyof typeof KINDS;

const PIPELINE = "city/pipelines/tiny.yaml";
const JOURNAL = "data/tiny/audit/journal.ndjson";
const RUN = ["run", "--as-of", "2018-07-20"];
const TRIED: readonly (readonly [string, Kind, readonly string[]])[] = [
  ...(Object.keys(KINDS) as Kind[]).map((kind) => [PIPELINE, kind, RUN] as const),
  ["city/pipelines/sources/orders.yaml", "nothing", RUN],
  ["city/metrics/standards/tiny.yaml", "failing", ["validate"]],
  ["city/metrics/calendar/tiny.csv", "folder", RUN],
  ["data/tiny/working.duckdb", "failing", RUN],
  ["data/tiny/working.duckdb", "denied", RUN],
  ["data/signing-key.pem", "failing", RUN],
  [JOURNAL, "failing", ["explain", "999901"]],
  [JOURNAL, "denied", ["explain", "999901"]],
];

describe("a file that cannot be used is named and told by what is wrong with it", () => {
  const held = makeFolder();
  afterAll(removeFolders);
  beforeAll(() => {
    copyTinyCity(join(held, "city"));
    expect(start(held, ["run"], false)).toEqual({ status: 0, said: "" });
    mkdirSync(join(held, dirname(JOURNAL)), { recursive: true });
  });

  const start = (folder: string, verb: readonly string[], asNobody: boolean) => {
    const env = { ...process.env, ...tinyEnvironment(join(folder, "city"), join(folder, "data")) };
    const command = asNobody ? "setpriv" : process.execPath;
    const words = [...(asNobody ? AS_NOBODY : []), PROGRAM, ...verb];
    const { stderr, status } = spawnSync(command, words, { env, encoding: "utf8" });
    return { status, said: stderr.trim().split("\n").at(-1) ?? "" };
  };
  // The program may lie where nobody else can read it.
  const canBeNobody =
    !isRoot || spawnSync("setpriv", [...AS_NOBODY, PROGRAM, "--version"]).status === 0;

  test.each(TRIED)(
    "%s: %s",
    (path, kind, verb) => {
      if (kind === "failing" && process.platform !== "linux") return;
      if (kind === "denied" && !canBeNobody) return;
      const folder = makeFolder();
      cpSync(held, folder, { recursive: true });
      const file = join(folder, path);
      rmSync(file, { force: true });
      KINDS[kind].put(file);
      const asNobody = kind === "denied" && isRoot;
      if (asNobody) giveTo(folder, NOBODY);
      if (kind === "denied") {
        if (isRoot) chownSync(file, 0, 0);
        chmodSync(file, 0);
      }
      const { status, said } = start(folder, verb, asNobody);
      expect(said).toMatch(KINDS[kind].said);
      expect(said).toContain(file);
      expect(status).toBe(1);
    },
    60_000,
  );
});

function giveTo(folder: string, user: number): void {
  chownSync(folder, user, user);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    chownSync(join(folder, name), user, user);
  }
}
