import { columnNumber } from "./xlsx-values.ts";
import { attributeOf, readXml } from "./xml-tokens.ts";

/** A merged range of cells: rows and columns from 1, both ends within. */
export interface MergedRange {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The merged ranges of a sheet, which stand behind its cells. */
export function readMerged(sheet: string): MergedRange[] {
  const ranges: MergedRange[] = [];
  for (const token of readXml(sheet.slice(Math.max(0, sheet.lastIndexOf("sheetData>"))))) {
    if (token.kind === "text" || token.kind === "close" || token.name !== "mergeCell") continue;
    const [from = "", to = from] = (attributeOf(token.attributes, "ref") ?? "").split(":");
    const [top, bottom] = [from, to].map((cell) => Number(/\d+$/.exec(cell)?.[0]));
    if (!top || !bottom) continue;
    ranges.push({ top, bottom, left: columnNumber(from), right: columnNumber(to) });
  }
  return ranges;
}

/** A row of the header with the text of a range that spreads to the right in every column of it. */
export function fillMergedHeader(
  ranges: readonly MergedRange[],
  row: number,
  cells: readonly string[],
): string[] {
  const filled = [...cells];
  for (const { top, left, right } of ranges) {
    const text = filled[left - 1] ?? "";
    if (top !== row || right === left || text === "") continue;
    for (let column = left + 1; column <= right && column <= left + MOST; column++) {
      while (filled.length < column) filled.push("");
      filled[column - 1] = text;
    }
  }
  return filled;
}

// A title merged over a whole sheet spreads over 16,384 columns.
const MOST = 500;

/** Gives each row below a merged cell what it says; rows must come from the top down. */
export function fillMerged(ranges: readonly MergedRange[]) {
  const tall = ranges
    .filter(({ top, bottom }) => bottom > top)
    .sort((a, b) => a.top - b.top || a.left - b.left);
  const texts = new Map<MergedRange, string>();
  let next = 0;
  let own: MergedRange[] = [];
  return (row: number, cells: readonly string[]): readonly string[] => {
    own = own.filter(({ bottom }) => row <= bottom);
    for (let range = tall[next]; range && range.top <= row; range = tall[++next]) {
      if (row <= range.bottom) own.push(range);
    }
    if (own.length === 0) return cells;
    const filled = [...cells];
    for (const range of own) {
      const at = range.left - 1;
      if (range.top === row) texts.set(range, cells[at] ?? "");
      const text = texts.get(range) ?? "";
      if (text === "" || (filled[at] ?? "") !== "") continue;
      while (filled.length <= at) filled.push("");
      filled[at] = text;
    }
    return filled;
  };
}
