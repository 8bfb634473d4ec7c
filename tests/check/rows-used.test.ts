import { afterEach, expect, test } from "vitest";
import { check } from "../../src/check/check.ts";
import { parsePeriod } from "../../src/period.ts";
import { type Bench, openBench } from "../conform/fixture.ts";
import { BODIES, DISTRICTS, PENALTIES, penalty } from "../conform/sources.ts";

let bench: Bench;
afterEach(() => bench.close());

const FOUND = `SELECT check_id, passed, failing_rows, message_zh, message_en FROM checks.result
  WHERE source_id = 'penalties' AND check_id IN ('rows-set-aside', 'rows-flagged', 'records-changed') ORDER BY check_id`;

/** Two rows of which one is flagged, one set aside, and in April another day of publication for the second. */
async function deliverPenalties(): Promise<void> {
  bench = await openBench([BODIES, PENALTIES]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [
    penalty({ CF_WSH: "1", CF_XDR_SHXYM: "91350100M000100Y4Z" }),
    penalty({ CF_WSH: "2" }),
    penalty({ CF_WSH: "3", CF_JDRQ: "x" }),
  ]);
  await bench.deliver("penalties", "2.csv", [
    penalty({ CF_WSH: "2", GS_RQ: "2018-03-09", SJ: "2018-04-01" }),
  ]);
  await bench.conform();
}

async function failingRows(period: string): Promise<Record<string, number>> {
  await check({ ...bench.context, period: parsePeriod(period) });
  const found = await bench.rows<{ check_id: string; passed: boolean; failing_rows: number }>(
    FOUND,
  );
  for (const { passed, failing_rows } of found) expect(passed).toBe(failing_rows === 0);
  return Object.fromEntries(found.map(({ check_id, failing_rows }) => [check_id, failing_rows]));
}

test("rows set aside, rows with flags and older records changed are told, each by itself", async () => {
  await deliverPenalties();
  // A record of March that a report of April changed: an older one in April, and changed after March had ended.
  const all = { "rows-set-aside": 1, "rows-flagged": 1, "records-changed": 1 };
  expect(await failingRows("2018-04")).toEqual(all);
  expect(await failingRows("2018-03")).toEqual(all);
  // In May nothing has changed since; within the year it is the ordinary life of a record.
  expect(await failingRows("2018-05")).toEqual({ ...all, "records-changed": 0 });
  expect(await failingRows("2018")).toEqual({ ...all, "records-changed": 0 });
});

test("the sentences name counts and mapped columns, in both languages, and nothing of the files", async () => {
  await deliverPenalties();
  await check({ ...bench.context, period: parsePeriod("2018-04") });
  const sentences = await bench.rows<{ message_zh: string; message_en: string }>(FOUND);
  expect(sentences.map(({ message_en }) => message_en)).toEqual([
    "1 record(s) of earlier months, or of this one after it had ended, were changed by later reports; figures published before may move by it.",
    "Rows that count carry flags to look at: the check character of a credit code is wrong, 1 row(s).",
    "1 row(s) were set aside and do not count; quarantine lists the reason of each. Correct them and send them again.",
  ]);
  for (const { message_zh, message_en } of sentences) {
    expect(message_zh).toMatch(/1 [行条]/);
    expect(message_zh + message_en).not.toContain("91350100");
  }
});
