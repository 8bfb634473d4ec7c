import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import ExcelJS from "exceljs";
import { type AsyncZipOptions, type AsyncZippable, unzipSync, zip } from "fflate";
import { guardFormula } from "../spreadsheet.ts";
import type { Bilingual, Report } from "./report.ts";
import { listSheets } from "./sheets.ts";
import { TEXTS } from "./texts.ts";

/** What a cell holds: text, a number with its format, or a day. */
export type Cell = string | number | Date | null;

export interface Sheet {
  readonly title: Bilingual;
  readonly columns: readonly {
    readonly title: Bilingual;
    readonly width: number;
    readonly format?: string;
  }[];
  readonly rows: Iterable<readonly Cell[]>;
}

/** The time written into the workbook and its zip entries: fixed, so that the same report gives the same bytes. */
const FIXED = new Date(Date.UTC(1980, 0, 1));

/**
 * The report as an XLSX workbook: one sheet each for ranking, indicators, contributions, data quality and method,
 * with typed cells, a frozen head row and filters.
 */
export async function writeWorkbook(report: Report): Promise<Uint8Array> {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream,
    useStyles: true,
    useSharedStrings: false,
    // Packed once, by fixZip.
    zip: { store: true },
  });
  workbook.creator = "zhengxin";
  workbook.lastModifiedBy = "zhengxin";
  workbook.created = FIXED;
  workbook.modified = FIXED;
  for (const sheet of listSheets(report)) await writeSheet(workbook, sheet, report);
  await workbook.commit();
  return fixZip(Buffer.concat(chunks));
}

/** Rows after which other work, as the writing of the data files, gets its turn. */
const TURN = 100;

async function writeSheet(
  workbook: ExcelJS.stream.xlsx.WorkbookWriter,
  sheet: Sheet,
  report: Report,
) {
  const { synthetic } = report.context.pipeline.report;
  const worksheet = workbook.addWorksheet(sheet.title.zh, {
    views: [{ state: "frozen", ySplit: 1, xSplit: 0 }],
    pageSetup: { orientation: "landscape", fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
    headerFooter: synthetic
      ? { oddHeader: `&C${TEXTS.syntheticMark.zh} ${TEXTS.syntheticMark.en}` }
      : {},
  });
  worksheet.columns = sheet.columns.map(({ title, width, format }) => ({
    header: guardFormula(`${title.zh}\n${title.en}`),
    width,
    style: format ? { numFmt: format } : {},
  }));
  const head = worksheet.getRow(1);
  head.height = 46;
  head.eachCell((cell) => {
    cell.font = { bold: true };
    cell.fill = { type: "pattern", pattern: "solid", fgColor: { argb: "FFE8EEF2" } };
    cell.alignment = { wrapText: true, vertical: "middle" };
    cell.numFmt = "General";
  });
  head.commit();
  worksheet.autoFilter = {
    from: { row: 1, column: 1 },
    to: { row: 1, column: sheet.columns.length },
  };
  const styleOf = shareStyles(sheet);
  let written = 0;
  for (const cells of sheet.rows) {
    const row = worksheet.addRow(cells.map(guardCell));
    row.eachCell((cell, place) => {
      cell.style = styleOf(place - 1, cells[place - 1] ?? null);
    });
    row.commit();
    if (++written % TURN === 0) await setImmediate();
  }
  worksheet.commit();
}

/** A text stands in a cell as a text, but whoever edits it there makes a formula of one that begins like it. */
const guardCell = (cell: Cell): Cell => (typeof cell === "string" ? guardFormula(cell) : cell);

/** One style object for all cells of a column and type: the library looks a style up only once for each object. */
function shareStyles(sheet: Sheet): (column: number, cell: Cell) => Partial<ExcelJS.Style> {
  const styles = new Map<string, Partial<ExcelJS.Style>>();
  return (column, cell) => {
    const key = `${column} ${cell instanceof Date ? "date" : typeof cell}`;
    const format = sheet.columns[column]?.format;
    const style = styles.get(key) ?? (format ? { numFmt: format } : {});
    styles.set(key, style);
    return style;
  };
}

/** Packs large entries on threads of its own. */
const pack = promisify<AsyncZippable, AsyncZipOptions, Uint8Array>(zip);

/** Writes the zip anew with fixed times and sorted entries; the content types first, as readers like it. */
function fixZip(bytes: Uint8Array): Promise<Uint8Array> {
  const entries = unzipSync(bytes);
  const rank = (name: string) => (name === "[Content_Types].xml" ? `0${name}` : `1${name}`);
  const names = Object.keys(entries).sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return pack(
    Object.fromEntries(names.map((name) => [name, entries[name] as Uint8Array])),
    // The zip format has local times: the parts are given, so that the zone of the machine does not matter.
    { mtime: new Date(1980, 0, 1), level: 4 },
  );
}
