import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { examineCheck } from "../../src/check/examine.ts";
import { examineSource } from "../../src/conform/examine.ts";
import { readSource } from "../../src/standard/source-definition.ts";
import { Store } from "../../src/store/store.ts";
import { PENALTIES } from "./sources.ts";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "examine "));
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Line (from 1) of the first line that holds a text. */
function lineOf(text: string, part: string): number {
  return text.split("\n").findIndex((line) => line.includes(part)) + 1;
}

test("a good source has no faults", async () => {
  expect(await examineSource(store, put("pipelines/sources/x/p.yaml", PENALTIES))).toEqual([]);
});

test.each([
  ["fine_amount: {", "fine_total: {", "fine_total", /core.publicity_item does not have/],
  ["list: { value: penalty }", "category: { from: x }", "columns:", /maps nothing to "list"/],
  [
    "codes: { 法人: organisation, 自然人: person }",
    "codes: nowhere",
    "nowhere",
    /no code list "nowhere"/,
  ],
  ["{ from: GS_RQ, empty", "{ from: GS_RQ, extract: '(?=x)', empty", "GS_RQ", /extract/],
  ["{ from: GS_RQ, empty", "{ from: GS_RQ, formats: ['%Q'], empty", "GS_RQ", /formats/],
  ["max: 2018-12-31", "max: soon", "soon", /max/],
  ["valid: { from: decided_on }", "valid: { from: document_no }", "valid:", /is no date/],
])("%s → %s is a fault with its line", async (from, to, place, message) => {
  const text = PENALTIES.replace(from, to);
  const faults = await examineSource(store, put("pipelines/sources/p.yaml", text));
  expect(faults).toHaveLength(1);
  expect(faults[0]?.message).toMatch(message);
  expect(faults[0]?.line).toBe(lineOf(text, place));
});

test.each([
  ["retention_months: 24\n", "", /retention_months/],
  [
    "key: [entity_id, document_no]",
    "key: [entity_id, number]",
    /"number" is not among the columns/,
  ],
  ["document_no: { from: CF_WSH }", "document_no: { from: CF_WSH, value: 1 }", /from\+value/],
  ["person_ref: {", "subject_name: {", /_ref/],
  ["kind: publicity_item", "kind: penalty", /kind/],
])("contradictions are told when the file is read: %s → %s", (from, to, message) => {
  const file = put("pipelines/sources/p.yaml", PENALTIES.replace(from, to));
  expect(() => readSource(file)).toThrow(message);
});

const CHECK = `/*
title: { zh: 题, en: Title }
kinds: [training]
severity: warn
message: { zh: 错, en: Wrong }
*/
SELECT record_key, file_id, line, topic AS detail FROM record
`;

test("a check is prepared against the schema", async () => {
  expect(await examineCheck(store, put("metrics/checks/a.sql", CHECK))).toEqual([]);
  const [wrong] = await examineCheck(
    store,
    put("metrics/checks/b.sql", CHECK.replace("topic", "x")),
  );
  expect(wrong).toMatchObject({ line: 7, message: expect.stringContaining('"x"') });
  const [short] = await examineCheck(
    store,
    put("metrics/checks/c.sql", CHECK.replace(", topic AS detail", "")),
  );
  expect(short?.message).toBe("the check gives no column detail");
  await expect(
    examineCheck(store, put("metrics/checks/d.sql", CHECK.replace("warn", "fatal"))),
  ).rejects.toThrow(/:4:.*severity/);
});
