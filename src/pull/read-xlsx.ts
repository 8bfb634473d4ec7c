// The raw layer holds what was received, exactly. The streaming reader of exceljs 4.4 does not give that, and says nothing:
// of a text with a phonetic reading it gives the reading; of rich text inside a cell only the last run; a date or Boolean
// that a formula gave comes as a number, an error as nothing; every date is a number when styles stand last in the package
// (valid, and written so by some programs); sheet names are lost when their paths are absolute (openpyxl); entities in
// formula texts are resolved twice. Its other reader keeps a workbook of 100,000 rows in over 1 GB. Hence this reader;
// tests/pull/xlsx-exceljs.test.ts shows each of these.
import { type RowSorter, sortRows } from "./left-out-rows.ts";
import { fillMerged, fillMergedHeader, readMerged } from "./merged-cells.ts";
import { joinHeaders, nameColumns } from "./name-columns.ts";
import { collectUnreadable, type Reading, type ReadingTask } from "./reading.ts";
import { openTextTable } from "./write-text.ts";
import { openWorkbook, type Workbook } from "./xlsx-package.ts";
import { columnNumber, numberToText, serialToText, unescapeText } from "./xlsx-values.ts";
import { attributeOf, readXml } from "./xml-tokens.ts";

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
 */
export async function readXlsx(task: ReadingTask): Promise<Reading> {
  const { format } = task;
  const workbook = openWorkbook(task.input, format.sheet);
  const table = openTextTable(task.scratch);
  const unreadable = collectUnreadable();
  const merged = readMerged(workbook.sheet);
  const fill = format.merged === "fill" ? fillMerged(merged) : undefined;
  const headers: string[][] = [];
  let header: string[] = [];
  let sorter: RowSorter | undefined;
  try {
    for (const { number, cells: own } of readRows(workbook)) {
      if (number <= format.skip || (own.length === 0 && headers.length === 0)) continue;
      if (!sorter) {
        headers.push(fillMergedHeader(merged, number, own));
        if (headers.length < format.header_rows) continue;
        const joined = joinHeaders(headers, format.header_joint);
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

/** The rows of a sheet that have a cell; empty cells at a row's end are left out. */
export function* readRows(workbook: Workbook): Generator<SheetRow> {
  let number = 0;
  let cells: string[] = [];
  let column = 0;
  let attributes = "";
  let value = "";
  let taking = false;
  let inReading = false;
  for (const token of readXml(workbook.sheet)) {
    if (token.kind === "text") {
      if (taking && !inReading) value += token.text;
      continue;
    }
    const open = token.kind === "open";
    switch (token.name) {
      case "row":
        if (token.kind === "close") {
          yield { number, cells: withoutEmptyEnd(cells) };
        } else {
          number = Number(attributeOf(token.attributes, "r") ?? number + 1);
          cells = [];
          column = 0;
        }
        break;
      case "c":
        if (token.kind === "close") {
          cells[column - 1] = cellText(value, attributes, workbook);
        } else {
          const reference = attributeOf(token.attributes, "r");
          column = reference ? columnNumber(reference) : column + 1;
          while (cells.length < column) cells.push("");
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
    }
  }
}

function cellText(value: string, attributes: string, workbook: Workbook): string {
  switch (attributeOf(attributes, "t") ?? "n") {
    case "s":
      return unescapeText(workbook.sharedStrings[Number(value)] ?? "");
    case "str":
    case "inlineStr":
      return unescapeText(value);
    case "b":
      return value === "1" ? "true" : "false";
    case "n": {
      if (value === "") return "";
      const style = workbook.dateStyles[Number(attributeOf(attributes, "s") ?? 0)];
      const serial = Number(value);
      return style && serial >= 0 ? serialToText(serial, workbook.date1904) : numberToText(value);
    }
    default:
      // Errors ("#N/A") and ISO dates ("d") are text already.
      return value;
  }
}

function withoutEmptyEnd(cells: string[]): string[] {
  let length = cells.length;
  while (length > 0 && cells[length - 1] === "") length -= 1;
  return cells.slice(0, length);
}
