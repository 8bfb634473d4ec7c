import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeCreditReportHtml } from "../../src/credit-report/html.ts";
import { issueCreditReport, type Purpose } from "../../src/credit-report/issue.ts";
import { datePdf, findBrowser, printPdf } from "../../src/credit-report/pdf.ts";
import { readCreditReport } from "../../src/credit-report/read-credit-report.ts";
import type { Bilingual } from "../../src/standard/bilingual.ts";
import { removeFolders } from "../end-to-end/tiny-workspace.ts";
import { publishListedCity } from "../lists/listed-city.ts";
import { findBinary } from "../services/find-binary.ts";

let folder: string;
beforeAll(async () => {
  ({ folder } = await publishListedCity());
});
afterAll(removeFolders);

/** Issued by an office of the test's own. */
async function issue(entity: string, asked: { purpose?: Purpose; addressee?: Bilingual } = {}) {
  return issueCreditReport(
    await readCreditReport(folder, entity),
    {
      office: {
        title: { zh: "市信用办公室", en: "City Credit Office" },
        mark: "信办",
        known_as: [],
      },
      report: {
        title: { zh: "排名", en: "Ranking" },
        levels: [],
        synthetic: { zh: "合成", en: "synthetic" },
      },
    },
    { issued_on: "2018-07-12", purpose: asked.purpose ?? "file", addressee: asked.addressee },
  );
}

test("East Lake's report holds what WORKED.md works out: index 51.5, second of three, C, and the record D1", async () => {
  const report = await readCreditReport(folder, "东湖区");
  expect(report.standing).toMatchObject({ score: 51.5, rank: 2, ranked_of: 3, grade: "C" });
  expect(report.contributions.reduce((sum, { points }) => sum + points, 0)).toBe(51.5);
  expect(report.history.at(-1)).toMatchObject({ period: "2018-06", score: 51.5 });
  expect(report.records).toMatchObject([
    {
      record_key: "D1",
      // Its source calls it serious, and no law or decision does.
      severity: null,
      state: "published",
      found_at: expect.stringMatching(/^records\/[0-9a-f]{12}:1$/),
    },
  ]);
  expect(report.lists.map(({ list_id, record_key }) => [list_id, record_key])).toEqual([
    ["black", "D1"],
    ["restriction-procurement", "D1"],
  ]);
  expect(report).toMatchObject({ as_of: "2018-07-10 00:00:00", synthetic: true });
});

test("the same folder gives the same page byte for byte, marked as synthetic, in both languages, without a person", async () => {
  const pages = [
    writeCreditReportHtml(await issue("999901")),
    writeCreditReportHtml(await issue("East Lake")),
  ];
  expect(pages[0]).toBe(pages[1]);
  expect(pages[0]).toMatch(/合成数据/);
  expect(pages[0]).toMatch(/On the black list|Serious record/);
  const hillfoot = writeCreditReportHtml(await issue("999902001"));
  // D4 is of an official: neither the name nor the record shows.
  expect(hillfoot).not.toMatch(/合成某官员|D4/);
});

test("carries number, office, day, purpose, addressee and the place of the seal; another purpose, another number", async () => {
  const addressee = { zh: "市财政局", en: "Finance Bureau" };
  const report = await issue("999901", { purpose: "procurement", addressee });
  expect(report.document).toMatchObject({
    number: expect.stringMatching(/^信办报〔2018〕[0-9A-F]{8}号$/),
    issued_on: "2018-07-12",
    purpose: { zh: "政府采购" },
    addressee,
    synthetic: true,
  });
  expect((await issue("999901", { purpose: "tender", addressee })).document.number).not.toBe(
    report.document.number,
  );
  const html = writeCreditReportHtml(report);
  for (const text of [
    "2018年7月12日",
    "12 July 2018",
    "市财政局",
    "此处加盖公章",
    "不具任何效力",
  ]) {
    expect(html).toContain(text);
  }
  // Records are named by their documents, never by our own keys or the files they came in.
  expect(html).not.toMatch(/>D1<|records\/[0-9a-f]{12}/);
});

test("somebody who is no body on file has no report", async () => {
  await expect(readCreditReport(folder, "91370200163562681G")).rejects.toThrow(
    /not a government body on file/,
  );
});

test("without a browser a sentence says what to install", () => {
  expect(() => findBrowser({ path: "" })).toThrow(/apt-get install chromium/);
  expect(() => findBrowser({ chromium: "nowhere/chromium", path: "" })).toThrow(
    /ZHENGXIN_CHROMIUM/,
  );
});

test("a PDF's dates become the as-of time, and nothing moves", () => {
  const pdf = Buffer.from(
    "%PDF /CreationDate (D:20261126000412+00'00') /ModDate (D:20261126000412+00'00') \xff",
    "latin1",
  );
  const dated = datePdf(pdf, "2018-07-10 08:30:00");
  expect(dated.length).toBe(pdf.length);
  expect(dated.toString("latin1")).toBe(
    "%PDF /CreationDate (D:20180710083000+00'00') /ModDate (D:20180710083000+00'00') \xff",
  );
});

const chromium = findBinary("chromium");

test.skipIf(!chromium)(
  "Chromium prints it twice to the same bytes",
  async () => {
    const html = writeCreditReportHtml(await issue("999901"));
    const print = () => printPdf(chromium as string, html, "2018-07-10 00:00:00");
    const [one, other] = [await print(), await print()];
    expect(one.subarray(0, 5).toString()).toBe("%PDF-");
    expect(one.equals(other)).toBe(true);
  },
  120_000,
);

test("a report made from an edition that is not everybody's says so on its face, in both languages", async () => {
  const report = await issue("999901");
  expect(report.audience).toBe("public");
  const mark = /<b class=edition>(.*?)<\/b>/;
  expect(writeCreditReportHtml(report)).not.toMatch(mark);
  const [, own] = writeCreditReportHtml({ ...report, audience: "internal" }).match(mark) ?? [];
  expect(own).toContain("内部版（不得公开）");
  expect(own).toContain("Internal edition, not to be published");
  const [, officers] = writeCreditReportHtml({ ...report, audience: "officers" }).match(mark) ?? [];
  expect(officers).toContain("经办版（只供经办人员）");
  // A month of an older program has no editions: everything stands in it.
  const older = mkdtempSync(join(tmpdir(), "zhengxin-older-"));
  cpSync(folder, older, { recursive: true });
  const file = join(older, "report.json");
  const { audience: _, ...untold } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify(untold));
  const read = await readCreditReport(older, "999901");
  expect(read.audience).toBeNull();
  const [, whose] = writeCreditReportHtml({ ...report, audience: null }).match(mark) ?? [];
  expect(whose).toContain("该期未载明供谁阅读");
  rmSync(older, { recursive: true });
});

test("what was filed, and by whom, stands in the table as words, not as markup", async () => {
  const issued = await issue("东湖区");
  const event = {
    record_key: "D1",
    event: "dispute",
    occurred_at: "2018-06-20 09:00:00",
    actor: { zh: "东湖区人民政府", en: "East Lake District <Government>" },
    document_no: "异议〔2018〕1号<b>",
  };
  const page = writeCreditReportHtml({
    ...issued,
    record_events: [event as unknown as (typeof issued.record_events)[number]],
  });
  expect(page).toContain(
    "<span lang=zh>东湖区人民政府</span><span lang=en>East Lake District &lt;Government&gt;</span>",
  );
  expect(page).toContain("异议〔2018〕1号&lt;b&gt;");
  expect(page).not.toMatch(/&lt;\/?span/);
});
