import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { unzipSync } from "fflate";
import { type ReadingTask, refuseBomb, refuseInflated } from "./reading.ts";
import { RefusedFile, refuse } from "./sentences.ts";
import { isDateFormat } from "./xlsx-values.ts";
import { attributeOf, readXml } from "./xml-tokens.ts";

/** What is needed of a workbook to read one of its sheets. */
export interface Workbook {
  /** The sheet's XML. */
  readonly sheet: string;
  readonly sharedStrings: readonly string[];
  /** For each cell style, whether it shows a date or time. */
  readonly dateStyles: readonly boolean[];
  /** Days count from 1904 instead of 1900. */
  readonly date1904: boolean;
}

const LARGEST_PART = 400 << 20;

/**
 * Opens a workbook.
 * @throws RefusedFile when it is no XLSX workbook, is damaged or too large, or lacks the sheet its source names (the first
 * one where it names none)
 */
export function openWorkbook(task: Pick<ReadingTask, "input" | "format" | "bounds">): Workbook {
  const sheetName = task.format.sheet;
  const bytes = readFileSync(task.input);
  if (bytes.length > 4 && bytes.readUInt32BE(0) === 0xd0cf11e0) {
    refuse(
      "文件是旧版 .xls 格式或加了密码，无法读取。请另存为不加密的 .xlsx 后重新报送。",
      "The file is an old .xls or protected by a password and cannot be read. Save it as .xlsx without a password and deliver it again.",
    );
  }
  const readPart = openPackage(bytes, task);
  const root = relationsOf(readPart, "");
  const workbookPart = root.find(({ type }) => type === "officeDocument")?.target ?? damaged();
  const relations = relationsOf(readPart, workbookPart);
  const { sheets, date1904 } = readWorkbookPart(readPart(workbookPart) ?? damaged());
  const wanted =
    sheetName === undefined ? sheets[0] : sheets.find(({ name }) => name === sheetName);
  if (sheets.length === 0) damaged();
  if (!wanted) {
    return refuse(
      `工作簿中没有名为“${sheetName}”的工作表；现有 ${sheets.length} 个工作表。请核对文件，或更正来源定义中的 format.sheet。`,
      `The workbook has no sheet named "${sheetName}"; it has ${sheets.length} sheets. Check the file, or correct format.sheet in the source file.`,
    );
  }
  const partOf = (type: string) => relations.find((relation) => relation.type === type)?.target;
  const optional = (part: string | undefined) => (part && readPart(part)) || "";
  const sheetPart = relations.find(({ id }) => id === wanted.relation)?.target ?? damaged();
  return {
    sheet: readPart(sheetPart) ?? damaged(),
    sharedStrings: readSharedStrings(optional(partOf("sharedStrings"))),
    dateStyles: readDateStyles(optional(partOf("styles"))),
    date1904,
  };
}

export function damaged(): never {
  return refuse(
    "文件不是完整的 XLSX 工作簿，无法读取。请用表格软件打开并另存后重新报送。",
    "The file is no complete XLSX workbook and cannot be read. Open it in a spreadsheet program, save it and deliver it again.",
  );
}

/** Reads a part of a package by its name; undefined when there is none. */
type PartReader = (part: string) => string | undefined;

/** What the package's own directory says of the sizes of its parts is not believed: a part must end as XML does. */
function openPackage(bytes: Uint8Array, task: Pick<ReadingTask, "bounds">): PartReader {
  let inflated = 0;
  return (part) => {
    let size = 0;
    let places = 0;
    let found: Uint8Array | undefined;
    try {
      [found] = Object.values(
        unzipSync(bytes, {
          filter: (entry) => {
            if (entry.name.toLowerCase() !== part.toLowerCase()) return false;
            // The same part named over and over would be decompressed as often.
            if (++places > 1) damaged();
            size = entry.originalSize;
            refuseBomb(entry.size, size);
            return size <= LARGEST_PART && inflated + size <= task.bounds.inflated;
          },
        }),
      );
    } catch (error) {
      if (error instanceof RefusedFile) throw error;
      damaged();
    }
    inflated += size;
    if (size > LARGEST_PART) {
      refuse(
        `工作表超过 ${LARGEST_PART >> 20} MB。请拆分工作簿，或改用 CSV 报送。`,
        `The sheet is larger than ${LARGEST_PART >> 20} MB. Split the workbook, or deliver it as CSV.`,
      );
    }
    refuseInflated(inflated, task);
    if (!found) return undefined;
    const text = new TextDecoder().decode(found);
    // Half a part or an encrypted one does not end in a tag.
    if (!/>[\s\0]*$/.test(text.slice(-1000))) damaged();
    return text;
  };
}

interface Relation {
  readonly id: string;
  /** Last part of the relation's type, as "worksheet". */
  readonly type: string;
  /** Path within the package, without leading slash. */
  readonly target: string;
}

function relationsOf(readPart: PartReader, part: string): Relation[] {
  const folder = posix.dirname(part);
  const xml = readPart(posix.join(folder, "_rels", `${posix.basename(part)}.rels`));
  const relations: Relation[] = [];
  for (const token of readXml(xml ?? damaged())) {
    if (token.kind === "text" || token.kind === "close" || token.name !== "Relationship") continue;
    relations.push({
      id: attributeOf(token.attributes, "Id") ?? "",
      type: (attributeOf(token.attributes, "Type") ?? "").split("/").at(-1) as string,
      target: posix
        .resolve("/", folder, attributeOf(token.attributes, "Target") ?? "")
        .replace(/^\//, ""),
    });
  }
  return relations;
}

function readWorkbookPart(xml: string) {
  const sheets: { name: string; relation: string }[] = [];
  let date1904 = false;
  for (const token of readXml(xml)) {
    if (token.kind === "text" || token.kind === "close") continue;
    if (token.name === "workbookPr") {
      date1904 = /^(1|true)$/.test(attributeOf(token.attributes, "date1904") ?? "");
    } else if (token.name === "sheet") {
      sheets.push({
        name: attributeOf(token.attributes, "name") ?? "",
        relation: attributeOf(token.attributes, "id") ?? "",
      });
    }
  }
  return { sheets, date1904 };
}

/** Texts of the shared strings: runs of rich text joined, readings (phonetic text) left out. */
function readSharedStrings(xml: string): string[] {
  const strings: string[] = [];
  let text = "";
  let inText = false;
  let inReading = false;
  for (const token of readXml(xml)) {
    if (token.kind === "text") {
      if (inText && !inReading) text += token.text;
    } else if (token.name === "t") inText = token.kind === "open";
    else if (token.name === "rPh") inReading = token.kind === "open";
    else if (token.name === "si") {
      if (token.kind !== "open") strings.push(text);
      text = "";
    }
  }
  return strings;
}

function readDateStyles(xml: string): boolean[] {
  const formats = new Map<string, string>();
  const styles: boolean[] = [];
  let inCells = false;
  for (const token of readXml(xml)) {
    if (token.kind === "text") continue;
    if (token.name === "cellXfs") inCells = token.kind === "open";
    if (token.kind === "close") continue;
    const id = attributeOf(token.attributes, "numFmtId");
    if (id === undefined) continue;
    if (token.name === "numFmt") {
      formats.set(id, attributeOf(token.attributes, "formatCode") ?? "");
    } else if (token.name === "xf" && inCells) {
      styles.push(isDateFormat(Number(id), formats.get(id)));
    }
  }
  return styles;
}
