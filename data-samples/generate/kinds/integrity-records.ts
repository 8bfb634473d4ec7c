import {
  type City,
  eventDays,
  MARK,
  MARK_COLUMN,
  numbered,
  type SampleFile,
  type SampleSource,
  takeTime,
} from "../city.ts";
import { type Day, FIRST_DAY, writeDay } from "../days.ts";
import { byYear, deliver, type Version } from "../deliveries.ts";
import { gzip } from "../files/gzip.ts";
import { idNumber, personName } from "../people.ts";
import { share } from "../quality.ts";
import type { Random } from "../random.ts";
import type { Body } from "../register.ts";
import { STORIES } from "../stories.ts";

export const integrityRecords: SampleSource = {
  id: "integrity-records",
  title: { zh: "政务失信记录", en: "Integrity records" },
  note: {
    zh: "市信用平台的政务失信记录，JSON 数组，一年一个文件；同一记录编号随状态变化再次推送，较新的一行为更正。公务员记录的当事人、证件号码为个人信息。合成标记在字段“数据性质”。",
    en: "The municipal platform's records of government dishonesty, a JSON array a year; a record is delivered again under its number whenever its state changes. 当事人 (person) and 证件号码 (identity number) of records of officials are personal. The synthetic mark is the field 数据性质.",
  },
  make: makeIntegrityRecords,
};

const SEVERITIES = ["轻微", "一般", "严重"];
/** Days after which a record is no longer published. */
const TERMS = [180, 365, 1095];

interface IntegrityRecord {
  number: string;
  body: Body;
  type: string;
  severity: number;
  field: string;
  /** Number of the invented official; null: the organ itself. */
  official: number | null;
  decidedOn: Day;
  publishedOn: Day | null;
  filedOn: Day | null;
  answeredOn: Day | null;
  ruledOn: Day | null;
  ruling: "维持" | "更正" | "撤销" | null;
  repairedOn: Day | null;
  expiredOn: Day | null;
  state: string;
  stateOn: Day;
}

const TYPES = ["违法违规", "失信违约", "失信违约", "司法判决", "行政处罚", "问责处理"];
const FIELDS = ["政府采购", "PPP", "招标投标", "招商引资", "债务", "街道乡镇", "其他", "其他"];

/** Leads whose life record-events tells: a breach alone is ordered to be rectified before it is confirmed. */
const BREACHES = new Set(["SX01143", "SX01684"]);

function makeIntegrityRecords(city: City): SampleFile[] {
  const { districts, departments, townships } = city.register;
  const versions: Version<IntegrityRecord>[] = [];
  let serial = 0;
  const add = (record: IntegrityRecord) => versions.push(...deliverRecord(record));
  for (const body of [...districts, ...departments, ...townships]) {
    const random = city.random(`integrity-records/${body.code}`);
    const level = city.quality(body.code, "records", FIRST_DAY + 548);
    const leads = body.code === STORIES.leading.code;
    const base = body.code.length === 9 ? 2.3 : 3.4;
    const perYear = leads ? 2 : base + Math.min(2.5, Math.exp(-0.7 * level));
    for (const decidedOn of eventDays(city, random, perYear)) {
      add(makeRecord(city, random, { number: numbered("SX", ++serial, 5), body, decidedOn }));
    }
  }
  add(objectionStory(city));
  return byYear(versions).map(([year, rows]) => {
    const lines = rows.map((version) => JSON.stringify(toObject(version)));
    const bytes = gzip(`[\n${lines.join(",\n")}\n]\n`);
    return { name: `records-${year}.json.gz`, bytes };
  });
}

function makeRecord(
  { quality, calendar }: City,
  random: Random,
  { number, body, decidedOn }: { number: string; body: Body; decidedOn: Day },
): IntegrityRecord {
  const level = quality(body.code, "records", decidedOn);
  const isLead = random.chance(0.08);
  const official = random.chance(0.08) ? random.int(1, 4000) : null;
  const severe = random.next();
  const severity =
    severe < share(level, -3.8, -0.5) ? 2 : severe < share(level, -1.4, -0.4) ? 1 : 0;
  const wait = takeTime(random, { onTime: share(level, 2.3, 0.6), limit: 7, never: 0.05 });
  const publishedOn = wait === null ? null : calendar.add(decidedOn, wait);
  const disputes = publishedOn !== null && random.chance(body.code.length === 9 ? 0.12 : 0.7);
  const filedOn = disputes ? calendar.add(publishedOn, random.int(3, 25)) : null;
  const answer = takeTime(random, { onTime: share(level, 2.6, 0.65), limit: 7, never: 0.1 });
  const answeredOn = filedOn === null || answer === null ? null : calendar.add(filedOn, answer);
  const fate = random.next();
  const ruling = answeredOn === null ? null : fate < 0.8 ? "维持" : fate < 0.9 ? "更正" : "撤销";
  const repairs = random.chance(share(level, 1.9, 0.55));
  const repairedOn = decidedOn + 35 + random.geometric(55 + 60 * severity);
  const mended = repairs && ruling !== "撤销" ? Math.max(repairedOn, (answeredOn ?? 0) + 5) : null;
  const runsOut = decidedOn + (TERMS[severity] as number);
  const record: IntegrityRecord = {
    number,
    body,
    type: official === null ? random.pick(TYPES) : "纪律处分",
    severity,
    field: random.pick(FIELDS),
    official,
    decidedOn,
    publishedOn,
    filedOn,
    answeredOn,
    ruledOn: ruling === "维持" ? null : answeredOn,
    ruling,
    repairedOn: mended,
    // A repaired record is closed already; running out changes nothing about it.
    expiredOn: mended !== null && mended < runsOut ? null : runsOut,
    state: "认定",
    stateOn: decidedOn,
  };
  if (!isLead) return record;
  if (BREACHES.has(number)) record.type = "失信违约";
  const blank = { publishedOn: null, filedOn: null, answeredOn: null, ruledOn: null, ruling: null };
  const state = random.pick(["线索", "核实", "责令整改"]);
  return { ...record, ...blank, repairedOn: null, expiredOn: null, state };
}

/** A serious record that is disputed, found wrong and revoked: what was deducted for it comes back. */
function objectionStory({ register }: City): IntegrityRecord {
  const story = STORIES.objection;
  return {
    number: "SX-2018-ZY",
    body: register.department(story.department),
    type: "问责处理",
    severity: 2,
    field: "招标投标",
    official: null,
    decidedOn: story.decided,
    publishedOn: story.published,
    filedOn: story.filed,
    answeredOn: story.answered,
    ruledOn: story.revoked,
    ruling: "撤销",
    repairedOn: null,
    expiredOn: story.decided + 1095,
    state: "认定",
    stateOn: story.decided,
  };
}

function deliverRecord(record: IntegrityRecord): Version<IntegrityRecord>[] {
  const events = [
    "publishedOn",
    "filedOn",
    "answeredOn",
    "ruledOn",
    "repairedOn",
    "expiredOn",
  ] as const;
  return deliver(record, [record.decidedOn], events, settle);
}

/** The state that follows from what has happened so far. */
function settle(row: IntegrityRecord): IntegrityRecord {
  const steps: [Day | null, string][] = [
    [row.publishedOn, "公示"],
    [row.filedOn, "异议中"],
    [row.ruling === "维持" ? row.answeredOn : null, "维持"],
    [row.ruling === "更正" ? row.ruledOn : null, "更正"],
    [row.ruling === "撤销" ? row.ruledOn : null, "撤销"],
    [row.ruling === "撤销" ? null : row.expiredOn, "到期"],
    [row.repairedOn, "已修复"],
  ];
  let { state, stateOn } = row;
  for (const [day, name] of steps) if (day !== null) [state, stateOn] = [name, day];
  // A record found to be too severe counts one step less from the correction on.
  const severity =
    row.ruling === "更正" && row.ruledOn !== null ? Math.max(0, row.severity - 1) : row.severity;
  return { ...row, severity, state, stateOn };
}

/** The invented number of the document that found it so: by year and the record's own number. */
function documentOf({ number, decidedOn }: IntegrityRecord): string {
  return `青合成认〔${writeDay(decidedOn).slice(0, 4)}〕${number.replace(/^SX-?/, "")}号`;
}

function toObject({ row, delivered }: Version<IntegrityRecord>) {
  return {
    记录编号: row.number,
    文书号: documentOf(row),
    主体代码: row.body.uscc,
    主体名称: row.body.nameZh,
    对象类别: row.official === null ? "机关" : "公务员",
    当事人: row.official === null ? undefined : personName(row.official),
    证件号码: row.official === null ? undefined : idNumber(row.official),
    记录类型: row.type,
    严重程度: SEVERITIES[row.severity],
    领域: row.field,
    认定日期: writeDay(row.decidedOn),
    公示日期: writeDay(row.publishedOn) || undefined,
    异议日期: writeDay(row.filedOn) || undefined,
    答复日期: writeDay(row.answeredOn) || undefined,
    修复日期: writeDay(row.repairedOn) || undefined,
    状态: row.state,
    状态日期: writeDay(row.stateOn),
    推送日期: writeDay(delivered),
    [MARK_COLUMN]: MARK,
  };
}
