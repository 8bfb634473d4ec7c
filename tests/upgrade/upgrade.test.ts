import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Config, readConfig } from "../../src/config.ts";
import { LAYOUT } from "../../src/publish/layout.ts";
import { readingOf } from "../../src/publish/reading.ts";
import { TABLES } from "../../src/publish/tables.ts";
import { makeApp } from "../../src/serve/app.ts";
import { addToken } from "../../src/serve/auth/token-file.ts";
import { PAGES } from "../../src/serve/pages/page-list.ts";
import { FOR_EVERYBODY } from "../../src/standard/audience.ts";
import { sqlFile } from "../../src/store/sql-file.ts";
import { Store } from "../../src/store/store.ts";
import { makeFolder, removeFolders } from "../end-to-end/tiny-workspace.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "src", "cli", "zhengxin.js");
/**
 * Archives of data folders, whether the program of then knew records, warnings and lists, and the sum of its code by its
 * manifests. README.md says how they were made.
 */
const VERSIONS = [
  {
    version: "2026-11-24",
    full: false,
    code: "ee4a9fcffd469f411eb9b2e6783e9af1b6d1a6f773788d3e093b06d3df57df49",
  },
  {
    version: "2026-12-02",
    full: true,
    code: "b372371f1f2ef0c92f9853b8e1b82a943d175c3a28845058eab3409937bcc4f2",
  },
] as const;
/** What the programs of then printed: bodies by rank with their scores. */
const RANKED = {
  "2024-05": ["990101 89.60", "990102 72.22", "990103 61.60"],
  "2024-06": ["990101 85.67", "990102 72.98", "990103 60.67"],
} as const;
const MONTHS = ["2024-05", "2024-06"] as const;

afterAll(removeFolders);

interface Place {
  readonly workspace: string;
  readonly dataDir: string;
}

/** Lays out what a version of the program left. */
function unpack(version: string): Place {
  const folder = makeFolder();
  execFileSync("tar", ["-xzf", join(import.meta.dirname, `${version}.tar.gz`), "-C", folder]);
  return { workspace: join(folder, "ws"), dataDir: join(folder, "data") };
}

function environmentOf({ workspace, dataDir }: Place) {
  return { ZHENGXIN_WORKSPACE: workspace, DATA_DIR: dataDir };
}

/** What a person types after "zhengxin". */
function zhengxin(place: Place, ...words: string[]) {
  const env = { ...process.env, ...environmentOf(place) };
  return new Promise<{ code: number; said: string }>((resolve) => {
    execFile(process.execPath, [PROGRAM, ...words], { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, said: out + err });
    });
  });
}

interface Change {
  readonly entity_id: string;
  readonly score_before: number;
}

/** Lets a workspace know that the record of Xihe, found in March, was objected to and revoked in July. */
function addRevokedRecord(workspace: string): void {
  const pipeline = join(workspace, "pipelines", "my-city.yaml");
  const text = readFileSync(pipeline, "utf8");
  writeFileSync(pipeline, text.replace("my-dishonesty-records]", "my-dishonesty-records, events]"));
  writeFileSync(
    join(workspace, "pipelines", "sources", "events.yaml"),
    `source: events
title: { zh: 失信记录事件, en: Events of dishonesty records }
owner: { zh: 市信用办, en: City credit office }
synthetic: true
kind: record_event
connector: { type: folder, path: samples, match: "events.ndjson" }
format: { type: ndjson }
key: [record_key]
valid: { from: occurred_at }
known_at: { column: known_at }
columns:
  record_key: { from: event_id, required: true }
  entity_id: { from: entity, entity: [name], required: true }
  of_record: { from: record, required: true }
  event: { from: event, codes: record-events, required: true }
  occurred_at: { from: occurred_at, required: true }
  actor_body: { from: actor_body, required: true }
  document_no: { from: document_no }
  responsible_id: { from: responsible, entity: [name] }
  other_body_checks: { from: other_body_checks }
`,
  );
  const common = { record: "S-2024-001", entity: "西河区" };
  const events = [
    {
      event_id: "E1",
      occurred_at: "2024-07-12",
      known_at: "2024-07-13",
      event: "提出异议",
      actor_body: "990102",
      responsible: "东城新区",
      other_body_checks: true,
      ...common,
    },
    {
      event_id: "E2",
      occurred_at: "2024-07-15",
      known_at: "2024-07-16",
      event: "撤销",
      actor_body: "市信用办公室",
      document_no: "信用异〔2024〕1号（合成）",
      ...common,
    },
  ];
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  writeFileSync(join(workspace, "samples", "events.ndjson"), lines.join(""));
}

describe.each(VERSIONS)("a data folder of $version", ({ version, full, code }) => {
  let place: Place;
  let config: Config;
  let app: ReturnType<typeof makeApp>;
  let ask: (path: string, language?: string) => Promise<{ status: number; text: string }>;
  beforeAll(() => {
    place = unpack(version);
    config = readConfig(environmentOf(place));
    app = makeApp({ config, isStopping: () => false });
    ask = async (path, language = "en") => {
      const answer = await app.request(path, { headers: { "Accept-Language": language } });
      return { status: answer.status, text: await answer.text() };
    };
  });

  test.each(MONTHS)("every page shows %s in both languages and as data", async (period) => {
    const RESTS: Record<string, string> = {
      entity: "990101",
      indicator: "B2/complaint-resolution",
    };
    const failed: string[] = [];
    for (const { name } of PAGES) {
      const rest = RESTS[name];
      const path = `/my-city/${rest ? `${name}/${rest}` : name}`;
      const data = name === "" ? `${path}index` : path;
      for (const [address, language] of [
        [path, "zh"],
        [path, "en"],
        [`${data}.json`, "en"],
        [`${data}.csv`, "en"],
      ] as const) {
        const { status } = await ask(`${address}?period=${period}`, language);
        if (status !== 200) failed.push(`${address} ${language} ${status}`);
      }
    }
    expect(failed).toEqual([]);
  });

  test("a page says what an older month does not hold, and only that", async () => {
    const zh = (await ask("/my-city/alerts?period=2024-06", "zh")).text;
    const en = (await ask("/my-city/alerts?period=2024-06", "en")).text;
    expect(zh.includes("本期由较早版本的程序发布，其中没有：预警、名单与限制")).toBe(!full);
    expect(en.includes("it has no: early warnings, lists and restrictions")).toBe(!full);
    const { lacked } = JSON.parse((await ask("/my-city/index.json?period=2024-06")).text);
    expect(lacked).toHaveLength(full ? 0 : 5);
  });

  test.each(MONTHS)("rank, explain and SQL tell %s as the program of then did", async (period) => {
    const asked = ["--period", period] as const;
    const rank = await zhengxin(place, "rank", "--json", ...asked);
    expect(rank.code, rank.said).toBe(0);
    const sql = await zhengxin(
      place,
      ...["sql", "--json", ...asked],
      `SELECT concat(entity_id, ' ', printf('%.2f', score)) AS line FROM rank WHERE period = '${period}' ORDER BY rank`,
    );
    expect(sql.code, sql.said).toBe(0);
    for (const line of RANKED[period]) expect(sql.said).toContain(line);
    // Tables and columns that came later are there; the older month has no rows or values of them.
    const later = await zhengxin(
      place,
      ...["sql", "--json", ...asked],
      "SELECT (SELECT count(*) FROM warning_episode) AS episodes, (SELECT count(publication_basis_zh) FROM dishonesty_record) AS bases, (SELECT count(undelivered) = count(*) FROM value) AS told",
    );
    expect(later.code, later.said).toBe(0);
    expect(later.said).toMatch(/"rows":\[\s*\[\d+,0,true\]/);
    const explain = await zhengxin(place, "explain", "990101", ...asked);
    expect(explain.code, explain.said).toBe(0);
    expect(explain.said).toContain(RANKED[period][0].slice(7));
  });

  test("a change between two months is told", async () => {
    const { code, said } = await zhengxin(place, "delta", "--period", "2024-06");
    expect(code, said).toBe(0);
    // 85.67 − 89.60
    expect(said).toContain("−3.93");
  });

  test("no credit report is made of a month without records", async () => {
    const { code, said } = await zhengxin(place, "credit-report", "990101", "--period", "2024-06");
    expect(code, said).toBe(full ? 0 : 1);
    if (!full) expect(said).toContain("without the states of dishonesty records");
  });

  test("the API says the same of reports and look-ups", async () => {
    const office = addToken(config, { name: "o", role: "officer" }).secret;
    const headers = { Authorization: `Bearer ${office}`, "Content-Type": "application/json" };
    const report = await app.request("/api/credit-reports/my-city/990101", { headers });
    const checked = await app.request("/api/check-subjects", {
      method: "POST",
      headers,
      body: JSON.stringify({
        pipeline: "my-city",
        purpose: "tender",
        subjects: [{ name: "东城新区" }],
      }),
    });
    const expected = full ? 200 : 404;
    for (const answer of [report, checked]) {
      const text = await answer.text();
      expect(answer.status, text).toBe(expected);
      if (!full) expect(JSON.parse(text).error.code).toBe("lacked");
    }
  });

  test("verify compares hashes; a signature is put under them once", async () => {
    const before = await zhengxin(place, "verify", "--period", "2024-06");
    expect(before.code, before.said).toBe(full ? 0 : 4);
    if (!full) expect(before.said).toContain("zhengxin repair --sign");
    expect(before.said).toContain(`(code with the sha-256 ${code}) in layout 1, which is not this`);
    const signed = await zhengxin(place, "repair", "--sign");
    expect(signed.code, signed.said).toBe(0);
    for (const period of MONTHS) {
      const after = await zhengxin(place, "verify", "--period", period);
      expect(after.code, after.said).toBe(0);
    }
  });

  test("building an older month again says why it comes out otherwise, and counts what does", async () => {
    const { code, said } = await zhengxin(place, "verify", "--period", "2024-06", "--rebuild");
    expect(code).toBe(4);
    // Definitions of November lack what today's program asks of them, which is said of the first that does.
    expect(said).toMatch(
      full
        ? /Rebuilt, \d+ file\(s\) and \d+ entries of the manifest come out otherwise/
        : /It cannot be rebuilt\. The indicator A2\/dishonesty-records/,
    );
    expect(said.split("\n").length).toBeLessThan(12);
    const listed = await zhengxin(
      place,
      ...["verify", "--period", "2024-06", "--rebuild", "--json"],
    );
    const { findings } = JSON.parse(listed.said);
    const paths = findings.map((one: { path: string }) => one.path);
    if (full) expect(paths).toContain("data/rank.parquet");
  });

  test("older months are restated after an objection", async () => {
    const old = unpack(version);
    const now = { workspace: join(old.workspace, "..", "now"), dataDir: old.dataDir };
    await zhengxin(now, "init", now.workspace);
    addRevokedRecord(now.workspace);
    const asked = ["restate", "--as-of", "2024-07-20 08:00:00", "--json"] as const;
    const restated = await zhengxin(now, ...asked);
    expect(restated.code, restated.said).toBe(0);
    const [notice, ...more] = JSON.parse(restated.said);
    expect(more).toEqual([]);
    const moved = notice.periods.map(
      (one: { period: string; changes: Change[]; why: { moved: number }[] }) => [
        one.period,
        ...one.changes.map((change) => [change.entity_id, change.score_before.toFixed(2)]),
        ...one.why.map((why) => why.moved.toFixed(4)),
      ],
    );
    // A record of class 2 costs 2 points, halved in 12 months: two and three months after March.
    expect(moved).toEqual([
      ["2024-05", ["990102", "72.22"], (2 * 0.5 ** (2 / 12)).toFixed(4)],
      ["2024-06", ["990102", "72.98"], (2 * 0.5 ** (3 / 12)).toFixed(4)],
    ]);
    expect(JSON.parse((await zhengxin(now, ...asked)).said)).toEqual([]);
  });

  test("a month published by today's program stands beside the older ones", async () => {
    const now = { workspace: join(makeFolder(), "ws"), dataDir: place.dataDir };
    await zhengxin(now, "init", now.workspace);
    const ran = await zhengxin(now, "run", "--period", "2024-07", "--as-of", "2024-08-10");
    expect(ran.code, ran.said).toBe(0);
    const delta = await zhengxin(now, "delta", "--period", "2024-07");
    expect(delta.code, delta.said).toBe(0);
    expect(delta.said).toContain("2024-06");
    const verified = await zhengxin(now, "verify", "--period", "2024-07");
    expect(verified.code, verified.said).toBe(0);
    const { months } = JSON.parse((await ask("/my-city/months.json")).text);
    expect(months.map((one: { period: string }) => one.period).toSorted()).toEqual([
      ...MONTHS,
      "2024-07",
    ]);
  });
});

test("what follows from what is hidden today is kept back by the month's own tree, not today's", async () => {
  const { dataDir } = unpack("2026-11-24");
  const workspace = join(dataDir, "..", "now");
  await zhengxin({ workspace, dataDir }, "init", workspace);
  const edit = (path: string, from: string, to: string) => {
    const file = join(workspace, "metrics", path);
    const text = readFileSync(file, "utf8");
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
  };
  edit("indicators/B2/complaint-resolution.sql", "clause: B2", "clause: B2\naudience: internal");
  // Today half of B2 stands below a node of its own, so that satisfaction is all there is beside resolution.
  const standard = "standards/my-city.yaml";
  edit(
    standard,
    "indicators:\n",
    "  - { id: B9, parent: index, clause: B2, title: { zh: 办理, en: Handling }, weight: { district: 50 }, assumption: true }\nindicators:\n",
  );
  edit(
    standard,
    "Supervision by society }, weight: { district: 100 }",
    "Supervision by society }, weight: { district: 50 }",
  );
  for (const one of ["signed", "closed"]) {
    edit(standard, `complaint-${one}-on-time, parent: B2`, `complaint-${one}-on-time, parent: B9`);
  }
  const month = join(dataDir, "my-city", "published", "2024-06", "50ee0da0561201df");
  const read = async () =>
    (await readingOf(workspace, month, FOR_EVERYBODY))?.withheld.map(({ id }) => id);
  // In June the three others stood beside it in B2; signed on time weighs least (20).
  expect(await read()).toEqual(["B2/complaint-resolution", "B2/complaint-signed-on-time"]);
});

test("a month of a newer program is refused in a sentence", async () => {
  const place = unpack("2026-12-02");
  const own = join(place.dataDir, "my-city", "published", "my-city", "2024-06");
  const file = join(own, "latest", "manifest.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replace("published month, format 1", `published month, format ${LAYOUT + 1}`),
  );
  const { code, said } = await zhengxin(place, "rank", "--period", "2024-06");
  expect(code).toBe(1);
  expect(said).toContain("was published by a newer program");
  expect(said).toContain("请升级程序");
});

test("a working database of a newer program is refused in a sentence", async () => {
  const place = unpack("2026-12-02");
  const store = await Store.open(join(place.dataDir, "my-city", "working.duckdb"), {
    memory: "300MB",
    threads: 1,
  });
  await store.run("INSERT INTO main.schema_version VALUES (9999, 'later')");
  store.close();
  const { code, said } = await zhengxin(place, "status");
  expect(code).toBe(1);
  expect(said).toContain("newer zhengxin");
});

test("every published table has its columns in the layout that older months are brought up to", async () => {
  const layout = sqlFile(
    join(import.meta.dirname, "..", "..", "src", "publish"),
    "table-layout.sql",
  );
  const place = unpack("2026-12-02");
  await zhengxin(place, "run", "--period", "2024-06", "--as-of", "2024-07-11");
  const own = join(place.dataDir, "my-city", "published", "my-city", "2024-06");
  const store = await Store.open(":memory:", { memory: "300MB", threads: 1 });
  for (const { name } of TABLES) {
    const file = join(own, "latest", "data", `${name}.parquet`);
    expect(existsSync(file), name).toBe(true);
    await store.run(layout(name, { table: `"${name}"` }));
    const columns = (of: string) =>
      store.rows<{ column_name: string; column_type: string }>(
        `SELECT column_name, column_type FROM (DESCRIBE FROM ${of})`,
      );
    expect(await columns(`"${name}"`), name).toEqual(await columns(`read_parquet('${file}')`));
  }
  store.close();
});
