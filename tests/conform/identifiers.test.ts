import { afterEach, describe, expect, test } from "vitest";
import { type Bench, openBench, type RawRow } from "./fixture.ts";
import { ALIASES, BODIES, HONOURS, PENALTIES, penalty } from "./sources.ts";

let bench: Bench;
afterEach(() => bench.close());

const FINANCE = "11370200000001011N";
const REGISTER = [
  { id: "370202", name: "市南区" },
  { id: "370202001", name: "八大峡街道" },
  { id: "370215", name: "即墨区（市）" },
  { id: FINANCE, name: "Tiny Finance", uscc: FINANCE },
];

/** What becomes of penalties whose body is written in certain ways: the body or the reason, and whether it is flagged. */
async function resolve(spellings: readonly string[], register: readonly RawRow[] = REGISTER) {
  bench = await openBench([
    BODIES,
    PENALTIES.replace("[gb2260, uscc, name]", "[local, uscc, name]"),
  ]);
  await bench.deliver("bodies", "b.csv", register);
  await bench.deliver(
    "penalties",
    "p.csv",
    spellings.map((text, at) => penalty({ CF_WSH: `${at}`, CF_CFJGDM: text })),
  );
  await bench.conform();
  const rows = await bench.rows<{ line: number; what: string; flagged: boolean }>(`
    SELECT line, entity_id AS what, coalesce(list_contains(flags, 'code-normalised:entity_id'), false) AS flagged
    FROM core.publicity_item
    UNION ALL
    SELECT line, reason, false FROM quarantine.row WHERE source_id = 'penalties' ORDER BY line`);
  return rows.map(({ what, flagged }) => [what, flagged]);
}

describe("a body is found in whatever way its code or name is typed, and the row is flagged", () => {
  test.each([
    ["as the register has it", ["370202", "市南区", FINANCE, "Tiny Finance"], false],
    ["full width", ["３７０２０２", "37020２"], true],
    ["a spreadsheet's", ["370202.0", "'370202", '="370202"'], true],
    [
      "blanks and characters of no width",
      ["370 202", "370202\u200b", "\ufeff370202", "市 南\u3000区"],
      true,
    ],
    ["lower case", [FINANCE.toLowerCase(), "tiny finance", "TINY FINANCE"], true],
    ["of a higher length", ["370202000", "370202000000"], true],
  ])("%s", async (_, spellings, flagged) => {
    const bodies = spellings.map((text) => (/[nN]/.test(text) ? FINANCE : "370202"));
    expect(await resolve(spellings)).toEqual(bodies.map((body) => [body, flagged]));
  });

  test("brackets of a name, and a street's code of nine or twelve digits", async () => {
    expect(await resolve(["即墨区(市)", "即墨区（市）", "370202001000", "370202001"])).toEqual([
      ["370215", true],
      ["370215", false],
      ["370202001", true],
      ["370202001", false],
    ]);
  });

  test("a register that holds twelve digits is found by six and nine", async () => {
    const register = [
      { id: "370202000000", name: "市南区" },
      { id: "370202001000", name: "八大峡街道" },
    ];
    expect(await resolve(["370202", "370202000", "370202001", "370202001000"], register)).toEqual([
      ["370202000000", true],
      ["370202000000", true],
      ["370202001000", true],
      ["370202001000", false],
    ]);
  });

  test("what the register has itself goes before what a longer code stands for", async () => {
    const register = [...REGISTER, { id: "370202000000", name: "另一单位" }];
    expect(await resolve(["370202000000", "370202", "370202000"], register)).toEqual([
      ["370202000000", false],
      ["370202", false],
      ["ambiguous-entity", false],
    ]);
  });

  test("never wrong: a village, digits lost, a nought lost and another name name nobody", async () => {
    expect(
      await resolve(["370202001001", "3.70202E+05", "3.70202E+11", "37020", "小城市市南区"]),
    ).toEqual([
      ["unknown-entity", false],
      ["bad-code", false],
      ["bad-code", false],
      ["unknown-entity", false],
      ["unknown-entity", false],
    ]);
  });
});

test("codes of a register stand in core in their normal form, and one that lost digits is set aside", async () => {
  const bodies = BODIES.replace("peer_class:", "parent_id: { from: parent }\n  peer_class:");
  bench = await openBench([`${bodies}expectations: { quarantine_share: 0.5 }\n`, ALIASES]);
  await bench.deliver("bodies", "b.csv", [
    { id: "370200.0", name: "青岛市", parent: "" },
    { id: "３７０２０２", name: "市南区", parent: "370200 ", uscc: FINANCE.toLowerCase() },
    { id: "3.70203E+11", name: "市北区", parent: "370200" },
  ]);
  await bench.deliver("aliases", "a.csv", [
    { scheme: "name", code: "老市 南", entity: "370202.0", since: "2000-01-01", until: "" },
  ]);
  await bench.conform();
  expect(
    await bench.rows(
      "SELECT record_key, entity_id, division_code, parent_id, uscc, flags FROM core.entity ORDER BY entity_id",
    ),
  ).toEqual([
    {
      record_key: "370200",
      entity_id: "370200",
      division_code: "370200",
      parent_id: null,
      uscc: null,
      flags: ["code-normalised:entity_id", "code-normalised:division_code"],
    },
    {
      record_key: "370202",
      entity_id: "370202",
      division_code: "370202",
      parent_id: "370200",
      uscc: FINANCE,
      flags: ["code-normalised:entity_id", "code-normalised:division_code", "code-normalised:uscc"],
    },
  ]);
  expect(
    await bench.rows("SELECT entity_id, code FROM core.entity_code WHERE source_id = 'aliases'"),
  ).toEqual([{ entity_id: "370202", code: "老市 南" }]);
  expect(
    await bench.rows("SELECT DISTINCT line, reason FROM quarantine.row WHERE source_id = 'bodies'"),
  ).toEqual([{ line: 4, reason: "bad-code" }]);
});

test("a number in other spellings is one record; its case and its noughts tell records apart", async () => {
  bench = await openBench([BODIES, HONOURS]);
  await bench.deliver("bodies", "b.csv", REGISTER);
  const honour = (key: string) => ({ key, title: "x", known: "2018-02-01", body: "370202" });
  await bench.deliver(
    "honours",
    "1.csv",
    ["12", "１２", "1 2", "12.0", "\u200b12", "0012", "E21", "e21", "2.01806E+11"].map(honour),
  );
  await bench.conform();
  expect(await bench.rows("SELECT record_key FROM core.honour ORDER BY record_key")).toEqual(
    ["0012", "12", "E21", "e21"].map((record_key) => ({ record_key })),
  );
  expect(
    await bench.rows("SELECT outcome, count(*) AS n FROM core.sighting GROUP BY outcome"),
  ).toEqual([{ outcome: "duplicate", n: 4 }]);
  expect(
    await bench.rows("SELECT line, reason FROM quarantine.row WHERE source_id = 'honours'"),
  ).toEqual([{ line: 10, reason: "bad-code" }]);
});

test("rows that differ in the spelling of a code alone contradict nothing", async () => {
  bench = await openBench([BODIES, HONOURS]);
  await bench.deliver("bodies", "b.csv", REGISTER);
  await bench.deliver("honours", "1.csv", [
    { key: "a", title: "x", known: "2018-02-01", body: "370202" },
    { key: "a", title: "x", known: "2018-02-01", body: "370202.0" },
  ]);
  await bench.conform();
  expect(await bench.rows("SELECT outcome FROM core.sighting")).toEqual([{ outcome: "duplicate" }]);
});

test("a document's number is cited as it was written, and its key is not", async () => {
  bench = await openBench([BODIES, PENALTIES]);
  await bench.deliver("bodies", "b.csv", REGISTER);
  await bench.deliver("penalties", "p.csv", [
    penalty({ CF_WSH: "青罚（2018）1 号", CF_XDR_SHXYM: "11330702056851584g" }),
    penalty({ CF_WSH: "青罚２号" }),
  ]);
  await bench.conform();
  expect(
    await bench.rows(
      "SELECT record_key, document_no, subject_uscc, flags FROM core.publicity_item ORDER BY line",
    ),
  ).toEqual([
    {
      record_key: "370202|青罚(2018)1号",
      document_no: "青罚（2018）1 号",
      subject_uscc: "11330702056851584G",
      flags: ["code-normalised:subject_uscc"],
    },
    {
      record_key: "370202|青罚2号",
      document_no: "青罚２号",
      subject_uscc: "11330702056851584G",
      flags: ["code-normalised:document_no"],
    },
  ]);
});
