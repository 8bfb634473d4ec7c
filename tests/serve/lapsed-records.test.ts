import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { unzipSync } from "fflate";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import type { Manifest } from "../../src/publish/manifest.ts";
import { type Lapse, readLapsed } from "../../src/redact/lapsed.ts";
import { renderMonth } from "../../src/redact/render-month.ts";
import { renderApart } from "../../src/redact/render-process.ts";
import { noteOf } from "../../src/redact/rendering-note.ts";
import { runPipeline } from "../../src/run.ts";
import { makeApp } from "../../src/serve/app.ts";
import { addToken } from "../../src/serve/auth/token-file.ts";
import { PAGES } from "../../src/serve/pages/page-list.ts";
import { listPublicKeys } from "../../src/signing-key.ts";
import { findPipeline } from "../../src/standard/workspace.ts";
import { Store } from "../../src/store/store.ts";
import { checkFolder } from "../../src/verify-folder.ts";
import {
  makeFolder,
  publishedFolder,
  readPublished,
  readTree,
  removeFolders,
} from "../end-to-end/tiny-workspace.ts";
import { addLists } from "../lists/listed-city.ts";
import { eventOf, makeRecordCity, submit } from "../record/tiny-records.ts";

/**
 * Records of the tiny city under names that stand nowhere else. Serious ones of 10 May 2018 are published for 36 months, so
 * until 9 May 2021. May is published as known on 4 June, June as known on 10 July 2018.
 */
const REPAIRED = { key: "RK-beta-7782", document: "文号乙-9902", line: 2, body: "999902" };
const REVOKED = { key: "RK-alpha-7781", document: "文号甲-9901", line: 1, body: "999901" };
const LASTING = { key: "RK-gamma-7783", document: "文号丙-9903", line: 8, body: "999903" };
type Named = typeof REPAIRED;

let config: Config;
let app: ReturnType<typeof makeApp>;
let reader: Store;
let today = "2018-06-04";
const folders: Record<string, string> = {};
const roles: Record<string, Record<string, string>> = { public: {} };

async function publishMonth(period: string, asOf: string): Promise<void> {
  const request = { pipeline: "tiny", period, asOf, log: pino({ level: "silent" }) };
  const result = await runPipeline(config, request);
  folders[period] = publishedFolder(result);
  result.context.store.close();
}

beforeAll(async () => {
  config = makeRecordCity();
  const { workspace } = config;
  const edit = (path: string, change: (text: string) => string) =>
    writeFileSync(join(workspace, path), change(readFileSync(join(workspace, path), "utf8")));
  const records = "data-samples/records/records.ndjson";
  edit(records, (text) =>
    [
      ...text
        .trimEnd()
        .replaceAll('"no":"D1"', `"doc":"${REVOKED.document}","no":"${REVOKED.key}"`)
        .replaceAll('"no":"D2"', `"doc":"${REPAIRED.document}","no":"${REPAIRED.key}"`)
        .split("\n"),
      JSON.stringify({
        ...{ note: "合成 synthetic", doc: LASTING.document, no: LASTING.key, body: LASTING.body },
        ...{
          type: "行政处罚",
          severity: "严重",
          subject: "机关",
          person: "",
          decided: "2018-05-10",
        },
        ...{ state: "已公示", published: "2018-05-15", repaired: "", known: "2018-05-16" },
      }),
      "",
    ].join("\n"),
  );
  edit("pipelines/sources/records.yaml", (text) =>
    text.replace("  decided_on:", "  document_no: { from: doc, optional: true }\n  decided_on:"),
  );
  addLists(workspace);
  await publishMonth("2018-05", "2018-06-04 00:00:00");
  reader = await Store.open(":memory:", { memory: "200MB", threads: 1 });
  // One is written in a process of its own, as always; starting it for each takes a test's time.
  let written = 0;
  app = makeApp({
    config,
    isStopping: () => false,
    today: () => today,
    write: (order) =>
      written++ === 0 ? renderApart(order) : renderMonth(order.places, order.lapsed),
  });
  for (const role of ["analyst", "officer", "admin"] as const) {
    roles[role] = { Authorization: `Bearer ${addToken(config, { name: role, role }).secret}` };
  }
});
afterAll(() => {
  app?.close();
  reader?.close();
  removeFolders();
});

const get = (path: string, role = "public", headers = {}) =>
  app.request(path, { headers: { ...roles[role], ...headers } });

const read = new Map<string, Promise<string>>();

/** Every text that a file holds, read as its kind is read; equal files are read once. */
function readTexts(path: string, bytes: Buffer): Promise<string> {
  const key = `${path} ${createHash("sha256").update(bytes).digest("hex")}`;
  const known = read.get(key) ?? readKind(path, bytes);
  read.set(key, known);
  return known;
}

async function readKind(path: string, bytes: Buffer): Promise<string> {
  if (/\.(html|json|csv|txt)$/.test(path)) return bytes.toString();
  if (path.endsWith(".xlsx")) {
    return Object.values(unzipSync(bytes))
      .map((part) => Buffer.from(part).toString())
      .join("\n");
  }
  if (path.endsWith(".arrow")) return JSON.stringify(tableFromIPC(bytes).toArray().map(toPlain));
  if (path === "manifest.sig") return "";
  const file = join(makeFolder(), "read");
  writeFileSync(file, bytes);
  if (path.endsWith(".parquet")) {
    return JSON.stringify(await reader.rows(`FROM read_parquet('${file}')`));
  }
  const store = await Store.open(":memory:", { memory: "200MB", threads: 1 });
  try {
    await store.attach(file, "one");
    const tables = await store.rows<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_catalog = 'one'",
    );
    const texts: string[] = [];
    for (const { name } of tables)
      texts.push(JSON.stringify(await store.rows(`FROM one.main.${name}`)));
    // The bytes too: what was deleted may stand in a page of the file.
    return [...texts, bytes.toString("latin1"), bytes.toString()].join("\n");
  } finally {
    store.close();
  }
}

const toPlain = (row: { toJSON(): object }) =>
  Object.fromEntries(
    Object.entries(row.toJSON()).map(([name, value]) => [
      name,
      typeof value === "bigint" ? Number(value) : value,
    ]),
  );

/** Every door of a published month as a role sees it: where it was found, and what it says. */
async function walk(period: string, role: string): Promise<Map<string, string>> {
  const said = new Map<string, string>();
  const run = folders[period]?.split("/").at(-1) as string;
  const note = async (path: string, answer: Response) => {
    expect(answer.status, path).toBe(200);
    expect(answer.headers.get("cache-control") ?? "", path).not.toMatch(/immutable|max-age/);
    said.set(
      path,
      await readTexts(
        /^\/published/.test(path) ? path.replace(/.*\/(data\/)?/, "") : "x.txt",
        Buffer.from(await answer.arrayBuffer()),
      ),
    );
  };
  const rests: Record<string, string[]> = {
    entity: ["999901", "999902", "999903"],
    indicator: ["A2/dishonesty-records", "A2/judgment-debtor"],
  };
  for (const page of PAGES) {
    for (const rest of page.rest === "required" ? (rests[page.name] ?? []) : [""]) {
      for (const form of ["", ".json", ".csv"]) {
        const name = [page.name || "index", rest].filter(Boolean).join("/");
        const path = `/tiny/${name}${form}?period=${period}&run=${run}`;
        await note(path, await get(path, role));
      }
    }
  }
  const files = `/published/tiny/${period}/${run}/`;
  const manifest = (await (await get(`${files}manifest.json`, role)).json()) as Manifest;
  for (const { path, audience } of [
    ...manifest.outputs,
    { path: "manifest.json", audience: "public" },
  ]) {
    if (audience !== "public") {
      expect((await get(files + path, role)).status, path).toBe(403);
    } else await note(files + path, await get(files + path, role));
  }
  for (const entity of ["999901", "999902", "999903"]) {
    const path = `/objection?pipeline=tiny&entity=${entity}`;
    if (role !== "public") await note(path, await get(path, role));
  }
  return said;
}

/** What is asked of a month: by SQL, and credit reports. */
async function ask(period: string): Promise<Map<string, string>> {
  const said = new Map<string, string>();
  for (const table of [
    "dishonesty_record",
    "record_event",
    "item",
    "contribution_detail",
    "list_entry",
    "restriction",
    "rank",
  ]) {
    const answer = await app.request("/api/sql", {
      ...{
        method: "POST",
        body: JSON.stringify({ pipeline: "tiny", period, sql: `FROM published.main.${table}` }),
      },
      headers: { ...roles.analyst, "Content-Type": "application/json" },
    });
    expect(answer.status, table).toBe(200);
    said.set(`sql ${table}`, await answer.text());
  }
  for (const entity of ["999901", "999902", "999903"]) {
    const report = await get(`/api/credit-reports/tiny/${entity}?period=${period}`, "officer");
    expect(report.status).toBe(200);
    said.set(`credit report ${entity}`, await report.text());
  }
  return said;
}

/** What every file of a published folder says, for the office's eyes too; but for what tells the office of ended records. */
async function readFolder(folder: string): Promise<Map<string, string>> {
  const said = new Map<string, string>();
  for (const [path, bytes] of Object.entries(readTree(folder))) {
    if (path === "lapsed.parquet") continue;
    const name = path.split("/").at(-1) as string;
    said.set(path, await readTexts(name, Buffer.from(bytes, "base64")));
  }
  return said;
}

/** Doors that say the record's number, its document or its place. */
const namedBy = (said: ReadonlyMap<string, string>, { key, document, line }: Named) =>
  [...said]
    .filter(
      ([, text]) =>
        text.includes(key) ||
        text.includes(document) ||
        new RegExp(`records/[0-9a-f]{12}:${line}\\b`).test(text),
    )
    .map(([door]) => door);

interface Ranked {
  readonly levels: readonly {
    readonly peer_classes: readonly {
      readonly bodies: readonly { entity_id: string; score: number; rank: number; grade: string }[];
    }[];
  }[];
}

/** Ranks as a published report has them. */
function ranksOf(text: string) {
  const { levels }: Ranked = JSON.parse(text);
  return levels.flatMap(({ peer_classes }) =>
    peer_classes.flatMap(({ bodies }) =>
      bodies.map(({ entity_id, score, rank, grade }) => [entity_id, score, rank, grade]),
    ),
  );
}

const report = async (period: string) =>
  (await get(`/published/tiny/${period}/latest/report.json`)).text();

const find = (said: ReadonlyMap<string, string>, ending: string) =>
  [...said].find(([door]) => door.endsWith(ending))?.[1] as string;

describe("records that are published no more", () => {
  test("stand in a month while they are published: the walk finds them", async () => {
    const said = new Map([...(await walk("2018-05", "public")), ...(await ask("2018-05"))]);
    for (const one of [REPAIRED, REVOKED, LASTING]) {
      const doors = namedBy(said, one);
      for (const door of [
        "report.html",
        "report.json",
        "ranking.xlsx",
        "dishonesty_record.parquet",
        "item.arrow",
        "published.duckdb",
        "sql item",
      ]) {
        expect(
          doors.some((found) => found.endsWith(door)),
          `${one.key} ${door}`,
        ).toBe(true);
      }
      expect(doors.some((door) => door.startsWith(`/tiny/entity/${one.body}.json`))).toBe(true);
    }
    // East Lake is listed for its serious record.
    expect(namedBy(said, REVOKED).filter((door) => door.endsWith("lists.csv"))).not.toEqual([]);
    expect(find(said, "/lists.csv")).toContain(REVOKED.body);
  });

  test("repaired and revoked: once a later month tells it, no door of any month shows them, and scores stay", async () => {
    submit(config, eventOf("revoke", "2018-07-04", { record: REVOKED.key }), "2018-07-05 08:00:00");
    await publishMonth("2018-06", "2018-07-10 00:00:00");
    const before = readTree(folders["2018-05"] as string);
    await new Promise((resolve) => setTimeout(resolve, 1100));

    // The day before each lapses it still stands.
    today = "2018-07-03";
    const on3July = await walk("2018-05", "public");
    expect(namedBy(on3July, REPAIRED)).toEqual([]);
    expect(namedBy(on3July, REVOKED).length).toBeGreaterThan(5);

    today = "2018-07-10";
    for (const period of ["2018-05", "2018-06"]) {
      const said = new Map([...(await walk(period, "public")), ...(await ask(period))]);
      expect(namedBy(said, REPAIRED), period).toEqual([]);
      expect(namedBy(said, REVOKED), period).toEqual([]);
      expect(namedBy(said, LASTING).length, period).toBeGreaterThan(5);
      const original = readFileSync(join(folders[period] as string, "report.json"), "utf8");
      expect(ranksOf(find(said, "/report.json"))).toEqual(ranksOf(original));
      expect(find(said, "/lists.csv")).not.toContain(REVOKED.body);
    }
    expect(readTree(folders["2018-05"] as string)).toEqual(before);
    // Of a month a page says what was left out; the other named none from the beginning.
    const notice = "有 2 条记录已停止公示";
    expect(await (await get("/tiny/?period=2018-05")).text()).toContain(notice);
    expect(await (await get("/tiny/?period=2018-06")).text()).not.toContain("已停止公示");
    expect(await (await get(`/published/tiny/2018-05/latest/ranking.csv`)).text()).toContain(
      notice,
    );
  });

  test("a month leaves out from the beginning what had ended when it was published", async () => {
    const june = folders["2018-06"] as string;
    const said = await readFolder(june);
    expect(namedBy(said, REPAIRED)).toEqual([]);
    expect(namedBy(said, REVOKED)).toEqual([]);
    expect(namedBy(said, LASTING).length).toBeGreaterThan(5);
    const served = await get(`/published/tiny/2018-06/${june.split("/").at(-1)}/manifest.json`);
    expect(await served.text()).toBe(readFileSync(join(june, "manifest.json"), "utf8"));
  });

  test("over by its date: nobody does anything, and the next day it is gone", async () => {
    today = "2021-05-09";
    expect(await report("2018-06")).toContain(LASTING.key);
    today = "2021-05-10";
    for (const period of ["2018-05", "2018-06"]) {
      const said = new Map([...(await walk(period, "public")), ...(await ask(period))]);
      expect(namedBy(said, LASTING), period).toEqual([]);
    }
  });

  test("the rendering is signed, names its original and verifies by itself; the original is the administrator's", async () => {
    today = "2018-07-10";
    const original = folders["2018-05"] as string;
    const files = `/published/tiny/2018-05/${original.split("/").at(-1)}/`;
    const folder = makeFolder();
    const manifest = (await (await get(`${files}manifest.json`)).json()) as Manifest;
    const open = manifest.outputs.filter(({ audience }) => audience === "public");
    for (const path of [...open.map((one) => one.path), "manifest.json", "manifest.sig"]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), Buffer.from(await (await get(files + path)).arrayBuffer()));
    }
    const keys = listPublicKeys(config);
    const check = await checkFolder(folder, keys);
    // What is not for everybody cannot be downloaded; all else is as the manifest says.
    expect(check.changed).toEqual(
      manifest.outputs
        .filter(({ audience }) => audience !== "public")
        .map(({ path }) => ({ path, reason: "missing" })),
    );
    expect(check.signedWith).toBe(keys[0]?.id);
    expect(check.manifest && noteOf(check.manifest)).toMatchObject({
      records: 2,
      since: "2018-07-04",
      run: manifest.run,
      withheld: [],
    });
    expect(await (await get(`${files}report.html`)).text()).toContain(
      "截至 2018-07-04，有 2 条记录已停止公示",
    );

    expect((await get(`${files}report.json?edition=original`, "officer")).status).toBe(403);
    const whole = await get(`${files}report.json?edition=original`, "admin");
    expect(whole.headers.get("cache-control")).toBe("private, no-store");
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(
      readFileSync(join(original, "report.json")),
    );
    expect((await checkFolder(original, keys)).findings).toEqual([]);
  });

  test("the same records give the same bytes, also when the definitions have changed since", async () => {
    const original = folders["2018-05"] as string;
    const dataDir = join(config.dataDir, "tiny");
    const lapsed: Lapse[] = [
      {
        source_id: "records",
        entity_id: "999902",
        record_key: REPAIRED.key,
        reason: "repaired",
        since: "2018-06-05",
      },
    ];
    const render = async () => {
      const target = makeFolder();
      await renderMonth({ config, dataDir, original, target }, lapsed);
      return readPublished(target);
    };
    const first = await render();
    expect(Object.keys(first)).toEqual(
      expect.arrayContaining(["report.html", "ranking.xlsx", "notice.txt"]),
    );
    const standard = join(config.workspace, "metrics", "standards", "tiny.yaml");
    const text = readFileSync(standard, "utf8");
    writeFileSync(standard, text.replace(/version: .*/, 'version: "changed"'));
    try {
      expect(await render()).toEqual(first);
    } finally {
      writeFileSync(standard, text);
    }
  });

  test("what tells of a record's end, since when, and when the next one ends", async () => {
    const definition = findPipeline(config.workspace, "tiny");
    const [may, june] = [folders["2018-05"] as string, folders["2018-06"] as string];
    const told = async (newest: string) => {
      const runs = [
        {
          run: may.split("/").at(-1) ?? "",
          period: "2018-05",
          asOf: "2018-06-04 00:00:00",
          folder: may,
        },
        {
          run: june.split("/").at(-1) ?? "",
          period: "2018-06",
          asOf: "2018-07-10 00:00:00",
          folder: newest,
        },
      ];
      const { records, next } = await readLapsed(
        config,
        reader,
        { definition, runs },
        "2018-07-10",
      );
      return {
        next,
        ...Object.fromEntries(records.map((one) => [one.record_key, `${one.reason} ${one.since}`])),
      };
    };
    expect(await told(june)).toMatchObject({
      ...{
        [REVOKED.key]: "revoked 2018-07-04",
        [REPAIRED.key]: "repaired 2018-06-05",
        next: "2021-05-10",
      },
    });
    // A publication of a program that did not tell: what ended of the items behind its scores, which it named still, and what
    // it has no more.
    const older = makeFolder();
    cpSync(june, older, { recursive: true });
    rmSync(join(older, "lapsed.parquet"));
    const items = (folder: string) => `'${join(folder, "data", "item.parquet")}'`;
    await reader.run(
      `COPY (SELECT * REPLACE (CASE WHEN ended_on IS NULL THEN record_key ELSE '${REPAIRED.key}' END AS record_key)
       FROM read_parquet(${items(june)})) TO ${items(older)} (FORMAT parquet)`,
    );
    expect(await told(older)).toMatchObject({
      ...{
        [REVOKED.key]: "removed 2018-07-10",
        [REPAIRED.key]: "ended 2018-06-05",
        next: "2021-05-10",
      },
    });
  });

  test("an event handed in ends a record at once, before anything is published again", async () => {
    today = "2018-07-11";
    expect(await report("2018-05")).toContain(LASTING.key);
    submit(
      config,
      eventOf("revoke", "2018-07-11", { record: LASTING.key, entity: LASTING.body }),
      "2018-07-11 09:00:00",
    );
    await new Promise((resolve) => setTimeout(resolve, 1100));
    for (const period of ["2018-05", "2018-06"]) {
      expect(namedBy(await walk(period, "public"), LASTING), period).toEqual([]);
    }
  });
});
