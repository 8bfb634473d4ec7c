import { expect, test } from "vitest";
import { openFixture } from "./connect-fixture.ts";
import { type HttpServer, sendJson, startServer } from "./http-server.ts";

const open = (server: HttpServer, more: string, options: { folder?: string; time?: string } = {}) =>
  openFixture(
    `{ type: http-json, url: "${server.origin}/api/releases", allow_hosts: ["127.0.0.1:${server.port}"], ${more} }`,
    "{ type: ocds }",
    options,
  );

const release = (number: number, date: string) => ({
  ocid: `ocds-213czf-${number}`,
  id: `ocds-213czf-${number}-01`,
  date,
  tag: ["contract"],
  contracts: [{ id: "1", dateSigned: date }],
});

/** A package as the API extension of the standard describes it: the next page stands in links.next. */
const pack = (releases: readonly unknown[], next?: string) => ({
  uri: "https://example.org/package",
  version: "1.1",
  publishedDate: "2019-01-01T00:00:00Z",
  publisher: { name: "合成 Synthetic" },
  releases,
  links: next === undefined ? {} : { next },
});

const ALL = [
  release(1, "2018-01-05T00:00:00Z"),
  release(2, "2018-01-31T23:00:00Z"),
  release(3, "2018-02-01T01:00:00Z"),
  release(4, "2018-03-20T00:00:00Z"),
  release(5, "2018-12-30T00:00:00Z"),
];

async function ocids(fixture: Awaited<ReturnType<typeof openFixture>>) {
  await fixture.pull();
  const rows = await fixture.rows("json_extract_string(json, '$.ocid') AS ocid");
  return rows.map(({ ocid }) => String(ocid).slice("ocds-213czf-".length));
}

const parameters = (url: string | undefined) =>
  Object.fromEntries(new URL(url ?? "", "http://x").searchParams);

test("releases by links.next, page by page, absolute and relative, each page a file of releases", async () => {
  const server: HttpServer = await startServer((_request, response, count) => {
    const next = [`${server.origin}/api/releases?page=2`, "/api/releases?page=3"][count];
    sendJson(response, pack(ALL.slice(count * 2, count * 2 + 2), next));
  });
  const fixture = await open(server, "paging: { type: link, next: links.next }");
  expect(await ocids(fixture)).toEqual(["1", "2", "3", "4", "5"]);
  expect(server.asked.map(({ url }) => url)).toEqual([
    "/api/releases",
    "/api/releases?page=2",
    "/api/releases?page=3",
  ]);
  expect(await fixture.names()).toEqual([
    "letters-page-0001.json",
    "letters-page-0002.json",
    "letters-page-0003.json",
  ]);
});

test("packages in an envelope, and records, count as the releases in them where pages go by numbers", async () => {
  const server = await startServer((request, response) => {
    const { offset, limit } = parameters(request.url);
    const page = ALL.slice(Number(offset), Number(offset) + Number(limit));
    const results = page.map((each, index) =>
      index === 0 ? pack([each]) : { ocid: each.ocid, releases: [each] },
    );
    sendJson(response, { maxPage: 3, message: "合成 synthetic", results });
  });
  const fixture = await open(server, "paging: { type: offset, size: 2 }");
  expect(await ocids(fixture)).toEqual(["1", "2", "3", "4", "5"]);
  expect(server.asked.map(({ url }) => parameters(url).offset)).toEqual(["0", "2", "4"]);
});

test("an answer that is none of the forms is a fault, not a page without releases", async () => {
  const server = await startServer((_request, response) =>
    sendJson(response, { status: "error", errors: [{ text: "no such thing" }] }),
  );
  const fixture = await open(server, "attempts: 1");
  const error = await fixture.fail();
  expect(error.name).toBe("PermanentFetchError");
  expect(error.message).toContain("is no package, record or release of OCDS");
  expect(error.message).not.toContain("no such thing");
});

/** Answers with the releases of the days asked for, the last day counted or not. */
function answerDays(all: readonly { date: string }[], lastDayCounts: boolean) {
  return startServer((request, response) => {
    const { dateFrom = "", dateTo = "", page = "1" } = parameters(request.url);
    const inside = all.filter(({ date }) => {
      const day = date.slice(0, 10);
      return day >= dateFrom && (lastDayCounts ? day <= dateTo : day < dateTo);
    });
    const start = (Number(page) - 1) * 1;
    const next = new URL(request.url ?? "", `http://${request.headers.host}`);
    next.searchParams.set("page", String(Number(page) + 1));
    const more = start + 1 < inside.length ? next.href : undefined;
    sendJson(response, pack(inside.slice(start, start + 1), more));
  });
}

const WINDOWS =
  'windows: { from: dateFrom, until: dateTo, start: "2018-01-01", days: 31, overlap_days: 40 }, paging: { type: cursor, next: links.next }';

test.each([true, false])(
  "windows of days leave no day out, whether the server counts the last one (%s) or not",
  async (lastDayCounts) => {
    const server = await answerDays(ALL, lastDayCounts);
    const fixture = await open(server, WINDOWS);
    expect([...new Set(await ocids(fixture))].sort()).toEqual(["1", "2", "3", "4", "5"]);
    const asked = server.asked.map(({ url }) => parameters(url));
    // By hand: 31 days from the first of January 2018 on, the last window holds the tenth of January 2019.
    expect([...new Set(asked.map(({ dateFrom }) => dateFrom))]).toEqual([
      "2018-01-01",
      "2018-02-01",
      "2018-03-04",
      "2018-04-04",
      "2018-05-05",
      "2018-06-05",
      "2018-07-06",
      "2018-08-06",
      "2018-09-06",
      "2018-10-07",
      "2018-11-07",
      "2018-12-08",
      "2019-01-08",
    ]);
    for (const { dateFrom, dateTo } of asked) {
      const days = (Date.parse(dateTo ?? "") - Date.parse(dateFrom ?? "")) / 86_400_000;
      expect(days).toBe(31);
    }
    expect((await fixture.names())[0]).toBe("letters-from-2018-01-01-page-0001.json");
  },
);

test("the next fetch asks for the days since the last and those before it that may have changed", async () => {
  const all = [...ALL];
  const server = await answerDays(all, false);
  const fixture = await open(server, WINDOWS);
  await fixture.fetch();
  server.asked.length = 0;
  all.push(release(6, "2018-12-29T00:00:00Z"));
  await fixture.fetch();
  // The tenth of January less forty days is the first of December, which lies in the window from the seventh of November.
  expect([...new Set(server.asked.map(({ url }) => parameters(url).dateFrom))]).toEqual([
    "2018-11-07",
    "2018-12-08",
    "2019-01-08",
  ]);
  expect([...new Set(await ocids(fixture))].sort()).toEqual(["1", "2", "3", "4", "5", "6"]);
});

test("a window that breaks off leaves the whole ones before it, and the next fetch goes on with it", async () => {
  let broken = true;
  const server: HttpServer = await startServer((request, response) => {
    const { dateFrom = "", dateTo = "" } = parameters(request.url);
    if (broken && dateFrom >= "2018-03-04") return sendJson(response, {}, {}, 400);
    const inside = ALL.filter(({ date }) => date >= dateFrom && date < dateTo);
    return sendJson(response, pack(inside));
  });
  const fixture = await open(server, WINDOWS.replace("overlap_days: 40", "overlap_days: 0"));
  expect((await fixture.fail()).name).toBe("PermanentFetchError");
  expect(await fixture.names()).toEqual([
    "letters-from-2018-01-01-page-0001.json",
    "letters-from-2018-02-01-page-0001.json",
  ]);
  broken = false;
  server.asked.length = 0;
  expect(await ocids(fixture)).toEqual(["1", "2", "3", "4", "5"]);
  expect(parameters(server.asked[0]?.url).dateFrom).toBe("2018-03-04");
});

test("days that gave releases before and give none are not taken for withdrawn", async () => {
  let all = ALL;
  const server = await startServer((request, response) => {
    const { dateFrom = "", dateTo = "" } = parameters(request.url);
    sendJson(response, pack(all.filter(({ date }) => date >= dateFrom && date < dateTo)));
  });
  const fixture = await open(server, WINDOWS);
  await fixture.fetch();
  all = [];
  expect((await fixture.fail()).message).toContain("gives nothing, though something came");
});

test("no windows before the first day; what contradicts itself is refused", async () => {
  const server = await answerDays(ALL, true);
  const early = await open(server, WINDOWS, { time: "2017-12-31T04:00:00Z" });
  expect(await early.fetch()).toBe(0);
  expect(server.asked).toEqual([]);
  for (const [more, message] of [
    [`${WINDOWS}, mark: { parameter: since, field: date }`, "windows and mark both"],
    [WINDOWS.replace("links.next", "links.next, resume: true"), "no cursor can be resumed"],
    [WINDOWS.replace("days: 31", "format: YYYY"), "not a way to write a day"],
    [WINDOWS.replace("2018-01-01", "2018-02-30"), "start"],
  ] as const) {
    await expect(open(server, more), more).rejects.toThrow(message);
  }
});

test("an envelope with nothing in it is the end where pages are told by numbers", async () => {
  const server = await startServer((request, response) => {
    const { offset, limit } = parameters(request.url);
    const results = ALL.slice(0, 4).slice(Number(offset), Number(offset) + Number(limit));
    sendJson(response, { total: 4, results });
  });
  const fixture = await open(server, "paging: { type: offset, size: 2 }");
  expect(await ocids(fixture)).toEqual(["1", "2", "3", "4"]);
  expect(server.asked).toHaveLength(3);
});

test("a next link that is none is a fault, and an object with href is one", async () => {
  for (const next of ["http://127.0.0.1:port/x", { rel: "next" }]) {
    const server = await startServer((_request, response) =>
      sendJson(response, { ...pack([ALL[0]]), links: { next } }),
    );
    const fixture = await open(server, "attempts: 1, paging: { type: link, next: links.next }");
    expect((await fixture.fail()).message).toContain("is no address or cursor");
    expect(await fixture.names()).toEqual([]);
  }
  const server = await startServer((_request, response, count) =>
    sendJson(response, {
      ...pack([ALL[count]]),
      links: { next: count === 0 ? { href: "/api/releases?page=2" } : null },
    }),
  );
  const fixture = await open(server, "paging: { type: link, next: links.next }");
  expect(await ocids(fixture)).toEqual(["1", "2"]);
  await expect(
    open(server, 'paging: { type: link, next: "links[rel=next].href" }'),
  ).rejects.toThrow("a path of names");
});
