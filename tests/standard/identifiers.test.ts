import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  identifierSql,
  normaliseIdentifier,
  normaliseKey,
} from "../../src/standard/identifiers.ts";
import { Store } from "../../src/store/store.ts";

let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
});
afterAll(() => store.close());

/** Both forms of several texts, as SQL makes them. */
async function inSql(texts: readonly (string | null)[]) {
  const values: Record<string, string> = { texts: JSON.stringify(texts) };
  const bind = (value: string) => {
    const name = Object.keys(values).find((each) => values[each] === value);
    if (name) return `$${name}`;
    const fresh = `v${Object.keys(values).length}`;
    values[fresh] = value;
    return `$${fresh}`;
  };
  const rows = await store.rows<{ key: string | null; identifier: string | null }>(
    `SELECT ${identifierSql("text", "key", bind)} AS key, ${identifierSql("text", "identifier", bind)} AS identifier
     FROM (SELECT unnest(CAST(CAST($texts AS JSON) AS VARCHAR[])) AS text, unnest(range(${texts.length})) AS place) ORDER BY place`,
    values,
  );
  return rows;
}

/** As people and spreadsheets write codes and names, and what is meant. */
const SPELLINGS: readonly (readonly [string, string, string])[] = [
  ["370202", "370202", "370202"],
  ["３７０２０２", "370202", "370202"],
  ["37020２", "370202", "370202"],
  ["370202.0", "370202", "370202"],
  ["370202.00", "370202", "370202"],
  ["370202.5", "370202.5", "370202.5"],
  ['="370202"', "370202", "370202"],
  ["'370202", "370202", "370202"],
  ["370 202", "370202", "370202"],
  ["\ufeff370202\u200b", "370202", "370202"],
  ["11999900000001011n", "11999900000001011n", "11999900000001011N"],
  ["１１９９９９０００００００１０１１Ｎ", "11999900000001011N", "11999900000001011N"],
  ["119999 00000001011N", "11999900000001011N", "11999900000001011N"],
  ["东 湖\u3000区", "东湖区", "东湖区"],
  ["市审批局（行政审批）", "市审批局(行政审批)", "市审批局(行政审批)"],
  ["青信用〔2018〕2号", "青信用〔2018〕2号", "青信用〔2018〕2号"],
  ["㈱甲", "(株)甲", "(株)甲"],
  ["East Lake", "EastLake", "EASTLAKE"],
  ["Zürich", "Zürich", "ZÜRICH"],
  ["Zu\u0308rich", "Zürich", "ZÜRICH"],
  ["Straße", "Straße", "STRAßE"],
  ["3.70202E+05", "3.70202E+05", "3.70202E+05"],
  ["'s-Hertogenbosch", "'s-Hertogenbosch", "'S-HERTOGENBOSCH"],
  ["0012", "0012", "0012"],
  ["", "", ""],
];

test.each(SPELLINGS)("%j as a key is %j, as an identifier %j", (text, key, identifier) => {
  expect([normaliseKey(text), normaliseIdentifier(text)]).toEqual([key, identifier]);
});

describe("SQL and TypeScript", () => {
  test("agree on how people write codes and names, and nothing stays nothing", async () => {
    const rows = await inSql([...SPELLINGS.map(([text]) => text), null]);
    expect(rows).toEqual([
      ...SPELLINGS.map(([, key, identifier]) => ({ key, identifier })),
      { key: null, identifier: null },
    ]);
  });

  test("agree on any text", async () => {
    const mark = fc.constantFrom(
      "\u0301",
      "\u0308",
      "\u200d",
      "\u3000",
      "ｱ",
      "ﾞ",
      "½",
      "ﬁ",
      "'",
      "=",
      '"',
      ".0",
      "i",
      "７",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.string({ unit: "grapheme-ascii", maxLength: 12 }),
      fc.string({
        unit: fc.oneof(mark, fc.string({ unit: "binary", maxLength: 1 })),
        maxLength: 8,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 40, maxLength: 200 }), async (texts) => {
        const rows = await inSql(texts);
        expect(rows).toEqual(
          texts.map((each) => ({ key: normaliseKey(each), identifier: normaliseIdentifier(each) })),
        );
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  test("agree on every character that has another form", async () => {
    const chars: string[] = [];
    for (let point = 1; point < 0x20000; point++) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const char = String.fromCodePoint(point);
      if (normaliseIdentifier(char) !== char) chars.push(char);
    }
    expect(chars.length).toBeGreaterThan(4000);
    const rows = await inSql(chars);
    const otherwise = chars.filter(
      (char, at) => rows[at]?.identifier !== normaliseIdentifier(char),
    );
    expect(otherwise).toEqual([]);
  });
});

test("once is enough", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 10 }), (text) => {
      const once = normaliseIdentifier(text);
      fc.pre(!/^(?:="|'\d|\d+[.]0)/.test(once));
      expect(normaliseIdentifier(once)).toBe(once);
    }),
    { numRuns: 2000 },
  );
});
