import type { City, SampleFile, SampleSource } from "../city.ts";
import { makeDebtModel } from "../debt-model.ts";
import { writeXlsx } from "../files/xlsx.ts";

export const debtAnnual: SampleSource = {
  id: "debt-annual",
  title: { zh: "区市财政决算", en: "Yearly finances of districts" },
  note: {
    zh: "2014至2017年度财政决算，以亿元计；次年4月报送，因此评价时点上没有2018年度。合成标记在工作表名和末列“数据性质”。",
    en: "Final accounts of 2014 to 2017, in 亿元 (100 million yuan); reported in April of the next year, so that 2018 is not known yet. The synthetic mark is in the sheet's name and the last column, 数据性质.",
  },
  make: makeDebtAnnual,
};

const COLUMNS =
  "区市,年度,截止日期,综合财力,一般公共预算收入,一般公共预算支出,政府性基金支出,税收收入,转移性收入,地区生产总值,一般债务付息,专项债务付息,政府性基金收入,土地出让收入,担保余额,报送日期".split(
    ",",
  );

async function makeDebtAnnual(city: City): Promise<SampleFile[]> {
  const model = makeDebtModel(city);
  const rows = [2014, 2015, 2016, 2017].flatMap((year) =>
    city.register.districts.map(({ code, nameZh }) => {
      const accounts = model.year(code, year);
      const { resources, revenue, spending, fundSpending, tax, transfers, gdp } = accounts;
      const money = [resources, revenue, spending, fundSpending, tax, transfers, gdp];
      return [
        nameZh,
        `${year}年`,
        `${year}年12月31日`,
        ...[...money, accounts.generalInterest, accounts.specialInterest].map(inHundredMillions),
        ...[accounts.fundRevenue, accounts.land, accounts.guarantees].map(inHundredMillions),
        // What was known before the demo begins was delivered with its first file.
        year < 2015 ? "2016-01-08" : `${year + 1}-04-08`,
      ];
    }),
  );
  return [{ name: "debt-annual.xlsx", bytes: await writeXlsx("区市财政决算", COLUMNS, rows) }];
}

function inHundredMillions(tenThousands: number): number {
  return Math.round(tenThousands) / 10_000;
}
