/** A sentence for people, in both languages. */
export interface Sentence {
  readonly zh: string;
  readonly en: string;
}

/** A file that cannot be read at all; the sentence says what was wrong and what to do. */
export class RefusedFile extends Error {
  constructor(readonly sentence: Sentence) {
    super(sentence.en);
    this.name = "RefusedFile";
  }
}

export function refuse(zh: string, en: string): never {
  throw new RefusedFile({ zh, en });
}

/** How a refusal is kept in the one column there is for it: Chinese on the first line, English on the second. */
export function joinSentence({ zh, en }: Sentence): string {
  return [zh, en].map((text) => text.replace(/\s+/g, " ")).join("\n");
}

/** What is wrong with a line that cannot be read. */
export type LineFault =
  | { readonly kind: "bytes"; readonly encoding: string }
  | { readonly kind: "open-quote" }
  | { readonly kind: "stray-quote" }
  | { readonly kind: "field-count"; readonly found: number; readonly expected: number }
  | { readonly kind: "json"; readonly problem: string }
  | { readonly kind: "no-object" };

const DELIVER = {
  zh: "请在原文件中更正后重新报送。",
  en: "Correct it in the file and deliver the file again.",
};

/**
 * Explains why a line was set aside.
 * @param line physical line of a text file, row of a sheet, or ordinal of a JSON record
 */
export function explainLine(line: number, fault: LineFault): Sentence {
  const { zh, en } = faultSentence(line, fault);
  return { zh: `${zh}${DELIVER.zh}`, en: `${en} ${DELIVER.en}` };
}

function faultSentence(line: number, fault: LineFault): Sentence {
  switch (fault.kind) {
    case "bytes":
      return {
        zh: `第 ${line} 行含有不属于 ${fault.encoding} 编码的字节。`,
        en: `Line ${line} has bytes that are not ${fault.encoding} text.`,
      };
    case "open-quote":
      return {
        zh: `第 ${line} 行有一个引号没有闭合。`,
        en: `Line ${line} opens a quotation mark that is never closed.`,
      };
    case "stray-quote":
      return {
        zh: `第 ${line} 行的字段中间有引号；含引号的字段应整体加引号，其中的引号写两遍。`,
        en: `Line ${line} has a quotation mark inside a field; such a field must be quoted as a whole, its marks doubled.`,
      };
    case "field-count":
      return {
        zh: `第 ${line} 行有 ${fault.found} 个字段，表头有 ${fault.expected} 个。`,
        en: `Line ${line} has ${fault.found} fields where the header has ${fault.expected}.`,
      };
    case "json":
      return {
        zh: `第 ${line} 行不是有效的 JSON（${fault.problem}）。`,
        en: `Line ${line} is not valid JSON (${fault.problem}).`,
      };
    case "no-object":
      return {
        zh: `第 ${line} 条记录不是 JSON 对象。`,
        en: `Record ${line} is not a JSON object.`,
      };
  }
}
