import { afterEach, describe, expect, test } from "vitest";
import { listHeldBack, releaseTexts } from "../../src/release.ts";
import { hasHiddenCharacters, looksPersonal } from "../../src/standard/personal-text.ts";
import { Store } from "../../src/store/store.ts";
import { type Bench, openBench } from "./fixture.ts";
import { BODIES, DISTRICTS, PENALTIES, penalty } from "./sources.ts";

async function ask(sql: string, text: string): Promise<unknown> {
  const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  try {
    const query = `SELECT ${sql} AS found FROM (SELECT CAST($text AS VARCHAR) AS x)`;
    return (await store.row<{ found: unknown }>(query, { text }))?.found;
  } finally {
    store.close();
  }
}

// 11010519491231002X is the example of GB 11643 itself; the numbers of telephones are invented.
describe("a text that looks like a person's number or address", () => {
  test.each([
    "11010519491231002X",
    "身份证11010519491231002x。",
    "110105 19491231 002X",
    "１１０１０５１９４９１２３１００２Ｘ",
    "130503670401001",
    "13800138000",
    "来电138-0013-8000",
    "+8613800138000",
    "1\u200b3800138000",
    "0532-85912345",
    "(0532)85912345",
    "010 62345678",
    "li.si@example.cn",
    "李四＠example.cn",
  ])("%s", async (text) => {
    expect(await ask(looksPersonal("x"), text)).toBe(true);
  });

  test.each([
    "",
    "噪音",
    "T0101",
    // Check digit wrong, by one.
    "110105194912310021",
    // A credit code of eighteen digits: its seventh to fourteenth are no day.
    "911101056123456789",
    "201806120000123",
    "青市监罚〔2018〕123号",
    "2018-07-02",
    "370202001001",
    "000000012345",
    "1380013800012",
  ])("not %s", async (text) => {
    expect(await ask(looksPersonal("x"), text)).toBe(false);
  });

  test.each([
    ["张\u202e三", true],
    ["张\u200b三", true],
    ["\ufeff张三", true],
    ["שלום", true],
    ["مدينة", true],
    ["张三 Zhang San é", false],
  ])("characters that are not seen or run the other way: %j", async (text, hidden) => {
    expect(await ask(hasHiddenCharacters("x"), text)).toBe(hidden);
  });
});

let bench: Bench;
afterEach(() => bench?.close());

const TEXTS = "SELECT record_key, document_no, flags FROM core.publicity_item ORDER BY line";
const PHONE = "13800138000";

interface Held {
  readonly record_key: string;
  readonly document_no: string;
  readonly flags: string[] | null;
}

test("a public text that looks like somebody's number is held back under one mark, until a person releases it", async () => {
  bench = await openBench([BODIES, PENALTIES]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [
    penalty({ CF_WSH: PHONE }),
    penalty({ CF_WSH: "１３８００１３８０００", SJ: "2018-05-01", CF_NR_FK: "2" }),
    penalty({ CF_WSH: "7" }),
  ]);
  await bench.conform();
  const held = await bench.rows<Held>(TEXTS);
  const mark = held[0]?.document_no ?? "";
  expect(mark).toMatch(/^withheld-[0-9a-f]{16}$/);
  // Two spellings of one number are one record, with a correction.
  const keys = new Set(held.map(({ record_key }) => record_key));
  expect(keys).toEqual(new Set([`370202|${mark}`, "370202|7"]));
  expect(held[0]?.flags).toContain("held-back:document_no");
  const { context } = bench;
  const source = context.sources.find((each) => each.source === "penalties");
  if (!source) throw new Error("no penalties");
  expect(await listHeldBack(context.store, source)).toContainEqual(
    expect.objectContaining({ column: "document_no", mark }),
  );
  expect(JSON.stringify(await bench.rows("SELECT * FROM quarantine.row"))).not.toContain(PHONE);

  const asked = { source, column: "document_no", reason: "a form", knownAt: context.asOf };
  await expect(releaseTexts(context.store, { ...asked, marks: ["withheld-0"] })).rejects.toThrow(
    /holds back no text under that mark/,
  );
  await releaseTexts(context.store, { ...asked, marks: [mark] });
  await bench.conform();
  const shown = await bench.rows<Held>(TEXTS);
  expect(shown[0]?.document_no).toBe(PHONE);
  expect(shown.flatMap(({ flags }) => flags ?? [])).not.toContain("held-back:document_no");
});
