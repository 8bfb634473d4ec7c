import type { City, SampleFile, SampleSource } from "../city.ts";
import { type Day, dayOf, writeDay } from "../days.ts";
import { type DebtMonth, makeDebtModel } from "../debt-model.ts";
import { deliveryAfter, inOrder, type Version } from "../deliveries.ts";
import { encodeText, writeCsv } from "../files/csv.ts";
import { codeOn } from "../register.ts";
import { STORIES } from "../stories.ts";

export const debtMonthly: SampleSource = {
  id: "debt-monthly",
  title: { zh: "区市政府债务月报", en: "Monthly debt of districts" },
  note: {
    zh: "法定债务余额、限额、逾期和当月还本付息，以万元计；2018年6月有一条记录在11月更正（植入）。即墨2017年9月及以前用旧代码370282。合成标记在末列“数据性质”。",
    en: "Statutory debt, its limit, what is overdue and the month's debt service, in 万元 (10,000 yuan); a record of June 2018 was corrected in November (planted). Jimo has its old code 370282 until September 2017. The synthetic mark is the last column, 数据性质.",
  },
  make: makeDebtMonthly,
};

const COLUMNS =
  "区市代码,区市,截止日期,一般债务余额,专项债务余额,债务余额合计,一般债务限额,专项债务限额,债务限额合计,逾期债务,到期本金,已还本金,到期利息,已付利息,报送日期".split(
    ",",
  );

function makeDebtMonthly(city: City): SampleFile[] {
  const model = makeDebtModel(city);
  const story = STORIES.lateCorrection;
  const versions: Version<DebtMonth>[] = [];
  for (let month = 0; month < 36; month++) {
    const asAt = monthEnd(month);
    for (const { code } of city.register.districts) {
      const row = model.month(code, asAt);
      const delivered = deliveryAfter(asAt);
      if (code !== story.code || asAt !== story.asAt) {
        versions.push({ row, delivered });
        continue;
      }
      versions.push({ row: { ...row, overdue: 0 }, delivered });
      versions.push({ row: { ...row, overdue: story.overdue }, delivered: story.corrected });
    }
  }
  const text = writeCsv(
    COLUMNS,
    inOrder(versions).map(({ row, delivered }) => [
      codeOn(row.code, row.asAt),
      city.register.body(row.code).nameZh,
      writeDay(row.asAt),
      ...[row.general, row.special, row.general + row.special].map(money),
      ...[row.generalLimit, row.specialLimit, row.generalLimit + row.specialLimit].map(money),
      ...[row.overdue, row.principalDue, row.principalPaid].map(money),
      ...[row.interestDue, row.interestPaid].map(money),
      writeDay(delivered),
    ]),
  );
  return [{ name: "debt-monthly.csv", bytes: encodeText(text, "utf-8") }];
}

function money(value: number): string {
  return value.toFixed(2);
}

/** Last day of a month, counted from January 2016. */
function monthEnd(month: number): Day {
  const year = 2016 + Math.floor((month + 1) / 12);
  const next = ((month + 1) % 12) + 1;
  return dayOf(`${year}-${String(next).padStart(2, "0")}-01`) - 1;
}
