import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanName, columnKey } from "../../src/standard/column-name.ts";

describe("a column's name as people read it", () => {
  test.each([
    ["  办结时间\u3000", "办结时间"],
    ["办结\r\n时间", "办结时间"],
    ["办 结 时 间", "办结时间"],
    ["\ufeff办结\u200b时间\u200e", "办结时间"],
    ["涉及金额\n（万元）", "涉及金额(万元)"],
    ["ＸＫ＿ＷＳＨ", "XK_WSH"],
    ["Total \n Net   Position", "Total Net Position"],
    ["No\u00a01", "No 1"],
    ["\u200b \ufeff", ""],
  ])("%j is %j", (delivered, clean) => {
    expect(cleanName(delivered)).toBe(clean);
  });
});

test("letter case, width and blanks make no difference; other characters do", () => {
  const one = ["XK_WSH", "xk_wsh", " ＸＫ＿ＷＳＨ", "X K_WSH\ufeff"].map(columnKey);
  expect(new Set(one)).toEqual(new Set(["xk_wsh"]));
  expect(columnKey("XK-WSH")).not.toBe(columnKey("XK_WSH"));
  expect(columnKey("办结时限")).not.toBe(columnKey("办结时间"));
});

test("a clean name is clean, and has the key it had before", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      expect(cleanName(cleanName(name))).toBe(cleanName(name));
      expect(columnKey(cleanName(name))).toBe(columnKey(name));
      expect(columnKey(columnKey(name))).toBe(columnKey(name));
    }),
    { numRuns: 2000 },
  );
});
