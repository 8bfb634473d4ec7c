import {
  type City,
  eventDays,
  MARK,
  type SampleFile,
  type SampleSource,
  takeTime,
} from "../city.ts";
import { type Day, writeDay } from "../days.ts";
import { byYear, deliver, type Version } from "../deliveries.ts";
import { type Cell, csvLine, encodeText } from "../files/csv.ts";
import { companyName, idNumber, personName } from "../people.ts";
import { share } from "../quality.ts";
import type { Body } from "../register.ts";
import { makeUscc } from "../uscc.ts";

export const licences: SampleSource = {
  id: "licences",
  title: { zh: "行政许可双公示", en: "Administrative licences (double publicity)" },
  note: {
    zh: "按双公示行政许可标准栏目（XK_*），另加平台的公示日期 GS_RQ、跑办次数 PBCS 和归集时间 SJ_SJ：标准栏目没有公示日期。UTF-8 带 BOM。自然人的名称和证件号码为个人信息。合成标记在备注列 BZ。",
    en: "The standard columns of published licences (XK_*), with the platform's day of publication GS_RQ, number of visits PBCS and time of collection SJ_SJ added, since the standard columns lack the day of publication. UTF-8 with a byte order mark. Names and identity numbers of natural persons are personal. The synthetic mark is the remarks column BZ.",
  },
  make: makeLicences,
};

interface Licence {
  number: string;
  body: Body;
  subject: Subject;
  name: string;
  category: string;
  decidedOn: Day;
  publishedOn: Day | null;
  visits: number | null;
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly uscc: string;
  readonly person: string;
  readonly representative: string;
}

/** A company, sole trader or natural person, all invented. */
export function makeSubject(draw: number, number: number): Subject {
  const person = draw < 0.06;
  const trader = draw < 0.16;
  return {
    kind: person ? "自然人" : trader ? "个体工商户" : "法人及非法人组织",
    name: person ? personName(number) : trader ? `合成商店${number}号` : companyName(number),
    uscc: person ? "" : makeUscc(trader ? "92" : "91", "370200", number),
    person: person ? idNumber(number) : "",
    representative: person ? "" : personName(number + 3),
  };
}

const CATEGORIES = ["普通", "普通", "普通", "特许", "认可", "核准", "核准", "登记", "其他"];
const NAMES = ["经营许可证", "建设许可证", "从业资格证", "占道许可", "备案核准书", "排放许可证"];

const COLUMNS =
  "XK_XDR_MC,XK_XDR_LB,XK_XDR_SHXYM,XK_XDR_GSZC,XK_XDR_ZZJG,XK_XDR_SWDJ,XK_XDR_SYDW,XK_XDR_SHZZ,XK_FRDB,XK_XDR_ZJLX,XK_XDR_ZJHM,XK_XKWS,XK_WSH,XK_XKLB,XK_XKZS,XK_XKBH,XK_NR,XK_JDRQ,XK_YXQZ,XK_YXQZI,XK_XKJG,XK_XKJGDM,XK_ZT,GS_RQ,PBCS,SJ_SJ,BZ";

function makeLicences(city: City): SampleFile[] {
  const { register, quality, calendar } = city;
  const versions: Version<Licence>[] = [];
  let number = 0;
  for (const body of [...register.districts, ...register.departments]) {
    const random = city.random(`licences/${body.code}`);
    const perYear = body.department ? body.department.licences : 14;
    if (perYear === 0) continue;
    for (const decidedOn of eventDays(city, random, perYear)) {
      const level = quality(body.code, "publicity", decidedOn);
      const wait = takeTime(random, { onTime: share(level, 2.75, 0.65), limit: 7, never: 0.15 });
      const once = random.chance(share(level, 2.3, 0.6));
      const licence: Licence = {
        number: `青合成许字〔${writeDay(decidedOn).slice(0, 4)}〕第${String(++number).padStart(5, "0")}号`,
        body,
        subject: makeSubject(random.next(), random.int(1, 9000)),
        name: random.pick(NAMES),
        category: random.pick(CATEGORIES),
        decidedOn,
        publishedOn: wait === null ? null : calendar.add(decidedOn, wait),
        visits: random.chance(0.02) ? null : once ? random.int(0, 1) : random.int(2, 4),
      };
      versions.push(...deliver(licence, [decidedOn], ["publishedOn"]));
    }
  }
  return byYear(versions).map(([year, rows]) => {
    const text = [COLUMNS, ...rows.map((version) => csvLine(toRow(version)))].join("\r\n");
    return { name: `licences-${year}.csv`, bytes: encodeText(`${text}\r\n`, "utf-8-bom") };
  });
}

function toRow({ row, delivered }: Version<Licence>): Cell[] {
  const { body, subject } = row;
  return [
    subject.name,
    subject.kind,
    subject.uscc,
    ...["", "", "", "", ""],
    subject.representative,
    subject.person && "身份证",
    subject.person,
    row.name,
    row.number,
    row.category,
    row.name,
    "",
    "准予许可",
    writeDay(row.decidedOn, "slash"),
    writeDay(row.decidedOn, "slash"),
    writeDay(row.decidedOn + 1095, "slash"),
    body.nameZh,
    body.uscc,
    "1",
    writeDay(row.publishedOn, "slash"),
    row.visits,
    writeDay(delivered, "slash"),
    MARK,
  ];
}
