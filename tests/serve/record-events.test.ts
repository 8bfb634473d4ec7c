import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SubmittedEvent } from "../../src/record/submit-event.ts";
import { EAST, FINANCE, WEST } from "../end-to-end/tiny-answers.ts";
import { removeFolders } from "../end-to-end/tiny-workspace.ts";
import { type PublishedCity, publishTinyCity } from "./published-city.ts";

// East Lake's serious record D1 is published as known on 10 July 2018, since 15 May.

let city: PublishedCity;
let office: Record<string, string>;
beforeAll(async () => {
  city = await publishTinyCity();
  office = city.bearer({ name: "信用办", role: "officer" });
});
afterAll(removeFolders);

const event = (
  name: SubmittedEvent["event"],
  on: string,
  more: Partial<SubmittedEvent> = {},
): SubmittedEvent => ({
  ...{ record: "D1", entity: EAST, event: name, occurred_at: on },
  ...{ actor_body: "synthetic-credit-office", document_no: `${name} ${on}`, ...more },
});
const DISPUTE = event("dispute", "2018-07-11", { actor_body: EAST, responsible: FINANCE });

async function send(
  body: string,
  headers: Record<string, string>,
  address = "/api/record-events?pipeline=tiny",
) {
  const answer = await city.app.request(address, { method: "POST", headers, body });
  // biome-ignore lint/suspicious/noExplicitAny: checked field by field
  return { status: answer.status, body: (await answer.json()) as any };
}
const json = { "Content-Type": "application/json" };
const ndjson = { "Content-Type": "application/x-ndjson; charset=utf-8" };
const inbox = () => join(city.config.dataDir, "tiny", "inbox", "record-inbox");
const journal = () =>
  readFileSync(join(city.config.dataDir, "tiny", "audit", "journal.ndjson"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ action, target, detail }) => `${action} ${target} ${detail.state}`);

describe("events handed in by API", () => {
  test("are judged one by one: what is illegal is refused with the reason, the rest is taken once", async () => {
    const lines = [
      // Before the objection there is nothing to uphold.
      event("uphold", "2018-07-10"),
      DISPUTE,
      event("uphold", "2018-07-12"),
      event("uphold", "2018-07-13"),
      // Nothing of this number is published: a lead, or a slip of the pen. The next run tells.
      event("verify", "2018-07-12", { record: "D77" }),
      event("revoke", "2018-07-12", { entity: WEST }),
    ];
    const text = `${lines.map((one) => JSON.stringify(one)).join("\n")}\n{"record"\n`;
    const { status, body } = await send(text, { ...office, ...ndjson });
    expect(status).toBe(422);
    expect(body).toMatchObject({ received: 3, known: 0, refused: 4 });
    const told = body.lines.map(
      // biome-ignore lint/suspicious/noExplicitAny: as above
      ({ line, state, record_state, reason }: any) => [line, state, record_state, reason?.en ?? ""],
    );
    expect(told).toEqual([
      [1, "refused", null, expect.stringContaining("the record is published; possible are")],
      [2, "received", "disputed", ""],
      [3, "received", "upheld", ""],
      [4, "refused", null, expect.stringContaining("the record is upheld after an objection")],
      [5, "received", null, ""],
      [6, "refused", null, expect.stringContaining(`is of ${EAST}, not of ${WEST}`)],
      [7, "refused", null, expect.stringContaining("no JSON")],
    ]);
    expect(readdirSync(inbox())).toHaveLength(3);
    expect(journal()).toEqual([
      "record.uphold D1 refused",
      "record.dispute D1 received",
      "record.uphold D1 received",
      "record.uphold D1 refused",
      "record.verify D77 received",
      "record.revoke D1 refused",
    ]);
    // Sent again, the same is taken no second time, nor held against itself.
    const again = await send(`${JSON.stringify(DISPUTE)}\n`.repeat(2), { ...office, ...ndjson });
    expect(again).toMatchObject({ status: 200, body: { received: 0, known: 2, refused: 0 } });
    // What was handed in since the month was published counts: D1 is upheld by now.
    const late = event("dispute", "2018-07-14", { actor_body: EAST, responsible: FINANCE });
    const refused = await send(JSON.stringify(late), { ...office, ...json });
    expect(refused.status).toBe(422);
    expect(refused.body.lines[0].reason.zh).toContain("异议后维持");
  });

  test("may be CSV with the same names", async () => {
    const csv =
      "record,entity,event,occurred_at,actor_body,correction_done,commitment_made\n" +
      `D1,${EAST},apply_repair,2018-07-15,${EAST},true,true\n` +
      `D1,${EAST},apply_repair,2018-07-15,${EAST},true,\n`;
    const { status, body } = await send(csv, { ...office, "Content-Type": "text/csv" });
    expect(status).toBe(422);
    expect(body.lines).toMatchObject([
      { line: 2, state: "received", record_state: "upheld" },
      { line: 3, state: "refused", reason: { en: expect.stringContaining("commitment") } },
    ]);
  });

  test("of a body come from that body, all others from the credit office", async () => {
    const own = city.bearer({ name: "东湖", role: "officer", body: EAST });
    const apply = event("apply_repair", "2018-07-16", {
      ...{ actor_body: EAST, correction_done: true, commitment_made: true },
    });
    expect((await send(JSON.stringify(apply), { ...own, ...json })).status).toBe(201);
    const revoke = await send(JSON.stringify(event("revoke", "2018-07-17")), { ...own, ...json });
    expect(revoke.body.lines[0].reason.en).toContain("for the credit office");
    const other = event("dispute", "2018-07-17", {
      ...{ record: "D2", entity: WEST, actor_body: WEST, responsible: FINANCE },
    });
    const foreign = await send(JSON.stringify(other), { ...own, ...json });
    expect(foreign.body.lines[0].reason.en).toContain(`in the name of ${WEST}`);
    const noted = event("revoke", "2018-07-17", { note: "请联系 13800000000" });
    const personal = await send(JSON.stringify(noted), { ...office, ...json });
    expect(personal.body.lines[0].reason.en).toContain("identity or telephone number");
  });

  test("may name the body that acts, and the token's body, by name or by another code", async () => {
    const own = city.bearer({ name: "东湖", role: "officer", body: EAST });
    const apply = event("apply_repair", "2018-07-16", {
      ...{ entity: `${EAST}000`, actor_body: "东湖区", correction_done: true },
      commitment_made: true,
    });
    expect((await send(JSON.stringify(apply), { ...own, ...json })).status).toBe(201);
    const foreign = { ...apply, actor_body: "西山区" };
    const refused = await send(JSON.stringify(foreign), { ...own, ...json });
    expect(refused.body.lines[0].reason.zh).toContain("而提出者为 西山区");
  });

  test("are refused as a whole where nothing can be read of them", async () => {
    const text = JSON.stringify(DISPUTE);
    expect((await send(text, json)).status).toBe(401);
    const analyst = city.bearer({ name: "a", role: "analyst" });
    expect((await send(text, { ...analyst, ...json })).status).toBe(403);
    expect((await send(text, { ...office, ...json }, "/api/record-events")).status).toBe(404);
    expect((await send(text, { ...office, "Content-Type": "text/plain" })).status).toBe(415);
    expect((await send("\n", { ...office, ...ndjson })).status).toBe(400);
    expect((await send('a\n"b', { ...office, "Content-Type": "text/csv" })).status).toBe(400);
    expect((await send(`${text}\n`.repeat(1001), { ...office, ...ndjson })).status).toBe(413);
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const document: any = await (await city.app.request("/api/openapi.json")).json();
    const { content } = document.paths["/api/record-events"].post.requestBody;
    expect(Object.keys(content)).toEqual(["application/json", "application/x-ndjson", "text/csv"]);
    const { required } = document.components.schemas.RecordEvent;
    expect(required).toEqual(["record", "entity", "event", "occurred_at", "actor_body"]);
  });
});
