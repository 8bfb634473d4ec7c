import { type City, numbered, type SampleFile, type SampleSource } from "../city.ts";
import { type Day, FIRST_DAY, LAST_DAY, writeDay } from "../days.ts";
import { deliver, inOrder } from "../deliveries.ts";
import { encodeText, writeCsv } from "../files/csv.ts";

export const honours: SampleSource = {
  id: "honours",
  title: { zh: "荣誉表彰", en: "Honours" },
  note: {
    zh: "集体荣誉及其撤销。合成标记在末列“数据性质”。",
    en: "Honours of bodies, and those taken back. The synthetic mark is the last column, 数据性质.",
  },
  make: makeHonours,
};

const HONOURS = [
  { rank: "国家级", titles: ["全国守信践诺示范单位（合成）"] },
  { rank: "省级", titles: ["全省诚信建设先进集体（合成）", "全省政务公开先进单位（合成）"] },
  { rank: "市级", titles: ["全市守信践诺先进单位（合成）", "全市优化营商环境先进集体（合成）"] },
];

interface Honour {
  readonly number: string;
  readonly name: string;
  readonly title: string;
  readonly rank: string;
  readonly awarded: Day;
  readonly revoked: Day | null;
}

function makeHonours(city: City): SampleFile[] {
  const random = city.random("honours");
  const { districts, departments, townships } = city.register;
  const records: Honour[] = [];
  for (const body of [...districts, ...departments, ...townships]) {
    const mean =
      (townships.includes(body) ? 0.25 : 1.2) *
      Math.exp(0.6 * city.quality(body.code, "ratings", LAST_DAY - 365));
    for (let count = random.poisson(Math.min(4, mean)); count > 0; count--) {
      const awarded = city.calendar.onOrAfter(random.int(FIRST_DAY, LAST_DAY - 10));
      const draw = random.next();
      const kind = HONOURS[draw < 0.06 ? 0 : draw < 0.3 ? 1 : 2] as (typeof HONOURS)[number];
      const revoked = random.chance(0.05)
        ? city.calendar.onOrAfter(awarded + random.int(90, 400))
        : null;
      records.push({
        number: numbered("RY", records.length + 1),
        name: body.nameZh,
        title: random.pick(kind.titles),
        rank: kind.rank,
        awarded,
        revoked: revoked !== null && revoked <= LAST_DAY ? revoked : null,
      });
    }
  }
  const rows = inOrder(records.flatMap((record) => deliver(record, [record.awarded], ["revoked"])));
  const text = writeCsv(
    ["荣誉编号", "单位", "荣誉名称", "级别", "授予日期", "撤销日期", "推送日期"],
    rows.map(({ row, delivered }) => [
      row.number,
      row.name,
      row.title,
      row.rank,
      writeDay(row.awarded, "chinese"),
      writeDay(row.revoked, "chinese"),
      writeDay(delivered),
    ]),
  );
  return [{ name: "honours.csv", bytes: encodeText(text, "utf-8") }];
}
