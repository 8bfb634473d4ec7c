import {
  type City,
  eventDays,
  numbered,
  type SampleFile,
  type SampleSource,
  takeTime,
} from "../city.ts";
import { type Day, writeDay } from "../days.ts";
import { deliver, inOrder, type Version } from "../deliveries.ts";
import { encodeText, writeCsv } from "../files/csv.ts";
import { share } from "../quality.ts";
import type { Body } from "../register.ts";

export const decisions: SampleSource = {
  id: "decisions",
  title: { zh: "重大行政决策", en: "Major administrative decisions" },
  note: {
    zh: "重大行政决策目录，六个程序环节填是、否或不适用。UTF-16 编码的 CSV（带 BOM）。合成标记在末列“数据性质”。",
    en: "The list of major decisions; each of the six steps says 是 (yes), 否 (no) or 不适用 (not required). CSV in UTF-16 with a byte order mark. The synthetic mark is the last column, 数据性质.",
  },
  make: makeDecisions,
};

interface Decision {
  number: string;
  body: Body;
  title: string;
  decidedOn: Day;
  publishedOn: Day | null;
  steps: string[];
}

const STEPS = ["公众参与", "专家论证", "风险评估", "合法性审查", "合规性审查", "集体讨论"];
const TITLES = [
  "公共服务价格调整",
  "重大工程立项",
  "区域规划修编",
  "财政专项安排",
  "公共资产处置",
  "管理办法制定",
];

function makeDecisions(city: City): SampleFile[] {
  const { districts, departments } = city.register;
  const versions: Version<Decision>[] = [];
  let serial = 0;
  for (const body of [...districts, ...departments]) {
    const random = city.random(`decisions/${body.code}`);
    for (const decidedOn of eventDays(city, random, body.department ? 8 : 14)) {
      const level = city.quality(body.code, "procedure", decidedOn);
      const wait = takeTime(random, { onTime: share(level, 2.6, 0.65), limit: 20, never: 0.2 });
      // All six together are kept as often as a duty is; a decision that skips one skips few.
      const complete = random.chance(share(level, 2.35, 0.65));
      const skipped = complete ? -1 : random.int(0, 4);
      const decision: Decision = {
        number: numbered("JC", ++serial),
        body,
        title: `${random.pick(TITLES)}（合成${serial}）`,
        decidedOn,
        publishedOn: wait === null ? null : city.calendar.add(decidedOn, wait),
        steps: STEPS.map((_, place) =>
          place === skipped ? "否" : place < 3 && random.chance(0.12) ? "不适用" : "是",
        ),
      };
      versions.push(...deliver(decision, [decidedOn], ["publishedOn"]));
    }
  }
  const columns = [
    "决策编号",
    "决策机关代码",
    "决策机关",
    "事项",
    "决策日期",
    "公开日期",
    ...STEPS,
    "推送日期",
  ];
  const text = writeCsv(
    columns,
    inOrder(versions).map(({ row, delivered }) => [
      row.number,
      row.body.code,
      row.body.nameZh,
      row.title,
      writeDay(row.decidedOn, "compact"),
      writeDay(row.publishedOn, "compact"),
      ...row.steps,
      writeDay(delivered, "compact"),
    ]),
  );
  return [{ name: "decisions.csv", bytes: encodeText(text, "utf-16") }];
}
