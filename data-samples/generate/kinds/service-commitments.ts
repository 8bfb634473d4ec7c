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
import { type Cell, writeCsv } from "../files/csv.ts";
import { gzip } from "../files/gzip.ts";
import { share } from "../quality.ts";
import type { Random } from "../random.ts";
import { codeOn } from "../register.ts";

export const serviceCommitments: SampleSource = {
  id: "service-commitments",
  title: { zh: "街道和镇公开承诺", en: "Public commitments of subdistricts and towns" },
  note: {
    zh: "街道和镇在十四个服务领域的公开承诺及其兑现；每月8日推送，公开或兑现后再次推送。合成标记在末列“数据性质”。",
    en: "What subdistricts and towns promised in the fourteen service fields, and whether they kept it; delivered on the 8th of each month, and again once disclosed or fulfilled. The synthetic mark is the last column, 数据性质.",
  },
  make: makeServiceCommitments,
};

/** The fourteen fields of the policy's chapter on subdistricts and towns. */
export const FIELDS = [
  "就业",
  "物业",
  "就学",
  "计生",
  "养老",
  "助残",
  "扶贫",
  "医保",
  "住房",
  "出行",
  "停车",
  "防火防盗",
  "拥军优属",
  "便民服务",
];

interface Commitment {
  readonly number: string;
  readonly code: string;
  readonly name: string;
  readonly field: string;
  readonly promised: Day;
  readonly disclosed: Day | null;
  readonly due: Day;
  readonly fulfilled: Day | null;
  readonly rating: string;
}

const COLUMNS = [
  "承诺编号",
  "单位代码",
  "单位",
  "服务领域",
  "承诺日期",
  "公开日期",
  "兑现期限",
  "兑现日期",
  "群众评价",
  "推送日期",
];

function makeServiceCommitments(city: City): SampleFile[] {
  const random = city.random("service-commitments");
  const versions: Version<Commitment>[] = [];
  let count = 0;
  for (const { code, nameZh } of city.register.townships) {
    for (const field of FIELDS) {
      for (const promised of eventDays(city, random, 1)) {
        const quality = city.quality(code, "services", promised);
        // A weak street leaves some fields without any promise.
        if (!random.chance(share(quality, 2.4, 0.9))) continue;
        const number = numbered("FW", ++count, 5);
        const record = makeCommitment(
          city,
          random,
          { number, code, name: nameZh, field, promised },
          quality,
        );
        versions.push(
          ...deliver(record, [promised, record.due], ["disclosed", "fulfilled"], (row) =>
            row.fulfilled === null ? { ...row, rating: "" } : row,
          ),
        );
      }
    }
  }
  const text = writeCsv(COLUMNS, inOrder(versions).map(toRow));
  return [{ name: "service-commitments.csv.gz", bytes: gzip(text) }];
}

function makeCommitment(
  { calendar }: City,
  random: Random,
  start: Pick<Commitment, "number" | "code" | "name" | "field" | "promised">,
  quality: number,
): Commitment {
  const due = calendar.onOrAfter(start.promised + random.pick([60, 90, 120, 180]));
  const openAfter = takeTime(random, { onTime: share(quality, 2, 0.8), limit: 20, never: 0.15 });
  const doneAfter = takeTime(random, {
    onTime: share(quality, 1.7, 0.8),
    limit: due - start.promised,
    never: 0.3,
  });
  const satisfied = share(quality, 1.9, 0.7);
  return {
    ...start,
    due,
    disclosed: openAfter === null ? null : calendar.add(start.promised, openAfter),
    fulfilled: doneAfter === null ? null : start.promised + doneAfter,
    rating: random.chance(0.08)
      ? "未评价"
      : random.chance(satisfied)
        ? random.pick(["满意", "满意", "基本满意"])
        : "不满意",
  };
}

function toRow({ row, delivered }: Version<Commitment>): Cell[] {
  return [
    row.number,
    codeOn(row.code, row.promised),
    row.name,
    row.field,
    writeDay(row.promised, "slash"),
    writeDay(row.disclosed, "slash"),
    writeDay(row.due, "slash"),
    writeDay(row.fulfilled, "slash"),
    row.rating,
    writeDay(delivered),
  ];
}
