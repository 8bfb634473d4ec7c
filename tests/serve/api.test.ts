import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeApp } from "../../src/serve/app.ts";
import { EAST, FINANCE, WEST } from "../end-to-end/tiny-answers.ts";
import { removeFolders } from "../end-to-end/tiny-workspace.ts";
import { findBinary } from "../services/find-binary.ts";
import { type PublishedCity, publishTinyCity } from "./published-city.ts";

const CHROMIUM = findBinary("chromium");

let city: PublishedCity;
beforeAll(async () => {
  city = await publishTinyCity();
});
afterAll(removeFolders);

// biome-ignore lint/suspicious/noExplicitAny: checked field by field
const readJson = async (path: string): Promise<any> => (await city.app.request(path)).json();

const OBJECTION = {
  ...{ pipeline: "tiny", entity: EAST, record_key: "D1", responsible: FINANCE },
  ...{ document_no: "东信〔2018〕1号", grounds: "承诺已按期履行。" },
};

describe("the API", () => {
  test("says what is published", async () => {
    expect(await readJson("/api/pipelines")).toMatchObject([
      {
        pipeline: "tiny",
        newest: "2018-06",
        months: [{ period: "2018-06" }],
      },
    ]);
  });

  test("describes every page and call, and the description is whole", async () => {
    const document = await readJson("/api/openapi.json");
    expect(document.openapi).toMatch(/^3\.1/);
    const paths = Object.keys(document.paths);
    expect(paths).toEqual(
      expect.arrayContaining([
        "/api/objections",
        "/{pipeline}/index.json",
        "/{pipeline}/entity/{entity}.json",
        "/{pipeline}/indicator/{indicator}.csv",
      ]),
    );
    const said = JSON.stringify(document);
    for (const [, reference] of said.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = reference
        ?.split("/")
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      expect(found, reference).toBeDefined();
    }
    // What validates is what is described.
    const { schema } =
      document.paths["/api/objections"].post.requestBody.content["application/json"];
    const { required, additionalProperties } =
      document.components.schemas[schema.$ref.split("/").at(-1)];
    expect([...required].sort()).toEqual(Object.keys(OBJECTION).sort());
    expect(additionalProperties).toBe(false);
    const page = await (await city.app.request("/api/docs")).text();
    for (const path of paths) expect(page).toContain(path);
  });
});

describe("an objection", () => {
  const file = async (headers: Record<string, string>, more: Record<string, unknown> = {}) => {
    const answer = await city.app.request("/api/objections", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ ...OBJECTION, ...more }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: checked field by field
    return { status: answer.status, body: (await answer.json()) as any };
  };

  test("is filed by an officer of the body, once", async () => {
    const officer = city.bearer({ name: "东湖", role: "officer", body: EAST });
    const first = await file(officer);
    expect(first).toMatchObject({ status: 201, body: { state: "received" } });
    const again = await file(officer);
    expect(again).toMatchObject({ status: 200, body: { state: "known" } });
    expect(again.body.receipt).toBe(first.body.receipt);
    const inbox = join(city.config.dataDir, "tiny", "inbox", "record-inbox");
    expect(readdirSync(inbox)).toEqual([`${first.body.receipt}.ndjson`]);
  });

  test("names bodies by code or name, which is the same objection", async () => {
    const { body: ids } = await file(city.bearer({ name: "东湖", role: "officer", body: EAST }), {
      document_no: "东信〔2018〕2号",
    });
    const officer = city.bearer({ name: "东湖", role: "officer", body: EAST });
    const said = { document_no: "东信〔2018〕2号", entity: "东湖区", responsible: "市财政局" };
    const again = await file(officer, said);
    expect(again).toMatchObject({ status: 200, body: { state: "known" } });
    expect(again.body.receipt).toBe(ids.receipt);
    expect(await file(officer, { entity: "西湖区" })).toMatchObject({ status: 403 });
  });

  test("is refused to others, and where it is faulty, in a sentence", async () => {
    const officer = city.bearer({ name: "东湖", role: "officer", body: EAST });
    const statusOf = async (...asked: Parameters<typeof file>) => {
      const { status, body } = await file(...asked);
      expect(body.error.zh).not.toBe("");
      expect(body.error.en).not.toBe("");
      return status;
    };
    expect(await statusOf({})).toBe(401);
    expect(await statusOf(city.bearer({ name: "a", role: "analyst", body: EAST }))).toBe(403);
    expect(await statusOf(officer, { entity: WEST })).toBe(403);
    expect(await statusOf(officer, { pipeline: "nothing" })).toBe(404);
    expect(await statusOf(officer, { grounds: "" })).toBe(400);
    expect(await statusOf(officer, { severity: "minor" })).toBe(400);
    expect(await statusOf(officer, { grounds: "请联系 13800000000" })).toBe(400);
    expect(await statusOf(officer, { grounds: "证件 110101199003070011" })).toBe(400);
    expect(await statusOf({ ...officer, "Content-Type": "text/plain" })).toBe(415);
  });
});

describe("an inquiry", () => {
  const ask = (headers: Record<string, string>, more: Record<string, unknown> = {}) =>
    city.app.request("/api/check-subjects", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({
        ...{ pipeline: "tiny", purpose: "procurement" },
        ...{ subjects: [{ code: EAST }, { name: "nobody" }], ...more },
      }),
    });
  const journal = () =>
    readFileSync(join(city.config.dataDir, "tiny", "audit", "journal.ndjson"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  test("is answered to officers alone, and written into the audit journal", async () => {
    const officer = city.bearer({ name: "采购办", role: "officer" });
    expect((await ask({})).status).toBe(401);
    expect((await ask(city.bearer({ name: "a", role: "analyst" }))).status).toBe(403);
    expect((await ask(officer, { purpose: "curiosity" })).status).toBe(400);
    expect((await ask(officer, { period: "2017-01" })).status).toBe(404);
    const answer = await ask(officer);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      ...{ period: "2018-06", counts: { unknown: 1 } },
      answers: [{ entity_id: EAST }, { state: "unknown" }],
    });
    const csv = await (await ask({ ...officer, Accept: "text/csv" })).text();
    expect(csv.trimEnd().split("\r\n")).toHaveLength(3);
    const asked = journal().filter(({ action }) => action === "subjects.check");
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ role: "officer", detail: { subjects: 2, outcome: "done" } });
    expect(asked[0].actor).toContain("采购办");
    expect(JSON.stringify(journal())).not.toContain("zx_");
  });

  test("takes a list as CSV, and a hundred thousand subjects but not one more", async () => {
    const officer = city.bearer({ name: "采购办", role: "officer" });
    const list = (csv: string, address = "?pipeline=tiny&purpose=procurement") =>
      city.app.request(`/api/check-subjects${address}`, {
        method: "POST",
        headers: { "Content-Type": "text/csv", ...officer },
        body: csv,
      });
    // biome-ignore lint/suspicious/noExplicitAny: checked field by field
    const asked = (await (await list(`代码,名称\n${EAST},\n,nobody\n`)).json()) as any;
    expect(asked).toEqual(await (await ask(officer)).json());
    expect((await list(`代码\n${EAST}\n`, "?pipeline=tiny")).status).toBe(400);
    expect((await list("x,y\n1,2\n")).status).toBe(400);
    const many = `code\n${"nobody\n".repeat(100_000)}`;
    const answer = await list(many);
    expect(answer.status).toBe(200);
    const { counts, answers } = (await answer.json()) as typeof asked;
    expect(Object.values(counts as Record<string, number>).reduce((a, b) => a + b)).toBe(100_000);
    expect(answers).toHaveLength(100_000);
    expect((await list(`${many}${EAST}\n`)).status).toBe(400);
    expect((await list("code\n".repeat(6_000_000))).status).toBe(413);
    const typed = await city.app.request("/api/check-subjects", {
      ...{ method: "POST", headers: { "Content-Type": "text/plain", ...officer }, body: "x" },
    });
    expect(typed.status).toBe(415);
  });

  test("gives a credit report as data, or as a page in a sandbox", async () => {
    const officer = city.bearer({ name: "采购办", role: "officer" });
    const get = (path: string, headers: Record<string, string>) =>
      city.app.request(`/api/credit-reports/${path}`, { headers });
    expect((await get(`tiny/${EAST}`, {})).status).toBe(401);
    expect((await get("tiny/nobody", officer)).status).toBe(404);
    expect(await (await get(`tiny/${EAST}`, officer)).json()).toMatchObject({
      identity: { entity_id: EAST },
      standing: { score: 51.5 },
    });
    const page = await get(`tiny/${EAST}`, { ...officer, Accept: "text/html" });
    expect(page.headers.get("content-security-policy")).toContain("sandbox");
    expect(page.headers.get("cache-control")).toContain("no-store");
  });

  test("says in a sentence that there is no browser to print a PDF with", async () => {
    const officer = city.bearer({ name: "采购办", role: "officer" });
    const config = { ...city.config, chromium: undefined, path: "" };
    const app = makeApp({ config, isStopping: () => false });
    const answer = await app.request(`/api/credit-reports/tiny/${EAST}.pdf`, { headers: officer });
    expect(answer.status).toBe(501);
    expect(await answer.json()).toMatchObject({
      error: { zh: expect.stringContaining("Chromium"), en: expect.stringContaining("apt-get") },
    });
    expect((await app.request(`/api/credit-reports/tiny/${EAST}.pdf`)).status).toBe(401);
  });

  test.skipIf(!CHROMIUM)(
    "gives a credit report as PDF, several asked for at once one after the other",
    async () => {
      const officer = city.bearer({ name: "采购办", role: "officer" });
      const config = { ...city.config, chromium: CHROMIUM };
      const app = makeApp({ config, isStopping: () => false });
      const answers = await Promise.all([
        app.request(`/api/credit-reports/tiny/${EAST}.pdf`, { headers: officer }),
        app.request(`/api/credit-reports/tiny/${EAST}`, {
          headers: { ...officer, Accept: "application/pdf" },
        }),
      ]);
      const files: Buffer[] = [];
      for (const answer of answers) {
        expect(answer.status).toBe(200);
        expect(answer.headers.get("content-type")).toBe("application/pdf");
        files.push(Buffer.from(await answer.arrayBuffer()));
      }
      expect(files[0]?.subarray(0, 5).toString()).toBe("%PDF-");
      expect(files[1]?.equals(files[0] as Buffer)).toBe(true);
    },
    150_000,
  );
});

test.skipIf(!existsSync("/proc/self/stat"))(
  "closing the server ends the processes of questions",
  async () => {
    const server = await city.listen();
    const before = new Set(children());
    const answer = await fetch(`${server.address}/api/sql`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...city.bearer({ name: "分析员", role: "analyst" }),
      },
      body: JSON.stringify({ sql: "SELECT count(*) FROM rank" }),
    });
    expect(answer.status).toBe(200);
    const started = children().filter((pid) => !before.has(pid));
    // The one that answered, and the spare that is kept for the next asker.
    expect(started.length).toBeGreaterThanOrEqual(1);
    expect(started.length).toBeLessThanOrEqual(2);
    await server.close();
    await expect.poll(() => children().filter((pid) => started.includes(pid))).toEqual([]);
  },
);

/** Processes this one has started and that have not ended. */
function children(): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [state, parent] =
        readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      return Number(parent) === process.pid && state !== "Z";
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}
