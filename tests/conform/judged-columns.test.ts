import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { type Bench, openBench } from "./fixture.ts";
import { BODIES, DISTRICTS, PENALTIES, penalty } from "./sources.ts";

let bench: Bench;
afterEach(() => bench?.close());

const TEXTS =
  "SELECT document_no, flags, file_id FROM core.publicity_item WHERE known_to IS NULL ORDER BY file_id, line";

interface Shown {
  readonly document_no: string;
  readonly flags: string[] | null;
}

/** What is shown of the document numbers of files delivered one after the other, and conformed after each. */
async function show(...files: readonly (readonly string[])[]): Promise<Shown[]> {
  bench = await openBench([BODIES, PENALTIES]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  for (const [index, numbers] of files.entries()) {
    const rows = numbers.map((CF_WSH) => penalty({ CF_WSH }));
    await bench.deliver("penalties", `${index}.csv`, rows);
    await bench.conform();
  }
  return bench.rows<Shown>(TEXTS);
}

const isMark = ({ document_no }: Shown) => /^withheld-[0-9a-f]{16}$/.test(document_no);
const count = (from: bigint, steps: readonly number[]) =>
  steps.map((_, at) => {
    const more = steps.slice(0, at + 1).reduce((total, step) => total + step, 0);
    return String(from + BigInt(more));
  });
const ones = (length: number) => Array.from({ length }, () => 1);

test("running numbers are shown, whoever's telephone each of them could be; one that is none of them is not", async () => {
  const running = count(13500000000n, ones(20));
  const shown = await show([...running, "13812345678"]);
  expect(shown.slice(0, 20).map(({ document_no }) => document_no)).toEqual(running);
  expect(shown[20] && isMark(shown[20])).toBe(true);
  expect(shown[20]?.flags).toContain("held-back:document_no");
  expect(shown.slice(0, 20).flatMap(({ flags }) => flags ?? [])).toEqual([]);
});

test("running numbers in Chinese digits are shown, a telephone among other texts is not", async () => {
  const inChinese = (number: string) =>
    number.replace(/\d/g, (digit) => "〇一二三四五六七八九"[Number(digit)] as string);
  const chinese = count(13800000000n, ones(12)).map(inChinese);
  const shown = await show([...chinese, "一三九一二三四五六七八"]);
  expect(shown.filter(isMark)).toHaveLength(1);
});

test("what a column is does not hang on how its files came: numbers shown later are shown from the first", async () => {
  const running = count(13500000000n, ones(9));
  // Four are too few; with the fifth and later ones all are shown, and so is a gap that is filled afterwards.
  const shown = await show(running.slice(0, 4), running.slice(5), [running[4] as string]);
  expect(shown.map(({ document_no }) => document_no)).toEqual([
    ...running.slice(0, 4),
    ...running.slice(5),
    running[4],
  ]);
});

test("numbers a hundred apart run too; those of which a few happen to follow one another do not", async () => {
  const apart = count(
    13500000000n,
    Array.from({ length: 8 }, () => 100),
  );
  expect((await show(apart)).filter(isMark)).toEqual([]);
  bench.close();
  const block = count(13500000000n, ones(5));
  const others = ["13812345678", "13998761234", "15012340987", "18877665544"];
  expect((await show([...block, ...others])).every(isMark)).toBe(true);
});

test("a column of which half are numbers of persons is held back whole, and told so", async () => {
  const cards = ["11010519491231002X", "830000199201300022", "911124198108030024"];
  const shown = await show([...cards, "张三", "李四 13812345678", "7"]);
  expect(shown.every(isMark)).toBe(true);
  expect(new Set(shown.map(({ document_no }) => document_no)).size).toBe(6);
  expect(new Set(shown.flatMap(({ flags }) => flags ?? []))).toEqual(
    new Set(["column-held-back:document_no"]),
  );
});

test("a column with few of them is held back cell by cell", async () => {
  const cards = ["11010519491231002X", "830000199201300022", "911124198108030024"];
  const shown = await show([...cards, "T1", "T2", "T3", "T4"]);
  expect(shown.map(isMark)).toEqual([true, true, true, false, false, false, false]);
});

test("half is reckoned over all files, those in which nothing looks like somebody's too", async () => {
  const cards = ["11010519491231002X", "830000199201300022", "911124198108030024"];
  for (const [files, whole] of [
    [[["T1", "T2"], cards], true],
    [[["T1", "T2"], cards, ["T3", "T4"]], false],
  ] as const) {
    const shown = await show(...files);
    expect(shown.filter(isMark).length).toBe(whole ? shown.length : 3);
    bench.close();
  }
});

test("long numbers of which one in ten has a right check digit by chance are shown; cards of a bank are not", async () => {
  // Luhn's sum of 62000000000000005 and of every tenth behind it, one or two away, is right.
  const numbers = count(
    62170000000000000n,
    Array.from({ length: 40 }, (_, at) => 3 + (at % 5)),
  );
  expect((await show(numbers)).filter(isMark)).toEqual([]);
  bench.close();
  const right = numbers.map((number) => number.slice(0, -1)).map((head) => head + luhn(head));
  expect((await show(right)).every(isMark)).toBe(true);
});

/** The check digit by the book: every second digit doubled, from the right. */
function luhn(head: string): string {
  let sum = 0;
  for (const [at, digit] of Array.from(head).reverse().entries()) {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return String((10 - (sum % 10)) % 10);
}

test("running numbers from anywhere are shown, telephones from anywhere are held back", async () => {
  const start = fc.bigInt(13000000000n, 13988888888n);
  const steps = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(start, steps, async (from, gaps) => {
      const numbers = count(from, gaps);
      const shown = await show(numbers);
      bench.close();
      expect(shown.map(({ document_no }) => document_no)).toEqual(numbers);
    }),
    { numRuns: 4 },
  );
  const phones = fc.uniqueArray(fc.integer({ min: 0, max: 98_888_888 }), {
    minLength: 5,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(phones, async (ends) => {
      const shown = await show(ends.map((end) => `138${String(end).padStart(8, "0")}`));
      bench.close();
      expect(shown.every(isMark)).toBe(true);
    }),
    { numRuns: 4 },
  );
});
