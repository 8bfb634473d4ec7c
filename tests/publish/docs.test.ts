import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { findPublished } from "../../src/publish/find-published.ts";
import { openPublished } from "../../src/publish/open-published.ts";
import { publish } from "../../src/publish/publish.ts";
import { TABLES } from "../../src/publish/tables.ts";
import { makeSmallCity } from "./small-city.ts";

const DOCS = readFileSync(
  join(import.meta.dirname, "..", "..", "docs", "published-data.md"),
  "utf8",
);
let context: Context;
beforeAll(async () => {
  context = await makeSmallCity();
  await publish(context);
});
afterAll(() => context.store.close());

/** Columns with their types as the document lists them: "a, b | T, U" or one type for all. */
function documented(table: string): Map<string, string> {
  const part = DOCS.split(new RegExp(`^### ${table} — .*$`, "m"))[1]?.split(/^##/m)[0] ?? "";
  const rows = [...part.matchAll(/^\| ([a-z_, ]+) \| ([A-Z0-9(), ]+) \|/gm)];
  return new Map(
    rows.flatMap(([, names = "", types = ""]) => {
      const list = types.split(/, (?=[A-Z])/);
      return names
        .split(", ")
        .map((name, at): [string, string] => [name, list[at] ?? list[0] ?? ""]);
    }),
  );
}

test.each(TABLES.map(({ name }) => name))(
  "docs/published-data.md describes the columns of %s",
  async (name) => {
    const store = await openPublished(
      { memory: "256MB", threads: 1 },
      findPublished(context.dataDir, "small"),
    );
    const columns = await store.rows<{ column_name: string; column_type: string }>(
      `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM published.${name})`,
    );
    store.close();
    const found = new Map(columns.map((column) => [column.column_name, column.column_type]));
    if (name !== "run") found.delete("run_id");
    expect(documented(name)).toEqual(found);
  },
);

test("docs/published-data.md names the keys of report.json and manifest.json and the columns of ranking.csv", () => {
  const folder = findPublished(context.dataDir, "small");
  const keys = (file: string) =>
    Object.keys(JSON.parse(readFileSync(join(folder, file), "utf8")) as object);
  const [header = ""] = readFileSync(join(folder, "ranking.csv"), "utf8").slice(1).split("\r\n");
  const part = (title: string) => DOCS.split(`## ${title}\n`)[1]?.split(/^## /m)[0] ?? "";
  const words = (text: string) => new Set(text.match(/[a-z_]+/g));
  expect(keys("report.json").filter((key) => !words(part("report.json")).has(key))).toEqual([]);
  expect(keys("manifest.json").filter((key) => !words(part("manifest.json")).has(key))).toEqual([]);
  expect(part("ranking.csv").replace(/\s+/g, "").split("`")[1]).toBe(header);
});
