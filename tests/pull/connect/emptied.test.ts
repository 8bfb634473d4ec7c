import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFixture } from "./connect-fixture.ts";
import { sendJson, startServer } from "./http-server.ts";

const ROWS = "id,at\n1,2018-01-05\n";

test("a watched folder that is empty where files came from is not fetched, unless files are taken out of it", async () => {
  for (const after of ["keep", "remove"]) {
    const fixture = await openFixture(
      `{ type: watched-folder, path: drop, settle_seconds: 0, after: ${after} }`,
      "{ type: csv }",
    );
    const drop = join(fixture.folder, "drop");
    mkdirSync(drop);
    // Nothing has come yet: that is no fault.
    expect(await fixture.fetch()).toBe(0);
    fixture.write("drop/a.csv", ROWS);
    expect(await fixture.fetch()).toBe(1);
    rmSync(join(drop, "a.csv"), { force: true });
    if (after === "remove") expect(await fixture.fetch()).toBe(0);
    else {
      const { message, transient } = await fixture.fail();
      expect(message).toContain("drop gives nothing, though something came from there before");
      expect(transient).toBe(true);
    }
    // What came before is still there.
    expect(await fixture.names()).toEqual(["a.csv"]);
  }
});

test("a whole list without a record where there were some is not fetched; of a list asked for what is new it is an answer", async () => {
  let items: unknown[] = [];
  const server = await startServer((_, response) => sendJson(response, { items }));
  for (const [more, isWhole] of [
    ["", true],
    ["mark: { parameter: since, field: at }", false],
  ] as const) {
    items = [];
    const fixture = await openFixture(
      `{ type: http-json, url: "${server.origin}/letters", allow_hosts: ["127.0.0.1:${server.port}"], ${more} }`,
      "{ type: json, records: [items] }",
    );
    expect(await fixture.fetch()).toBe(0);
    items = [{ id: 1, at: "2018-01-05" }];
    expect(await fixture.fetch()).toBe(1);
    items = [];
    if (isWhole) expect((await fixture.fail()).message).toContain("gives nothing");
    else expect(await fixture.fetch()).toBe(0);
    expect(await fixture.contents()).toHaveLength(1);
  }
});
