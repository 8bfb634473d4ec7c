import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { citation } from "../../src/standard/bilingual.ts";

const ROOT = join(import.meta.dirname, "../..");
const PLACES = ["metrics", "pipelines", "data-samples/starter"];
const HAN = /\p{Script=Han}/u;

const files = PLACES.flatMap((place) =>
  readdirSync(join(ROOT, place), { recursive: true, encoding: "utf8" }).map((name) =>
    join(ROOT, place, name),
  ),
).filter((path) => /\.(ya?ml|sql)$/.test(path) && existsSync(path));

test("the name of a work may stand alone, a citation in one language may not", () => {
  expect(citation.parse("ASEM_iMeta")).toEqual({ zh: "ASEM_iMeta", en: "ASEM_iMeta" });
  const pair = { zh: "预算法第35条", en: "Budget Law, Art. 35" };
  expect(citation.parse(pair)).toEqual(pair);
  expect(citation.safeParse({ zh: "预算法第35条" }).success).toBe(false);
  expect(citation.safeParse("").success).toBe(false);
});

test("no English text of a bundled definition is in Chinese, and no origin is in Chinese alone", () => {
  const found: string[] = [];
  let pairs = 0;
  const visit = (value: unknown, at: string) => {
    if (typeof value !== "object" || value === null) return;
    const entries = Object.entries(value);
    for (const [key, part] of entries) {
      if (typeof part !== "string") visit(part, `${at}.${key}`);
      else if (key === "source" && HAN.test(part)) found.push(`${at}.source: ${part}`);
    }
    const { zh, en } = value as { zh?: unknown; en?: unknown };
    if (typeof zh !== "string" || typeof en !== "string") return;
    pairs += 1;
    if (HAN.test(en)) found.push(`${at}.en: ${en}`);
  };
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    const name = relative(ROOT, file);
    if (!file.endsWith(".sql")) {
      for (const document of parseAllDocuments(text)) visit(document.toJS(), name);
      continue;
    }
    const header = /^\/\*(.*?)\*\//s.exec(text)?.[1];
    if (header !== undefined) visit(parse(header), name);
  }
  expect(pairs).toBeGreaterThan(400);
  expect(found).toEqual([]);
});
