import { expect, test } from "vitest";
import { openFixture } from "./connect-fixture.ts";
import { type HttpServer, sendJson, startServer } from "./http-server.ts";

const LETTERS = Array.from({ length: 7 }, (_, index) => ({ id: index + 1, body: "370202" }));
const IDS = LETTERS.map(({ id }) => String(id));

const open = (server: HttpServer, more: string, format = "{ type: json, records: [items] }") =>
  openFixture(
    `{ type: http-json, url: "${server.origin}/letters", allow_hosts: ["127.0.0.1:${server.port}"], ${more} }`,
    format,
  );

async function ids(fixture: Awaited<ReturnType<typeof openFixture>>) {
  await fixture.pull();
  return (await fixture.rows("json_extract_string(json, '$.id') AS id")).map(({ id }) =>
    String(id),
  );
}

const parameters = (url: string | undefined) =>
  Object.fromEntries(new URL(url ?? "", "http://x").searchParams);

test("numbered pages, until one is not full", async () => {
  const server = await startServer((request, response) => {
    const { page, per_page } = parameters(request.url);
    const size = Number(per_page);
    const start = (Number(page) - 1) * size;
    sendJson(response, { items: LETTERS.slice(start, start + size) });
  });
  const fixture = await open(
    server,
    "paging: { type: page, size_parameter: per_page, size: 3 }, query: { state: closed }",
  );
  expect(await ids(fixture)).toEqual(IDS);
  expect(server.asked.map(({ url }) => parameters(url))).toEqual([
    { state: "closed", page: "1", per_page: "3" },
    { state: "closed", page: "2", per_page: "3" },
    { state: "closed", page: "3", per_page: "3" },
  ]);
  expect(await fixture.names()).toEqual([
    "letters-page-0001.json",
    "letters-page-0002.json",
    "letters-page-0003.json",
  ]);
});

test("numbered pages of unknown size, until one is empty; an empty page is no file", async () => {
  const server = await startServer((request, response) => {
    const page = Number(parameters(request.url).p);
    sendJson(response, { items: LETTERS.slice(page * 4, page * 4 + 4) });
  });
  const fixture = await open(server, "paging: { type: page, parameter: p, first: 0 }");
  expect(await ids(fixture)).toEqual(IDS);
  expect(server.asked).toHaveLength(3);
  expect(await fixture.names()).toHaveLength(2);
});

test("offsets, as many on as records came", async () => {
  const server = await startServer((request, response) => {
    const { offset, limit } = parameters(request.url);
    sendJson(response, LETTERS.slice(Number(offset), Number(offset) + Number(limit)));
  });
  const fixture = await open(server, "paging: { type: offset, size: 3 }", "{ type: json }");
  expect(await ids(fixture)).toEqual(IDS);
  expect(server.asked.map(({ url }) => parameters(url).offset)).toEqual(["0", "3", "6"]);
});

test("the Link header, among other links and relations", async () => {
  const server = await startServer((request, response, count) => {
    const link =
      count < 2
        ? `<${request.url}>; rel="self", </letters?from=${count + 1}>; title="a, b"; rel="later next"`
        : `</letters>; rel="first"`;
    sendJson(response, { items: LETTERS.slice(count * 3, count * 3 + 3) }, { link });
  });
  const fixture = await open(server, "paging: { type: link }");
  expect(await ids(fixture)).toEqual(IDS);
  expect(server.asked.map(({ url }) => url)).toEqual([
    "/letters",
    "/letters?from=1",
    "/letters?from=2",
  ]);
});

test("a cursor inside the answer, and records inside an envelope", async () => {
  const server = await startServer((request, response) => {
    const start = Number(parameters(request.url).after ?? 0);
    const next = start + 3 < LETTERS.length ? `${start + 3}` : null;
    sendJson(response, { code: 0, data: { list: LETTERS.slice(start, start + 3), next } });
  });
  const fixture = await open(
    server,
    "paging: { type: cursor, parameter: after, next: data.next }",
    "{ type: json, records: [data.list] }",
  );
  expect(await ids(fixture)).toEqual(IDS);
});

test("a cursor that is kept: the next fetch goes on where the last one ended", async () => {
  const letters = LETTERS.slice(0, 4);
  const server = await startServer((request, response) => {
    const start = Number(parameters(request.url).cursor ?? 0);
    const items = letters.slice(start, start + 3);
    sendJson(response, { items, next: items.length > 0 ? String(start + items.length) : null });
  });
  const fixture = await open(server, "paging: { type: cursor, next: next, resume: true }");
  expect(await ids(fixture)).toEqual(["1", "2", "3", "4"]);
  letters.push(...LETTERS.slice(4));
  server.asked.length = 0;
  expect(await ids(fixture)).toEqual(IDS);
  expect(server.asked[0]?.url).toBe("/letters?cursor=4");
});

test("pages that lead in a circle, or have no end, are not asked for all night", async () => {
  const circle = await startServer((_request, response, count) =>
    sendJson(response, { items: LETTERS, next: count % 2 === 0 ? "b" : "a" }),
  );
  const fixture = await open(circle, "paging: { type: cursor, next: next }");
  const error = await fixture.fail();
  expect(error.name).toBe("PermanentFetchError");
  expect(error.message).toContain("have no end");
  expect(circle.asked).toHaveLength(3);
  expect(await fixture.names()).toEqual([]);

  const endless = await startServer((_request, response) => sendJson(response, { items: LETTERS }));
  const other = await open(endless, "paging: { type: page }, max_pages: 5");
  expect((await other.fail()).message).toContain("page 6");
});

test("only what changed since: the greatest time seen is the next question, and moves with the files", async () => {
  const changes = [
    { id: 1, at: "2018-01-01T08:00:00Z" },
    { id: 2, at: "2018-01-03T08:00:00Z" },
    { id: 3, at: "2018-01-02T08:00:00Z" },
  ];
  let broken = false;
  const server = await startServer((request, response) => {
    const { since } = parameters(request.url);
    if (broken) return sendJson(response, {}, {}, 400);
    return sendJson(response, { items: changes.filter(({ at }) => at >= (since ?? "")) });
  });
  const fixture = await open(
    server,
    'mark: { parameter: since, field: at, start: "2018-01-02T00:00:00Z" }',
  );
  expect(await ids(fixture)).toEqual(["2", "3"]);
  changes.push({ id: 4, at: "2018-01-04T08:00:00Z" });
  broken = true;
  expect((await fixture.fail()).name).toBe("PermanentFetchError");
  broken = false;
  expect(await ids(fixture)).toEqual(["2", "3", "2", "4"]);
  await fixture.fetch();
  expect(server.asked.map(({ url }) => parameters(url).since)).toEqual([
    "2018-01-02T00:00:00Z",
    "2018-01-03T08:00:00Z",
    "2018-01-03T08:00:00Z",
    "2018-01-04T08:00:00Z",
  ]);
});

test("unchanged pages are not sent again, and those after them are found all the same", async () => {
  const pages = [LETTERS.slice(0, 3), LETTERS.slice(3, 6), LETTERS.slice(6)];
  const sent: number[] = [];
  const server = await startServer((request, response) => {
    const page = Number(parameters(request.url).page);
    const etag = `"${page}-${pages[page - 1]?.length}"`;
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, { etag });
      return response.end();
    }
    sent.push(page);
    return sendJson(response, { items: pages[page - 1] }, { etag });
  });
  const fixture = await open(server, "paging: { type: page, size: 3 }");
  expect(await ids(fixture)).toEqual(IDS);
  expect(sent).toEqual([1, 2, 3]);
  // Nothing has changed: nothing is sent, nothing kept, nothing read.
  expect(await fixture.fetch()).toBe(0);
  expect(sent).toEqual([1, 2, 3]);
  pages[2]?.push({ id: 8, body: "370202" });
  expect(await fixture.fetch()).toBe(1);
  expect(sent).toEqual([1, 2, 3, 3]);
  expect(await ids(fixture)).toEqual([...IDS, "7", "8"]);
});

test("Last-Modified is as good as an ETag; and the same answer twice changes nothing even without either", async () => {
  const modified = "Wed, 03 Jan 2018 08:00:00 GMT";
  const dated = await startServer((request, response) => {
    if (request.headers["if-modified-since"] === modified) {
      response.writeHead(304);
      return response.end();
    }
    return sendJson(response, LETTERS, { "last-modified": modified });
  });
  const fixture = await open(dated, "attempts: 1", "{ type: json }");
  await fixture.fetch();
  expect(await fixture.fetch()).toBe(0);

  const plain = await startServer((_request, response) => sendJson(response, LETTERS));
  const other = await open(plain, "attempts: 1", "{ type: json }");
  await other.pull();
  const tables = async () => [
    await other.store.rows("SELECT * FROM raw.file"),
    await other.store.rows("SELECT * FROM raw.received"),
    await other.rows(),
  ];
  const before = await tables();
  const outcome = await other.pull();
  expect(await tables()).toEqual(before);
  expect(outcome.counts).toMatchObject({ files: 1, new: 0, known: 1 });
});
