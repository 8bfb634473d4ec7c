import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCreditReport } from "../../src/credit-report/read-credit-report.ts";
import type { PublishedReport } from "../../src/publish/json.ts";
import { makeApp } from "../../src/serve/app.ts";
import { validateWorkspace } from "../../src/standard/validate-workspace.ts";
import { Store } from "../../src/store/store.ts";
import {
  makeFolder,
  publishedFolder,
  removeFolders,
  runTiny,
  tinyConfig,
} from "../end-to-end/tiny-workspace.ts";

// One July of one invented city, moved to 2018, 2021 and 2026, under the bundled rules, lists, indicators and register of laws. What
// was done is the same each time; what it counts for, whom it lists and in what words differs with the law of the day.
const ROOT = join(import.meta.dirname, "..", "..");
const YEARS = [2018, 2021, 2026] as const;
type Year = (typeof YEARS)[number];

const SOUTH = "370202";
const NORTH = "370203";
const LICANG = "370213";

const PIPELINE = `# Synthetic.
pipeline: tiny
title: { zh: 三区（合成）, en: Three districts (synthetic) }
jurisdiction: tiny
division: "370200"
time_zone: Asia/Shanghai
frequency: month
sources: [divisions, records, contracts]
calendar: metrics/calendar/china.csv
standard: dated
lists: [qingdao-2018, qingdao-2020]
rules: [credit-repair]
history: 1
example: { period: YEAR-07, as_of: "YEAR-08-10 00:00:00" }
report:
  title: { zh: 三区月报, en: Three districts }
  levels: [{ level: district, zh: 区, en: Districts }]
  synthetic: { zh: 合成数据, en: Synthetic data }
`;

const source = (name: string, kind: string, valid: string, columns: string) => `# Synthetic.
source: ${name}
title: { zh: ${name}, en: ${name} }
owner: { zh: 市信用办, en: Credit office }
synthetic: true
kind: ${kind}
connector: { type: folder, path: data/${name}, match: "*.csv" }
format: { type: csv }
key: [${kind === "entity" ? "entity_id" : "record_key"}]
valid: { from: ${valid} }
known_at: { date: YEAR-07-31 }
columns:
${columns.replaceAll(/^/gm, "  ")}
`;

const SOURCES = {
  divisions: source(
    "divisions",
    "entity",
    "valid_from",
    `entity_id: { from: code }
division_code: { from: code }
name_zh: { from: zh }
name_en: { from: en }
level: { value: district }
kind: { value: district }
parent_id: { value: "370200" }
peer_class: { value: district }
scored: { value: true }
valid_from: { value: 2010-01-01 }`,
  ).replace("YEAR-07-31", "2016-01-01"),
  records: source(
    "records",
    "dishonesty_record",
    "decided_on",
    `record_key: { from: key }
entity_id: { from: body, entity: [gb2260] }
record_type: { from: type }
severity: { from: severity }
subject_kind: { value: organ }
document_no: { from: document }
decided_on: { from: decided }
act_ended_on: { from: act_ended, optional: true }
published_on: { from: published }
notified_on: { from: told, optional: true }
heard_on: { from: heard, optional: true }
delivered_on: { from: delivered, optional: true }
state: { value: published }`,
  ),
  contracts: source(
    "contracts",
    "contract",
    "delivered_on",
    `record_key: { from: key }
entity_id: { from: body, entity: [gb2260] }
kind: { value: procurement }
delivered_on: { from: delivered }
paid_on: { from: paid }`,
  ),
};

// The index is the share of procurements that were paid on time, less points for records: 1, 3 and 10 by class, without decay.
// The levels, grades and indicators that the bundled lists name are there too.
const STANDARD = `# Synthetic: figures for the test alone.
standard: dated
version: "1"
title: { zh: 试验标准（合成）, en: Standard of the test (synthetic) }
effective: { from: 2018-01-01 }
window_months: { value: 12, assumption: true }
levels:
  district: { zh: 区, en: Districts, minimum_coverage: 0.5, assumption: true }
  department: { zh: 部门, en: Departments, minimum_coverage: 0.5, assumption: true }
  township: { zh: 街道, en: Streets, minimum_coverage: 0.5, assumption: true }
peer_classes:
  - { id: district, level: district, zh: 区, en: Districts }
  - { id: department, level: department, zh: 部门, en: Departments }
  - { id: street, level: township, zh: 街道, en: Streets }
missing: { rule: reweight, minimum_coverage: 0.5, not_applicable: excluded, assumption: true }
nodes:
  - { id: index, title: { zh: 总指数, en: Index }, weight: { district: 100, department: 100, township: 100 }, assumption: true }
indicators:
  - { indicator: C1/payment-on-time, parent: index, weight: { district: 100, department: 100 }, normalise: share, assumption: true }
  - { indicator: C6/service-commitment-on-time, parent: index, weight: { township: 50 }, normalise: share, assumption: true }
  - { indicator: C6/service-fields-covered, parent: index, weight: { township: 50 }, normalise: share, assumption: true }
normalisations:
  share: { method: goalposts, low: 0, high: 100, assumption: true }
deductions:
  - id: dishonesty
    title: { zh: 失信扣分, en: Dishonesty records }
    indicator: A2/dishonesty-records
    points: { class_1: 1, class_2: 3, class_3: 10 }
    window_months: 36
    maximum: 50
    assumption: true
vetoes:
  - { id: debt-over-limit, title: { zh: 债务超限额, en: Debt above its limit }, indicator: C5/debt-over-limit, cap: C, assumption: true }
bounds: { minimum: 0, maximum: 100, assumption: true }
grades:
  - { id: A, zh: 优秀, en: Excellent, colour: "#1a7f4b", from: 90, assumption: true }
  - { id: B, zh: 良好, en: Good, colour: "#7fb341", from: 80, below: 90, assumption: true }
  - { id: C, zh: 合格, en: Fair, colour: "#f2b134", from: 60, below: 80, assumption: true }
  - { id: D, zh: 不合格, en: Poor, colour: "#c9372c", below: 60, assumption: true }
`;

const PAYMENTS_EN = "Regulations on Ensuring Payments to Small and Medium-sized Enterprises";
const INDICATORS = [
  "A2/dishonesty-records",
  "C1/payment-on-time",
  "C5/debt-over-limit",
  "C6/service-commitment-on-time",
  "C6/service-fields-covered",
];

const DIVISIONS = `code,zh,en
${SOUTH},市南区,Shinan District
${NORTH},市北区,Shibei District
${LICANG},李沧区,Licang District
`;

/** Ten deliveries of each district, to be paid for within thirty days; Shinan paid for one of them too late. */
const CONTRACTS = [SOUTH, NORTH, LICANG].flatMap((body) =>
  Array.from({ length: 10 }, (_, at) => {
    const paid = body === SOUTH && at === 9 ? "YEAR-06-20" : "YEAR-04-10";
    return `${body}-${at},${body},YEAR-03-20,${paid}`;
  }),
);

const RECORDS = `key,body,type,severity,document,decided,act_ended,published,told,heard,delivered
small-penalty,${SOUTH},penalty,minor,罚〔YEAR〕1号,YEAR-05-10,,YEAR-05-15,,,
breach,${SOUTH},breach,general,约〔YEAR〕2号,YEAR-05-10,,YEAR-05-15,,,
small-breach,${NORTH},breach,minor,约〔YEAR〕3号,YEAR-04-02,,YEAR-04-05,,,
penalty,${NORTH},penalty,serious,罚〔YEAR〕4号,YEAR-05-10,,YEAR-05-15,,,
long-ended,${LICANG},breach,serious,约〔YEAR〕5号,YEAR-05-10,BEFORE-07-01,YEAR-05-15,,,
listing,${LICANG},listing,serious,列〔YEAR〕6号,YEAR-05-10,,YEAR-05-15,YEAR-04-01,YEAR-04-10,YEAR-05-12
`;

function makeWorkspace(year: Year): string {
  const workspace = join(makeFolder(), "city");
  const write = (path: string, text: string) => {
    mkdirSync(join(workspace, path, ".."), { recursive: true });
    const dated = text.replaceAll("YEAR", String(year)).replaceAll("BEFORE", String(year - 5));
    writeFileSync(join(workspace, path), dated);
  };
  const indicators = INDICATORS.map((id) => join("indicators", `${id}.sql`));
  for (const name of ["rules", "lists", "calendar", "laws.yaml", ...indicators]) {
    cpSync(join(ROOT, "metrics", name), join(workspace, "metrics", name), { recursive: true });
  }
  write("metrics/standards/dated.yaml", STANDARD);
  write("pipelines/tiny.yaml", PIPELINE);
  for (const [name, text] of Object.entries(SOURCES)) write(`pipelines/sources/${name}.yaml`, text);
  write("data/divisions/all.csv", DIVISIONS);
  write("data/records/all.csv", RECORDS);
  write("data/contracts/all.csv", `key,body,delivered,paid\n${CONTRACTS.join("\n")}\n`);
  return workspace;
}

interface Dated {
  readonly faults: readonly unknown[];
  readonly report: PublishedReport;
  readonly lists: readonly { list_id: string; entity_id: string }[];
  readonly folder: string;
  readonly get: (path: string) => Promise<string>;
  readonly close: () => void;
}
const made = new Map<Year, Dated>();

/** What validate finds wrong with a workspace. */
async function findFaults(workspace: string) {
  const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  try {
    const none = async () => [];
    return (await validateWorkspace(workspace, store, { source: none, check: none })).faults;
  } finally {
    store.close();
  }
}

async function publish(year: Year): Promise<Dated> {
  const workspace = makeWorkspace(year);
  const config = tinyConfig(workspace);
  const faults = await findFaults(workspace);
  const done = await runTiny(config, { period: `${year}-07`, asOf: `${year}-08-10 00:00:00` });
  const lists = await done.context.store.rows<{ list_id: string; entity_id: string }>(
    "SELECT DISTINCT list_id, entity_id FROM scores.list_entry ORDER BY list_id, entity_id",
  );
  done.context.store.close();
  const folder = publishedFolder(done);
  const app = makeApp({ config, isStopping: () => false });
  return {
    ...{ faults, lists, folder },
    report: JSON.parse(readFileSync(join(folder, "report.json"), "utf8")),
    get: async (path) => (await app.request(path)).text(),
    close: () => app.close(),
  };
}

beforeAll(async () => {
  for (const year of YEARS) made.set(year, await publish(year));
});
afterAll(() => {
  for (const one of made.values()) one.close();
  removeFolders();
});
const of = (year: Year) => made.get(year) as Dated;

test("the definitions hold for each year, every rule that does not bind being marked", () => {
  for (const year of YEARS) expect(of(year).faults).toEqual([]);
});

test.each([
  ["an indicator", "indicators/C1/payment-on-time.sql", PAYMENTS_EN],
  ["a list file", "lists/qingdao-2018.yaml", "NDRC Order No. 36"],
  ["periods, caps, limits and sanctions of records", "rules/credit-repair.yaml", "Shandong"],
])("%s without its mark is refused", async (_, name, law) => {
  const workspace = makeWorkspace(2018);
  const file = join(workspace, "metrics", name);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll(/^ *by_analogy: true\n/gm, ""));
  const found = await findFaults(workspace);
  expect(found.length).toBeGreaterThan(0);
  expect(found.every((fault) => fault.file === file)).toBe(true);
  expect(found.map(({ message }) => message).join()).toContain(`rests on `);
  expect(found.map(({ message }) => message).join()).toContain(law);
});

// By hand. Paid on time: Shinan nine of ten, 90; the others 100. Records, by class 1, 3 and 10 points:
//   Shinan   its breach 3; its small penalty 1 in 2018, when nothing kept it out (86); since October 2020 the regulation, art. 13,
//            keeps small penalties out (87).
//   Shibei   its penalty 10; its small breach of 2 April 1 for as long as three years by Order 58, which holds by analogy before
//            2023 (89); under Order 36 a small one ends after three months, on 2 July 2026, before the month's end (90).
//   Licang   the decision that lists it 10 (90); its old breach ended five years before 1 July of the year: art. 38, by analogy
//            before October 2020, so it counts nowhere.
test.each([
  [2018, { [LICANG]: [90, 1, "A"], [NORTH]: [89, 2, "B"], [SOUTH]: [86, 3, "B"] }],
  [2021, { [LICANG]: [90, 1, "A"], [NORTH]: [89, 2, "B"], [SOUTH]: [87, 3, "B"] }],
  [2026, { [LICANG]: [90, 1, "A"], [NORTH]: [90, 1, "A"], [SOUTH]: [87, 3, "B"] }],
] as const)("July %i: indices, ranks and grades", (year, expected) => {
  const bodies = of(year).report.levels[0]?.peer_classes[0]?.bodies ?? [];
  expect(
    Object.fromEntries(bodies.map((one) => [one.entity_id, [one.score, one.rank, one.grade]])),
  ).toEqual(expected);
});

// By hand. In 2018 the plan's own rules list whom a record of class 3 is of (Shibei), and let nobody with one of class 2 or 3
// compete for honours; a decision to list is nothing to them. Since December 2020 only the decision lists (Licang).
test.each([
  [
    2018,
    [
      `black ${NORTH}`,
      ...[SOUTH, NORTH, LICANG].map((one) => `honours-disqualified ${one}`),
      ...["approval", "procurement", "special-funds", "tender"].map(
        (field) => `restriction-${field} ${NORTH}`,
      ),
    ],
  ],
  [2021, [`black ${LICANG}`, `honours-disqualified ${LICANG}`]],
  [2026, [`black ${LICANG}`, `honours-disqualified ${LICANG}`]],
] as const)("July %i: lists", (year, expected) => {
  expect(of(year).lists.map((one) => `${one.list_id} ${one.entity_id}`)).toEqual(expected);
});

// By hand: a class of gravity is a law's for penalties from April 2026 on alone; Order 36 lets the small breach end.
test.each([
  [
    2018,
    [
      ["罚〔2018〕4号", null, "2021-05-10"],
      ["约〔2018〕3号", null, "2021-04-02"],
    ],
  ],
  [
    2021,
    [
      ["罚〔2021〕4号", null, "2024-05-10"],
      ["约〔2021〕3号", null, "2024-04-02"],
    ],
  ],
  [2026, [["罚〔2026〕4号", "serious", "2029-05-10"]]],
] as const)("July %i: Shibei's records under publication", async (year, expected) => {
  const { records } = await readCreditReport(of(year).folder, NORTH);
  expect(records.map((one) => [one.document_no, one.severity, one.publication_ends_on])).toEqual(
    expected,
  );
});

// By hand, from the days of metrics/laws.yaml: the payment regulation is of September 2020, No. 1103 of August 2023, Order 36 of
// April 2026; the plan of 2018 binds Qingdao at each date.
const PAYMENTS = "保障中小企业款项支付条例";
const NO_1103 = "关于完善政府诚信履约机制优化民营经济发展环境的通知（发改财金〔2023〕1103号）";
const ORDER_36 = "信用修复管理办法（国家发展改革委令第36号）";
const ORDER_58 = "国家发展改革委令第58号的期限";
test.each([
  [2018, [NO_1103, ORDER_36, PAYMENTS], `参照${ORDER_58}`],
  [2021, [NO_1103, ORDER_36], `参照${ORDER_58}`],
  [2026, [], "国家发展改革委令第36号"],
] as const)("July %i: what is said to be by analogy, everywhere", async (year, laws, ends) => {
  const { report, folder, get } = of(year);
  expect(report.by_analogy?.map(({ zh }) => zh)).toEqual(laws);
  const credit = await readCreditReport(folder, NORTH);
  expect(credit.by_analogy?.map(({ zh }) => zh)).toEqual(laws);
  expect(credit.records[0]?.publication_basis?.zh).toBe(ends);
  const entity = await get(`/tiny/entity/${NORTH}?lang=zh`);
  expect(entity).toContain(`<small>${ends}</small>`);
  const texts = [readFileSync(join(folder, "report.html"), "utf8"), entity];
  for (const path of ["/", "/ranking", "/standards", "/alerts", "/indicator/C1/payment-on-time"]) {
    texts.push(await get(`/tiny${path}?lang=zh`));
  }
  const said = `参照适用（评价期内尚未施行、已经失效或不约束本地）：${laws.join("；")}。`;
  for (const text of texts) {
    if (laws.length > 0) expect(text).toContain(said);
    else expect(text).not.toContain("参照");
  }
  const source = texts.at(-1) as string;
  expect(source.includes(`参照${PAYMENTS}`)).toBe(year === 2018);
});
