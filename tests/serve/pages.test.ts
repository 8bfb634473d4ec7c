import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { binValues } from "../../src/serve/charts/spread-chart.ts";
import { PAGES } from "../../src/serve/pages/page-list.ts";
import { findPage } from "../../src/serve/pages/page-routes.ts";
import { EAST, NORTH, WEST } from "../end-to-end/tiny-answers.ts";
import { JUNE, removeFolders } from "../end-to-end/tiny-workspace.ts";
import { MAY, type PublishedCity, publishTinyCity } from "./published-city.ts";

const PATHS = [
  "/tiny/index",
  "/tiny/ranking",
  "/tiny/ranking/township",
  `/tiny/entity/${EAST}`,
  `/tiny/compare`,
  "/tiny/indicator/B2/closed-on-time",
  "/tiny/alerts",
  "/tiny/quality",
  "/tiny/standards",
  "/tiny/months",
];

let city: PublishedCity;
const get = (path: string, headers: Record<string, string> = {}) =>
  city.app.request(path, { headers });
// biome-ignore lint/suspicious/noExplicitAny: checked field by field, or by the page's own schema
const readJson = async (path: string): Promise<any> => (await get(path)).json();

beforeAll(async () => {
  city = await publishTinyCity([MAY, JUNE]);
});
afterAll(removeFolders);

describe("a page", () => {
  test("of every kind is there in three forms, as its own schema says", async () => {
    expect(new Set(PATHS.map((path) => findPage(path)?.page.name)).size).toBe(PAGES.length);
    for (const path of PATHS) {
      const html = await get(path, { Accept: "text/html" });
      expect([path, html.status]).toEqual([path, 200]);
      const value = await readJson(`${path}.json`);
      expect(value).toMatchObject({ pipeline: "tiny", period: "2018-06", synthetic: true });
      const page = findPage(path)?.page ?? expect.fail(path);
      expect(z.safeParse(page.data, value).error, path).toBeUndefined();
      const csv = Buffer.from(await (await get(`${path}.csv`)).arrayBuffer()).toString("utf8");
      const [header = "", ...lines] = csv.trimEnd().split("\r\n");
      expect(header.startsWith("\uFEFF"), path).toBe(true);
      expect(lines.length, path).toBeGreaterThan(
        path === "/tiny/alerts" || path === "/tiny/compare" ? -1 : 0,
      );
    }
  });

  test("holds nothing inline that the content security policy would stop", async () => {
    for (const path of PATHS) {
      const answer = await get(path, { Accept: "text/html" });
      const text = await answer.text();
      expect(text, path).not.toMatch(/ style=|<style|\son\w+="|javascript:/i);
      const scripts = [...text.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes);
      expect(scripts.filter((one) => !/ src=|application\/json/.test(one ?? ""))).toEqual([]);
      expect(answer.headers.get("content-security-policy")).not.toContain("unsafe");
    }
  });

  test("says what WORKED.md works out", async () => {
    const { standing, change, dimensions, others } = await readJson(`/tiny/entity/${EAST}.json`);
    expect(standing).toMatchObject({ score: 51.5, rank: 2, ranked_of: 3, grade: "C" });
    expect(change).toMatchObject({ from: "2018-05", score_from: 66.125, score_to: 51.5 });
    const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
    expect(sum(change.steps.map((step: { change: number }) => step.change))).toBe(-14.625);
    const points = [...dimensions, ...others].map((one: { points: number }) => one.points);
    expect(sum(points)).toBe(51.5);
    const closing = await readJson("/tiny/indicator/B2/closed-on-time.json");
    expect(
      closing.values.find((row: { entity_id: string }) => row.entity_id === EAST),
    ).toMatchObject({
      ...{ numerator: 8, denominator: 10, value: 80, score: 60 },
    });
    const { bodies } = await readJson(`/tiny/compare.json?a=${WEST}&b=${NORTH}&c=nobody`);
    expect(bodies.map((body: { entity_id: string }) => body.entity_id)).toEqual([WEST, NORTH]);
  });

  test("of another period or run is shown when asked for", async () => {
    const may = await readJson(`/tiny/entity/${EAST}.json?period=2018-05`);
    expect(may).toMatchObject({ period: "2018-05", standing: { score: 66.125 } });
    const { months } = await readJson("/tiny/months.json");
    expect(months.map((month: { period: string }) => month.period)).toEqual(["2018-06", "2018-05"]);
    const fixed = await get(`/tiny/ranking.json?run=${months[1].run}`);
    expect(fixed.headers.get("cache-control")).toBe("public, no-cache");
    expect(await fixed.json()).toMatchObject({ period: "2018-05" });
    const from = await readJson(`/tiny/entity/${EAST}.json?from=2018-04`);
    expect(from.change.from).toBe("2018-04");
    const html = await (await get("/tiny/ranking?period=2018-05")).text();
    expect(html).toContain(`/tiny/entity/${EAST}?period=2018-05`);
  });

  test("that is not there is refused in a sentence", async () => {
    for (const [path, status] of [
      ["/tiny/entity/nobody", 404],
      ["/tiny/entity/", 404],
      ["/tiny/indicator/B2/nothing.json", 404],
      ["/tiny/ranking/nothing", 404],
      ["/tiny/nothing", 404],
      ["/nobody/", 404],
      ["/tiny/ranking?period=2017-01", 404],
      ["/tiny/ranking?period=June", 400],
      ["/tiny/entity/%E0%A4%A", 404],
    ] as const) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, status]);
      const { error } = (await answer.json()) as { error: { zh: string; en: string } };
      expect(error.zh).toMatch(/。$/);
      expect(error.en).toMatch(/\.$/);
    }
  });

  test("is sent once: the same bytes again cost nothing", async () => {
    const first = await get("/tiny/ranking", { "Accept-Encoding": "br, gzip" });
    expect(first.headers.get("content-encoding")).toBe("br");
    const etag = first.headers.get("etag") as string;
    const again = await get("/tiny/ranking", { "If-None-Match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const english = await get("/tiny/ranking?lang=en", { "If-None-Match": etag });
    expect(english.status).toBe(200);
    expect(english.headers.get("set-cookie")).toMatch(/^lang=en;/);
    expect(await english.text()).toContain('<html lang="en">');
  });

  test("is in the language of the browser, Chinese where it asks for neither", async () => {
    const languageOf = async (header: string) =>
      /<html lang="([^"]+)"/.exec(
        await (await get("/tiny/", { "Accept-Language": header })).text(),
      )?.[1];
    expect(await languageOf("en-GB,en;q=0.9")).toBe("en");
    expect(await languageOf("zh-CN,zh;q=0.9,en;q=0.8")).toBe("zh-CN");
    expect(await languageOf("en;q=0.5,zh;q=0.7")).toBe("zh-CN");
    expect(await languageOf("de")).toBe("zh-CN");
  });

  test("the first page and all it loads are below 300 KB", async () => {
    const wanted = { "Accept-Encoding": "br" };
    const page = await get("/tiny/", wanted);
    const text = await (await get("/tiny/")).text();
    const parts = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(parts.length).toBeGreaterThan(2);
    let bytes = (await page.arrayBuffer()).byteLength;
    for (const path of parts) {
      const part = await get(path as string, wanted);
      expect([path, part.status]).toEqual([path, 200]);
      bytes += (await part.arrayBuffer()).byteLength;
    }
    expect(bytes).toBeLessThan(300_000);
  });
});

test("bins hold every value, the highest in the last", () => {
  expect(binValues([])).toEqual([]);
  expect(binValues([3, 3])).toEqual([{ low: 3, high: 3, count: 2 }]);
  // Six bins of one: 0 and 6 at the ends, 1 in the second.
  expect(binValues([0, 1, 5.5, 6]).map(({ count }) => count)).toEqual([1, 1, 0, 0, 0, 2]);
});
