import {
  type City,
  eventDays,
  MARK,
  numbered,
  type SampleFile,
  type SampleSource,
  takeTime,
} from "../city.ts";
import { type Day, writeDay } from "../days.ts";
import { byYear, deliver, type Version } from "../deliveries.ts";
import { gzip } from "../files/gzip.ts";
import { companyName } from "../people.ts";
import { share } from "../quality.ts";
import type { Random } from "../random.ts";
import type { Body } from "../register.ts";
import { makeUscc } from "../uscc.ts";

export const procurementOcds: SampleSource = {
  id: "procurement-ocds",
  title: { zh: "政府采购（OCDS）", en: "Government procurement (OCDS)" },
  note: {
    zh: "Open Contracting Data Standard 1.1 发布包（gzip 压缩的 JSON），一年一个；同一合同在交付、付款后再次发布。质疑按 enquiries 扩展；约定付款天数为本地字段 agreedPaymentDays。合成标记在 publisher.name 和每份发布的 buyer.details.dataNature。",
    en: "Open Contracting Data Standard 1.1 release packages (gzipped JSON), one a year; a contract is released again after delivery and payment. Challenges follow the enquiries extension; agreedPaymentDays is a local field. The synthetic mark is in publisher.name and in each release's buyer.details.dataNature.",
  },
  make: makeProcurement,
};

interface Procurement {
  number: number;
  body: Body;
  amount: number;
  supplier: number;
  small: boolean;
  agreedDays: number | null;
  awardedOn: Day;
  awardPublishedOn: Day | null;
  signedOn: Day | null;
  contractPublishedOn: Day | null;
  filedOn: Day | null;
  challengedOn: Day | null;
  answeredOn: Day | null;
  deliveredOn: Day | null;
  paidOn: Day | null;
}

const EVENTS = [
  "awardPublishedOn",
  "signedOn",
  "contractPublishedOn",
  "filedOn",
  "challengedOn",
  "answeredOn",
  "deliveredOn",
  "paidOn",
] as const;

function makeProcurement(city: City): SampleFile[] {
  const { districts, departments } = city.register;
  const versions: Version<Procurement>[] = [];
  let number = 0;
  for (const body of [...districts, ...departments]) {
    const random = city.random(`procurement/${body.code}`);
    for (const awardedOn of eventDays(city, random, body.department ? 10 : 20)) {
      const procurement = make(city, random, { number: ++number, body, awardedOn });
      versions.push(...deliver(procurement, [awardedOn], EVENTS));
    }
  }
  return byYear(versions).map(([year, rows]) => {
    const releases = rows.map((version) => JSON.stringify(toRelease(version))).join(",\n");
    const head = JSON.stringify({
      version: "1.1",
      uri: `https://example.invalid/ocds/releases-${year}.json`,
      publishedDate: `${year + 1}-01-08T00:00:00Z`,
      publisher: { name: `青岛市政府采购（${MARK} / synthetic）` },
      license: "https://opendatacommons.org/licenses/pddl/1-0/",
    });
    const text = `${head.slice(0, -1)},"releases":[\n${releases}\n]}\n`;
    return { name: `releases-${year}.json.gz`, bytes: gzip(text) };
  });
}

function make(
  { quality, calendar }: City,
  random: Random,
  { number, body, awardedOn }: Pick<Procurement, "number" | "body" | "awardedOn">,
): Procurement {
  const level = quality(body.code, "procurement", awardedOn + 60);
  const within = (from: Day, limit: number, logit: number, never = 0.1) => {
    const wait = takeTime(random, { onTime: share(level, logit, 0.6), limit, never });
    return wait === null ? null : calendar.add(from, wait);
  };
  const signing = takeTime(random, { onTime: share(level, 2.9, 0.6), limit: 30 });
  const signedOn = awardedOn + (signing as number);
  const challengedOn = random.chance(0.32) ? calendar.add(awardedOn, random.int(1, 6)) : null;
  const deliveredOn = signedOn + random.int(20, 120);
  const agreedDays = random.pick([null, 30, 30, 45, 60, 90]);
  const term = Math.min(agreedDays ?? 30, 60);
  const payLevel = quality(body.code, "procurement", deliveredOn + 30);
  const onTime = share(payLevel, 2.4, 0.7);
  const pay = takeTime(random, {
    onTime,
    limit: term,
    never: Math.max(0.03, 0.1 - 0.08 * payLevel),
  });
  return {
    number,
    body,
    amount: Math.round(10 ** (4.7 + 1.6 * random.next()) / 100) * 100,
    supplier: random.int(1, 9000),
    small: random.chance(0.75),
    agreedDays,
    awardedOn,
    awardPublishedOn: within(awardedOn, 2, 2.7),
    signedOn,
    contractPublishedOn: within(signedOn, 2, 2.5, 0.2),
    filedOn: within(signedOn, 7, 2.7),
    challengedOn,
    answeredOn: challengedOn === null ? null : within(challengedOn, 7, 2.7),
    deliveredOn,
    paidOn: pay === null ? null : deliveredOn + pay,
  };
}

function toRelease({ row, delivered }: Version<Procurement>) {
  const ocid = `ocds-000000-${numbered("QD", row.number, 5)}`;
  const time = (day: Day | null) => (day === null ? undefined : `${writeDay(day)}T00:00:00+08:00`);
  const value = { amount: row.amount, currency: "CNY" };
  const signed = row.signedOn !== null;
  const supplier = {
    id: makeUscc("91", "370200", row.supplier),
    name: companyName(row.supplier),
    scale: row.small ? "sme" : "large",
  };
  const contract = {
    id: `${ocid}-1`,
    awardID: `${ocid}-A`,
    status: row.paidOn ? "terminated" : signed ? "active" : "pending",
    value,
    dateSigned: time(row.signedOn),
    agreedPaymentDays: row.agreedDays ?? undefined,
    documents: [
      { documentType: "contractSigned", datePublished: time(row.contractPublishedOn) },
      { documentType: "contractFiled", datePublished: time(row.filedOn) },
    ],
    milestones: [{ type: "delivery", dateMet: time(row.deliveredOn) }],
    implementation: {
      transactions: row.paidOn === null ? [] : [{ date: time(row.paidOn), value }],
    },
  };
  return {
    ocid,
    id: `${ocid}-${writeDay(delivered, "compact")}`,
    date: time(delivered),
    tag: [row.paidOn ? "implementation" : signed ? "contract" : "award"],
    initiationType: "tender",
    buyer: { id: row.body.uscc, name: row.body.nameZh, details: { dataNature: MARK } },
    tender: {
      id: `${ocid}-T`,
      title: `合成采购项目${row.number}`,
      enquiries:
        row.challengedOn === null
          ? undefined
          : [{ date: time(row.challengedOn), dateAnswered: time(row.answeredOn) }],
    },
    awards: [
      {
        id: `${ocid}-A`,
        date: time(row.awardedOn),
        suppliers: [supplier],
        documents: [{ documentType: "awardNotice", datePublished: time(row.awardPublishedOn) }],
      },
    ],
    contracts: [contract],
  };
}
