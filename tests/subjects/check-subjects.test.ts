import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkSubjects } from "../../src/subjects/check-subjects.ts";
import { readSubjectList, writeAnswersCsv } from "../../src/subjects/subject-list.ts";
import { removeFolders } from "../end-to-end/tiny-workspace.ts";
import { publishListedCity } from "../lists/listed-city.ts";

let folder: string;
beforeAll(async () => {
  ({ folder } = await publishListedCity());
});
afterAll(removeFolders);

const CSV = `单位代码,主体名称,代码
ignored,,999901
ignored,North Harbour,
ignored,,999902
ignored,某某公司,91370200163562681G
ignored,西山区,999901
`;

test("bodies are found by code or name; what is no body on file is said to be none", async () => {
  const check = await checkSubjects(folder, readSubjectList(Buffer.from(CSV)), "procurement");
  expect(check).toMatchObject({ period: "2018-06", as_of: "2018-07-10 00:00:00", synthetic: true });
  expect(check.answers.map(({ state, entity_id }) => [state, entity_id])).toEqual([
    ["restricted", "999901"],
    ["restricted", "999903"],
    ["clear", "999902"],
    ["unknown", null],
    ["contradictory", null],
  ]);
  expect(check.counts).toEqual({
    restricted: 2,
    clear: 1,
    unknown: 1,
    ambiguous: 0,
    contradictory: 1,
  });
  // Record D1 of 10 May 2018, for 12 months; the debtor of 8 June.
  expect(check.answers[0]?.grounds).toMatchObject([
    { record_key: "D1", since: "2018-05-10", until: "2019-05-10", measure_en: "Does not qualify" },
  ]);
  expect(check.answers[1]?.grounds).toMatchObject([
    { document_no: "（2018）合成执1号", since: "2018-06-08", until: "2019-06-08" },
  ]);
});

test("codes and names are found however they are typed, as in a delivered file", async () => {
  const asked = [
    "９９９９０１",
    "999901.0",
    "999901\u200b",
    "999 901",
    "999901000000",
    "north  harbour",
    "西 山区",
  ];
  const check = await checkSubjects(
    folder,
    [...asked.map((code) => ({ code })), { code: "999901001001" }, { code: "9.99901E+05" }],
    "procurement",
  );
  expect(check.answers.map(({ entity_id }) => entity_id)).toEqual([
    "999901",
    "999901",
    "999901",
    "999901",
    "999901",
    "999903",
    "999902",
    null,
    null,
  ]);
});

test("nobody is restricted in a field without a rule, and the CSV has a line for each ground", async () => {
  const subjects = readSubjectList(Buffer.from("999901\n999902\n"));
  const tender = await checkSubjects(folder, subjects, "tender");
  expect(tender.answers.map(({ state }) => state)).toEqual(["clear", "clear"]);
  const csv = writeAnswersCsv(await checkSubjects(folder, subjects, "procurement"));
  expect(
    csv
      .split("\r\n")
      .slice(1, 3)
      .map((line) => line.split(",").slice(0, 6).join()),
  ).toEqual([
    "999901,,restricted,受限,restricted,999901",
    "999902,,clear,未受限,not restricted,999902",
  ]);
});

test("a list in GB 18030 is read; one without a column it could mean is refused", () => {
  const gb18030 = Buffer.from([0xc3, 0xfb, 0xb3, 0xc6, 0x0a, 0xce, 0xf7, 0xc9, 0xbd, 0xc7, 0xf8]);
  expect(readSubjectList(gb18030)).toEqual([{ code: undefined, name: "西山区" }]);
  expect(() => readSubjectList(Buffer.from("a,b\n1,2\n"))).toThrow(/neither a column of codes/);
});

test("the published lists link to record, document, file and line", () => {
  const lines = readFileSync(join(folder, "lists.csv"), "utf8").trimEnd().split("\r\n").slice(1);
  const shown = lines.map((line) => {
    const fields = line.split(",");
    const place = /[\w/.]+:\d+(?=,2018)/.exec(line)?.[0];
    return [fields[1], fields[5], place?.replace(/[0-9a-f]{12}/, "hash")];
  });
  expect(shown).toEqual([
    ["black", "999901", "records/hash:1"],
    ["black", "999903", "debtors/hash:1"],
    ["restriction-procurement", "999901", "records/hash:1"],
    ["restriction-procurement", "999903", "debtors/hash:1"],
  ]);
});
