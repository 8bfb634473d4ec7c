import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { makeCity, makeSource } from "../../data-samples/generate/main.ts";
import { SOURCES } from "../../data-samples/generate/sources.ts";
import { Store } from "../../src/store/store.ts";

const folder = join(import.meta.dirname, "../../data-samples/qingdao");
const files = SOURCES.flatMap(({ id }) =>
  readdirSync(join(folder, id)).map((name) => join(folder, id, name)),
);

/** The text of a file in whichever form a source has it. */
async function readText(file: string): Promise<string> {
  const bytes = new Uint8Array(readFileSync(file));
  if (file.endsWith(".gz")) return new TextDecoder().decode(gunzipSync(bytes));
  if (file.endsWith(".xlsx")) {
    return Object.values(unzipSync(bytes))
      .map((part) => new TextDecoder().decode(part))
      .join("\n");
  }
  if (file.endsWith(".parquet")) {
    const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
    try {
      const rows = await store.rows("SELECT DISTINCT 数据性质 FROM read_parquet($file)", { file });
      return JSON.stringify(rows);
    } finally {
      store.close();
    }
  }
  if (/penalties-\d+\.csv$/.test(file)) return new TextDecoder("gb18030").decode(bytes);
  if (file.endsWith("decisions.csv")) return new TextDecoder("utf-16le").decode(bytes);
  return new TextDecoder().decode(bytes);
}

const samples = join(folder, "..");

/** Every file below a folder. */
const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const others = ["qingdao", "generate/register", "starter"]
  .flatMap((name) => filesBelow(join(samples, name)))
  .filter((file) => !files.includes(file));

describe("what else is made up", () => {
  test.each(others.map((file) => [file.slice(samples.length + 1), file]))(
    "%s says that it is synthetic, or schematic",
    async (_, file) => {
      expect(await readText(file)).toMatch(/合成|synthetic|示意|schematic/i);
    },
  );

  test.each(["divisions", "departments"])("every row of the register of %s says so", (name) => {
    const lines = readFileSync(join(samples, `generate/register/${name}.csv`), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines[0]).toMatch(/,数据性质$/);
    expect(lines.slice(1).filter((line) => !/合成.*synthetic$/.test(line))).toEqual([]);
  });
});

describe("the demo city's files", () => {
  test.each(files.map((file) => [file.slice(folder.length + 1), file]))(
    "%s says that it is synthetic",
    async (_, file) => {
      expect(await readText(file)).toMatch(/合成|synthetic/i);
    },
  );

  test("every row of a table says so", async () => {
    const text = await readText(join(folder, "tenders/tenders.csv.gz"));
    const unmarked = text
      .trimEnd()
      .split("\n")
      .slice(1)
      .filter((line) => !line.endsWith(",合成示例数据"));
    expect(unmarked).toEqual([]);
  });

  test("they are small enough for a repository", () => {
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeLessThan(15_000_000);
  });

  test("there are about 200,000 complaints", async () => {
    const numbers = new Set<string>();
    for (const file of files.filter((name) => name.includes("hotline-orders/orders-"))) {
      for (const line of (await readText(file)).split("\n").slice(1)) {
        if (line) numbers.add(line.slice(0, line.indexOf(",")));
      }
    }
    for (const file of files.filter((name) => name.includes("hotline-web/web-"))) {
      for (const line of (await readText(file)).split("\n")) {
        if (line) numbers.add(JSON.parse(line).orderNo);
      }
    }
    const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
    const file = join(folder, "mayor-mailbox/mailbox.parquet");
    const row = await store.row<{ letters: number }>(
      "SELECT count(DISTINCT 信件编号) AS letters FROM read_parquet($file)",
      { file },
    );
    store.close();
    expect(row?.letters).toBe(20_000);
    expect(Math.abs(numbers.size + 20_000 - 200_000)).toBeLessThan(5_000);
  });

  // Sources that are quickly made again; together they use every writer but that of the large tables.
  test.each([
    "divisions",
    "departments",
    "penalties",
    "ratings",
    "debt-monthly",
    "training",
    "decisions",
  ])("%s comes out of the generator byte for byte", async (id) => {
    const source = SOURCES.find((each) => each.id === id);
    if (!source) throw new Error(`There is no source ${id}.`);
    const made = await makeSource(makeCity(2018), source);
    expect(made.map(({ name }) => name).sort()).toEqual(readdirSync(join(folder, id)).sort());
    for (const { name, bytes } of made) {
      expect(Buffer.compare(Buffer.from(bytes), readFileSync(join(folder, id, name))), name).toBe(
        0,
      );
    }
  });

  test("another seed gives other data", async () => {
    const source = SOURCES.find(({ id }) => id === "debt-monthly");
    const [file] = (await source?.make(makeCity(2019))) ?? [];
    expect(
      Buffer.from(file?.bytes ?? []).equals(
        readFileSync(join(folder, "debt-monthly/debt-monthly.csv")),
      ),
    ).toBe(false);
  });
});
