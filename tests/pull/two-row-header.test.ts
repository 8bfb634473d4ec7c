import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFixture } from "./pull-fixture.ts";

const FILE = join(import.meta.dirname, "../fixtures/two-row-header/失信记录2019.xlsx");

test("a sheet made for people: title lines, two header rows, a merged unit, sum and signatures", async () => {
  const fixture = await makeFixture({ type: "xlsx", skip: 2, header_rows: 2, merged: "fill" });
  fixture.write("失信记录2019.xlsx", readFileSync(FILE));
  await fixture.pull();
  const rows = await fixture.rows("*");
  expect(Object.keys(rows[0] as object).slice(2)).toEqual([
    "序号",
    "单位",
    "认定情况/类型",
    "认定情况/程度",
    "时间/认定日期",
    "时间/修复日期",
    "涉及金额(万元)",
    "状态",
  ]);
  expect(rows.map((row) => [row._line, row.单位, row["时间/认定日期"]])).toEqual([
    [5, "A7县", "2019年3月5日"],
    [6, "A8县", "2019-02-18"],
    [7, "A3区", "２０１９年４月１日"],
    [8, "A5区 ", "2019.5.6"],
    [9, "Ａ6区", "2019-05-20"],
    [10, "Ａ6区", "2019年5月"],
    [11, "A4区", "二〇一九年六月三日"],
    [12, "A7县", "43617"],
  ]);
  expect(await fixture.quarantined()).toMatchObject([
    { line: 13, reason: "left-out" },
    { line: 15, reason: "left-out" },
  ]);
});

test("a merged cell holds for its first row alone, unless the source says fill", async () => {
  const fixture = await makeFixture({ type: "xlsx", skip: 2, header_rows: 2 });
  fixture.write("失信记录2019.xlsx", readFileSync(FILE));
  await fixture.pull();
  expect((await fixture.rows("*")).map(({ 单位 }) => 单位).slice(4, 6)).toEqual(["Ａ6区", ""]);
});
