import { type City, type SampleFile, type SampleSource, takeTime } from "../city.ts";
import { type Day, dayOf, writeDay } from "../days.ts";
import { deliver, inOrder, type Version } from "../deliveries.ts";
import { type SheetCell, writeXlsx } from "../files/xlsx.ts";
import { share } from "../quality.ts";
import type { Random } from "../random.ts";
import type { Body } from "../register.ts";

export const proposals: SampleSource = {
  id: "proposals",
  title: { zh: "人大代表建议和政协提案", en: "Congress suggestions and CPPCC proposals" },
  note: {
    zh: "Excel，日期为文字（2018年3月5日）；办理结果按A类（已解决）、B类（列入计划）、C类（留作参考）。合成标记在工作表名和末列“数据性质”。",
    en: "Excel with dates as text (2018年3月5日); outcomes are class A (solved), B (planned) or C (explained). The synthetic mark is in the sheet's name and the last column, 数据性质.",
  },
  make: makeProposals,
};

interface Proposal {
  number: string;
  kind: string;
  body: Body;
  topic: string;
  assignedOn: Day;
  dueOn: Day;
  repliedOn: Day | null;
  satisfaction: string;
  outcome: string;
}

const TOPICS = ["城市建设", "教育卫生", "交通出行", "环境保护", "经济发展", "社会保障", "文化旅游"];
const COLUMNS = "编号,类别,主题,承办单位,交办日期,办理期限,答复日期,满意度,办理结果,推送日期".split(
  ",",
);

async function makeProposals(city: City): Promise<SampleFile[]> {
  const { districts, departments } = city.register;
  const versions: Version<Proposal>[] = [];
  let serial = 0;
  for (const body of [...districts, ...departments]) {
    const random = city.random(`proposals/${body.code}`);
    for (const year of [2016, 2017, 2018]) {
      for (const kind of ["人大代表建议", "政协提案"]) {
        const count = random.int(4, 6) + (body.department ? 0 : 3);
        for (let place = 0; place < count; place++) {
          const number = `${kind.slice(0, 2)}〔${year}〕${String(++serial).padStart(4, "0")}号`;
          const proposal = make(city, random, { number, kind, body, year });
          versions.push(...deliver(proposal, [proposal.assignedOn], ["repliedOn"], settle));
        }
      }
    }
  }
  const bytes = await writeXlsx("建议提案办理", COLUMNS, inOrder(versions).map(toRow));
  return [{ name: "proposals.xlsx", bytes }];
}

/** Given out after the sessions in February and March, due in three to six months. */
function make(
  { quality, calendar }: City,
  random: Random,
  { number, kind, body, year }: Pick<Proposal, "number" | "kind" | "body"> & { year: number },
): Proposal {
  const assignedOn = calendar.onOrAfter(dayOf(`${year}-02-22`) + random.int(0, 35));
  const level = quality(body.code, "proposals", assignedOn + 100);
  const term = random.pick([90, 120, 180]);
  const wait = takeTime(random, { onTime: share(level, 2.8, 0.65), limit: term, never: 0.1 });
  const happy = random.chance(share(level, 2.3, 0.6));
  const solved = random.chance(share(level, 0.55, 0.4));
  return {
    number,
    kind,
    body,
    topic: random.pick(TOPICS),
    assignedOn,
    dueOn: assignedOn + term,
    repliedOn: wait === null ? null : assignedOn + Math.max(15, wait),
    satisfaction: random.chance(0.05)
      ? ""
      : happy
        ? random.pick(["满意", "满意", "基本满意"])
        : "不满意",
    outcome: solved ? "A" : random.pick(["B", "B", "C"]),
  };
}

function settle(row: Proposal): Proposal {
  return row.repliedOn === null ? { ...row, satisfaction: "", outcome: "" } : row;
}

function toRow({ row, delivered }: Version<Proposal>): SheetCell[] {
  return [
    row.number,
    row.kind,
    row.topic,
    row.body.nameZh,
    writeDay(row.assignedOn, "chinese"),
    writeDay(row.dueOn, "chinese"),
    writeDay(row.repliedOn, "chinese"),
    row.satisfaction,
    row.outcome,
    writeDay(delivered, "chinese"),
  ];
}
