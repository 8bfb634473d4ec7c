import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readIndicator } from "../../src/standard/indicator-file.ts";

const folder = mkdtempSync(join(tmpdir(), "indicator-"));
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = `/*
title: { zh: "试", en: "test" }
clause: A1
levels: [district]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
denominator: { zh: "试", en: "test" }
reads: [task]
source: "test"
*/
SELECT entity_id, due_on AS occurred_on
-- known.complaint and now() in a comment are nobody's business
FROM known.task
WHERE title <> 'known.contract now()';
`;

function read(text: string, id = "A1/test") {
  const file = join(folder, "test.sql");
  writeFileSync(file, text);
  return readIndicator(file, id);
}

describe("an indicator's file", () => {
  it("is header and SELECT", () => {
    const indicator = read(GOOD);
    expect(indicator).toMatchObject({
      id: "A1/test",
      aggregate: "ratio",
      evidence: "event",
      scale: 1,
      minimum_sample: 1,
      rollup: true,
      when_empty: "not_applicable",
    });
    expect(indicator.sql.startsWith("SELECT entity_id")).toBe(true);
    expect(indicator.sql.endsWith("now()'")).toBe(true);
  });

  it("has a hash that changes with any letter, but not with the ends of lines", () => {
    expect(read(GOOD.replace("due_on", "done_on")).hash).not.toBe(read(GOOD).hash);
    expect(read(GOOD.replaceAll("\n", "\r\n")).hash).toBe(read(GOOD).hash);
  });

  it.each([
    [
      "an unknown key",
      GOOD.replace("source:", "sources: x\nsource:"),
      /test\.sql:10:\d+: .*sources/,
    ],
    [
      "a table read but not declared",
      GOOD.replace("FROM known.task", "FROM known.task, known.honour"),
      /test\.sql:9:1: the SQL reads known\.honour/,
    ],
    [
      "a table declared but not read",
      GOOD.replace("[task]", "[task, honour]"),
      /test\.sql:9:1: reads declares honour/,
    ],
    [
      "a table of core",
      GOOD.replace("FROM known.task", "FROM known.task, core.task"),
      /test\.sql:14:18: "core\." may not stand/,
    ],
    [
      "the present moment",
      GOOD.replace("AS occurred_on", "AS occurred_on, current_date"),
      /test\.sql:12:42: "current_date" may not/,
    ],
    [
      "chance",
      GOOD.replace("AS occurred_on", "AS occurred_on, random()"),
      /test\.sql:12:\d+: "random\(" may not/,
    ],
    [
      "an approximate figure",
      GOOD.replace("AS occurred_on", "AS occurred_on, approx_quantile(1, 2)"),
      /approximate/,
    ],
    [
      "SQL that is not portable",
      GOOD.replace("WHERE title", "QUALIFY title"),
      /test\.sql:15:1: .*not portable/,
    ],
    [
      "another clause's folder",
      GOOD.replace("clause: A1", "clause: B2"),
      /test\.sql:3:1: clause is B2, but the file is in the folder A1/,
    ],
  ])("is refused, with the line, for %s", (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
