// The raw layer holds what was received, exactly. The streaming reader of exceljs 4.4 does not give that, and says nothing:
// of a text with a phonetic reading it gives the reading; of rich text inside a cell only the last run; a date or Boolean
// that a formula gave comes as a number, an error as nothing; every date is a number when styles stand last in the package
// (valid, and written so by some programs); sheet names are lost when their paths are absolute (openpyxl); entities in
// formula texts are resolved twice. Its other reader keeps a workbook of 100,000 rows in over 1 GB. Hence this reader;
// tests/pull/xlsx-exceljs.test.ts shows each of these.
import { type RowSorter, sortRows } from "./left-out-rows.ts";
import { fillMerged, fillMergedHeader, readMerged } from "./merged-cells.ts";
import { joinHeaders, nameColumns } from "./name-columns.ts";
import {
  collectUnreadable,
  type Reading,
  type ReadingTask,
  refuseTooManyCells,
  refuseTooWide,
} from "./reading.ts";
import { refuse } from "./sentences.ts";
import { openTextTable } from "./write-text.ts";
import { damaged, openWorkbook, type Workbook } from "./xlsx-package.ts";
import { columnNumber, numberToText, serialToText, unescapeText } from "./xlsx-values.ts";
import { attributeOf, MalformedXml, readXml } from "./xml-tokens.ts";

/** A row of a sheet: its number as the spreadsheet shows it, and the texts of its cells from column A on. */
export interface SheetRow {
  readonly number: number;
  readonly cells: readonly string[];
}

/**
 * Reads one sheet of a workbook. The first `format.header_rows` rows from the first one with anything in it, after
 * `format.skip` rows, are the header;
 * `_line` is the row's number in the sheet. Dates become ISO text, numbers their shortest decimal text,
 * rich text is joined, Booleans are true and false. Empty rows are passed over; a row with a value to the right
 * of the header is set aside.
 * @throws RefusedFile when it is no workbook, or goes beyond what the settings allow
 */
export async function readXlsx(task: ReadingTask): Promise<Reading> {
  try {
    return await readSheet(task);
  } catch (error) {
    if (error instanceof MalformedXml) damaged();
    throw error;
  }
}

async function readSheet(task: ReadingTask): Promise<Reading> {
  const { format } = task;
  const workbook = openWorkbook(task);
  const table = openTextTable(task);
  const unreadable = collectUnreadable();
  const merged = readMerged(workbook.sheet);
  const fill = format.merged === "fill" ? fillMerged(merged) : undefined;
  const headers: string[][] = [];
  let header: string[] = [];
  let sorter: RowSorter | undefined;
  try {
    let read = 0;
    for (const { number, cells: own } of readRows(workbook, task)) {
      // Cells that are not there count too: a row is filled up to its last one.
      read += own.length;
      refuseTooManyCells(read, 1, task);
      if (number <= format.skip || (own.length === 0 && headers.length === 0)) continue;
      if (!sorter) {
        headers.push(fillMergedHeader(merged, number, own));
        if (headers.length < format.header_rows) continue;
        const joined = joinHeaders(headers, format.header_joint);
        refuseTooWide(joined.length, task);
        header = nameColumns(joined);
        sorter = sortRows(joined, format);
        continue;
      }
      if (own.every((cell) => cell.trim() === "")) continue;
      const leftOut = sorter.judge(number, own);
      const cells = fill?.(number, own) ?? own;
      if (leftOut) {
        unreadable.add(number, own.join(","), leftOut);
      } else if (cells.length > header.length) {
        unreadable.add(number, cells.join(","), {
          kind: "field-count",
          found: cells.length,
          expected: header.length,
        });
      } else {
        table.add(number, Object.assign(Array(header.length).fill(""), cells));
      }
    }
    await table.finish(task.store, task.output, header);
  } finally {
    table.close();
  }
  return { rows: table.rows, unreadable: unreadable.lines };
}

/** Of a sheet, by ECMA-376. */
const MOST_COLUMNS = 16_384;
/** Spreadsheets know no day after 31 December 9999; what is more is shown as the number it is. */
const DAYS_END = 2_958_466;

function refuseFar(): never {
  return refuse(
    "工作表中有单元格的位置超出表格的范围，文件已损坏或并非由表格软件生成。请用表格软件打开并另存后重新报送。",
    "A cell of the sheet is at a place that no sheet has: the file is damaged, or no spreadsheet program wrote it. Open it in one, save it and deliver it again.",
  );
}

/**
 * The rows of a sheet that have a cell; empty cells at a row's end are left out.
 * @throws RefusedFile when a cell lies where no sheet has one or the settings allow none, or the sheet has no end
 */
export function* readRows(
  workbook: Workbook,
  task: Pick<ReadingTask, "bounds">,
): Generator<SheetRow> {
  let number = 0;
  let cells: string[] = [];
  let column = 0;
  let attributes = "";
  let value = "";
  let taking = false;
  let inReading = false;
  let inRow = false;
  for (const token of readXml(workbook.sheet)) {
    if (token.kind === "text") {
      if (taking && !inReading) value += token.text;
      continue;
    }
    const open = token.kind === "open";
    switch (token.name) {
      case "row":
        if (token.kind === "close") {
          yield { number, cells };
          inRow = false;
        } else {
          if (inRow) damaged();
          inRow = open;
          number = Number(attributeOf(token.attributes, "r") ?? number + 1);
          if (!Number.isSafeInteger(number) || number < 1) refuseFar();
          cells = [];
          column = 0;
        }
        break;
      case "c":
        if (token.kind === "close") {
          const text = cellText(value, attributes, workbook);
          if (text === "") break;
          refuseTooWide(column, task);
          while (cells.length < column - 1) cells.push("");
          cells[column - 1] = text;
        } else {
          const reference = attributeOf(token.attributes, "r");
          column = reference ? columnNumber(reference) : column + 1;
          if (column < 1 || column > MOST_COLUMNS) refuseFar();
          attributes = token.attributes;
          value = "";
        }
        break;
      case "v":
      case "t":
        taking = open;
        break;
      case "rPh":
        inReading = open;
        break;
      case "sheetData":
        if (inRow) damaged();
        if (!open) return;
    }
  }
  damaged();
}

function cellText(value: string, attributes: string, workbook: Workbook): string {
  switch (attributeOf(attributes, "t") ?? "n") {
    case "s":
      return value === "" ? "" : unescapeText(workbook.sharedStrings[Number(value)] ?? damaged());
    case "str":
    case "inlineStr":
      return unescapeText(value);
    case "b":
      return value === "1" ? "true" : "false";
    case "n": {
      if (value === "") return "";
      const style = workbook.dateStyles[Number(attributeOf(attributes, "s") ?? 0)];
      const serial = Number(value);
      const isDay = style && serial >= 0 && serial < DAYS_END;
      return isDay ? serialToText(serial, workbook.date1904) : numberToText(value);
    }
    default:
      // Errors ("#N/A") and ISO dates ("d") are text already.
      return value;
  }
}
