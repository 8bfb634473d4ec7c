import { expect, it } from "vitest";
import { describeCounting } from "../../src/publish/counting-words.ts";

const numerator = { zh: "按时办结的", en: "Those closed on time" };
const denominator = { zh: "窗口内到期的工单", en: "Complaints due in the window" };

it("says numerator, denominator, edge and lower bodies in one line a language", () => {
  const counting = { aggregate: "ratio", numerator, denominator, evidence: "event", rollup: true };
  expect(describeCounting(counting)).toEqual({
    zh: "分子：按时办结的。分母：窗口内到期的工单。按事项日期归入窗口，窗口首日和末日都计入。下级单位的记录并入所属上级（街道、镇并入区市）。",
    en: "Numerator: Those closed on time. Denominator: Complaints due in the window. By the day of the event; the first and the last day of the window count. Records of lower bodies count for the body above too, as those of subdistricts and towns for the district.",
  });
});

it("speaks of no fraction where records are listed", () => {
  const none = { zh: "不适用：逐条列出", en: "Not applicable: single records are listed" };
  const listed = {
    aggregate: "list",
    numerator: none,
    denominator: none,
    evidence: "event",
    rollup: false,
  };
  expect(describeCounting(listed)).toEqual({
    zh: "不适用：逐条列出。按事项日期归入窗口，窗口首日和末日都计入。只计本单位的记录。",
    en: "Not applicable: single records are listed. By the day of the event; the first and the last day of the window count. Only a body's own records count.",
  });
});

it("leaves out what a month published before did not keep", () => {
  const older = { aggregate: "ratio", numerator: null, denominator, evidence: null, rollup: null };
  expect(describeCounting(older)).toEqual({
    zh: "分母：窗口内到期的工单。",
    en: "Denominator: Complaints due in the window.",
  });
});
