import type { SourceDefinition } from "../standard/source-definition.ts";
import type { Store } from "../store/store.ts";
import { explainLine, type LineFault, refuse, type Sentence } from "./sentences.ts";

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
}

/** A line that could not be read, with its text as far as it can be shown. */
export interface UnreadableLine {
  readonly line: number;
  readonly text: string;
  readonly sentence: Sentence;
}

/** What came of reading a file. */
export interface Reading {
  readonly rows: number;
  readonly unreadable: readonly UnreadableLine[];
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
      lines.push({ line, text: shown.replace(/[\ud800-\udfff]/gu, "\ufffd"), sentence });
    },
  };
}

const RESERVED = new Set(["_line", "_file_id", "file_row_number"]);

/**
 * Checks the column names of a file; names that differ only in letter case count as the same.
 * The sentence tells places, not names: where the header is missing, the "names" are somebody's data.
 * @throws RefusedFile telling the column that is empty, twice or reserved
 */
export function checkColumnNames(names: readonly string[]): void {
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const position = index + 1;
    if (name.trim() === "") {
      refuse(
        `表头第 ${position} 列没有名称。请补上列名或删除该列后重新报送。`,
        `Column ${position} of the header has no name. Name it or remove it, and deliver the file again.`,
      );
    }
    const folded = name.toLowerCase();
    const earlier = seen.get(folded);
    if (earlier !== undefined) {
      refuse(
        `表头第 ${earlier} 列与第 ${position} 列同名（不区分大小写）。请改名后重新报送；若首行不是表头，请补上表头。`,
        `Columns ${earlier} and ${position} of the header have the same name (letter case aside). Rename one, or add a header if the first line is none, and deliver the file again.`,
      );
    }
    if (RESERVED.has(folded)) {
      refuse(
        `列名“${name}”由系统保留。请改名后重新报送。`,
        `The column name "${name}" is reserved. Rename it, and deliver the file again.`,
      );
    }
    seen.set(folded, position);
  });
}
