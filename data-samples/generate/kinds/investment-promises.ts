import { type City, eventDays, numbered, type SampleFile, type SampleSource } from "../city.ts";
import { type Day, FIRST_DAY, LAST_DAY, writeDay } from "../days.ts";
import { deliver, inOrder, type Version } from "../deliveries.ts";
import { type SheetCell, writeXlsx } from "../files/xlsx.ts";
import { share } from "../quality.ts";
import type { Random } from "../random.ts";
import type { Body } from "../register.ts";

export const investmentPromises: SampleSource = {
  id: "investment-promises",
  title: { zh: "招商引资承诺台账", en: "Ledger of promises to investors" },
  note: {
    zh: "Excel 台账，金额以万元计。依法变更的记应补偿和已补偿金额。合成标记在工作表名和末列“数据性质”。",
    en: "An Excel ledger, amounts in 万元 (10,000 yuan); promises changed by law carry the compensation due and paid. The synthetic mark is in the sheet's name and the last column, 数据性质.",
  },
  make: makeInvestmentPromises,
};

interface Promised {
  number: string;
  body: Body;
  topic: string;
  amount: number;
  madeOn: Day;
  settledOn: Day | null;
  outcome: string;
  by: string;
  reason: string;
  due: number | null;
  paid: number | null;
}

const TOPICS = ["用地保障", "税收奖励兑现", "基础设施配套", "人才补贴", "审批时限", "厂房租金补贴"];
const COLUMNS =
  "承诺编号,承诺单位代码,承诺单位,承诺事项,涉及金额(万元),承诺日期,兑现情况,结果日期,违约方,违约原因,应补偿(万元),已补偿(万元),推送日期".split(
    ",",
  );

async function makeInvestmentPromises(city: City): Promise<SampleFile[]> {
  const { districts, departments } = city.register;
  const bodies = [...districts, ...departments.filter(({ department }) => department?.projects)];
  const versions: Version<Promised>[] = [];
  let serial = 0;
  for (const body of bodies) {
    const random = city.random(`investment/${body.code}`);
    for (const settledOn of eventDays(city, random, body.department ? 9 : 16)) {
      const number = numbered("ZS", ++serial);
      const promised = make(city, random, { number, body, settledOn });
      versions.push(...deliver(promised, [promised.madeOn], ["settledOn"], settle));
    }
  }
  const bytes = await writeXlsx("招商引资承诺", COLUMNS, inOrder(versions).map(toRow));
  return [{ name: "investment-promises.xlsx", bytes }];
}

function make(
  { quality }: City,
  random: Random,
  { number, body, settledOn }: { number: string; body: Body; settledOn: Day },
): Promised {
  const level = quality(body.code, "investment", settledOn);
  const kept = random.chance(share(level, 2.1, 0.65));
  const lawful = !kept && random.chance(0.45);
  const broken = !kept && !lawful;
  const byUs = broken && random.chance(0.85);
  const amount = random.int(20, 3000);
  const due = lawful || byUs ? Math.round(amount * (0.1 + 0.4 * random.next())) : null;
  const full = random.chance(share(level, 1.6, 0.6));
  return {
    number,
    body,
    topic: random.pick(TOPICS),
    amount,
    madeOn: Math.max(FIRST_DAY, settledOn - random.int(60, 400)),
    settledOn: settledOn <= LAST_DAY ? settledOn : null,
    outcome: kept ? "已兑现" : lawful ? "依法变更" : "违约",
    by: broken ? (byUs ? "政府方" : "投资方") : "",
    reason: broken ? random.pick(["换届后不再履行", "资金未落实", "规划调整", "投资未到位"]) : "",
    due,
    paid: due === null ? null : full ? due : Math.round(due * 0.6 * random.next()),
  };
}

function settle(row: Promised): Promised {
  if (row.settledOn !== null) return row;
  return { ...row, outcome: "履行中", by: "", reason: "", due: null, paid: null };
}

function toRow({ row, delivered }: Version<Promised>): SheetCell[] {
  return [
    row.number,
    row.body.code,
    row.body.nameZh,
    row.topic,
    row.amount,
    writeDay(row.madeOn, "slash"),
    row.outcome,
    writeDay(row.settledOn, "slash"),
    row.by,
    row.reason,
    row.due,
    row.paid,
    writeDay(delivered, "slash"),
  ];
}
