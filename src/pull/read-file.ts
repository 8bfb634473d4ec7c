import type { SourceDefinition } from "../standard/source-definition.ts";
import { readArrow } from "./read-arrow.ts";
import { readCsv } from "./read-csv.ts";
import { readJson, readNdjson } from "./read-json.ts";
import { readParquet } from "./read-parquet.ts";
import { readXlsx } from "./read-xlsx.ts";
import type { Reading, ReadingTask } from "./reading.ts";

type Format = SourceDefinition["format"];

const READERS: Record<Format["type"], (task: ReadingTask) => Promise<Reading>> = {
  csv: readCsv,
  ndjson: readNdjson,
  json: readJson,
  parquet: readParquet,
  arrow: readArrow,
  xlsx: readXlsx,
};

/**
 * Turns a file as received into Parquet.
 * @throws RefusedFile with the reason, in both languages, when it cannot be read at all
 */
export function readFile(task: ReadingTask): Promise<Reading> {
  return READERS[task.format.type](task);
}

/**
 * How a file is read, as text: "csv", "csv encoding=gb18030 skip=1". Kept beside the file,
 * so that it is read again when the source's definition says otherwise later.
 */
export function describeFormat(format: Format): string {
  // Raised when files are read otherwise than before, and therefore again.
  const parts: string[] = [format.type, "reader=2"];
  if (format.encoding !== "utf-8") parts.push(`encoding=${format.encoding}`);
  if (format.delimiter !== ",") parts.push(`delimiter=${JSON.stringify(format.delimiter)}`);
  if (format.skip > 0) parts.push(`skip=${format.skip}`);
  if (format.sheet !== undefined) parts.push(`sheet=${JSON.stringify(format.sheet)}`);
  if (format.header_rows > 1) {
    parts.push(`header_rows=${format.header_rows} joint=${JSON.stringify(format.header_joint)}`);
  }
  if (format.footers !== "auto") parts.push(`footers=${JSON.stringify(format.footers)}`);
  if (format.merged !== "first") parts.push(`merged=${format.merged}`);
  if (format.records) parts.push(`records=${JSON.stringify(format.records)}`);
  return parts.join(" ");
}
