import { afterAll, beforeAll, expect, test } from "vitest";
import { pruneJson } from "../../src/conform/prune-json.ts";
import { Store } from "../../src/store/store.ts";

let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
});
afterAll(() => store.close());

async function prune(
  names: readonly string[],
  record: unknown,
  kept?: (value: string) => string,
): Promise<unknown> {
  const pruned = pruneJson(
    "r.json",
    names.map((name) => ({ name, kept })),
  );
  const row = await store.row<{ json: string }>(
    `SELECT CAST(${pruned} AS VARCHAR) AS json FROM (SELECT CAST($json AS JSON) AS json) r`,
    { json: JSON.stringify(record) },
  );
  return JSON.parse(row?.json ?? "null");
}

test("objects keep the keys that are read, at every level and whatever is in a key", async () => {
  const record = { a: { q: 1, r: "x" }, b: { c: 1, d: 2 }, "b.c": 5, "s/l~": { e: 1 }, u: 1 };
  expect(await prune(["a", "b.c", "s/l~.e"], record)).toEqual({
    a: { q: 1, r: "x" },
    b: { c: 1 },
    "b.c": 5,
    "s/l~": { e: 1 },
  });
});

test("lists keep the elements that are chosen, in their places, and of these what is read", async () => {
  const acts = [
    { kind: "note", on: "n", by: "z" },
    { kind: "repair", on: "r", by: "z" },
  ];
  const record = { acts, x: [{ y: 1, z: 2 }, { y: 3 }], tags: ["p", "q"], all: [{ y: 1, z: 2 }] };
  expect(await prune(["acts[kind=repair].on", "x[0].y", "tags[1]", "all[*].y"], record)).toEqual({
    acts: [null, { kind: "repair", on: "r" }],
    x: [{ y: 1 }, null],
    tags: [null, "q"],
    all: [{ y: 1 }],
  });
});

test("what an element is compared with is read too; a text where an object is looked for is not", async () => {
  const record = { awards: [{ id: 1, d: 2, e: 3 }], contracts: { awardID: 1, f: 4 } };
  expect(await prune(["awards[id=$contracts.awardID].d"], record)).toEqual({
    awards: [{ id: 1, d: 2 }],
    contracts: { awardID: 1 },
  });
  expect(await prune(["a.b"], { a: "text" })).toEqual({ a: null });
});

test("of several values where one is read the others go, whatever they are", async () => {
  const kept = (value: string) => `json_extract_string(${value}, '$') = '2018-07-01'`;
  const other = { on: "13800138000", by: "z" };
  const acts = [other, { on: "2018-07-01" }, { on: ["x", { on: "y" }] }, { on: null }, "text"];
  const gone = { on: null };
  expect(await prune(["acts[*].on"], { acts }, kept)).toEqual({
    acts: [gone, { on: "2018-07-01" }, { on: [null, null] }, gone, null],
  });
  const tags = ["张三", "2018-07-01", ["张三"]];
  const record = { tags, a: "张三", b: { c: "2018-07-01", d: "z" }, e: { f: "张三" } };
  expect(await prune(["tags[*]", "a", "b.c", "e.f"], record, kept)).toEqual({
    tags: [null, "2018-07-01", null],
    a: null,
    b: { c: "2018-07-01" },
    e: { f: null },
  });
});
