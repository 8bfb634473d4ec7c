import ExcelJS from "exceljs";
import { unzipSync, zipSync } from "fflate";
import { MARK, MARK_COLUMN } from "../city.ts";
import { type Day, partsOf } from "../days.ts";

/** A day written as a date cell. */
export interface DateCell {
  readonly date: Day;
}

export type SheetCell = string | number | boolean | DateCell | null;

const MADE = new Date(Date.UTC(2019, 0, 8));

/**
 * A workbook of one sheet with a heading row; the last column and the sheet's title say that the data is synthetic.
 * The same content gives the same bytes: all times inside are fixed.
 */
export async function writeXlsx(
  title: string,
  columns: readonly string[],
  rows: Iterable<readonly SheetCell[]>,
): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  workbook.creator = MARK;
  workbook.lastModifiedBy = MARK;
  workbook.created = MADE;
  workbook.modified = MADE;
  const sheet = workbook.addWorksheet(`${title}（合成）`);
  sheet.addRow([...columns, MARK_COLUMN]);
  for (const row of rows) sheet.addRow([...row.map(toCell), MARK]);
  const packed = unzipSync(new Uint8Array(await workbook.xlsx.writeBuffer()));
  const names = Object.keys(packed).sort();
  const fixed = Object.fromEntries(names.map((name) => [name, packed[name] as Uint8Array]));
  return zipSync(fixed, { level: 9, mtime: new Date(2019, 0, 8) });
}

function toCell(cell: SheetCell): string | number | boolean | Date | null {
  if (cell === null || typeof cell !== "object") return cell;
  const { year, month, day } = partsOf(cell.date);
  return new Date(Date.UTC(year, month - 1, day));
}

/** A date cell, or an empty one. */
export function dateCell(day: Day | null): SheetCell {
  return day === null ? null : { date: day };
}
