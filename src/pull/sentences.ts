import { explainFault, type FaultKind } from "../ocds/release.ts";

/** A sentence for people, in both languages. */
export interface Sentence {
  readonly zh: string;
  readonly en: string;
}

/** A file that cannot be read at all; the sentence says what was wrong and what to do. */
export class RefusedFile extends Error {
  /**
   * @param again whether the next pull may find otherwise, though the file is the same: a setting was raised, a machine has more
   * memory to give
   */
  constructor(
    readonly sentence: Sentence,
    readonly again = false,
  ) {
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
  | { readonly kind: "no-object" }
  | { readonly kind: "deep"; readonly most: number }
  | { readonly kind: "two-keys" }
  | { readonly kind: "repeated-key" }
  | { readonly kind: "ocds"; readonly fault: FaultKind }
  | { readonly kind: "member"; readonly name: string; readonly why: Sentence }
  | { readonly kind: "footer" }
  | { readonly kind: "header-again" };

/** Rows left out because they are no records: nothing is wrong with the file. */
export function isLeftOut(fault: LineFault): boolean {
  if (fault.kind === "ocds") return fault.fault === "linked-release";
  return fault.kind === "footer" || fault.kind === "header-again";
}

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
  if (isLeftOut(fault) || fault.kind === "member") return { zh, en };
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
    case "deep":
      return {
        zh: `第 ${line} 行的 JSON 嵌套超过 ${fault.most} 层。`,
        en: `The JSON of line ${line} is nested more than ${fault.most} levels deep.`,
      };
    case "ocds":
      return explainFault(fault.fault, line);
    case "member":
      return {
        zh: `压缩包中的文件“${fault.name}”未读取，其余照常：${fault.why.zh}`,
        en: `The file "${fault.name}" in the archive was not read, the others were: ${fault.why.en}`,
      };
    case "footer":
      return {
        zh: `第 ${line} 行是合计、签字一类，不是记录，未读入；若是记录，请在来源定义中写 footers: none。`,
        en: `Line ${line} is a total, a signature or the like, no record, and was left out; if it is one, say footers: none in the source file.`,
      };
    case "header-again":
      return {
        zh: `第 ${line} 行又是表头，未读入。`,
        en: `Line ${line} is the header again and was left out.`,
      };
    case "repeated-key":
      return {
        zh: `第 ${line} 行的 JSON 中有一个对象把同一个键写了两次，无法判断该用哪个值。`,
        en: `An object in the JSON of line ${line} has the same key twice; which value is meant cannot be told.`,
      };
    case "two-keys":
      return {
        zh: `第 ${line} 条记录有两个键是同一个名称（空白与全角半角不计）而值不同。`,
        en: `Record ${line} has two keys of one name (blanks and width aside) with different values.`,
      };
  }
}
