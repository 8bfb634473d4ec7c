import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Bench, openBench } from "./fixture.ts";
import { BODIES } from "./sources.ts";

const PIPELINES = join(import.meta.dirname, "../../pipelines");

let bench: Bench;
afterEach(() => bench.close());

/** The columns of systems built on the national list: no day of publication, no time of collection. */
const PENALTY_COLUMNS =
  "CF_XDR_MC CF_XDR_LB CF_XDR_SHXYM CF_XDR_GSZC CF_XDR_ZZJG CF_XDR_SWDJ CF_XDR_SYDW CF_XDR_SHZZ CF_FRDB CF_FR_ZJLX CF_FR_ZJHM CF_XDR_ZJLX CF_XDR_ZJHM CF_WSH CF_WFXW CF_SY CF_YJ CF_CFLB CF_NR CF_NR_FK CF_NR_WFFF CF_NR_ZKDX CF_JDRQ CF_YXQ CF_GSJZQ CF_CFJG CF_CFJGDM CF_SJLY CF_SJLYDM BZ";
const LICENCE_COLUMNS =
  "XK_XDR_MC XK_XDR_TYPE XK_XDR_SHXYM XK_XDR_GSZC XK_XDR_ZZJG XK_XDR_SWDJ XK_XDR_SYDW XK_XDR_SHZZ XK_FRDB XK_FR_SFZH XK_XDR_ZJLX XK_XDR_ZJHM XK_XKWS XK_WSH XK_XKLB XK_XKZS XK_XKBH XK_NR XK_JDRQ XK_YXQZ XK_YXQZI XK_XKJG XK_XKJGDM XK_ZT";

const ORGAN = { id: "370202", name: "某局", uscc: "113700000045030270" };
const RECEIVED = "2018-06-30 09:30:00";

/** A row with every column, empty but for those given. */
function row(columns: string, given: Readonly<Record<string, string>>) {
  const names = columns.split(" ");
  expect(names).toEqual(expect.arrayContaining(Object.keys(given)));
  return Object.fromEntries(names.map((name) => [name, given[name] ?? ""]));
}

/** The bundled definition and its code list, for files of a few rows. */
async function open(source: string): Promise<void> {
  const yaml = readFileSync(join(PIPELINES, `sources/qingdao/${source}.yaml`), "utf8");
  const codes = "pipelines/codes/subject-kinds.yaml";
  bench = await openBench([BODIES, yaml.replace(/rows: \{ min: \d+ \}/, "rows: { min: 1 }")], {
    files: { [codes]: readFileSync(join(PIPELINES, "codes/subject-kinds.yaml"), "utf8") },
  });
  await bench.deliver("bodies", "b.csv", [ORGAN]);
}

const faults = () => bench.rows("SELECT line, column_name, reason FROM quarantine.row");

test("penalties with the national columns only: known on receipt, the organ by code or name", async () => {
  await open("penalties");
  const common = { CF_JDRQ: "2018-06-01", CF_CFLB: "罚款", CF_GSJZQ: "2019-06-01" };
  await bench.deliver(
    "penalties",
    "cf.csv",
    [
      row(PENALTY_COLUMNS, {
        ...common,
        CF_XDR_MC: "某公司",
        CF_XDR_LB: "法人及非法人组织",
        CF_XDR_SHXYM: "113700000045022274",
        CF_WSH: "罚1号",
        CF_NR: "罚款2000元",
        CF_NR_FK: "0.2",
        CF_CFJGDM: ORGAN.uscc,
      }),
      row(PENALTY_COLUMNS, {
        ...common,
        CF_XDR_MC: "张某",
        CF_XDR_LB: "自然人",
        CF_XDR_ZJHM: "ID-1",
        CF_WSH: "罚2号",
        CF_CFJG: ORGAN.name,
      }),
    ],
    { receivedAt: RECEIVED },
  );
  await bench.conform();
  expect(await faults()).toEqual([]);
  expect(
    await bench.rows(
      `SELECT entity_id, document_no, subject_kind, subject_name, person_ref IS NOT NULL AS person, decided_on,
         published_on, CAST(fine_amount AS VARCHAR) AS fine, known_from FROM core.publicity_item ORDER BY document_no`,
    ),
  ).toEqual([
    {
      entity_id: "370202",
      document_no: "罚1号",
      subject_kind: "organisation",
      subject_name: "某公司",
      person: false,
      decided_on: "2018-06-01",
      published_on: null,
      fine: "2000.00",
      known_from: RECEIVED,
    },
    {
      entity_id: "370202",
      document_no: "罚2号",
      subject_kind: "person",
      subject_name: null,
      person: true,
      decided_on: "2018-06-01",
      published_on: null,
      fine: null,
      known_from: RECEIVED,
    },
  ]);
});

test("licences with the national columns only: subjects by type code, names of organisations alone", async () => {
  await open("licences");
  const licence = (type: string, given: Readonly<Record<string, string>>) =>
    row(LICENCE_COLUMNS, {
      XK_XDR_TYPE: type,
      XK_XDR_MC: `相对人${type}`,
      XK_WSH: `许${type}号`,
      XK_XKLB: "普通",
      XK_JDRQ: "2018-06-01",
      XK_YXQZ: "2018-06-02",
      XK_YXQZI: "2021-06-01",
      ...given,
    });
  await bench.deliver(
    "licences",
    "xk.csv",
    [
      licence("01", { XK_XKJG: ORGAN.name, XK_XDR_ZJHM: "ID-1" }),
      licence("02", { XK_XKJGDM: ORGAN.uscc, XK_XKJG: "别的写法" }),
      licence("03", { XK_XKJGDM: ORGAN.uscc }),
      licence("04", { XK_XKJG: ORGAN.name, XK_XDR_ZJHM: "ID-2" }),
    ],
    { receivedAt: RECEIVED },
  );
  await bench.conform();
  expect(await faults()).toEqual([]);
  const shared = {
    entity_id: "370202",
    category: "普通",
    valid_until: "2021-06-01",
    published_on: null,
    known_from: RECEIVED,
  };
  expect(
    await bench.rows(
      `SELECT entity_id, category, valid_until, published_on, known_from, subject_kind, subject_name,
         person_ref IS NOT NULL AS person FROM core.publicity_item ORDER BY document_no`,
    ),
  ).toEqual([
    { ...shared, subject_kind: "person", subject_name: null, person: true },
    { ...shared, subject_kind: "organisation", subject_name: "相对人02", person: false },
    { ...shared, subject_kind: "organisation", subject_name: "相对人03", person: false },
    { ...shared, subject_kind: "sole_trader", subject_name: null, person: false },
  ]);
});

test("judgment debtors as the court publishes them; one without a code is found by name", async () => {
  await open("court-debtors");
  const debtor = { type: "1", courtname: "某法院", publishdate: "2018-05-01" };
  await bench.deliver(
    "court-debtors",
    "d.csv",
    [
      { ...debtor, casecode: "1号", cardnum: ORGAN.uscc, iname: "旧名", performance: "全部未履行" },
      { ...debtor, casecode: "2号", cardnum: "", iname: ORGAN.name, performance: "部分未履行" },
    ].map((each) => ({ ...each, gistid: "依据", duty: "支付12000元" })),
    { receivedAt: RECEIVED },
  );
  await bench.conform();
  expect(await faults()).toEqual([]);
  expect(
    await bench.rows(
      "SELECT document_no, entity_id, state, known_from FROM core.dishonesty_record ORDER BY document_no",
    ),
  ).toEqual([
    { document_no: "1号", entity_id: "370202", state: "published", known_from: RECEIVED },
    { document_no: "2号", entity_id: "370202", state: "published", known_from: RECEIVED },
  ]);
});

test("rows that say when they were collected keep that time; only the others are known on receipt", async () => {
  await open("penalties");
  const penalty = (number: string, collected: string) => ({
    ...row(PENALTY_COLUMNS, {
      CF_WSH: number,
      CF_XDR_LB: "法人及非法人组织",
      CF_JDRQ: "2018-06-01",
      CF_CFJGDM: ORGAN.uscc,
    }),
    SJ_SJ: collected,
  });
  await bench.deliver("penalties", "cf.csv", [penalty("1", "2018年6月8日"), penalty("2", "")], {
    receivedAt: RECEIVED,
  });
  await bench.conform();
  expect(
    await bench.rows("SELECT document_no, known_from FROM core.publicity_item ORDER BY 1"),
  ).toEqual([
    { document_no: "1", known_from: "2018-06-08 00:00:00" },
    { document_no: "2", known_from: RECEIVED },
  ]);
});
