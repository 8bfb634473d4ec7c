import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliverAlerts } from "../../src/alert/deliver.ts";
import { audienceOfAlerts } from "../../src/alert/escalate-to.ts";
import type { Config } from "../../src/config.ts";
import { makeApp } from "../../src/serve/app.ts";
import { addToken, type NewToken } from "../../src/serve/auth/token-file.ts";
import { PAGES } from "../../src/serve/pages/page-list.ts";
import { readChannels } from "../../src/standard/alert-channels.ts";
import { readWarnings } from "../../src/standard/warning-definition.ts";
import { Store } from "../../src/store/store.ts";
import { decodeBody, openMailServer, openReceiver } from "../alert/receivers.ts";
import { EAST, WEST } from "../end-to-end/tiny-answers.ts";
import {
  copyTinyCity,
  publishedFolder,
  removeFolders,
  runTiny,
  tinyConfig,
} from "../end-to-end/tiny-workspace.ts";

// One file of warnings for each audience, all on debt, so that East and others stand above a line. What each says carries a
// marker of its own, which is looked for behind every door as every role.
const AUDIENCES = ["public", "bodies", "officers", "internal"] as const;
const marker = (audience: string) => `Mark${audience}`;

const warnings = (audience: string) => `# Synthetic.
warnings: w-${audience}
version: "1"
title: { zh: ${marker(audience)}, en: ${marker(audience)} }
clause: C5
audience: ${audience}
levels: [district]
owner: office
owners: { office: { zh: 办, en: Office } }
escalate_to: office
deadlines:
  yellow: { acknowledge_days: 5, handle_days: 30, assumption: true }
  orange: { acknowledge_days: 5, handle_days: 30, assumption: true }
  red: { acknowledge_days: 5, handle_days: 30, assumption: true }
series:
  - id: debt
    from: position
    title: { zh: ${marker(audience)}, en: ${marker(audience)} }
    unit: { zh: 元, en: yuan }
    numerator: { stock: [total_debt] }
rules:
  - { id: debt, series: debt, title: { zh: ${marker(audience)}, en: ${marker(audience)} }, bands: [{ level: yellow, from: 1, release: 1 }], persistence: 1, release_after: 1, assumption: true }
`;

/** Who asks, and which markers are for them. */
const ROLES = {
  nobody: { sees: ["public"] },
  east: { sees: ["public", "bodies"], token: { name: "e", role: "officer", body: EAST } },
  analyst: { sees: ["public", "bodies", "officers"], token: { name: "a", role: "analyst" } },
  officer: { sees: ["public", "bodies", "officers"], token: { name: "o", role: "officer" } },
  other: {
    sees: ["public", "bodies", "officers"],
    token: { name: "x", role: "officer", office: "not-named" },
  },
  office: { sees: AUDIENCES, token: { name: "f", role: "officer", office: "finance" } },
  admin: { sees: AUDIENCES, token: { name: "d", role: "admin" } },
} as const satisfies Record<string, { sees: readonly string[]; token?: NewToken }>;
type Who = keyof typeof ROLES;

let config: Config;
let folder: string;
let app: ReturnType<typeof makeApp>;
const headers = new Map<string, Record<string, string>>();

beforeAll(async () => {
  const workspace = copyTinyCity();
  mkdirSync(join(workspace, "metrics", "warnings"));
  for (const one of AUDIENCES) {
    writeFileSync(join(workspace, "metrics", "warnings", `w-${one}.yaml`), warnings(one));
  }
  const pipeline = join(workspace, "pipelines", "tiny.yaml");
  const ids = AUDIENCES.map((one) => `w-${one}`).join(", ");
  writeFileSync(
    pipeline,
    readFileSync(pipeline, "utf8").replace(
      "\nhistory:",
      `\nwarnings: [${ids}]\noffices: { finance: { zh: 财政局, en: Finance } }\nhistory:`,
    ),
  );
  for (const id of ["C5/debt-ratio", "A1/publication-delay-median"]) {
    const file = join(workspace, "metrics", "indicators", `${id}.sql`);
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace(/^source:/m, "audience: internal\nsource:"),
    );
  }
  config = tinyConfig(workspace);
  const done = await runTiny(config);
  done.context.store.close();
  folder = publishedFolder(done);
  app = makeApp({ config, isStopping: () => false });
  for (const [who, { token }] of Object.entries(ROLES as Record<string, { token?: NewToken }>)) {
    headers.set(who, token ? { Authorization: `Bearer ${addToken(config, token).secret}` } : {});
  }
});
afterAll(() => {
  app?.close();
  removeFolders();
});

const get = async (who: string, path: string, more: RequestInit = {}) => {
  const answer = await app.request(path, {
    ...more,
    headers: { ...headers.get(who), ...(more.headers as Record<string, string>) },
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const text = path.endsWith(".xlsx") && answer.ok ? unpack(bytes) : bytes.toString("latin1");
  return { status: answer.status, text };
};
const unpack = (bytes: Uint8Array) =>
  Object.values(unzipSync(bytes))
    .map((part) => Buffer.from(part).toString("latin1"))
    .join("\n");
const found = (text: string) => AUDIENCES.filter((one) => text.includes(marker(one)));

/** Every page in every form, each file of the publication, the API's description and what it lists, and the credit report. */
function doors(): string[] {
  const { outputs } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as {
    outputs: { path: string }[];
  };
  const rest: Record<string, string> = {
    entity: `/${EAST}`,
    indicator: "/B2/repeat-share",
    compare: `?a=${EAST}&b=${WEST}`,
  };
  const pages = PAGES.flatMap(({ name }) =>
    ["", ".json", ".csv"].map((form) => {
      const [path = "", query = ""] = (rest[name] ?? "").split("?");
      const stem = name === "" && form !== "" ? "index" : name;
      return `/tiny/${stem}${path}${form}${query ? `?${query}` : ""}`;
    }),
  );
  const files = ["manifest.json", ...outputs.map(({ path }) => path)];
  return [
    ...pages,
    ...files.map((path) => `/published/tiny/2018-06/latest/${path}`),
    ...["/published/", "/api/pipelines", "/api/openapi.json", "/api/docs", "/sql", "/account"],
    `/api/credit-reports/tiny/${EAST}`,
    `/api/credit-reports/tiny/${WEST}`,
  ];
}

test.each(Object.keys(ROLES) as Who[])(
  "no door shows %s anything that is not for them",
  async (who) => {
    const seen = new Set<string>();
    for (const path of doors()) {
      const { text } = await get(who, path);
      for (const one of found(text)) {
        expect(ROLES[who].sees, `${path} shows ${one} to ${who}`).toContain(one);
        seen.add(one);
      }
    }
    // What is for them they do find.
    expect([...seen].toSorted()).toEqual([...ROLES[who].sees].toSorted());
  },
  240_000,
);

test("no answer to what is sent in shows anything that is not for whoever sends it", async () => {
  const subjects = JSON.stringify({
    pipeline: "tiny",
    purpose: "tender",
    subjects: [EAST, WEST].map((code) => ({ code })),
  });
  const events = JSON.stringify({ pipeline: "tiny", events: [{ record: "none" }] });
  const form = new URLSearchParams({ pipeline: "tiny", entity: EAST, record: "none" }).toString();
  const json = { "Content-Type": "application/json" };
  for (const who of Object.keys(ROLES) as Who[]) {
    for (const [path, body, headers] of [
      ["/api/check-subjects", subjects, json],
      ["/api/record-events", events, json],
      ["/objection", form, { "Content-Type": "application/x-www-form-urlencoded" }],
      ["/account", "token=none", { "Content-Type": "application/x-www-form-urlencoded" }],
    ] as const) {
      const { status, text } = await get(who, path, { method: "POST", body, headers });
      expect(status, `${path} ${who}`).toBeLessThan(500);
      for (const one of found(text)) {
        expect(ROLES[who].sees, `${path} shows ${one} to ${who}`).toContain(one);
      }
    }
  }
});

test("a body's own warnings are told to it, those of another body are not", async () => {
  const alerts = JSON.parse((await get("east", "/tiny/alerts.json")).text) as {
    alerts: { warnings_id: string; entity_id: string }[];
  };
  const bodies = (id: string) => [
    ...new Set(alerts.alerts.filter((one) => one.warnings_id === id).map((one) => one.entity_id)),
  ];
  expect(bodies("w-bodies")).toEqual([EAST]);
  expect(bodies("w-public").length).toBeGreaterThan(1);
  expect(found((await get("east", `/tiny/entity/${WEST}.json`)).text)).toEqual(["public"]);
});

// Mails, robots and files carry to whoever reads them what is for them, and of a body's own that body's alone.
test("no message goes out to anybody it is not for", async () => {
  const mail = await openMailServer();
  const hooks = await openReceiver(() => ({ status: 200, body: '{"errcode":0}' }));
  const work = mkdtempSync(join(tmpdir(), "audience-"));
  writeFileSync(join(work, "secret"), "not-a-real-secret\n");
  const store = await Store.open(join(config.dataDir, "tiny", "working.duckdb"), config);
  try {
    const readers = [...AUDIENCES, "unstated"] as const;
    const bodyOf = (audience: string) => (audience === "bodies" ? `, body: "${EAST}"` : "");
    const stated = (audience: string) =>
      audience === "unstated" ? "" : `, audience: ${audience}${bodyOf(audience)}`;
    const lines = readers.flatMap((one) => [
      `{ id: file-${one}, kind: file, folder: "alerts/${one}"${stated(one)} }`,
      `{ id: mail-${one}, kind: email, host: 127.0.0.1, port: ${mail.port}, from: a@example.org, to: [${one}@example.org]${stated(one)} }`,
      `{ id: hook-${one}, kind: webhook, url: "${hooks.url}/hook/${one}", secret_file: secret${stated(one)} }`,
      `{ id: wecom-${one}, kind: wecom, url: "${hooks.url}/wecom/${one}"${stated(one)} }`,
      `{ id: dingtalk-${one}, kind: dingtalk, url: "${hooks.url}/dingtalk/${one}"${stated(one)} }`,
    ]);
    writeFileSync(join(work, "channels.yaml"), `channels:\n  - ${lines.join("\n  - ")}\n`);
    const channels = readChannels(join(work, "channels.yaml"));
    const definitions = AUDIENCES.map((one) => readWarnings(config.workspace, `w-${one}`));
    const outcome = await deliverAlerts({
      ...{ atDatabase: (ask) => ask(store), dataDir: work, channels },
      ...{ now: "2018-07-11 12:00:00", seconds: 1_531_281_600 },
      audienceOf: audienceOfAlerts(definitions),
    });
    expect(outcome.failures).toEqual([]);
    const sent = (audience: string) =>
      [
        ...readdirSync(join(work, "alerts", audience)).map((name) =>
          readFileSync(join(work, "alerts", audience, name), "utf8"),
        ),
        ...mail.mails
          .filter(({ to }) => to.includes(`${audience}@example.org`))
          .map(({ text }) => decodeBody(text)),
        ...hooks.received
          .filter(({ path }) => path.endsWith(`/${audience}`))
          .map((one) => one.body),
      ] as const;
    for (const reader of readers) {
      const seen = found(sent(reader).join("\n"));
      const limit = reader === "unstated" ? "public" : reader;
      expect([reader, seen]).toEqual([reader, AUDIENCES.slice(0, AUDIENCES.indexOf(limit) + 1)]);
    }
    // East reads of itself alone.
    expect(sent("bodies").filter((text) => text.includes("西山区"))).toEqual([]);
    expect(sent("bodies").some((text) => text.includes("东湖区"))).toBe(true);
    expect(sent("officers").some((text) => text.includes("西山区"))).toBe(true);
  } finally {
    store.close();
    await mail.close();
    await hooks.close();
  }
  writeFileSync(
    join(work, "channels.yaml"),
    "channels: [{ id: file, kind: file, audience: bodies }]\n",
  );
  expect(() => readChannels(join(work, "channels.yaml"))).toThrow("say which body reads it");
});

const SQL =
  "SELECT warnings_id, entity_id FROM warning_level UNION ALL SELECT indicator_id, entity_id FROM value";
const ask = async (who: string) => {
  const { status, text } = await get(who, "/api/sql", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ pipeline: "tiny", sql: SQL }),
  });
  if (status !== 200) return { status, ids: [], foreign: [] };
  const { rows } = JSON.parse(text) as { rows: [string, string][] };
  return {
    status,
    ids: [...new Set(rows.map(([id]) => id))]
      .filter((id) => /^w-|C5\/debt-ratio/.test(id))
      .toSorted(),
    foreign: rows.filter(([id, entity]) => id === "w-bodies" && entity !== EAST),
  };
};

test("SQL answers from what is for whoever asks", async () => {
  expect((await ask("nobody")).status).toBe(401);
  expect(await ask("east")).toEqual({ status: 200, ids: ["w-bodies", "w-public"], foreign: [] });
  const officers = ["w-bodies", "w-officers", "w-public"];
  expect((await ask("analyst")).ids).toEqual(officers);
  expect((await ask("office")).ids).toEqual([
    "C5/debt-ratio",
    ...officers.toSpliced(1, 0, "w-internal"),
  ]);
});

test("contributions still add up where indicators are not public, and the report says how many there are", async () => {
  const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
  // Departments have of the two the delay alone below "trust": the indicator of the least weight and the two nodes' scores are
  // kept back with it (src/publish/complement.ts).
  expect(report.not_public).toEqual({ indicators: 5, warnings: 3, lists: 0 });
  const { not_public } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  expect(
    not_public
      .flatMap((one: { kind: string; id: string }) => (one.kind === "indicator" ? one.id : []))
      .toSorted(),
  ).toEqual([
    "A1/publication-delay-median",
    "B2/closed-on-time",
    "C5/debt-ratio",
    "service",
    "trust",
  ]);
  const bodies = report.levels[0].peer_classes[0].bodies as {
    entity_id: string;
    score: number;
    reason: { en: string };
    indicators: { id: string }[];
    contributions: { id: string; points: number }[];
  }[];
  const east = bodies.find(({ entity_id }) => entity_id === EAST);
  expect(east?.score).toBeCloseTo(51.5, 9);
  expect(east?.contributions.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(51.5, 9);
  // Delay and debt together bring 16 points, orders closed on time 18 (WORKED.md).
  expect(east?.contributions.find(({ id }) => id === "undisclosed")?.points).toBeCloseTo(34, 9);
  expect(east?.indicators.map(({ id }) => id)).not.toContain("C5/debt-ratio");
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("不公开的指标");
});

test("of a month without audiences the offices have every file, and others what today's definitions leave them", async () => {
  const place = join(folder, "manifest.json");
  const manifest = readFileSync(place, "utf8");
  const older = JSON.parse(manifest);
  delete older.not_public;
  for (const one of older.outputs) delete one.audience;
  const whole = join(folder, "internal");
  const kept = new Map<string, Buffer>();
  const names = [
    "report.json",
    "report.html",
    "published.duckdb",
    ...readdirSync(join(whole, "data")).map((one) => `data/${one}`),
  ];
  try {
    for (const name of names) {
      kept.set(name, readFileSync(join(folder, name)));
      writeFileSync(join(folder, name), readFileSync(join(whole, name)));
    }
    writeFileSync(place, JSON.stringify(older));
    app.close();
    app = makeApp({ config, isStopping: () => false });
    const file = (who: string, name: string) => get(who, `/published/tiny/2018-06/latest/${name}`);
    // Whoever sees everything can be shown nothing too much, and officers read as analysts do.
    for (const who of ["nobody", "east", "analyst"] as const) {
      for (const path of doors()) {
        for (const one of found((await get(who, path)).text)) {
          expect(ROLES[who].sees, `${path} of an older month shows ${one} to ${who}`).toContain(
            one,
          );
        }
      }
    }
    // A body's token reads of a month without editions what is public of it.
    expect(await ask("east")).toEqual({ status: 200, ids: ["w-public"], foreign: [] });
    expect((await ask("analyst")).ids).toEqual(["w-bodies", "w-officers", "w-public"]);
    expect((await ask("office")).ids).toContain("C5/debt-ratio");
    expect((await file("nobody", "report.html")).status).toBe(403);
    expect((await file("officer", "data/warning_level.parquet")).status).toBe(403);
    expect((await file("office", "report.html")).text).toContain(marker("internal"));
    expect((await file("nobody", "lists.csv")).status).toBe(200);
    expect(found((await get("nobody", "/tiny/alerts")).text)).toEqual(["public"]);
    expect(found((await get("nobody", `/tiny/entity/${EAST}.json`)).text)).toEqual(["public"]);
    expect((await get("nobody", `/tiny/entity/${EAST}.json`)).text).not.toContain(
      '"C5/debt-ratio"',
    );
    expect(found((await get("office", "/tiny/alerts")).text)).toEqual([...AUDIENCES]);
  } finally {
    for (const [name, bytes] of kept) writeFileSync(join(folder, name), bytes);
    writeFileSync(place, manifest);
  }
});
