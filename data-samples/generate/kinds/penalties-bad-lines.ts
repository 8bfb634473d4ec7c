import type { Version } from "../deliveries.ts";
import { csvLine } from "../files/csv.ts";
import { makeUscc } from "../uscc.ts";
import { type Penalty, penaltyRow } from "./penalty-row.ts";

/** Places in the row of the cells that are spoilt. */
const SUBJECT_KIND = 1;
const FINE = 19;
const DECIDED = 22;
const ORGAN_NAME = 25;
const ORGAN = 26;
const DELIVERED = 30;

/** 21 lines that must go to quarantine, each for one reason; copies of good ones under numbers of their own. */
export function badPenaltyLines(rows: readonly Version<Penalty>[]): string[] {
  const unknown = makeUscc("11", "370200", 999);
  const spoilt: [place: number, value: string][] = [
    [DECIDED, "2018年13月45日"],
    [DECIDED, "2018年2月30日"],
    [DECIDED, "二〇一八年五月"],
    [DECIDED, "不详"],
    [DECIDED, ""],
    [DECIDED, "2081年6月5日"],
    [ORGAN, unknown],
    [ORGAN, unknown],
    [ORGAN, unknown],
    [ORGAN, "合成未登记机关"],
    [ORGAN, ""],
    [FINE, "叁仟元"],
    [FINE, "2000元"],
    [FINE, "约0.5"],
    [FINE, "--"],
    [FINE, "-0.200000"],
    [SUBJECT_KIND, "其它类型"],
    [DELIVERED, "2018年11月31日"],
  ];
  const copy = (place: number) => {
    const { row, delivered } = rows[(place + 1) * 13] as Version<Penalty>;
    const number = row.number.replace("第", `第坏${place + 1}-`);
    return penaltyRow({ ...row, number }, delivered);
  };
  const lines = spoilt.map(([cell, value], place) => {
    const row = copy(place).with(cell, value);
    // Without the code the organ's name would do; the line is bad only when it has neither.
    return csvLine(cell === ORGAN && value === "" ? row.with(ORGAN_NAME, "") : row);
  });
  // Broken off in the middle, with columns too many, and two records run together.
  const broken = csvLine(copy(18).slice(0, 12));
  const long = `${csvLine(copy(19))},多余,多余`;
  const run = csvLine(copy(20)) + csvLine(copy(20));
  return [...lines, broken, long, run];
}
