import {
  Bool,
  DateDay,
  Field,
  Float64,
  Int32,
  Schema,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import {
  type City,
  eventDays,
  MARK,
  numbered,
  type SampleFile,
  type SampleSource,
} from "../city.ts";
import { type Day, partsOf } from "../days.ts";
import { deliveryAfter, LAST_DELIVERY } from "../deliveries.ts";
import { share } from "../quality.ts";
import { codeOn } from "../register.ts";

export const training: SampleSource = {
  id: "training",
  title: { zh: "诚信教育培训", en: "Integrity training" },
  note: {
    zh: "培训系统导出的 Arrow 文件（IPC 文件格式）。合成标记在列 data_nature 和文件元数据。",
    en: "Exported by the training system as Arrow (IPC file). The synthetic mark is the column data_nature and the file's metadata.",
  },
  make: makeTraining,
};

const TOPICS = [
  "政务诚信与守信践诺",
  "政府采购与合同履约",
  "双公示与信息公开",
  "债务风险与预算约束",
  "信用修复与异议处理",
];

interface Course {
  readonly number: string;
  readonly code: string;
  readonly held: Day;
  readonly staff: number;
  readonly trained: number;
  readonly hours: number | null;
  readonly topic: string;
}

function makeTraining(city: City): SampleFile[] {
  const random = city.random("training");
  const { districts, departments, townships } = city.register;
  const courses: Course[] = [];
  for (const body of [...districts, ...departments, ...townships]) {
    const perYear = townships.includes(body) ? 2 : 4;
    for (const held of eventDays(city, random, perYear)) {
      const quality = city.quality(body.code, "training", held);
      const reached = Math.min(1, Math.max(0.2, share(quality, 1.6, 0.7) + 0.06 * random.normal()));
      courses.push({
        number: numbered("PX", courses.length + 1),
        code: codeOn(body.code, held),
        held,
        staff: body.staff,
        trained: Math.round(body.staff * reached),
        hours: random.chance(0.03)
          ? null
          : Math.max(1, Math.round(2 * (3 + 0.6 * quality + random.normal())) / 2),
        topic: random.pick(TOPICS),
      });
    }
  }
  const delivered = courses
    .filter(({ held }) => deliveryAfter(held) <= LAST_DELIVERY)
    .sort((a, b) => a.held - b.held || (a.number < b.number ? -1 : 1));
  return [{ name: "training.arrow", bytes: tableToIPC(toTable(delivered), "file") }];
}

function toTable(courses: readonly Course[]): Table {
  const date = (day: Day) => new Date(`${partsOf(day).iso}T00:00:00Z`);
  const columns = {
    course_no: vectorFromArray(
      courses.map(({ number }) => number),
      new Utf8(),
    ),
    org_code: vectorFromArray(
      courses.map(({ code }) => code),
      new Utf8(),
    ),
    held_on: vectorFromArray(
      courses.map(({ held }) => date(held)),
      new DateDay(),
    ),
    staff_total: vectorFromArray(
      courses.map(({ staff }) => staff),
      new Int32(),
    ),
    staff_trained: vectorFromArray(
      courses.map(({ trained }) => trained),
      new Int32(),
    ),
    hours: vectorFromArray(
      courses.map(({ hours }) => hours),
      new Float64(),
    ),
    topic: vectorFromArray(
      courses.map(({ topic }) => topic),
      new Utf8(),
    ),
    online: vectorFromArray(
      courses.map(({ number }) => number.endsWith("5")),
      new Bool(),
    ),
    reported_on: vectorFromArray(
      courses.map(({ held }) => date(deliveryAfter(held))),
      new DateDay(),
    ),
    data_nature: vectorFromArray(
      courses.map(() => MARK),
      new Utf8(),
    ),
  };
  const bare = new Table(columns);
  const fields = bare.schema.fields.map((field) => new Field(field.name, field.type, true));
  const schema = new Schema(fields, new Map([["data_nature", MARK]]));
  return new Table(schema, columns);
}
