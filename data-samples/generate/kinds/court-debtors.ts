import type { City, SampleFile, SampleSource } from "../city.ts";
import { type Day, FIRST_DAY, LAST_DAY, partsOf, writeDay } from "../days.ts";
import { byYear, deliver, type Version } from "../deliveries.ts";
import { encodeText, writeCsv } from "../files/csv.ts";
import { personName } from "../people.ts";
import { share } from "../quality.ts";
import type { Body } from "../register.ts";
import { STORIES } from "../stories.ts";

export const courtDebtors: SampleSource = {
  id: "court-debtors",
  title: { zh: "机关失信被执行人", en: "Organs listed as judgment debtors" },
  note: {
    zh: "法院推送的失信被执行人中的国家机关（iname、cardnum、casecode、courtname、gistid 等通行栏目），另加名单状态、退出日期和推送日期。businessentity 为个人信息，不映射。合成标记在末列“数据性质”。",
    en: "The state organs among the court's list of dishonest judgment debtors, in its usual columns (iname, cardnum, casecode, courtname, gistid …), with state, day of removal and day of delivery added. businessentity is personal and not mapped. The synthetic mark is the last column, 数据性质.",
  },
  make: makeCourtDebtors,
};

interface Listing {
  number: number;
  body: Body;
  amount: number;
  publishedOn: Day;
  removedOn: Day | null;
}

function makeCourtDebtors(city: City): SampleFile[] {
  const { register, quality } = city;
  const random = city.random("court-debtors");
  const bodies = [...register.districts, ...register.departments, ...register.townships];
  const versions: Version<Listing>[] = [];
  let number = 0;
  const list = (body: Body, publishedOn: Day, removedOn: Day | null, amount: number) => {
    const listing = { number: ++number, body, amount, publishedOn, removedOn };
    versions.push(...deliver(listing, [publishedOn], ["removedOn"]));
  };
  for (const body of bodies) {
    const publishedOn = random.int(FIRST_DAY + 5, LAST_DAY - 150);
    const removedOn = publishedOn + random.int(25, 140);
    const chance = share(quality(body.code, "records", publishedOn), -2.3, -0.9);
    const planted = body.code === STORIES.veto.code || body.code === STORIES.leading.code;
    if (random.chance(chance) && !planted) {
      list(body, publishedOn, removedOn, random.int(30, 4000) * 1000);
    }
  }
  const { code, listed, amount } = STORIES.veto;
  list(register.body(code), listed, null, amount);
  return byYear(versions).map(([year, rows]) => {
    const text = writeCsv(COLUMNS, rows.map(toRow));
    return { name: `debtors-${year}.csv`, bytes: encodeText(text, "utf-8") };
  });
}

const COLUMNS =
  "iname,cardnum,casecode,courtname,areaname,regdate,publishdate,gistid,gistunit,duty,performance,performedPart,unperformPart,disrupttypename,businessentity,type,名单状态,退出日期,推送日期".split(
    ",",
  );

function toRow({ row, delivered }: Version<Listing>) {
  const { year } = partsOf(row.publishedOn);
  const removed = row.removedOn !== null;
  return [
    row.body.nameZh,
    row.body.uscc,
    `（${year}）鲁02执合成${String(row.number).padStart(4, "0")}号`,
    "青岛市合成人民法院",
    "山东",
    writeDay(row.publishedOn - 60, "chinese"),
    writeDay(row.publishedOn, "chinese"),
    `（${year - 1}）鲁02民初合成${String(row.number).padStart(4, "0")}号`,
    "青岛市合成人民法院",
    `支付货款${row.amount}元及利息`,
    removed ? "全部履行" : "全部未履行",
    "",
    "",
    "有履行能力而拒不履行生效法律文书确定义务",
    personName(row.number),
    1,
    removed ? "已退出" : "公布中",
    writeDay(row.removedOn, "chinese"),
    writeDay(delivered, "chinese"),
  ];
}
