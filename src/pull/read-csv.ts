import { closeSync, openSync } from "node:fs";
import { writeFully } from "../write-whole.ts";
import { assembleRecords, type CsvFault, type CsvRecord, parseRecord } from "./csv-records.ts";
import { type RowSorter, sortRows } from "./left-out-rows.ts";
import { joinHeaders, nameColumns } from "./name-columns.ts";
import {
  collectUnreadable,
  type Reading,
  type ReadingTask,
  refuseTooManyCells,
  refuseTooWide,
} from "./reading.ts";
import { scanCsv } from "./scan-csv.ts";
import { explainLine, refuse } from "./sentences.ts";
import { openText } from "./text-blocks.ts";
import { splitLines, type TextEncoding } from "./text-encoding.ts";
import { copyPlainCsv, openTextTable } from "./write-text.ts";

/**
 * Reads a CSV file: by DuckDB when every record is a plain line, else line by line, setting the bad ones aside.
 * Both ways give the same rows; `_line` is the physical line on which a record starts.
 * @throws RefusedFile when the header cannot be used or the file cannot be decoded
 */
export async function readCsv(task: ReadingTask): Promise<Reading> {
  return (await readPlainCsv(task)) ?? (await readAnyCsv(task));
}

/** Leaves the file to DuckDB's reader; undefined when it is not plain enough for that. */
export async function readPlainCsv(task: ReadingTask): Promise<Reading | undefined> {
  const { format, store, output, scratch } = task;
  if (format.header_rows > 1) return undefined;
  const text = await openText(task);
  const direct = text.plain && text.encoding === "utf-8" && format.skip === 0;
  const copy = direct ? undefined : openSync(scratch, "w");
  let plain: Awaited<ReturnType<typeof scanCsv>>;
  try {
    plain = await scanCsv(text.blocks, text.encoding, task, (bytes) => {
      if (copy !== undefined) writeFully({ opened: copy, path: scratch }, bytes);
    });
  } finally {
    if (copy !== undefined) closeSync(copy);
  }
  if (!plain) return undefined;
  refuseTooManyCells(plain.records, plain.header.length, task);
  const written = await copyPlainCsv(store, {
    input: direct ? task.input : scratch,
    output,
    header: nameColumns(plain.header),
    delimiter: format.delimiter,
    linesBefore: format.skip + 1,
  });
  return written === plain.records ? { rows: written, unreadable: [] } : undefined;
}

/** Reads the file line by line, whatever is in it. */
export async function readAnyCsv(task: ReadingTask): Promise<Reading> {
  const { format } = task;
  const { encoding, blocks } = await openText(task);
  const records = assembleRecords(format.delimiter, encoding, format.header_rows);
  const table = openTextTable(task);
  const unreadable = collectUnreadable();
  const headers: (readonly string[])[] = [];
  let names: string[] = [];
  let sorter: RowSorter | undefined;
  const take = (outcome: CsvRecord | CsvFault) => {
    if (!sorter) {
      const named = readHeader(outcome, encoding);
      refuseTooWide(named.length, task);
      headers.push(named);
      if (headers.length < format.header_rows) return;
      const header = joinHeaders(headers, format.header_joint);
      names = nameColumns(header);
      sorter = sortRows(header, format);
      return;
    }
    const fields = fieldsOf(outcome, format.delimiter);
    // Spreadsheets leave rows of separators alone where somebody emptied cells.
    if (fields?.every((field) => field.trim() === "")) return;
    const leftOut = fields && sorter.judge(outcome.line, fields);
    if (leftOut) unreadable.add(outcome.line, fields.join(format.delimiter), leftOut);
    else if ("fault" in outcome) {
      if (outcome.fault.kind === "field-count") refuseTooWide(outcome.fault.found, task);
      unreadable.add(outcome.line, outcome.text, outcome.fault);
    } else table.add(outcome.line, outcome.fields);
  };
  try {
    let lines = 0;
    for await (const block of blocks) {
      for (const line of splitLines(block, encoding, lines + 1)) {
        lines = line.number;
        if (line.number > format.skip) for (const outcome of records.push(line)) take(outcome);
      }
    }
    for (const outcome of records.end()) take(outcome);
    await table.finish(task.store, task.output, names);
  } finally {
    table.close();
  }
  return { rows: table.rows, unreadable: unreadable.lines };
}

/** The fields of a record, also of one that has too few or too many: a signature below a table is no full row. */
function fieldsOf(outcome: CsvRecord | CsvFault, delimiter: string): readonly string[] | undefined {
  if (!("fault" in outcome)) return outcome.fields;
  if (outcome.fault.kind !== "field-count") return undefined;
  const fields = parseRecord(outcome.text, delimiter);
  return typeof fields === "string" ? undefined : fields;
}

function readHeader(outcome: CsvRecord | CsvFault, encoding: TextEncoding): readonly string[] {
  if ("fault" in outcome) {
    const { zh, en } = explainLine(outcome.line, outcome.fault);
    if (outcome.fault.kind === "bytes") {
      const other = encoding === "utf-8" ? "gb18030" : "utf-8";
      refuse(
        `表头无法读取：${zh}若文件实为 ${other} 编码，请更正来源定义中的 encoding。`,
        `The header cannot be read. ${en} If the file is ${other} text, correct encoding in the source file.`,
      );
    }
    refuse(`表头无法读取：${zh}`, `The header cannot be read. ${en}`);
  }
  if (outcome.fields.some((name) => /\r(?!\n)/.test(name))) {
    refuse(
      "文件各行以单独的回车符分隔。请另存为以换行符分行的 CSV 后重新报送。",
      "The lines of the file end in carriage returns only. Save it as CSV with line feeds and deliver it again.",
    );
  }
  return outcome.fields;
}
