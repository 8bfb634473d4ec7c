import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import ExcelJS from "exceljs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { findPublished } from "../../src/publish/find-published.ts";
import { publish } from "../../src/publish/publish.ts";
import { TEXTS } from "../../src/publish/texts.ts";
import { fill } from "../../src/publish/words.ts";
import { HOSTILE, makeSmallCity } from "./small-city.ts";

let context: Context;
let folder: string;
let html: string;
beforeAll(async () => {
  context = await makeSmallCity();
  await publish(context);
  folder = findPublished(context.dataDir, "small");
  html = readFileSync(join(folder, "report.html"), "utf8");
});
afterAll(() => context.store.close());

/** Scores by hand: 0.6 × the first + 0.4 × the second of tests/publish/small-city.ts; 370203: 42 + 34 − 5. */
const EXPECTED = [
  ["370202", 1, 93.6, "A", 1, 88],
  ["370215", 2, 72, "C", 3, 72],
  ["370203", 3, 71, "C", 2, 79.2],
  ["dep1", 1, 93, "C", 1, 85],
  ["dep2", 2, 51, "D", 2, 46],
  ["dep3", null, null, null, null, null],
] as const;

test("the CSV opens in Excel and holds the scores unrounded", () => {
  const bytes = readFileSync(join(folder, "ranking.csv"));
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const rows = parse(bytes, { bom: true, columns: true }) as Record<string, string>[];
  const number = (text: string | undefined) => (text ? Number(text) : null);
  const found = rows.map((row) => [
    row.entity_id,
    number(row.rank),
    number(row.score),
    row.grade || null,
    number(row.rank_previous),
    number(row.score_previous),
  ]);
  expect(found.map(([id, rank]) => [id, rank])).toEqual([
    ["370202", 1],
    ["370215", 2],
    ["370203", 3],
    ["dep1", 1],
    ["dep2", 2],
    ["dep3", null],
  ]);
  for (const [id, rank, score, grade, rankBefore, scoreBefore] of EXPECTED) {
    const row = found.find((one) => one[0] === id);
    expect(row?.[1]).toBe(rank);
    expect(row?.[3]).toBe(grade);
    expect(row?.[4]).toBe(rankBefore);
    if (score === null) expect(row?.[2]).toBe(null);
    else expect(row?.[2]).toBeCloseTo(score, 9);
    if (scoreBefore !== null) expect(row?.[5]).toBeCloseTo(scoreBefore, 9);
  }
  expect(rows.find((row) => row.entity_id === "370215")?.name_zh).toBe(HOSTILE);
  expect(rows.find((row) => row.entity_id === "dep2")?.name_zh).toBe("'=住建局");
  expect(rows.find((row) => row.entity_id === "dep1")).toMatchObject({
    grade_before_veto: "A",
    vetoed_by: "debtor",
    state: "ranked",
    synthetic: "true",
  });
});

test("the JSON holds the same, with parts that add up to the score", () => {
  const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
  expect(report.synthetic.en).toBe("All data is invented.");
  const bodies = report.levels.flatMap((level: { peer_classes: { bodies: unknown[] }[] }) =>
    level.peer_classes.flatMap((peers) => peers.bodies),
  );
  expect(bodies.map((body: { entity_id: string }) => body.entity_id)).toEqual([
    "370202",
    "370215",
    "370203",
    "dep1",
    "dep2",
    "dep3",
  ]);
  const body = bodies.find((one: { entity_id: string }) => one.entity_id === "370203");
  expect(body.history).toHaveLength(4);
  expect(body.contributions.map((part: { points: number }) => part.points)).toEqual([-5, 42, 34]);
  expect(body.score).toBe(71);
  expect(body.records).toEqual([
    {
      kind: "deduction",
      rule: "dishonesty",
      record: "SX-2018-001",
      occurred_on: "2018-12-03",
      points: -5,
      disputed: false,
      place: "records/bbbbbbbbbbbb:2",
    },
  ]);
  expect(bodies.find((one: { entity_id: string }) => one.entity_id === "dep1").records).toEqual([
    {
      kind: "veto",
      rule: "debtor",
      record: "ZX-77",
      occurred_on: "2018-11-03",
      points: null,
      disputed: false,
      place: "records/bbbbbbbbbbbb:1",
    },
  ]);
});

test("the workbook has its five sheets with typed cells, a frozen head row and filters", async () => {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(readFileSync(join(folder, "ranking.xlsx")) as unknown as ArrayBuffer);
  expect(workbook.worksheets.map(({ name }) => name)).toEqual([
    "排名",
    "指标",
    "贡献",
    "数据质量",
    "方法",
  ]);
  for (const sheet of workbook.worksheets) {
    expect(sheet.views[0]).toMatchObject({ state: "frozen", ySplit: 1 });
    expect(sheet.autoFilter).toBeTruthy();
    expect(sheet.rowCount).toBeGreaterThan(1);
    sheet
      .getRow(1)
      .eachCell((cell) => expect(String(cell.value)).toMatch(/^\p{Script=Han}.*\n[A-Z]/u));
  }
  const ranking = workbook.getWorksheet("排名") as ExcelJS.Worksheet;
  const head = (ranking.getRow(1).values as string[]).map((title) => String(title).split("\n")[1]);
  const cell = (row: number, title: string) => ranking.getCell(row, head.indexOf(title));
  expect(cell(2, "Code")?.value).toBe("370202");
  expect(cell(2, "Score")?.value).toBeCloseTo(93.6, 9);
  expect(cell(2, "Score")?.numFmt).toBe("0.00");
  expect(cell(2, "Rank")?.value).toBe(1);
  expect(cell(2, "Coverage")?.numFmt).toBe("0.0%");
  expect(cell(2, "Period ends")?.value).toEqual(new Date("2018-12-31T00:00:00Z"));
  expect(cell(3, "Body (Chinese)")?.value).toBe(HOSTILE);
  const names: unknown[] = [];
  ranking.eachRow((row) => names.push(row.getCell(head.indexOf("Body (Chinese)")).value));
  expect(names).toContain("'=住建局");
  const points = workbook.getWorksheet("贡献") as ExcelJS.Worksheet;
  const column = (points.getRow(1).values as string[]).findIndex((title) =>
    /Points$/.test(String(title)),
  );
  let sum = 0;
  points.eachRow((row, number) => {
    if (number > 1) sum += Number(row.getCell(column).value ?? 0);
  });
  // 93.6 + 72 + 71 + 93 + 51
  expect(sum).toBeCloseTo(380.6, 6);
});

test("names cannot become markup or script", () => {
  expect(html).not.toContain(HOSTILE);
  expect(html).not.toContain("<script>alert");
  expect(html).not.toContain("Jimo <b>");
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;");
  expect(html.match(/<script/g)).toHaveLength(1);
});

test("the page needs nothing from outside", () => {
  const addresses = html.match(/\b(?:https?:|\/\/)[^\s"'<]*/g) ?? [];
  expect(addresses.filter((address) => !address.startsWith("// "))).toEqual([]);
  expect(html).not.toMatch(/<link|<img|<iframe|@import|url\((?!#)|src=/);
});

test("every anchor leads somewhere, and no id is used twice", () => {
  const ids = [...html.matchAll(/\sid=(?:"([^"]*)"|([^\s>]+))/g)].map(
    (found) => found[1] ?? found[2],
  );
  expect(new Set(ids).size).toBe(ids.length);
  const targets = [...html.matchAll(/href="#([^"]*)"/g)].map((found) => found[1]);
  expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  expect(targets).toContain("e-370203");
});

test("the page says what it must: banner, veto, record, quarantine, stale source, worked example", () => {
  for (const text of [
    "全部数据为虚构。",
    "All data is invented.",
    "SX-2018-001",
    "records/bbbbbbbbbbbb:2",
    "ZX-77",
    "日期无效",
    "沿用旧数据",
    "freshness",
    "运行告警",
    "Operations alerts",
    "小标准",
    "Notice 2",
    "测试数据",
  ]) {
    expect(html, text).toContain(text);
  }
  // 市南区: 96 % of decisions, 60 % of the index, 57.6 points.
  expect(html).toMatch(/class=example.*96.*60\.00%.*57\.60/s);
});

test("both languages are complete: as many Chinese texts as English ones, side by side", () => {
  const count = (language: string) =>
    html.match(new RegExp(`<span lang=${language}>`, "g"))?.length;
  expect(count("zh")).toBe(count("en"));
  expect(html.match(/<text lang=zh/g)?.length).toBe(html.match(/<text lang=en/g)?.length);
});

test("every text exists in both languages with the same places to fill", () => {
  const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
  for (const [key, { zh, en }] of Object.entries(TEXTS)) {
    expect(zh.trim(), key).not.toBe("");
    expect(en.trim(), key).not.toBe("");
    expect(places(zh), key).toEqual(places(en));
    if (key !== "language" && !/^[{}\w\s/]*$/.test(zh)) expect(zh, key).toMatch(/\p{Script=Han}/u);
    expect(key === "language" || !/\p{Script=Han}/u.test(en), key).toBe(true);
  }
  expect(() => fill(TEXTS.version, {})).toThrow(/version/);
});
