import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { findPublicity, ruleOn } from "../../src/record/periods.ts";
import { findUnmarked, listByAnalogy, reachOf, readOn } from "../../src/standard/by-analogy.ts";
import {
  findCited,
  findUnregistered,
  type LawRegister,
  readLaws,
} from "../../src/standard/law-register.ts";
import { readRecordRules } from "../../src/standard/record-rules.ts";
import { readIndicators } from "../../src/standard/workspace.ts";
import { parseYaml } from "../../src/standard/yaml-document.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const QINGDAO = "370200";

const REGISTER: LawRegister = {
  hash: "",
  laws: [
    {
      id: "province",
      title: { zh: "甲省信用条例", en: "Province A" },
      cited_as: { zh: ["甲省信用条例"], en: ["Province A"] },
      from: "2020-10-01",
      binds: "37",
    },
    {
      id: "order",
      title: { zh: "第36号令", en: "Order 36" },
      cited_as: { zh: ["办法（第36号令", "第36号令"], en: ["Order 36"] },
      from: "2026-04-01",
      to: "2030-01-01",
    },
  ],
};

describe("a text's citations", () => {
  test("are found by the longest name, in the order of the text", () => {
    const text = "甲省信用条例第3条；办法（第36号令）";
    expect(findCited(text, REGISTER, "zh").map(({ law, from, to }) => [law.id, from, to])).toEqual([
      ["province", 0, 6],
      ["order", 10, 18],
    ]);
  });

  test.each([
    ["国发〔2016〕76号", ["国发〔2016〕76号"].map((name) => name.slice(2))],
    ["国家某委令第7号", ["令第7号"]],
    ["乙省公路条例第12条", ["乙省公路条例第12条"]],
    ["丙法（2015年修正）第四十二条", ["丙法（2015年修正）第四十二条"]],
    ["甲省信用条例第39条", []],
    ["双公示：7个工作日；界限为假定", []],
    ["办法（第36号令）第5条", []],
  ])("that the register does not hold: %s", (text, unknown) => {
    expect(findUnregistered(text, REGISTER)).toEqual(unknown);
  });
});

describe("what rests on a law where it does not bind must say so", () => {
  const judge = (text: string, from?: string, division: string | undefined = QINGDAO) =>
    findUnmarked(parseYaml(text, "x.yaml", z.unknown()), REGISTER, { from, division }).map(
      ({ line, message }) => `${line} ${message.slice(0, 18)}`,
    );
  const block = (more = "") =>
    `rules:\n  - id: a\n    source: { zh: 甲省信用条例第3条, en: Province A }\n${more}`;

  test.each([
    ["before it", "2020-09-30", QINGDAO, ["3 rests on Province "]],
    ["from its first day on", "2020-10-01", QINGDAO, []],
    ["in another province", "2021-01-01", "110000", ["3 rests on Province "]],
    ["where the place is not known", "2021-01-01", undefined, ["3 rests on Province "]],
    ["at any time", undefined, QINGDAO, ["3 rests on Province "]],
  ])("%s", (_, from, division, faults) => {
    const document = parseYaml(block(), "x.yaml", z.unknown());
    const found = findUnmarked(document, REGISTER, { from, division });
    expect(found.map(({ line, message }) => `${line} ${message.slice(0, 18)}`)).toEqual(faults);
  });

  test("its own days narrow the reach, and the mark is enough", () => {
    expect(judge(block('    from: "2020-10-01"\n'))).toEqual([]);
    expect(judge(block("    by_analogy: true\n"), "2018-01-01")).toEqual([]);
    expect(judge(block("    by_analogy: false\n"), "2018-01-01")).toHaveLength(1);
  });

  test("a law that has ended binds no longer", () => {
    const text = 'source: { zh: 第36号令, en: Order 36 }\nfrom: "2027-01-01"\n';
    expect(judge(text)).toHaveLength(1);
    expect(judge(`${text}to: "2030-01-01"\n`)).toEqual([]);
    expect(judge(`${text}to: "2030-01-02"\n`)).toHaveLength(1);
  });

  test("in whatever text for people, and in whichever language, the law is cited", () => {
    const en = "under Province A, Art. 3";
    for (const text of [
      `effect: { zh: 依甲省信用条例处理, en: handled }`,
      `article: { zh: 本规则, en: "${en}" }`,
      `title: { zh: 甲省信用条例的期限, en: periods }`,
      `rules: [{ note: { zh: 本规则, en: "${en}" } }]`,
      `deadlines: { yellow: { days: 5, source: { zh: 甲省信用条例, en: x } } }`,
    ]) {
      expect(judge(`${text}\n`, "2018-01-01"), text).toHaveLength(1);
      expect(judge(`${text}\n`, "2021-01-01"), text).toEqual([]);
    }
    const marked = { note: { zh: "本规则", en }, by_analogy: true as const };
    expect(readOn(marked, REGISTER, "2018-01-01", QINGDAO).note).toEqual({
      zh: "参照：本规则",
      en: "under by analogy, Province A, Art. 3",
    });
  });

  test("the laws that definitions rest on by analogy are listed in the order of the register", () => {
    const cite = (zh: string, by_analogy?: true) => ({ source: { zh, en: zh }, by_analogy });
    const definitions = [
      new Map([["a", cite("第36号令", true)]]),
      [cite("甲省信用条例第3条", true)],
      cite("甲省信用条例第3条"),
    ];
    const on = (day: string) =>
      listByAnalogy(definitions, REGISTER, reachOf(day, QINGDAO)).map(({ id }) => id);
    expect(on("2018-01-01")).toEqual(["province", "order"]);
    expect(on("2021-01-01")).toEqual(["order"]);
    expect(on("2026-05-01")).toEqual([]);
  });

  test("an unregistered citation is a fault, marked or not", () => {
    expect(judge("source: 丁发〔2019〕1号\nby_analogy: true\n")).toEqual([
      "1 cites 〔2019〕1号, wh",
    ]);
  });

  // By hand: the marked blocks of each bundled file.
  test.each([
    ["standards/qingdao-2018", 3],
    ["warnings/debt", 2],
    ["warnings/conduct", 2],
    ["lists/qingdao-2018", 4],
    // Of five rules the source and the title.
    ["rules/credit-repair", 10],
  ])("the bundled %s, its marks taken away", (name, count) => {
    const text = readFileSync(join(ROOT, "metrics", `${name}.yaml`), "utf8");
    const bare = text.replaceAll(/,? *by_analogy: true/g, "");
    const reach = { from: "2018-01-01", to: "2021-01-01", division: QINGDAO };
    const judged = (yaml: string) =>
      findUnmarked(
        parseYaml(yaml, "x.yaml", z.unknown()),
        readLaws(ROOT),
        name.startsWith("rules") ? { division: QINGDAO } : reach,
      );
    expect(judged(text)).toEqual([]);
    expect(new Set(judged(bare).map(({ line }) => line)).size).toBe(count);
  });
});

describe("the same rules under the dates of 2018, 2021 and 2026", () => {
  const laws = readLaws(ROOT);
  const indicators = readIndicators(ROOT);
  const sourceOn = (id: string, day: string, division = QINGDAO) => {
    const indicator = indicators.get(id);
    if (!indicator) throw new Error(id);
    return readOn(indicator, laws, day, division).source;
  };
  const DAYS = ["2018-12-31", "2021-06-30", "2026-06-30"];

  // By hand, from the days on which each text came into force: 2020-10-01, 2020-09-01, 2023-08-05 and 2026-04-01;
  // Beijing's never binds Qingdao, and 424号 did by the end of 2018.
  test.each([
    ["A5/objection-answered-on-time", "参照山东省社会信用条例", [true, false, false]],
    ["C1/payment-on-time", "参照保障中小企业款项支付条例", [true, false, false]],
    ["A2/dishonesty-records", "参照发改财金〔2023〕1103号", [true, true, false]],
    ["A2/dishonesty-records", "参照信用修复管理办法", [true, true, false]],
    ["B2/complaint-resolution", "参照北京市接诉即办工作条例", [true, true, true]],
    ["A1/licence-publication-on-time", "参照", [false, false, false]],
  ])("%s: %s", (id, words, expected) => {
    expect(DAYS.map((day) => sourceOn(id, day).zh.includes(words))).toEqual(expected);
    expect(DAYS.map((day) => sourceOn(id, day).en.includes("by analogy"))).toEqual(
      DAYS.map((day) => sourceOn(id, day).zh.includes("参照")),
    );
  });

  test("the place counts as well as the day", () => {
    expect(sourceOn("B2/complaint-resolution", "2021-09-24", "110000").zh).toMatch(/^北京市/);
    expect(sourceOn("B2/complaint-resolution", "2021-09-23", "110000").zh).toMatch(/^参照北京市/);
  });

  test("only the law by analogy is marked, in both languages", () => {
    expect(sourceOn("C1/payment-on-time", "2018-12-31")).toEqual({
      zh: "参照保障中小企业款项支付条例（2020）第8、9条、（2025）第9条；青信用〔2018〕2号 二（三）1",
      en: "by analogy, Regulations on Ensuring Payments to Small and Medium-sized Enterprises (2020), Arts. 8 and 9, and (2025), Art. 9; Qingdao Credit Office, No. 2 of 2018, II(3)1",
    });
  });

  const RULES = readRecordRules(ROOT, ["credit-repair"]);
  // By hand: general records for three years before Order 36, one year under it; the act ended a year before each.
  test.each([
    ["2018-06-10", "2021-06-10", "before-order-58", "before-shandong-39-40", "before-sanctions"],
    ["2021-06-10", "2024-06-10", "before-order-58", "shandong-39-40", "sanctions"],
    ["2026-06-10", "2027-06-10", "order-36", "shandong-39-40", "sanctions"],
  ])("records of %s", (decided, ends, by, objections, disciplines) => {
    const year = Number(decided.slice(0, 4));
    const act_ended_on = `${year - 1}${decided.slice(4)}`;
    const record = {
      record_type: "breach",
      severity: "general",
      decided_on: decided,
      act_ended_on,
    };
    expect(findPublicity(record, decided, RULES)).toMatchObject({ endsOn: ends, endsBy: by });
    expect(ruleOn(RULES.objections, decided)?.id).toBe(objections);
    expect(ruleOn(RULES.disciplines, decided)?.id).toBe(disciplines);
  });

  test("the longest disclosure by the provincial regulation, and by analogy before it", () => {
    const old = (decided: string, ended: string) =>
      findPublicity(
        { record_type: "breach", severity: "serious", decided_on: decided, act_ended_on: ended },
        decided,
        RULES,
      );
    expect(old("2020-09-30", "2017-01-01")).toMatchObject({
      endsOn: "2022-01-01",
      endsBy: "before-shandong-38",
    });
    expect(old("2020-10-01", "2017-01-01")).toMatchObject({
      endsOn: "2022-01-01",
      endsBy: "shandong-38",
    });
  });
});
