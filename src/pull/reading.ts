import type { ReadingBounds } from "../config.ts";
import { showSize } from "../data-size.ts";
import { SETTINGS } from "../settings.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { isDeeper } from "../standard/walk-record.ts";
import type { Store } from "../store/store.ts";
import {
  explainLine,
  isLeftOut,
  type LineFault,
  RefusedFile,
  refuse,
  type Sentence,
} from "./sentences.ts";

/** One file to be turned into Parquet. */
export interface ReadingTask {
  readonly store: Store;
  readonly format: SourceDefinition["format"];
  /** The file as received, absolute. */
  readonly input: string;
  /** Parquet file to write, absolute. */
  readonly output: string;
  /** Where text may be kept while it is read, absolute; removed by the caller. */
  readonly scratch: string;
  /** Zone of the jurisdiction, for instants that carry a zone of their own. */
  readonly timeZone: string;
  readonly bounds: ReadingBounds;
}

/** Refuses a file that goes beyond a bound that a setting sets, whose name the sentence ends with. */
function refuseBeyond(setting: { readonly name: string }, zh: string, en: string): never {
  throw new RefusedFile(
    {
      zh: `${zh}请核对文件；内容无误的，请拆分后重新报送，或调高设置 ${setting.name} 后重新运行。`,
      en: `${en} Check the file; if it is right, split it and deliver it again, or raise the setting ${setting.name} and run again.`,
    },
    true,
  );
}

/** @throws RefusedFile when a table has more columns than the settings allow */
export function refuseTooWide(columns: number, { bounds }: Pick<ReadingTask, "bounds">): void {
  if (columns <= bounds.columns) return;
  refuseBeyond(
    SETTINGS.readColumns,
    `文件有 ${columns} 列，上限为 ${bounds.columns} 列。`,
    `The file has ${columns} columns, more than the ${bounds.columns} allowed.`,
  );
}

/** @throws RefusedFile when a table has more cells than the settings allow */
export function refuseTooManyCells(
  rows: number,
  columns: number,
  { bounds }: Pick<ReadingTask, "bounds">,
): void {
  if (rows * columns <= bounds.cells) return;
  refuseBeyond(
    SETTINGS.readCells,
    `文件有 ${rows} 行、${columns} 列，单元格总数超过上限 ${bounds.cells}。`,
    `The file has ${rows} rows of ${columns} columns, more cells than the ${bounds.cells} allowed.`,
  );
}

/**
 * @param bytes of the file
 * @throws RefusedFile when a file of a format that packs equal values has more cells than the settings allow, or so many for its
 * bytes that it must have been made to overwhelm its reader
 */
export function refuseTooManyPacked(
  bytes: number,
  rows: number,
  columns: number,
  task: Pick<ReadingTask, "bounds">,
): void {
  refuseTooManyCells(rows, columns, task);
  refuseBomb(bytes, rows * columns, NO_CELLS);
}

/** @throws RefusedFile when JSON is nested deeper than the settings allow */
export function refuseTooDeep(value: unknown, { bounds }: Pick<ReadingTask, "bounds">): void {
  if (!isDeeper(value, bounds.depth)) return;
  refuseBeyond(
    SETTINGS.readDepth,
    `JSON 嵌套超过 ${bounds.depth} 层。`,
    `The JSON is nested more than ${bounds.depth} levels deep.`,
  );
}

/** Compressed tables are up to some dozens of times smaller; a thousand times is what the method can at most. */
const MOST_RATIO = 200;
/** Below this no harm is done: bytes, cells, and rows. */
const NO_BOMB = 100 << 20;
const NO_CELLS = 10 << 20;
const NO_FLOOD = 1 << 20;

/** @throws RefusedFile when so little stands for so much that it must have been made to overwhelm its reader */
export function refuseBomb(packed: number, inflated: number, harmless = NO_BOMB): void {
  if (inflated <= harmless || inflated <= packed * MOST_RATIO) return;
  refuse(
    `文件解压后膨胀 ${MOST_RATIO} 倍以上，不像正常的表格（疑似压缩炸弹），未读取。确为数据的，请改用不压缩的 CSV 报送。`,
    `The file grows more than ${MOST_RATIO} times when it is decompressed, as no table does (a "zip bomb"), and was not read. If it is data all the same, deliver it as CSV, not compressed.`,
  );
}

/**
 * A row of a table differs from the others at least by its number, which takes a byte and more however well it is packed. Rows
 * that take less are equal ones: millions of them pass every bound on size, and are too many for all that comes after.
 * @param bytes of the file as delivered
 * @throws RefusedFile when it has more rows than bytes
 */
export function refuseFlood(bytes: number, rows: number): void {
  if (rows <= NO_FLOOD || rows <= bytes) return;
  refuse(
    `文件只有 ${bytes} 字节，却有 ${rows} 行，不像正常的表格（疑似压缩炸弹），未读取。确为数据的，请改用不压缩的 CSV 报送。`,
    `The file has ${rows} rows in ${bytes} bytes, as no table does (a "zip bomb"), and was not read. If it is data all the same, deliver it as CSV, not compressed.`,
  );
}

/** @throws RefusedFile when a file grows beyond what the settings allow while it is decompressed or written out */
export function refuseInflated(bytes: number, { bounds }: Pick<ReadingTask, "bounds">): void {
  if (bytes <= bounds.inflated) return;
  const most = showSize(bounds.inflated);
  refuseBeyond(
    SETTINGS.readInflated,
    `文件解压或展开后超过 ${most}。`,
    `The file grows to more than ${most} when it is decompressed or written out.`,
  );
}

/** A line that could not be read, with its text as far as it can be shown. */
export interface UnreadableLine {
  readonly line: number;
  readonly text: string;
  readonly sentence: Sentence;
  /** It is no record, and nothing is wrong with it. */
  readonly leftOut: boolean;
}

/** What came of reading a file. */
export interface Reading {
  readonly rows: number;
  readonly unreadable: readonly UnreadableLine[];
  /** JSON: the paths of keys in its records, in the order of first appearance. */
  readonly keys?: readonly string[];
}

const MOST_UNREADABLE = 100_000;
const LONGEST_SHOWN = 1000;

/** Collects the lines of one file that could not be read; so many that something else must be wrong refuse the file. */
export function collectUnreadable() {
  const lines: UnreadableLine[] = [];
  return {
    lines,
    add(line: number, text: string, fault: LineFault) {
      const sentence = explainLine(line, fault);
      if (lines.length === MOST_UNREADABLE) {
        const first = lines[0] as UnreadableLine;
        refuse(
          `超过 ${MOST_UNREADABLE} 行无法读取，编码或分隔符很可能与来源定义不符。首个问题：${first.sentence.zh}`,
          `More than ${MOST_UNREADABLE} lines cannot be read; most likely the encoding or the delimiter is not what the source file says. The first problem: ${first.sentence.en}`,
        );
      }
      // Cutting may leave half a character, which the database would not take.
      const shown = text.replace(/\r$/, "").slice(0, LONGEST_SHOWN);
      const whole = shown.replace(/[\ud800-\udfff]/gu, "\ufffd");
      lines.push({ line, text: whole, sentence, leftOut: isLeftOut(fault) });
    },
  };
}
