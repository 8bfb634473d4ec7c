import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { convertText } from "../../src/conform/convert.ts";
import { numberFault } from "../../src/conform/number-text.ts";
import { Store } from "../../src/store/store.ts";

let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
});
afterAll(() => store.close());

const MONEY = "DECIMAL(24,2)";

/** The numbers of several texts, in their order. */
async function read(
  texts: readonly string[],
  { unit, type = MONEY }: { unit?: string | undefined; type?: string } = {},
): Promise<unknown[]> {
  const sql = convertText("t", type, { unit, zone: "Asia/Shanghai" });
  const rows = await store.rows<{ v: unknown }>(
    `SELECT ${sql} AS v FROM (SELECT unnest(CAST(CAST($texts AS JSON) AS VARCHAR[])) AS t)`,
    { texts: JSON.stringify(texts) },
  );
  return rows.map(({ v }) => v);
}

describe("a number is read as it is written", () => {
  test.each([
    ["1,234.50", "元", "1234.50"],
    ["5 000", "元", "5000.00"],
    ["1 234 567.5", "元", "1234567.50"],
    ["5\u00a0000", "元", "5000.00"],
    ["１２，３４５．６", "元", "12345.60"],
    ["１２．５", "万元", "125000.00"],
    ["−3", "元", "-3.00"],
    ["(1,234.50)", "元", "-1234.50"],
    ["（８）", "万元", "-80000.00"],
    ["￥1,234.50", "元", "1234.50"],
    ["¥-3", "元", "-3.00"],
    ["-￥3", "元", "-3.00"],
    ["1,234.50元", "元", "1234.50"],
    ["RMB 1,000", "元", "1000.00"],
    ["人民币 1000 元整", "元", "1000.00"],
    ["12万", "元", "120000.00"],
    ["1.5千万", undefined, "15000000.00"],
    ["￥12万", "万元", "120000.00"],
    // A unit in the cell goes before the declared one.
    ["3.2亿元", "万元", "320000000.00"],
    ["3.2 亿元", "亿元", "320000000.00"],
    ["3200元", "万元", "3200.00"],
    ["8万元", "万元", "80000.00"],
    ["3.2亿元", undefined, "320000000.00"],
    ["$1,234.50", "USD", "1234.50"],
    ["3.2亿美元", "thousand_usd", "320000000.00"],
    ["壹万贰仟元整", undefined, "12000.00"],
    ["人民币叁佰贰拾元伍角陆分", "元", "320.56"],
    ["叁元零陆分", "元", "3.06"],
    ["一亿零五十万元", "万元", "100500000.00"],
    ["二十一元", "元", "21.00"],
    ["零元", "元", "0.00"],
  ])("%s, in %s, is %s", async (text, unit, expected) => {
    expect(await read([text], { unit })).toEqual([expected]);
  });

  test.each([
    ["12%", "%", "0.1200"],
    ["12.5％", "1", "0.1250"],
    ["百分之十二", "%", "0.1200"],
    ["百分之十二点五", "1", "0.1250"],
    ["百分之12.5", "%", "0.1250"],
    ["12", "%", "0.1200"],
    ["0.12", "1", "0.1200"],
  ])("%s, in %s, is the share %s", async (text, unit, expected) => {
    expect(await read([text], { unit, type: "DECIMAL(9,4)" })).toEqual([expected]);
  });

  test("people are whole", async () => {
    const texts = ["12万人", "1,234人", "3.5万", "1.5", "３０", "0.5人"];
    expect(await read(texts, { type: "BIGINT" })).toEqual([120000, 1234, 35000, null, 30, null]);
  });
});

describe("what may mean several things is set aside", () => {
  test.each([
    ["12万", "万元", MONEY, "unclear-unit"],
    ["￥12", "万元", MONEY, "unclear-unit"],
    ["$12", "thousand_usd", MONEY, "unclear-unit"],
    ["12元", "USD", MONEY, "unclear-unit"],
    ["12%", "元", MONEY, "unclear-unit"],
    ["12%", undefined, "DOUBLE", "unclear-unit"],
    ["3.2亿元", undefined, "DOUBLE", "unclear-unit"],
    ["12人", "元", MONEY, "unclear-unit"],
    ["12万元", undefined, "BIGINT", "unclear-unit"],
    ["12.345,67", "元", MONEY, "unclear-number"],
    ["1.234.567", "元", MONEY, "unclear-number"],
    ["12,34", "元", MONEY, "unclear-number"],
    ["1,2345", "元", MONEY, "unclear-number"],
    ["1'234", "元", MONEY, "unclear-number"],
    ["12 34", "元", MONEY, "unclear-number"],
    ["1,234-", "元", MONEY, "unclear-number"],
    ["一万二元", "元", MONEY, "bad-number"],
    ["一百二元", "元", MONEY, "bad-number"],
    ["二千", "万元", MONEY, "bad-number"],
    ["((3))", "元", MONEY, "bad-number"],
    ["(-3)", "元", MONEY, "bad-number"],
    ["约30", "元", MONEY, "bad-number"],
    ["", "元", MONEY, "bad-number"],
  ])("%s, in %s", async (text, unit, type, reason) => {
    expect(await read([text], { unit, type })).toEqual([null]);
    const row = await store.row(`SELECT ${numberFault("t")} AS f FROM (SELECT $text AS t)`, {
      text,
    });
    expect(row).toEqual({ f: reason });
  });
});

describe("figures", () => {
  test("keep 17 digits, whatever their size", async () => {
    const texts = [
      "0.00000000000000001000",
      "5.1000000000000005",
      "1e15",
      "10000000000000",
      "-1.5E-300",
    ];
    const expected = [1e-17, 5.1000000000000005, 1e15, 1e13, -1.5e-300];
    expect(await read(texts, { type: "DOUBLE" })).toEqual(expected);
  });

  test("that cannot be held are none", async () => {
    const texts = ["1e400", "-1e400", "1e-400", "1e-310", "NaN", "Infinity", "0e-999", "0.000"];
    expect(await read(texts, { type: "DOUBLE" })).toEqual([
      ...[null, null, null, null, null, null, 0, 0],
    ]);
    expect(await read(["1e999999999999", "1e305"], { type: "DOUBLE", unit: "亿元" })).toEqual([
      null,
      null,
    ]);
  });

  test("are rounded once, with their unit", async () => {
    // 0.1 + 0.2 by another way: 1.1 × 10⁸ and 57.3 % are not what doubles multiply to.
    expect(await read(["1.1", "7."], { type: "DOUBLE", unit: "亿元" })).toEqual([1.1e8, 7e8]);
    expect(await read(["57.3", "1e2"], { type: "DOUBLE", unit: "%" })).toEqual([0.573, 1]);
  });

  test("any double is read back as itself", async () => {
    const some = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 20,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(some, async (numbers) => {
        const held = (x: number) =>
          x === 0 || Math.abs(x) >= 2.2250738585072014e-308 ? x + 0 : null;
        const found = await read(numbers.map(String), { type: "DOUBLE" });
        expect(found.map((x) => (x === null ? null : (x as number) + 0))).toEqual(
          numbers.map(held),
        );
      }),
      { numRuns: 50 },
    );
  });
});

/** The number in fen as a clerk may write it; each is worked out from whole fen alone. */
const SPELLINGS: readonly ((fen: bigint) => string)[] = [
  plain,
  (fen) => plain(fen).replace(/\B(?=(\d{3})+\.)/g, ","),
  (fen) => plain(fen).replace(/\B(?=(\d{3})+\.)/g, " "),
  (fen) =>
    plain(fen).replace(/./g, (each) =>
      String.fromCodePoint((each.codePointAt(0) as number) + 0xfee0),
    ),
  (fen) => `￥${plain(fen)}`,
  (fen) => `${plain(fen)}元`,
  (fen) => `${shifted(fen, 6)}万元`,
  (fen) => `${shifted(fen, 10)}亿`,
  inNumerals,
];

function plain(fen: bigint): string {
  return shifted(fen, 2);
}

function shifted(fen: bigint, places: number): string {
  const digits = String(fen).padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** As cheques are written; an own reckoning, digit by digit. */
function inNumerals(fen: bigint): string {
  const digits = "零壹贰叁肆伍陆柒捌玖";
  const yuan = String(fen / 100n);
  let text = "";
  let passed = false;
  [...yuan].forEach((each, at) => {
    const place = yuan.length - 1 - at;
    if (each === "0") passed = true;
    else {
      if (passed && text !== "") text += "零";
      passed = false;
      text += `${digits[Number(each)]}${["", "拾", "佰", "仟"][place % 4]}`;
    }
    if (place === 8) text += "亿";
    if (place === 4 && /[1-9]/.test(yuan.slice(Math.max(0, at - 3), at + 1))) text += "万";
  });
  const [jiao = "0", cent = "0"] = String(fen % 100n).padStart(2, "0");
  const small = `${jiao === "0" ? "" : `${digits[Number(jiao)]}角`}${cent === "0" ? "" : `${jiao === "0" ? "零" : ""}${digits[Number(cent)]}分`}`;
  return `${text === "" ? "零" : text}元${small === "" ? "整" : small}`;
}

test("money is the same in every spelling", async () => {
  const amount = fc.bigInt({ min: 0n, max: 99_999_999_999_999n });
  await fc.assert(
    fc.asyncProperty(fc.array(amount, { minLength: 5, maxLength: 12 }), async (amounts) => {
      const texts = amounts.flatMap((fen) => SPELLINGS.map((spell) => spell(fen)));
      const expected = amounts.flatMap((fen) => SPELLINGS.map(() => plain(fen)));
      const found = await read(texts, { unit: "元" });
      expect(found.map((value, at) => [texts[at], value])).toEqual(
        expected.map((value, at) => [texts[at], value]),
      );
    }),
    { numRuns: 40 },
  );
});
