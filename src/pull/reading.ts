import type { SourceDefinition } from "../standard/source-definition.ts";
import type { Store } from "../store/store.ts";
import { explainLine, isLeftOut, type LineFault, refuse, type Sentence } from "./sentences.ts";

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
