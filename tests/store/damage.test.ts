import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StorageFaultKind, storageFaultOf } from "../../src/store/storage-fault.ts";
import { Store } from "../../src/store/store.ts";
import { makeFolder, removeFolders } from "../end-to-end/tiny-workspace.ts";

const OPTIONS = { memory: "256MB", threads: 1 };

let sound: string;
beforeAll(async () => {
  sound = join(makeFolder(), "sound.duckdb");
  const store = await Store.open(sound, OPTIONS);
  await store.run(
    "CREATE TABLE main.filled AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(200000)",
  );
  await store.run("CHECKPOINT");
  store.close();
});
afterAll(removeFolders);

/** Reads all there is of a database, and gives the fault that was met, or undefined. */
async function readAll(path: string) {
  let store: Store | undefined;
  try {
    store = await Store.open(path, OPTIONS);
    await store.rows("SELECT count(a), max(hash(b)) FROM main.filled");
    return undefined;
  } catch (error) {
    return storageFaultOf(error);
  } finally {
    store?.close();
  }
}

function damaged(change: (bytes: Buffer) => Buffer): string {
  const path = join(makeFolder(), "working.duckdb");
  writeFileSync(path, change(readFileSync(sound)));
  return path;
}

const flip = (at: number) => (bytes: Buffer) => {
  bytes[at] = (bytes[at] as number) ^ 0x55;
  return bytes;
};

/** DuckDB's checksum of a header: each eight bytes times a constant, one XORed over the other. */
function checksum(bytes: Buffer): bigint {
  let sum = 5381n;
  for (let at = 0; at < bytes.length; at += 8) {
    sum ^= BigInt.asUintN(64, bytes.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  }
  return sum;
}

const CASES: readonly (readonly [string, (bytes: Buffer) => Buffer, StorageFaultKind])[] = [
  ["a flipped byte in the main header", flip(200), "damaged"],
  ["a flipped byte in the first header of the database", flip(4200), "damaged"],
  ["a flipped byte in the second", flip(8300), "damaged"],
  ["a flipped byte in a block of data", flip(2_000_000), "damaged"],
  [
    "a file cut off in the middle",
    (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
    "damaged",
  ],
  ["a file cut off within its headers", (bytes) => bytes.subarray(0, 5000), "damaged"],
  ["a file without its last byte", (bytes) => bytes.subarray(0, -1), "damaged"],
  ["a file of no length", () => Buffer.alloc(0), "no-database"],
  ["a file of zeros", (bytes) => Buffer.alloc(bytes.length), "no-database"],
  ["a flipped byte in what marks a database", flip(9), "no-database"],
  ["a text of that name", () => Buffer.from("region,score\n北港区,1\n"), "no-database"],
  [
    "a later version of the format",
    (bytes) => {
      bytes.writeBigUInt64LE(9999n, 12);
      bytes.writeBigUInt64LE(checksum(bytes.subarray(8, 4096)), 0);
      return bytes;
    },
    "other-version",
  ],
];

describe("a database file that is not sound", () => {
  test("the checksum worked out here is DuckDB's", () => {
    const bytes = readFileSync(sound);
    expect(checksum(bytes.subarray(8, 4096))).toBe(bytes.readBigUInt64LE(0));
  });

  test.each(CASES)("%s is said to be what it is, in both languages", async (_, change, kind) => {
    const path = damaged(change);
    const fault = await readAll(path);
    expect(fault).toMatchObject({ kind, path });
    expect(fault?.zh).toMatch(/^(文件|数据库) .*[\u4e00-\u9fff].*。$/);
    expect(fault?.en).toMatch(/^The (file|database) .*\.$/);
    expect(`${fault?.zh} ${fault?.en}`).not.toMatch(/another process|另一进程/);
    if (kind !== "other-version") expect(fault?.en).toContain('Run "zhengxin repair"');
  });

  test("attached to another, it is told as well, with its path", async () => {
    const path = damaged(flip(2_000_000));
    const store = await Store.open(":memory:", OPTIONS);
    await store.attach(path, "held");
    const failed = await store
      .rows("SELECT max(hash(b)) FROM held.main.filled")
      .catch((error) => error);
    expect(storageFaultOf(failed)).toMatchObject({ kind: "damaged", path });
    await expect(store.attach(damaged(flip(200)), "other")).rejects.toMatchObject({
      storage: { kind: "damaged" },
    });
    store.close();
  });

  test("one that another process has open is in use, and not damaged", async () => {
    const path = join(makeFolder(), "working.duckdb");
    copyFileSync(sound, path);
    const store = await Store.open(path, OPTIONS);
    const script = `
      import { Store } from ${JSON.stringify(join(import.meta.dirname, "../../src/store/store.ts"))};
      await Store.open(${JSON.stringify(path)}, { memory: "128MB", threads: 1 }).catch((error) => console.log(error.storage.kind, error.message));`;
    const other = spawnSync(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", script],
      { encoding: "utf8" },
    );
    store.close();
    expect(other.stdout).toMatch(
      /^in-use 数据库 .*正被另一进程使用。.* is in use by another process\./,
    );
  });
});

describe("the log beside a database", () => {
  let base: string;
  let log: Buffer;
  beforeAll(async () => {
    base = join(makeFolder(), "logged.duckdb");
    copyFileSync(sound, base);
    const instance = await DuckDBInstance.create(base, { checkpoint_threshold: "1GB" });
    const connection = await instance.connect();
    await connection.run("INSERT INTO main.filled SELECT range, 'later' FROM range(1000)");
    log = readFileSync(`${base}.wal`);
    copyFileSync(base, `${base}.held`);
    connection.closeSync();
    instance.closeSync();
  });

  async function withLog(bytes: Buffer) {
    const path = join(makeFolder(), "working.duckdb");
    copyFileSync(`${base}.held`, path);
    writeFileSync(`${path}.wal`, bytes);
    return readAll(path);
  }

  test("sound, is read", async () => {
    expect(await withLog(log)).toBeUndefined();
  });

  test.each([
    ["a flipped byte at its beginning", () => flip(1)(Buffer.from(log))],
    ["a flipped byte in an entry", () => flip(60)(Buffer.from(log))],
    ["a flipped byte in the middle", () => flip(Math.floor(log.length / 2))(Buffer.from(log))],
    ["something else under its name", () => Buffer.from("not a log at all, but some text\n")],
  ])("%s is damage, not silence", async (_, change) => {
    expect(await withLog(change())).toMatchObject({ kind: "damaged" });
  });

  test("broken off by a crash, is read as far as it goes", async () => {
    expect(await withLog(log.subarray(0, log.length - 5))).toBeUndefined();
    expect(await withLog(log.subarray(0, 2))).toBeUndefined();
  });
});

describe("a Parquet file that is not sound", () => {
  let parquet: Buffer;
  beforeAll(async () => {
    const store = await Store.open(":memory:", OPTIONS);
    const path = join(makeFolder(), "sound.parquet");
    await store.run(`COPY (SELECT range AS a FROM range(10000)) TO '${path}' (COMPRESSION zstd)`);
    store.close();
    parquet = readFileSync(path);
  });

  test.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 50)],
    ["of no length", () => Buffer.alloc(0)],
    ["a text of that name", () => Buffer.from("a,b\n1,2\n".repeat(10))],
    ["with flipped bytes", (bytes: Buffer) => bytes.fill(0x55, 20, 300)],
  ])("%s is told with its path", async (_, change) => {
    const path = join(makeFolder(), "tiny.parquet");
    writeFileSync(path, change(Buffer.from(parquet)));
    const store = await Store.open(":memory:", OPTIONS);
    const failed = await store
      .rows(`SELECT sum(a) FROM read_parquet('${path}')`)
      .catch((error) => error);
    store.close();
    expect(storageFaultOf(failed)).toMatchObject({ kind: "damaged", path });
  });
});

test.each([
  ["ENOSPC", "full", "磁盘已满", "The disk is full"],
  ["EROFS", "read-only", "只读", "read-only"],
  ["EACCES", "denied", "无权读写", "may not be read or written"],
  ["EIO", "failing", "磁盘出错", "The disk failed"],
])("%s of the system has a sentence of its own in both languages", (code, kind, zh, en) => {
  const error = Object.assign(new Error("synthetic"), { code, path: "/data/manifest.json" });
  const fault = storageFaultOf(new Error("of a stage", { cause: error }));
  expect(fault).toMatchObject({ kind, path: "/data/manifest.json" });
  expect(fault?.zh).toContain(zh);
  expect(fault?.en).toContain(en);
  expect(fault?.zh).toContain("/data/manifest.json");
  expect(fault?.en).toContain("/data/manifest.json");
});
