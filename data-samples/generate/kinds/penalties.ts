import { type City, eventDays, type SampleFile, type SampleSource, takeTime } from "../city.ts";
import { writeDay } from "../days.ts";
import { byYear, deliver, type Version } from "../deliveries.ts";
import { csvLine, encodeText } from "../files/csv.ts";
import { share } from "../quality.ts";
import { spoilUscc } from "../uscc.ts";
import { makeSubject } from "./licences.ts";
import { badPenaltyLines } from "./penalties-bad-lines.ts";
import { PENALTY_COLUMNS, type Penalty, penaltyRow } from "./penalty-row.ts";

export const penalties: SampleSource = {
  id: "penalties",
  title: { zh: "行政处罚双公示", en: "Administrative penalties (double publicity)" },
  note: {
    zh: "按双公示行政处罚标准栏目（CF_*），另加公示日期 GS_RQ 和归集时间 SJ_SJ。GB18030 编码。罚款金额 CF_NR_FK 以万元计，而处罚内容 CF_NR 以元写明。2018年的文件混有21行坏数据（植入），每年有数个校验不通过的统一代码（植入，标记后保留）。自然人的名称和证件号码为个人信息。合成标记在备注列 BZ。",
    en: "The standard columns of published penalties (CF_*), with the day of publication GS_RQ and time of collection SJ_SJ added. GB18030. The fine CF_NR_FK is in 万元 (10,000 yuan) while the text CF_NR says yuan. The file of 2018 holds 21 planted bad lines, and each year has a few planted codes whose check fails, to be flagged and kept. Names and identity numbers of natural persons are personal. The synthetic mark is the remarks column BZ.",
  },
  make: makePenalties,
};

const ACTS = [
  "未按规定办理备案",
  "擅自改变用途",
  "超标排放",
  "无证经营",
  "未落实安全措施",
  "虚假宣传",
];

function makePenalties(city: City): SampleFile[] {
  const { register, quality, calendar } = city;
  const versions: Version<Penalty>[] = [];
  let number = 0;
  for (const body of [...register.districts, ...register.departments]) {
    const random = city.random(`penalties/${body.code}`);
    const perYear = body.department ? body.department.penalties : 14;
    if (perYear === 0) continue;
    for (const decidedOn of eventDays(city, random, perYear)) {
      const level = quality(body.code, "publicity", decidedOn);
      const wait = takeTime(random, { onTime: share(level, 2.6, 0.65), limit: 7, never: 0.15 });
      const warned = random.chance(0.3);
      const penalty: Penalty = {
        number: `青合成罚字〔${writeDay(decidedOn).slice(0, 4)}〕第${String(++number).padStart(5, "0")}号`,
        body,
        subject: makeSubject(random.next(), random.int(1, 9000)),
        act: random.pick(ACTS),
        category: warned ? "警告" : "罚款",
        fine: warned ? 0 : random.int(5, 400) * 100,
        decidedOn,
        publishedOn: wait === null ? null : calendar.add(decidedOn, wait),
      };
      versions.push(...deliver(penalty, [decidedOn], ["publishedOn"]));
    }
  }
  return byYear(versions).map(([year, rows]) => {
    const lines = rows.map(({ row, delivered }, place) => {
      // Every 250th code of an organisation fails its check, as some real ones do.
      const spoilt = place % 250 === 100 && row.subject.uscc !== "";
      const uscc = spoilt ? spoilUscc(row.subject.uscc) : row.subject.uscc;
      return csvLine(penaltyRow({ ...row, subject: { ...row.subject, uscc } }, delivered));
    });
    if (year === 2018) plantBadLines(lines, rows);
    const bytes = encodeText(`${[PENALTY_COLUMNS, ...lines].join("\r\n")}\r\n`, "gb18030");
    return { name: `penalties-${year}.csv`, bytes };
  });
}

/** Puts the bad lines between the good ones, evenly. */
function plantBadLines(lines: string[], rows: readonly Version<Penalty>[]): void {
  const bad = badPenaltyLines(rows);
  const step = Math.floor(lines.length / bad.length);
  for (const [place, line] of bad.entries()) lines.splice(place * (step + 1) + 7, 0, line);
}
