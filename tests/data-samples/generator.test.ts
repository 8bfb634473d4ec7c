import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { dayOf, readCalendar } from "../../data-samples/generate/days.ts";
import { deliver, deliveryAfter } from "../../data-samples/generate/deliveries.ts";
import { encodeGb18030 } from "../../data-samples/generate/files/gb18030.ts";
import { writeLetters } from "../../data-samples/generate/kinds/mayor-mailbox.ts";
import { badPenaltyLines } from "../../data-samples/generate/kinds/penalties-bad-lines.ts";
import { makeCity } from "../../data-samples/generate/main.ts";
import { createRandom } from "../../data-samples/generate/random.ts";
import { codeOn } from "../../data-samples/generate/register.ts";
import { makeUscc, spoilUscc } from "../../data-samples/generate/uscc.ts";
import { Store } from "../../src/store/store.ts";

const city = makeCity(2018);

describe("the register", () => {
  test("holds Qingdao's divisions and 45 departments", () => {
    const { districts, townships, zones, departments } = city.register;
    expect(districts).toHaveLength(10);
    expect(townships.filter(({ kind }) => kind === "street")).toHaveLength(98);
    expect(townships.filter(({ kind }) => kind === "town")).toHaveLength(36);
    expect(zones.map(({ code }) => code)).toEqual([
      "370211401",
      "370214400",
      "370215400",
      "370215402",
      "370281400",
      "370281401",
      "370283400",
    ]);
    expect(departments).toHaveLength(45);
  });

  test("gives every body a name of its own in both languages", () => {
    const { all } = city.register;
    expect(new Set(all.map(({ nameZh }) => nameZh)).size).toBe(all.length);
    expect(new Set(all.map(({ nameEn }) => nameEn)).size).toBe(all.length);
  });

  test("knows Jimo's code of the time", () => {
    expect(codeOn("370215", dayOf("2017-09-30"))).toBe("370282");
    expect(codeOn("370215", dayOf("2017-10-01"))).toBe("370215");
    expect(codeOn("370215001", dayOf("2016-05-05"))).toBe("370282001");
    expect(codeOn("370202001", dayOf("2016-05-05"))).toBe("370202001");
  });
});

/** GB 32100-2015 and GB 11714-1997, written anew from the standards' formulas. */
function bothChecksHold(code: string): boolean {
  const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const sum = [...code.slice(0, 17)].reduce(
    (total, character, place) => total + alphabet.indexOf(character) * (3 ** place % 31),
    0,
  );
  const organ = code.slice(8, 17);
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  const organSum = weights.reduce((total, weight, place) => {
    const character = organ[place] as string;
    const value = /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 55;
    return total + value * weight;
  }, 0);
  const organCheck = ["0", "X", "9", "8", "7", "6", "5", "4", "3", "2", "1"][organSum % 11];
  return code[17] === alphabet[(31 - (sum % 31)) % 31] && organ[8] === organCheck;
}

test("the test's own check accepts real codes", () => {
  // Codes of real organs (Shandong province, Wucheng of Jinhua), from the facts of the field.
  for (const code of ["11330702056851584G", "113700000045030270", "11370000004504927A"]) {
    expect(bothChecksHold(code)).toBe(true);
  }
});

test("synthetic codes pass both checks, spoilt ones fail", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 999_999 }),
      fc.constantFrom("11", "91"),
      (serial, kind) => {
        const code = makeUscc(kind, "370200", serial);
        expect(code).toHaveLength(18);
        expect(code.slice(8, 10)).toBe("HC");
        expect(bothChecksHold(code)).toBe(true);
        expect(bothChecksHold(spoilUscc(code))).toBe(false);
      },
    ),
  );
});

describe("draws", () => {
  test("a label gives a stream of its own, the same each time", () => {
    const draw = (seed: number, label: string) => {
      const random = createRandom(seed, label);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(draw(1, "a")).toEqual(draw(1, "a"));
    expect(draw(1, "a")).not.toEqual(draw(1, "b"));
    expect(draw(1, "a")).not.toEqual(draw(2, "a"));
  });

  test("are spread as they say", () => {
    const random = createRandom(7, "spread");
    const mean = (draw: () => number) => {
      let sum = 0;
      for (let count = 0; count < 20_000; count++) sum += draw();
      return sum / 20_000;
    };
    // Five standard errors of the mean of 20,000 draws.
    expect(Math.abs(mean(random.next) - 0.5)).toBeLessThan(0.0103);
    expect(Math.abs(mean(random.normal))).toBeLessThan(0.0354);
    expect(Math.abs(mean(() => random.poisson(4)) - 4)).toBeLessThan(0.0708);
    expect(Math.abs(mean(() => random.geometric(3)) - 3)).toBeLessThan(0.1225);
  });
});

test("working days are counted over holidays and make-up days", () => {
  const calendar = readCalendar(join(import.meta.dirname, "../../metrics/calendar/china.csv"));
  // National Day 2018: off 1 to 7 October, 29 and 30 September worked instead.
  expect(calendar.add(dayOf("2018-09-28"), 1)).toBe(dayOf("2018-09-29"));
  expect(calendar.add(dayOf("2018-09-28"), 3)).toBe(dayOf("2018-10-08"));
  expect(calendar.onOrAfter(dayOf("2018-10-01"))).toBe(dayOf("2018-10-08"));
});

describe("deliveries", () => {
  test("come on the 8th after the event", () => {
    expect(deliveryAfter(dayOf("2018-06-07"))).toBe(dayOf("2018-06-08"));
    expect(deliveryAfter(dayOf("2018-06-08"))).toBe(dayOf("2018-07-08"));
    expect(deliveryAfter(dayOf("2018-12-31"))).toBe(dayOf("2019-01-08"));
  });

  test("never tell what has not happened yet", () => {
    const record = { start: dayOf("2018-03-01"), end: dayOf("2018-05-20") as number | null };
    const versions = deliver(record, [record.start], ["end"]);
    expect(versions).toEqual([
      { row: { start: record.start, end: null }, delivered: dayOf("2018-03-08") },
      { row: record, delivered: dayOf("2018-06-08") },
    ]);
  });
});

test("GB18030 is written as it is read", () => {
  const text = "行政处罚,罚款0.2万元\r\n市场监督〔2018〕第1号";
  expect(new TextDecoder("gb18030").decode(encodeGb18030(text))).toBe(text);
  expect(() => encodeGb18030("😀")).toThrow("no two-byte code");
});

test("there are 21 bad penalty lines", () => {
  const body = city.register.department("007");
  const subject = { kind: "", name: "", uscc: "", person: "", representative: "" };
  const row = {
    number: "第1号",
    body,
    subject,
    act: "",
    category: "",
    fine: 0,
    decidedOn: dayOf("2018-01-05"),
    publishedOn: null,
  };
  const rows = Array.from({ length: 300 }, () => ({ row, delivered: dayOf("2018-02-08") }));
  expect(new Set(badPenaltyLines(rows)).size).toBe(21);
});

describe("letters by SQL", () => {
  const folder = mkdtempSync(join(tmpdir(), "letters-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const options = { memory: "256MB", threads: 2 };
  const write = async (count: number, name: string) => {
    const file = join(folder, name);
    await writeLetters(city, count, file, options);
    return file;
  };

  test("give as many letters as asked for, in order of receipt, all inside the three years", async () => {
    const file = await write(30_000, "a.parquet");
    const store = await Store.open(":memory:", options);
    const row = await store.row(
      `SELECT count(DISTINCT 信件编号) AS letters, count(*) > 30000 AS repeats,
         min(CAST(来信时间 AS DATE)) >= DATE '2016-01-01' AND max(CAST(来信时间 AS DATE)) <= DATE '2018-12-31' AS inside,
         count(*) FILTER (办结时间 < 来信时间 OR 签收时间 < 转办时间 OR 办结时间 >= 入库时间) AS impossible,
         count(*) FILTER (数据性质 <> '合成示例数据') AS unmarked
       FROM read_parquet($file)`,
      { file },
    );
    const days = await store.rows<{ day: string }>(
      "SELECT CAST(CAST(来信时间 AS DATE) AS VARCHAR) AS day FROM read_parquet($file)",
      { file },
    );
    store.close();
    expect(row).toEqual({
      letters: 30_000,
      repeats: true,
      inside: true,
      impossible: 0,
      unmarked: 0,
    });
    const order = days.map(({ day }) => day);
    expect(order).toEqual([...order].sort());
  });

  test("are the same bytes each time", async () => {
    const [one, two] = [await write(3_000, "b.parquet"), await write(3_000, "c.parquet")];
    expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
  });
});
