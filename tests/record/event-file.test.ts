import { describe, expect, test } from "vitest";
import { readEvents } from "../../src/record/event-file.ts";

const UPHOLD = {
  ...{ record: "D1", entity: "999901", event: "uphold", occurred_at: "2018-07-12" },
  ...{ actor_body: "synthetic-credit-office", document_no: "1号" },
};

describe("a file of events", () => {
  test("as NDJSON answers for every line, blank ones apart", () => {
    const text = `\uFEFF${JSON.stringify(UPHOLD)}\n\n{"record":\n${JSON.stringify({ ...UPHOLD, colour: "red" })}\n`;
    const lines = readEvents(text, "ndjson");
    expect(lines.map(({ line }) => line)).toEqual([1, 3, 4]);
    expect(lines[0]).toEqual({ line: 1, event: UPHOLD });
    expect(lines[1]).toMatchObject({ fault: { en: expect.stringContaining("no JSON") } });
    expect(lines[2]).toMatchObject({
      fault: { en: expect.stringContaining("a key that is not known") },
    });
    // A file without its header row has its first record where the keys should be.
    expect(JSON.stringify(lines[2])).not.toContain("colour");
  });

  test("as CSV says the same as NDJSON does, and tells the line on which a row begins", () => {
    const text = [
      "record,entity,event,occurred_at,actor_body,document_no,correction_done,commitment_made,obligation_amount,note",
      "D1,999901,apply_repair,2018-07-12,999901,,true,是,12.50,",
      'D1,999901,drop,2018-07-12,office,,,,,"two',
      'lines"',
      "D1,999901,verify,2018-07-12,office,,maybe,,,",
      "",
      "D1,999901,verify",
    ].join("\r\n");
    const lines = readEvents(text, "csv");
    expect(lines[0]).toEqual({
      line: 2,
      event: {
        ...{ record: "D1", entity: "999901", event: "apply_repair", occurred_at: "2018-07-12" },
        ...{ actor_body: "999901", correction_done: true, commitment_made: true },
        obligation_amount: 12.5,
      },
    });
    expect(lines[1]).toMatchObject({ line: 3, event: { note: "two\nlines" } });
    expect(lines[2]).toMatchObject({
      line: 5,
      fault: { en: expect.stringContaining("correction_done") },
    });
    expect(lines[3]).toMatchObject({
      line: 7,
      fault: { en: "The line has 3 fields, the header 10." },
    });
  });

  test("that is no CSV at all is refused in a sentence", () => {
    expect(() => readEvents('record,entity\n"D1,999901', "csv")).toThrow("cannot be read as CSV");
  });
});
