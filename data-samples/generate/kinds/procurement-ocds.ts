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
    zh: "Open Contracting Data Standard 1.1 发布包（gzip 压缩的 JSON），一年一个；首次发布写全，此后的发布只写新内容，按 ocid 合并才是全貌。质疑按 enquiries 扩展；约定付款天数为本地字段 agreedPaymentDays。合成标记在 publisher.name 和每份发布的 buyer.details.dataNature。",
    en: "Open Contracting Data Standard 1.1 release packages (gzipped JSON), one a year; the first release of a process says all there is, later ones only what is new, so that they must be merged by ocid. Challenges follow the enquiries extension; agreedPaymentDays is a local field. The synthetic mark is in publisher.name and in each release's buyer.details.dataNature.",
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
  const versions: Version<Told>[] = [];
  let number = 0;
  for (const body of [...districts, ...departments]) {
    const random = city.random(`procurement/${body.code}`);
    for (const awardedOn of eventDays(city, random, body.department ? 10 : 20)) {
      const procurement = make(city, random, { number: ++number, body, awardedOn });
      versions.push(...told(deliver(procurement, [awardedOn], EVENTS)));
    }
  }
  return byYear(versions).map(([year, rows]) => {
    const releases = rows.map((version) => JSON.stringify(writeRelease(version))).join(",\n");
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

/** What is known of a procurement at a delivery, and at the one before. */
interface Told {
  readonly now: Procurement;
  readonly before: Procurement | undefined;
}

function told(versions: readonly Version<Procurement>[]): Version<Told>[] {
  return versions.map(({ row, delivered }, at) => ({
    row: { now: row, before: versions[at - 1]?.row },
    delivered,
  }));
}

/** As publishers send it: all at first, and then only what is new. */
function writeRelease({ row: { now, before }, delivered }: Version<Told>) {
  const ocid = `ocds-000000-${numbered("QD", now.number, 5)}`;
  const head = {
    ocid,
    id: `${ocid}-${writeDay(delivered, "compact")}`,
    date: time(delivered),
    tag: tagsOf(now, before),
  };
  const content = writeProcess(ocid, now);
  return Object.assign(head, before ? sayNew(writeProcess(ocid, before), content) : content);
}

/** What a release is for, by what was not known before. */
function tagsOf(now: Procurement, before: Procurement | undefined): string[] {
  const isNew = (name: (typeof EVENTS)[number]) => now[name] !== null && !before?.[name];
  const contract = isNew("signedOn") ? ["contract"] : [];
  if (!before) return ["tender", "award", ...contract];
  const tags = [...contract];
  if (isNew("awardPublishedOn")) tags.unshift("awardUpdate");
  if (isNew("challengedOn") || isNew("answeredOn")) tags.unshift("tenderUpdate");
  const filed = isNew("contractPublishedOn") || isNew("filedOn");
  if (filed && contract.length === 0) tags.push("contractUpdate");
  if (isNew("deliveredOn") || isNew("paidOn")) tags.push("implementation");
  return tags;
}

type Content = { readonly [name: string]: unknown };

/** The fields of an object that it did not have before, those of its entries by their ids. */
function sayNew(before: Content, now: Content): Content {
  const fresh: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(now)) {
    const earlier = before[name];
    if (JSON.stringify(value) === JSON.stringify(earlier)) continue;
    if (Array.isArray(value) && Array.isArray(earlier)) fresh[name] = sayNewEntries(earlier, value);
    else fresh[name] = isContent(value) && isContent(earlier) ? sayNew(earlier, value) : value;
  }
  return fresh;
}

function sayNewEntries(before: readonly Content[], now: readonly Content[]): Content[] {
  return now.flatMap((entry) => {
    const earlier = before.find(({ id }) => id === entry.id);
    if (!earlier) return [entry];
    const fresh = sayNew(earlier, entry);
    return Object.keys(fresh).length > 0 ? [{ id: entry.id, ...fresh }] : [];
  });
}

function isContent(value: unknown): value is Content {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const time = (day: Day | null) => (day === null ? undefined : `${writeDay(day)}T00:00:00+08:00`);

function writeProcess(ocid: string, row: Procurement): Content {
  const supplier = {
    id: makeUscc("91", "370200", row.supplier),
    name: companyName(row.supplier),
    scale: row.small ? "sme" : "large",
  };
  return {
    initiationType: "tender",
    buyer: { id: row.body.uscc, name: row.body.nameZh, details: { dataNature: MARK } },
    tender: {
      id: `${ocid}-T`,
      title: `合成采购项目${row.number}`,
      enquiries: listOnce(row.challengedOn, {
        id: "1",
        date: time(row.challengedOn),
        dateAnswered: time(row.answeredOn),
      }),
    },
    awards: [
      {
        id: `${ocid}-A`,
        date: time(row.awardedOn),
        suppliers: [supplier],
        documents: listOnce(row.awardPublishedOn, {
          id: "notice",
          documentType: "awardNotice",
          datePublished: time(row.awardPublishedOn),
        }),
      },
    ],
    contracts: [writeContract(ocid, row)],
  };
}

function writeContract(ocid: string, row: Procurement): Content {
  const value = { amount: row.amount, currency: "CNY" };
  return {
    id: `${ocid}-1`,
    awardID: `${ocid}-A`,
    status: row.paidOn ? "terminated" : row.signedOn === null ? "pending" : "active",
    value,
    dateSigned: time(row.signedOn),
    agreedPaymentDays: row.agreedDays ?? undefined,
    documents: [
      ...listOnce(row.contractPublishedOn, {
        id: "text",
        documentType: "contractSigned",
        datePublished: time(row.contractPublishedOn),
      }),
      ...listOnce(row.filedOn, {
        id: "filing",
        documentType: "contractFiled",
        datePublished: time(row.filedOn),
      }),
    ],
    milestones: listOnce(row.deliveredOn, {
      id: "delivery",
      type: "delivery",
      dateMet: time(row.deliveredOn),
    }),
    implementation: {
      transactions: listOnce(row.paidOn, { id: "1", date: time(row.paidOn), value }),
    },
  };
}

/** A list of one once its day has come. */
function listOnce(day: Day | null, entry: Content): Content[] {
  return day === null ? [] : [entry];
}
