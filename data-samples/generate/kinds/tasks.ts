import {
  type City,
  eventDays,
  numbered,
  type SampleFile,
  type SampleSource,
  takeTime,
} from "../city.ts";
import { type Day, partsOf, writeDay } from "../days.ts";
import { deliver, inOrder, type Version } from "../deliveries.ts";
import { dateCell, type SheetCell, writeXlsx } from "../files/xlsx.ts";
import { share } from "../quality.ts";
import type { Random } from "../random.ts";
import { codeOn } from "../register.ts";

export const tasks: SampleSource = {
  id: "tasks",
  title: { zh: "政务诚信任务台账", en: "Task list" },
  note: {
    zh: "各单位任务台账，含应查询使用信用报告的事项；每年一个工作簿，日期为日期单元格。合成标记在末列“数据性质”和工作表名。",
    en: "Tasks of each body, with the matters for which a credit report had to be used; a workbook a year, dates in date cells. The synthetic mark is the last column, 数据性质, and the sheet's name.",
  },
  make: makeTasks,
};

interface Task {
  readonly number: string;
  readonly code: string;
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly assigned: Day;
  readonly due: Day;
  readonly done: Day | null;
  readonly named: boolean;
}

const KINDS = [
  { kind: "组织领导", titles: ["明确诚信建设责任分工", "召开诚信建设调度会"] },
  { kind: "制度建设", titles: ["修订守信践诺制度", "制定信用承诺办法"] },
  { kind: "其他", titles: ["报送失信记录", "完成公示信息核查"] },
];
const REPORT_USE = {
  kind: "信用报告使用",
  titles: ["政府采购前查询信用报告", "专项资金审核查询信用报告"],
};

function makeTasks(city: City): Promise<SampleFile[]> {
  const random = city.random("tasks");
  const { districts, departments, townships } = city.register;
  const versions: Version<Task>[] = [];
  let count = 0;
  for (const body of [...districts, ...departments, ...townships]) {
    const small = townships.includes(body);
    const plans = small
      ? [{ perYear: 5, kinds: KINDS }]
      : [
          { perYear: 8, kinds: KINDS },
          { perYear: 5, kinds: [REPORT_USE] },
        ];
    for (const { perYear, kinds } of plans) {
      for (const assigned of eventDays(city, random, perYear)) {
        const quality = city.quality(body.code, "tasks", assigned);
        const number = numbered("RW", ++count, 5);
        const record = makeTask(
          city,
          random,
          { number, code: codeOn(body.code, assigned), name: body.nameZh, assigned, kinds },
          quality,
        );
        versions.push(...deliver(record, [assigned], ["done"]));
      }
    }
  }
  return writeYears(inOrder(versions));
}

function makeTask(
  { calendar }: City,
  random: Random,
  {
    kinds,
    ...start
  }: Pick<Task, "number" | "code" | "name" | "assigned"> & { kinds: typeof KINDS },
  quality: number,
): Task {
  const { kind, titles } = random.pick(kinds);
  const due = calendar.onOrAfter(start.assigned + random.pick([30, 45, 60, 90]));
  const after = takeTime(random, {
    onTime: share(quality, 1.8, 0.8),
    limit: due - start.assigned,
    never: 0.25,
  });
  return {
    ...start,
    kind,
    title: random.pick(titles),
    due,
    done: after === null ? null : start.assigned + after,
    named: random.chance(share(quality, 2.2, 0.7)),
  };
}

async function writeYears(versions: readonly Version<Task>[]): Promise<SampleFile[]> {
  const files: SampleFile[] = [];
  for (const year of [2016, 2017, 2018]) {
    const rows = versions.filter(
      ({ delivered }) => Math.max(2016, partsOf(delivered - 10).year) === year,
    );
    const bytes = await writeXlsx(`任务台账${year}`, COLUMNS, rows.map(toRow));
    files.push({ name: `tasks-${year}.xlsx`, bytes });
  }
  return files;
}

const COLUMNS = [
  "任务编号",
  "单位代码",
  "单位",
  "任务名称",
  "任务类别",
  "交办日期",
  "完成期限",
  "完成日期",
  "是否明确责任人",
  "推送日期",
];

function toRow({ row, delivered }: Version<Task>): SheetCell[] {
  return [
    row.number,
    row.code,
    row.name,
    row.title,
    row.kind,
    dateCell(row.assigned),
    dateCell(row.due),
    dateCell(row.done),
    row.named ? "是" : "否",
    writeDay(delivered),
  ];
}
