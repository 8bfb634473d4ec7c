import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type Context, SILENT } from "../../src/context.ts";
import { parsePeriod, shiftPeriod } from "../../src/period.ts";
import { Store } from "../../src/store/store.ts";
import { INDICATORS, STANDARD } from "./small-standard.ts";

export const RUN = "0123456789abcdef";
/** A name that would be markup if it were not escaped. */
export const HOSTILE = "<script>alert(1)</script>&\"'";

/** Score of each indicator (A1, B2) in the three periods before and the one reported; null: not assessed. */
const SCORES: Record<string, readonly [number | null, number | null][]> = {
  "370202": [
    [90, 80],
    [91, 80],
    [92, 82],
    [96, 90],
  ],
  "370203": [
    [70, 90],
    [70, 90],
    [72, 90],
    [70, 85],
  ],
  "370215": [
    [80, 60],
    [80, 60],
    [80, 60],
    [80, 60],
  ],
  dep1: [
    [85, 85],
    [85, 85],
    [85, 85],
    [95, 90],
  ],
  dep2: [
    [50, 40],
    [50, 40],
    [50, 40],
    [55, 45],
  ],
  dep3: [
    [null, null],
    [null, null],
    [null, null],
    [null, null],
  ],
};

const BODIES = [
  ["370202", "district", "district", "市南区", "Shinan District", "370200"],
  ["370203", "district", "district", "市北区", "Shibei District", "370200"],
  ["370215", "district", "district", HOSTILE, "Jimo <b>District</b>", "370200"],
  ["dep1", "department", "general", "财政局", "Finance Bureau", "370200"],
  ["dep2", "department", "general", "=住建局", "Housing Bureau", "370200"],
  ["dep3", "department", "general", "外办", "Foreign Affairs", "370200"],
] as const;

/** A store with scores of six bodies over four months, inserted by hand, and the context to publish them. */
export async function makeSmallCity(dataDir?: string): Promise<Context> {
  const store = await Store.open(":memory:", { memory: "256MB", threads: 2 });
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), "publish "));
  const period = parsePeriod("2018-12");
  const workspace = mkdtempSync(join(tmpdir(), "workspace "));
  writeFileSync(join(workspace, "map.geojson"), JSON.stringify(MAP));
  const context: Context = {
    store,
    workspace,
    dataDir: folder,
    pipeline: {
      pipeline: "small",
      title: { zh: "小城", en: "Small city" },
      jurisdiction: "small",
      time_zone: "Asia/Shanghai",
      frequency: "month",
      sources: ["orders", "records"],
      standard: "small",
      require: "any",
      quorum: 0.5,
      retry: { attempts: 1, first_wait_seconds: 0 },
      history: 3,
      report: {
        title: { zh: "小城政务诚信月度排名", en: "Small city's integrity ranking" },
        levels: [
          { level: "district", zh: "区市", en: "Districts" },
          { level: "department", zh: "部门", en: "Departments" },
        ],
        map: "map.geojson",
        synthetic: { zh: "全部数据为虚构。", en: "All data is invented." },
        attribution: { zh: "测试数据", en: "Test data" },
      },
    },
    sources: [],
    standard: STANDARD,
    indicators: new Map(INDICATORS.map((one) => [one.id, one])),
    asOf: "2019-01-10 00:00:00",
    receivedAt: "2019-01-10 00:00:00",
    period,
    periods: [-3, -2, -1, 0].map((count) => shiftPeriod(period, count)),
    runId: RUN,
    seed: 1,
    pseudonymKey: "k".repeat(32),
    clock: () => new Date("2019-01-10T00:00:00Z"),
    log: pino({ level: "silent" }),
    progress: SILENT,
  };
  await store.run("SET VARIABLE as_of = TIMESTAMP '2019-01-10 00:00:00'");
  await store.script(insertStatements(context));
  return context;
}

const square = (west: number, south: number, size: number) => [
  [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ],
];

const MAP = {
  type: "FeatureCollection",
  review_no: "鲁青测审字〔2018〕第1号（虚构）",
  source: { zh: "虚构的测绘机构", en: "An invented survey" },
  features: [
    ["370202", 120, 36, 1],
    ["370203", 121, 36, 1],
    ["370215", 120, 37, 0.1],
  ].map(([code, west, south, size]) => ({
    type: "Feature",
    properties: { code, name: code },
    geometry: {
      type: "Polygon",
      coordinates: square(west as number, south as number, size as number),
    },
  })),
};

const text = (value: string | null) =>
  value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`;

function insertStatements(context: Context): string {
  const lines = [
    `INSERT INTO scores.run VALUES ('${RUN}', 'small', 'small', '2018-12', TIMESTAMP '2019-01-10', 'small', '${STANDARD.hash}', 'inputs', '0.1.0', 'scored')`,
    `INSERT INTO raw.file (file_id, batch_id, source_id, file_name, file_hash, bytes, format, row_count, parquet_path, received_at)
     VALUES (7, 'b', 'orders', 'orders.csv', '${"a".repeat(64)}', 100, 'csv', 12, 'x.parquet', TIMESTAMP '2019-01-10'),
            (3, 'b', 'records', 'records.json', '${"b".repeat(64)}', 50, 'json', 2, 'y.parquet', TIMESTAMP '2019-01-10'),
            (9, 'b', 'elsewhere', 'not-ours.csv', '${"c".repeat(64)}', 50, 'csv', 2, 'z.parquet', TIMESTAMP '2019-01-10')`,
    `INSERT INTO quarantine.row VALUES ('orders', 7, 5, 'closed', '2018-13-01', 'bad-date', '日期无效', 'not a date'),
       ('orders', 7, 6, 'closed', '2018-02-30', 'bad-date', '日期无效', 'not a date'),
       ('elsewhere', 9, 6, 'x', 'y', 'missing', '缺', 'missing')`,
    `INSERT INTO checks.source_state VALUES
       ('${RUN}', 'orders', 'fresh', NULL, NULL, 1, 12, 10, 2, 0, 1, 0, TIMESTAMP '2019-01-05', DATE '2018-12-30', 0),
       ('${RUN}', 'records', 'stale', '沿用旧数据', 'kept from before', 1, 2, 2, 0, 0, 0, 0, TIMESTAMP '2018-06-05', DATE '2018-05-30', 0)`,
    `INSERT INTO checks.result VALUES
       ('${RUN}', 'closing-after-receipt', 'orders', 'warn', true, 0, '0', '0', '通过', 'passed'),
       ('${RUN}', 'freshness', 'records', 'warn', false, 1, '220', '<= 60', '数据过期', 'the data is old')`,
  ];
  for (const [id, level, peers, zh, en, parent] of BODIES) {
    lines.push(
      `INSERT INTO core.entity VALUES ('${id}', '${id}', '${level}', NULL, ${text(zh)}, ${text(en)}, '${parent}', '${peers}', NULL, NULL, 1000, 10, true,
        'divisions', 3, 2, NULL, DATE '2010-01-01', NULL, TIMESTAMP '2018-01-01', NULL)`,
    );
  }
  for (const [at, { id }] of context.periods.entries()) lines.push(...scoreStatements(id, at));
  return lines.join(";\n");
}

/** The index of a body: 0.6 × A1 + 0.4 × B2, less 5 points of a record that 370203 has in the last period. */
export function indexOf(id: string, at: number): number | null {
  const [first, second] = SCORES[id]?.[at] ?? [null, null];
  if (first === null || second === null) return null;
  return 0.6 * first + 0.4 * second - (id === "370203" && at === 3 ? 5 : 0);
}

function scoreStatements(period: string, at: number): string[] {
  const lines: string[] = [];
  const value = (number: number | null) => (number === null ? "NULL" : String(number));
  for (const one of INDICATORS) {
    lines.push(
      `INSERT INTO facts.run_computation VALUES ('${RUN}', '${one.id}', '${period}', 'secret ${one.id} ${period}')`,
    );
  }
  for (const peers of ["district", "general"]) {
    const own = BODIES.filter((body) => body[2] === peers).map((body) => body[0]);
    const ordered = own
      .filter((id) => indexOf(id, at) !== null)
      .sort((a, b) => (indexOf(b, at) as number) - (indexOf(a, at) as number));
    for (const id of own) lines.push(...bodyStatements(period, at, id, peers, ordered, value));
  }
  lines.push(
    `INSERT INTO facts.category VALUES
      ('secret B2/complaint-closed-on-time ${period}', '370202', 'traffic', 40, 50, 50),
      ('secret B2/complaint-closed-on-time ${period}', '370202', 'noise', 4, 5, 5),
      ('secret B2/complaint-closed-on-time ${period}', '370202', 'water', 1, 1, 1),
      ('secret B2/complaint-closed-on-time ${period}', '370202', 'heating', 0, 1, 1),
      ('secret B2/complaint-closed-on-time ${period}', '370203', 'traffic', 9, 10, 10),
      ('secret B2/complaint-closed-on-time ${period}', '370203', 'noise', 3, 3, 3)`,
    `INSERT INTO scores.contribution_detail VALUES
      ('${RUN}', '${period}', '370202', 'indicator', 'B2/complaint-closed-on-time', 'category', 'traffic', NULL, NULL, NULL, -3.5),
      ('${RUN}', '${period}', '370202', 'indicator', 'B2/complaint-closed-on-time', 'category', 'noise', NULL, NULL, NULL, -0.25),
      ('${RUN}', '${period}', '370202', 'indicator', 'B2/complaint-closed-on-time', 'category', 'heating', NULL, NULL, NULL, -0.125),
      ('${RUN}', '${period}', '370202', 'indicator', 'B2/complaint-closed-on-time', 'rest', '', NULL, NULL, NULL, 39.875)`,
  );
  return lines;
}

function bodyStatements(
  period: string,
  at: number,
  id: string,
  peers: string,
  ordered: readonly string[],
  value: (number: number | null) => string,
): string[] {
  const [first, second] = SCORES[id]?.[at] ?? [null, null];
  const index = indexOf(id, at);
  const rankAt = (time: number) => {
    const own = BODIES.filter((body) => body[2] === peers).map((body) => body[0]);
    const better = own.filter((other) => (indexOf(other, time) ?? -1) > (indexOf(id, time) ?? -1));
    return indexOf(id, time) === null ? null : better.length + 1;
  };
  const grade =
    index === null ? null : index >= 90 ? "A" : index >= 80 ? "B" : index >= 60 ? "C" : "D";
  const vetoed = id === "dep1" && at === 3;
  const state = index === null ? "no_data" : "assessed";
  const lines = [
    `INSERT INTO scores.rank VALUES ('${RUN}', '${period}', '${id}', '${peers === "district" ? "district" : "department"}', '${peers}',
      '${index === null ? "not_ranked" : "ranked"}', ${value(index)}, ${value(rankAt(at))}, ${index === null ? "NULL" : ordered.length},
      ${text(vetoed ? "C" : grade)}, ${text(grade)}, ${text(vetoed ? "debtor" : null)}, ${index === null ? 0 : 1},
      ${value(at > 0 ? indexOf(id, at - 1) : null)}, ${value(at > 0 ? rankAt(at - 1) : null)}, NULL, NULL,
      ${text(index === null ? "数据不足。" : `得分 ${index} 分。`)}, ${text(index === null ? "Too little data." : `The score is ${index}.`)}, NULL, NULL)`,
    `INSERT INTO scores.node VALUES
      ('${RUN}', '${period}', '${id}', 'index', 'index', NULL, '${state}', ${value(index)}, ${value(index)}, 1, 1, 1),
      ('${RUN}', '${period}', '${id}', 'law', 'dimension', 'index', '${state}', ${value(first)}, ${value(first)}, 0.6, 0.6, 1),
      ('${RUN}', '${period}', '${id}', 'people', 'dimension', 'index', '${state}', ${value(second)}, ${value(second)}, 0.4, 0.4, 1),
      ('${RUN}', '${period}', '${id}', 'A1/decision-published', 'indicator', 'law', '${state}', ${value(first)}, ${value(first)}, 0.6, 0.6, 1),
      ('${RUN}', '${period}', '${id}', 'B2/complaint-closed-on-time', 'indicator', 'people', '${state}', ${value(second)}, ${value(second)}, 0.4, 0.4, 1)`,
  ];
  for (const [indicatorId, score] of [
    ["A1/decision-published", first],
    ["B2/complaint-closed-on-time", second],
  ] as const) {
    lines.push(
      `INSERT INTO facts.value VALUES ('secret ${indicatorId} ${period}', '${id}', '${state}', ${value(score)}, ${score === null ? "NULL" : 100}, ${value(score)}, ${score === null ? 0 : 100}, 2, 0)`,
    );
  }
  if (first !== null && second !== null) {
    lines.push(
      `INSERT INTO scores.contribution VALUES
        ('${RUN}', '${period}', '${id}', 'indicator', 'A1/decision-published', ${0.6 * first}),
        ('${RUN}', '${period}', '${id}', 'indicator', 'B2/complaint-closed-on-time', ${0.4 * second})`,
    );
  }
  if (id === "370203" && at === 3) {
    lines.push(
      `INSERT INTO scores.contribution VALUES ('${RUN}', '${period}', '${id}', 'deduction', 'dishonesty', -5)`,
      `INSERT INTO scores.contribution_detail VALUES ('${RUN}', '${period}', '${id}', 'deduction', 'dishonesty', 'record', 'SX-2018-001', DATE '2018-12-03', 3, 2, -5)`,
      `INSERT INTO facts.item VALUES ('secret A2/dishonesty-records ${period}', '${id}', 'serious', 'SX-2018-001', DATE '2018-12-03', NULL, NULL, 3, 2, NULL)`,
    );
  }
  if (vetoed) {
    lines.push(
      `INSERT INTO facts.item VALUES ('secret A2/judgment-debtor ${period}', '${id}', 'listed', 'ZX-77', DATE '2018-11-03', NULL, NULL, 3, 1, NULL)`,
    );
  }
  return lines;
}
