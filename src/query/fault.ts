import { isOutOfMemory, QueryError } from "../store/query-error.ts";
import { BrokenOffError } from "../store/query-stream.ts";

/** Why a statement was not answered, or not to its end. */
export interface Fault {
  readonly kind: "syntax" | "refused" | "failed" | "time" | "memory" | "busy" | "lost";
  readonly zh: string;
  readonly en: string;
  /** Where in the statement, in characters from 0, and as line and column from 1. */
  readonly position?: number;
  readonly line?: number;
  readonly column?: number;
}

export class QueryFault extends Error {
  constructor(readonly fault: Fault) {
    super(`${fault.zh}\n${fault.en}`);
    this.name = "QueryFault";
  }
}

/** Characters before a byte of a text, and its line and column; nothing for a place outside of it. */
export function placeOf(
  sql: string,
  byte: number | undefined,
): Pick<Fault, "position" | "line" | "column"> {
  const bytes = Buffer.from(sql);
  if (byte === undefined || !(byte >= 0 && byte <= bytes.length)) return {};
  const before = bytes.subarray(0, byte).toString();
  const lines = before.split("\n");
  return {
    position: before.length,
    line: lines.length,
    column: (lines.at(-1) as string).length + 1,
  };
}

/**
 * What DuckDB says of a statement, as a sentence.
 * @param paths folders and files that must not be named
 * @param placeInStatement where in the statement a byte of what DuckDB was given comes from
 */
export function describeFailure(
  error: unknown,
  sql: string,
  paths: readonly string[],
  placeInStatement: (byte: number) => number | undefined = (byte) => byte,
): Fault {
  if (error instanceof BrokenOffError) {
    return {
      kind: "failed",
      zh: "查询中途失败（超时、内存不足，或遇到无法计算的值），已得到的部分并不完整。请缩小范围或检查语句。",
      en: `${error.message} Ask for less, or look at the statement.`,
    };
  }
  const { type, message, position } = readFailure(error);
  const place = placeOf(sql, position === undefined ? undefined : placeInStatement(position));
  const where = place.line === undefined ? "" : `（第 ${place.line} 行第 ${place.column} 列）`;
  const at = place.line === undefined ? "" : ` (line ${place.line}, column ${place.column})`;
  const text = hide(message, paths);
  if (type === "Interrupt") {
    return {
      kind: "time",
      zh: "查询超时，已中止。请缩小范围后再试。",
      en: "The query took too long and was stopped. Ask for less.",
    };
  }
  if (type === "Out of Memory") {
    return {
      kind: "memory",
      zh: "查询所需内存或临时空间超过上限，已中止。请缩小范围，或先汇总再排序。",
      en: "The query needs more memory or temporary space than is allowed, and was stopped. Ask for less, or aggregate before sorting.",
    };
  }
  if (type === "Permission") {
    return {
      kind: "refused",
      zh: "不能执行：不得访问文件、网络和设置。",
      en: "This is not run: files, the network and settings are out of reach.",
    };
  }
  const kind = type === "Parser" || type === "Syntax" ? "syntax" : "failed";
  return {
    kind,
    zh: `${kind === "syntax" ? "语句有误" : "查询无法执行"}${where}：${text}`,
    en: `${kind === "syntax" ? "The statement is faulty" : "The query cannot be answered"}${at}: ${text}`,
    ...place,
  };
}

/** Whether DuckDB itself is at fault, and refuses everything from then on. */
export function isCollapse(error: unknown): boolean {
  const own = error instanceof BrokenOffError ? error.cause : error;
  return /^(?:INTERNAL|FATAL)$/i.test(readFailure(own).type);
}

function readFailure(error: unknown): { type: string; message: string; position?: number } {
  const text = error instanceof Error ? error.message : String(error);
  const json = /\{"exception_type".*\}/s.exec(text)?.[0];
  if (json) {
    try {
      const { exception_type, exception_message, position } = JSON.parse(json);
      return {
        type: /^Interrupt/i.test(exception_message) ? "Interrupt" : exception_type,
        message: exception_message,
        ...(position !== undefined && { position: Number(position) }),
      };
    } catch {
      // Told as it is below.
    }
  }
  if (isOutOfMemory(error)) return { type: "Out of Memory", message: text };
  if (error instanceof QueryError) return { type: error.type, message: text };
  if (/INTERRUPT/i.test(text)) return { type: "Interrupt", message: text };
  return { type: "", message: text };
}

function hide(message: string, paths: readonly string[]): string {
  let text = message.replace(/\n\nLINE[\s\S]*$/, "").replace(/Did you mean "[^"]*"\?/, "");
  for (const path of paths) if (path) text = text.replaceAll(path, "…");
  return text.trim().slice(0, 1000);
}
