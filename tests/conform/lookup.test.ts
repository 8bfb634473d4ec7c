import { afterEach, expect, test } from "vitest";
import { type Bench, openBench } from "./fixture.ts";
import { ALIASES, BODIES, DISTRICTS, PENALTIES, penalty } from "./sources.ts";

let bench: Bench;
afterEach(() => bench.close());

// 即墨 was the city 370282 until 30 October 2017 and is the district 370215 since.
const JIMO = [
  { scheme: "gb2260", code: "370282", entity: "370215", since: "1989-07-28", until: "2017-10-30" },
  { scheme: "name", code: "即墨市", entity: "370215", since: "1989-07-28", until: "2017-10-30" },
];

async function place(rows: readonly Record<string, string | null>[], aliases = JIMO) {
  bench = await openBench([BODIES, ALIASES, PENALTIES]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("aliases", "a.csv", aliases);
  await bench.deliver("penalties", "p.csv", rows);
  await bench.conform();
  return bench.rows("SELECT document_no, entity_id FROM core.publicity_item ORDER BY document_no");
}

test("an old code and an old name mean the same body, in their time", async () => {
  expect(
    await place([
      penalty({ CF_WSH: "1", CF_CFJGDM: "370282", CF_JDRQ: "2017-10-29" }),
      penalty({ CF_WSH: "2", CF_CFJGDM: "即墨市", CF_JDRQ: "2017-01-01" }),
      penalty({ CF_WSH: "3", CF_CFJGDM: "370215", CF_JDRQ: "2017-10-30" }),
      penalty({ CF_WSH: "4", CF_CFJGDM: "即墨区", CF_JDRQ: "2018-01-01" }),
    ]),
  ).toEqual([
    { document_no: "1", entity_id: "370215" },
    { document_no: "2", entity_id: "370215" },
    { document_no: "3", entity_id: "370215" },
    { document_no: "4", entity_id: "370215" },
  ]);
});

test("a code outside its time is expired, and the sentence says when it held", async () => {
  expect(
    await place([
      penalty({ CF_WSH: "1", CF_CFJGDM: "370282", CF_JDRQ: "2017-10-30" }),
      penalty({ CF_WSH: "2", CF_CFJGDM: "370215", CF_JDRQ: "2017-10-29" }),
      penalty({ CF_WSH: "3", CF_CFJGDM: "370283", CF_JDRQ: "2017-10-29" }),
    ]),
  ).toEqual([]);
  expect(
    await bench.rows("SELECT line, reason, value, message_en FROM quarantine.row ORDER BY line"),
  ).toEqual([
    {
      line: 2,
      reason: "expired-code",
      value: "370282",
      message_en: expect.stringContaining("1989-07-28 – 2017-10-29"),
    },
    {
      line: 3,
      reason: "expired-code",
      value: "370215",
      message_en: expect.stringContaining("2017-10-30 –"),
    },
    { line: 4, reason: "unknown-entity", value: "370283", message_en: expect.anything() },
  ]);
});

test("the first scheme that knows the code decides; a code of two bodies is ambiguous", async () => {
  const aliases = [
    { scheme: "name", code: "370202", entity: "370215", since: "2000-01-01", until: "" },
    { scheme: "name", code: "双名", entity: "370215", since: "2000-01-01", until: "" },
    { scheme: "uscc", code: "两家", entity: "370215", since: "2000-01-01", until: "" },
    { scheme: "uscc", code: "双名", entity: "370202", since: "2018-06-01", until: "" },
  ] as unknown as typeof JIMO;
  bench = await openBench([
    BODIES,
    ALIASES.replace("[scheme, code]", "[scheme, code, entity_id]"),
    PENALTIES,
  ]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("aliases", "a.csv", [
    ...aliases,
    { scheme: "uscc", code: "两家", entity: "370202", since: "2018-01-01", until: "2018-02-01" },
  ]);
  await bench.deliver("penalties", "p.csv", [
    penalty({ CF_WSH: "1", CF_CFJGDM: "370202" }),
    penalty({ CF_WSH: "2", CF_CFJGDM: "双名", CF_JDRQ: "2018-05-31" }),
    penalty({ CF_WSH: "3", CF_CFJGDM: "双名", CF_JDRQ: "2018-06-01" }),
    penalty({ CF_WSH: "4", CF_CFJGDM: "两家", CF_JDRQ: "2018-01-15" }),
    penalty({ CF_WSH: "5", CF_CFJGDM: "两家", CF_JDRQ: "2018-02-01" }),
  ]);
  await bench.conform();
  expect(
    await bench.rows("SELECT document_no, entity_id FROM core.publicity_item ORDER BY document_no"),
  ).toEqual([
    { document_no: "1", entity_id: "370202" },
    { document_no: "2", entity_id: "370215" },
    { document_no: "3", entity_id: "370202" },
    { document_no: "5", entity_id: "370215" },
  ]);
  expect(await bench.rows("SELECT reason, message_en FROM quarantine.row")).toEqual([
    { reason: "ambiguous-entity", message_en: expect.stringContaining("370202, 370215") },
  ]);
});

test("when an entity's codes change later, records turned away before are taken in", async () => {
  await place([penalty({ CF_CFJGDM: "370282", CF_JDRQ: "2017-01-01" })], []);
  expect(await bench.rows("SELECT reason FROM quarantine.row")).toEqual([
    { reason: "unknown-entity" },
  ]);
  await bench.deliver("aliases", "late.csv", JIMO);
  await bench.conform();
  expect(await bench.rows("SELECT entity_id FROM core.publicity_item")).toEqual([
    { entity_id: "370215" },
  ]);
  expect(await bench.rows("SELECT reason FROM quarantine.row")).toEqual([]);
});
