import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MANIFEST } from "../../src/publish/manifest.ts";
import { openShelf } from "../../src/publish/shelf.ts";
import { quoteLiteral } from "../../src/store/sql-file.ts";
import { Store } from "../../src/store/store.ts";

const OPTIONS = { memory: "256MB", threads: 1 };

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "zhengxin-shelf-"));
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, MANIFEST), "{}");
  store = await Store.open(":memory:", OPTIONS);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const RULE = `SELECT 0 AS place, 'veto' AS kind, 'limit' AS rule_id, '超限' AS title_zh, 'Beyond the limit' AS title_en,
  'D1/debt' AS indicator_id, NULL AS levels, '{}' AS terms, false AS assumption`;

test.each([
  ["'预算法第35条' AS source", "预算法第35条", "预算法第35条"],
  [
    "'预算法第35条' AS source_zh, 'Budget Law, Art. 35' AS source_en",
    "预算法第35条",
    "Budget Law, Art. 35",
  ],
  ["CAST(NULL AS VARCHAR) AS source_zh, CAST(NULL AS VARCHAR) AS source_en", null, null],
])("a month whose rules have %s says where they come from", async (columns, zh, en) => {
  const file = quoteLiteral(join(folder, "data", "rule.parquet"));
  await store.run(`COPY (${RULE}, ${columns}) TO ${file} (FORMAT parquet)`);
  const month = await openShelf(OPTIONS).add(folder);
  const [rule] = await month.rows<object>("rules");
  expect(rule).toMatchObject({ id: "limit", source_zh: zh, source_en: en });
});
