import { type AddressInfo, createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readReadingBounds } from "../../../src/config.ts";
import { TransientFetchError } from "../../../src/pull/fetch-error.ts";
import { openFixture } from "./connect-fixture.ts";
import { type HttpServer, sendJson, startServer } from "./http-server.ts";

const ROWS = [{ id: 1 }, { id: 2 }];
const WHOLE = JSON.stringify(ROWS);

const open = (server: HttpServer, more = "", allow = `"127.0.0.1:${server.port}"`) =>
  openFixture(
    `{ type: http-json, url: "${server.origin}/letters", allow_hosts: [${allow}], retry_seconds: 0.05, timeout_seconds: 1${more} }`,
  );

describe("what may pass is tried again, and then taken once and whole", () => {
  const faults: Record<string, Parameters<typeof startServer>[0]> = {
    "429 without saying how long": (_q, response) => sendJson(response, {}, {}, 429),
    "500": (_q, response) => sendJson(response, {}, {}, 500),
    "502 with a page for people": (_q, response) => {
      response.writeHead(502, { "content-type": "text/html" });
      response.end("<html>bad gateway</html>");
    },
    "503": (_q, response) => sendJson(response, {}, {}, 503),
    "a body that trickles for ever": (_q, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(timer));
    },
    "no answer at all": () => {},
    "truncated JSON": (_q, response) => response.end(WHOLE.slice(0, -3)),
    "fewer bytes than Content-Length says": (_q, response) => {
      response.writeHead(200, { "content-length": String(WHOLE.length + 10) });
      response.write(WHOLE);
      setTimeout(() => response.destroy(), 20);
    },
    "more bytes than Content-Length says": (request) => {
      request.socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${WHOLE.length - 4}\r\n\r\n${WHOLE}`);
    },
    "a connection cut in the middle of a chunked body": (_q, response) => {
      response.write(WHOLE.slice(0, 5));
      setTimeout(() => response.destroy(), 20);
    },
    "compressed data cut short": (_q, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(gzipSync(WHOLE).subarray(0, -9));
    },
    "no proper HTTP": (request) => request.socket.end("hello\r\n\r\n"),
  };

  test.each(Object.entries(faults))("%s", async (_name, misbehave) => {
    let mended = false;
    const server = await startServer((request, response, count) =>
      mended || count % 2 === 1 ? sendJson(response, ROWS) : misbehave(request, response, count),
    );
    const fixture = await open(server, ", attempts: 2");
    expect(await fixture.fetch()).toBe(1);
    expect(await fixture.contents()).toEqual([WHOLE]);
    expect(server.asked).toHaveLength(2);

    // And if it does not pass: an error that says so, nothing kept, and the next fetch gets all.
    const broken = await startServer((request, response, count) =>
      mended ? sendJson(response, ROWS) : misbehave(request, response, count),
    );
    const other = await open(broken, ", attempts: 2");
    const error = await other.fail();
    expect(error).toBeInstanceOf(TransientFetchError);
    expect(error.source).toBe("letters");
    expect(error.message).toContain(`${broken.origin}/letters`);
    expect(error.sentence.zh).toMatch(/[一-龥].*。$/);
    expect(broken.asked).toHaveLength(2);
    expect(await other.names()).toEqual([]);
    mended = true;
    expect(await other.fetch()).toBe(1);
    expect(await other.contents()).toEqual([WHOLE]);
  });

  test("nobody listening", async () => {
    const place = createServer();
    await new Promise<void>((resolve) => place.listen(0, "127.0.0.1", resolve));
    const { port } = place.address() as AddressInfo;
    await new Promise((resolve) => place.close(resolve));
    const fixture = await openFixture(
      `{ type: http-json, url: "http://127.0.0.1:${port}/", allow_hosts: [127.0.0.1], attempts: 2, retry_seconds: 0.01 }`,
    );
    const error = await fixture.fail();
    expect(error).toBeInstanceOf(TransientFetchError);
    expect(error.message).toContain("refused");
  });
});

describe("Retry-After", () => {
  test("in seconds is waited for, however short the own wait", async () => {
    const server = await startServer((_request, response, count) =>
      count === 0 ? sendJson(response, {}, { "retry-after": "1" }, 429) : sendJson(response, ROWS),
    );
    await (await open(server)).fetch();
    const [first, second] = server.asked;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test("as a date is read against the server's clock", async () => {
    const server = await startServer((_request, response, count) => {
      if (count > 0) return sendJson(response, ROWS);
      const headers = {
        date: "Mon, 01 Jan 2001 00:00:00 GMT",
        "retry-after": "Mon, 01 Jan 2001 00:00:01 GMT",
      };
      return sendJson(response, {}, headers, 503);
    });
    await (await open(server)).fetch();
    const [first, second] = server.asked;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test("of more than a minute is left to whoever runs the pipeline, who is told how long", async () => {
    const server = await startServer((_request, response) =>
      sendJson(response, {}, { "retry-after": "3600" }, 429),
    );
    const error = await (await open(server)).fail();
    expect(error).toBeInstanceOf(TransientFetchError);
    expect((error as TransientFetchError).retryAfter).toBe(3600);
    expect(server.asked).toHaveLength(1);
  });
});

describe("what will not get better is not tried again", () => {
  test.each([
    [401, "credentials"],
    [403, "credentials"],
    [404, "Check the address"],
    [410, "Check the address"],
    [422, "Check the address"],
  ])("%i", async (status, advice) => {
    const server = await startServer((_request, response) => sendJson(response, {}, {}, status));
    const error = await (await open(server)).fail();
    expect(error.name).toBe("PermanentFetchError");
    expect(error.message).toContain(String(status));
    expect(error.message).toContain(advice);
    expect(server.asked).toHaveLength(1);
  });

  test("JSON without the list the definition names", async () => {
    const server = await startServer((_request, response) => sendJson(response, { rows: [] }));
    const fixture = await openFixture(
      `{ type: http-json, url: "${server.origin}/", allow_hosts: [127.0.0.1] }`,
      "{ type: json, records: [items] }",
    );
    const error = await fixture.fail();
    expect(error.name).toBe("PermanentFetchError");
    expect(error.message).toContain('"items"');
  });

  test.each([
    ["nested without end", "[".repeat(100_000) + "]".repeat(100_000), {}, /nested more than 100/],
    [
      "of more than the memory of reading",
      `[${"[],".repeat(8 << 20)}[]]`,
      { memory: 250 << 20 },
      /more memory than the 250MB.*ZHENGXIN_READ_MEMORY/,
    ],
  ])("an answer %s ends its reader and not the program", async (_name, answer, bounds, said) => {
    const server = await startServer((_q, response) => response.end(answer));
    const fixture = await openFixture(
      `{ type: http-json, url: "${server.origin}/", allow_hosts: [127.0.0.1], attempts: 1 }`,
    );
    Object.assign(fixture.context, { reading: { ...readReadingBounds(), ...bounds } });
    const { sentence, transient } = await fixture.fail();
    expect(sentence.en).toMatch(said);
    expect(transient).toBe(false);
    expect(await fixture.names()).toEqual([]);
  });

  test("an answer larger than allowed", async () => {
    const server = await startServer((_request, response) => response.end("[".padEnd(5000)));
    const error = await (await open(server, ", max_bytes: 4096")).fail();
    expect(error.name).toBe("PermanentFetchError");
    expect(error.message).toContain("4096");
  });
});

describe("only allowed hosts are contacted", () => {
  test("a redirect to another host is refused, and that host hears nothing", async () => {
    const other = await startServer((_request, response) => sendJson(response, ROWS));
    const server = await startServer((_request, response) => {
      response.writeHead(302, { location: `${other.origin}/letters` });
      response.end();
    });
    const error = await (await open(server)).fail();
    expect(error.name).toBe("PermanentFetchError");
    expect(error.message).toContain(`127.0.0.1:${other.port}`);
    expect(error.message).toContain("allow_hosts");
    expect(other.asked).toEqual([]);

    // On the list it is followed; but what proves who asks stays with the first host.
    process.env.LETTERS_TOKEN = "s3cret-token";
    const more = ", auth: { type: bearer, token: { env: LETTERS_TOKEN } }";
    const both = await open(server, more, `"127.0.0.1:${server.port}", "127.0.0.1:${other.port}"`);
    expect(await both.fetch()).toBe(1);
    expect(server.asked.at(-1)?.headers.authorization).toBe("Bearer s3cret-token");
    expect(other.asked[0]?.headers.authorization).toBeUndefined();
    delete process.env.LETTERS_TOKEN;
  });

  test("a redirect on the same host is followed, an endless one is not", async () => {
    const server = await startServer((request, response) => {
      if (request.url === "/new") return sendJson(response, ROWS);
      response.writeHead(308, { location: "/new" });
      return response.end();
    });
    expect(await (await open(server)).fetch()).toBe(1);
    const endless = await startServer((_request, response) => {
      response.writeHead(302, { location: "/letters" });
      response.end();
    });
    const error = await (await open(endless)).fail();
    expect(error.name).toBe("PermanentFetchError");
    expect(endless.asked).toHaveLength(6);
  });

  test("a next page on another host is refused", async () => {
    const other = await startServer((_request, response) => sendJson(response, ROWS));
    const server = await startServer((_request, response) =>
      sendJson(response, ROWS, { link: `<${other.origin}/>; rel=next` }),
    );
    const error = await (await open(server, ", paging: { type: link }")).fail();
    expect(error.name).toBe("PermanentFetchError");
    expect(other.asked).toEqual([]);
  });

  test("an address outside the networks named is refused, one inside is not", async () => {
    const server = await startServer((_request, response) => sendJson(response, ROWS));
    const named = `http://localhost:${server.port}/`;
    const outside = await openFixture(
      `{ type: http-json, url: "${named}", allow_hosts: [localhost], allow_addresses: [10.0.0.0/8], attempts: 1 }`,
    );
    const error = await outside.fail();
    expect(error.name).toBe("PermanentFetchError");
    expect(error.message).toContain("allow_addresses");
    expect(server.asked).toEqual([]);
    const inside = await openFixture(
      `{ type: http-json, url: "${named}", allow_hosts: [localhost], allow_addresses: [127.0.0.0/8, "::1"], attempts: 1 }`,
    );
    expect(await inside.fetch()).toBe(1);
  });
});

test("no faster than allowed", async () => {
  const server = await startServer((_request, response, count) =>
    sendJson(response, count < 3 ? ROWS : []),
  );
  const fixture = await open(server, ", paging: { type: page }, requests_per_second: 10");
  const began = performance.now();
  await fixture.fetch();
  // Four requests, ten a second: the last one is sent three tenths after the first at the soonest.
  expect(performance.now() - began).toBeGreaterThanOrEqual(290);
  expect(server.asked).toHaveLength(4);
});

test("a compressed answer is kept as the text it is", async () => {
  const server = await startServer((request, response) => {
    expect(request.headers["accept-encoding"]).toContain("gzip");
    response.writeHead(200, { "content-encoding": "gzip" });
    response.end(gzipSync(WHOLE));
  });
  const fixture = await open(server);
  await fixture.fetch();
  expect(await fixture.contents()).toEqual([WHOLE]);
});

test("pull goes on with the data held, and says so", async () => {
  let up = true;
  const server = await startServer((_request, response) =>
    up ? sendJson(response, ROWS) : sendJson(response, {}, {}, 500),
  );
  const fixture = await open(server, ", attempts: 1");
  await fixture.pull();
  up = false;
  const outcome = await fixture.pull();
  await fixture.pull();
  expect(outcome.notes[0]?.en).toContain("what was received before is used");
  expect(outcome.notes[0]?.en).toContain("/letters cannot answer at present (500)");
  expect(outcome.notes[0]?.zh).toContain("沿用此前收到的数据");
  expect(await fixture.rows("json")).toHaveLength(2);
  const attempts = () =>
    fixture.store.rows(
      "SELECT source_id, failed_because IS NOT NULL AS failed FROM raw.pull_attempt",
    );
  expect(await attempts()).toEqual([{ source_id: "letters", failed: true }]);
  up = true;
  await fixture.pull();
  expect(await attempts()).toEqual([{ source_id: "letters", failed: false }]);
});
