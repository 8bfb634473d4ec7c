import { withoutQuotes } from "../standard/without-quotes.ts";
import { OUT_OF_MEMORY, readStorageFault, type StorageFault } from "./storage-fault.ts";

/** What a statement about delivered files reads: their headers stand in its text, and in what DuckDB says of it. */
const READS_FILES = /\braw\.|\bread_(?:parquet|csv|json|text)|\br\."/;

/**
 * A statement that DuckDB refused, as a sentence in each language. It never has text of a delivered file in it, nor the
 * statement: messages go to logs, jobs and consoles, and whoever logs an error logs all that hangs on it. Only what is wrong
 * with a statement as it is written, whatever the data, is told in DuckDB's words, as its author needs it.
 */
export class QueryError extends Error {
  /** What DuckDB calls it, as "Conversion", "Binder", "INTERNAL"; empty where it says nothing of the kind. */
  readonly type: string;
  /** Set when a file or the memory is at fault and not the statement. */
  readonly storage: StorageFault | undefined;

  /** @param database path of the database that was read or written, where it is a file */
  constructor(cause: unknown, sql: string, database = "") {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const type = /^([A-Za-z][\w -]*?) Error\b/.exec(reason)?.[1] ?? "";
    // What cannot be decoded DuckDB reports without its path.
    const parquet = /read_parquet\('([^']+)'/.exec(sql)?.[1];
    const storage = readStorageFault(reason, parquet ?? database);
    const { zh, en } = storage ?? describeRefusal(type, reason, sql);
    super(`${zh} ${en}`);
    this.name = "QueryError";
    this.type = type;
    this.storage = storage;
  }
}

/** A sentence in each language. */
interface Sentence {
  readonly zh: string;
  readonly en: string;
}

/** Faults of a value that a statement met, by DuckDB's names. */
const OF_A_VALUE =
  /^(?:Conversion|Out of Range|Invalid Input|Mismatch Type|Invalid type|Decimal)$/i;
const OF_THE_STATEMENT = /^(?:Parser|Syntax|Binder|Catalog|Not implemented)$/i;

/** What the macros of working days say. */
const OF_THE_CALENDAR = /The working-day calendar (?:does not cover|ends before) .*/;

function describeRefusal(type: string, reason: string, sql: string): Sentence {
  const named = type === "" ? "" : ` (${type})`;
  const calendar = OF_THE_CALENDAR.exec(reason)?.[0];
  if (calendar) {
    return {
      zh: "工作日历没有覆盖所需的日子。请把该年的国务院放假通知加入 metrics/calendar。",
      en: calendar,
    };
  }
  // Not of DuckDB, but of its package or of ours.
  if (type === "" && !/^INTERRUPT/i.test(reason)) {
    const told = withoutQuotes(reason);
    return {
      zh: `数据库的答复无法采用：${told}。`,
      en: `What the database answered cannot be used: ${told}`,
    };
  }
  if (OF_THE_STATEMENT.test(type)) {
    const [first = ""] = reason.split("\n");
    const told = READS_FILES.test(sql) ? withoutQuotes(reason) : first.trim();
    return {
      zh: `有一条语句数据库不接受。若它来自指标、检查或查询的定义，请按下面所说改正；“zhengxin validate”指出是哪一行：${told}。`,
      en: `The database does not accept a statement. If an indicator, a check or a query of yours has it, mend that as said here; "zhengxin validate" names the line: ${told}.`,
    };
  }
  if (OF_A_VALUE.test(type)) {
    return {
      zh: `数据中有一个值无法按语句的要求换算${named}，本步骤未改动任何数据。值本身不在此显示；若语句出自指标或检查的定义，请在其中用 TRY_CAST 代替 CAST。`,
      en: `A value of the data cannot be worked with as a statement asks${named}, and this step changed nothing. The value is not shown here; if an indicator or a check of yours has the statement, write TRY_CAST in place of CAST.`,
    };
  }
  if (/^Constraint$/i.test(type)) {
    return {
      zh: "要写入的内容与库中已有的相抵触，未写入。请再运行一次；仍如此，请运行“zhengxin repair”。",
      en: 'What was to be written contradicts what is held, and was not written. Run again; if it stays so, run "zhengxin repair".',
    };
  }
  if (/interrupt/i.test(type) || /^INTERRUPT/i.test(reason)) {
    return {
      zh: "语句被中断，未改动任何数据；再运行即从头做起。",
      en: "The statement was interrupted and changed nothing; running again begins anew.",
    };
  }
  if (/^(?:INTERNAL|FATAL)$/i.test(type)) {
    return {
      zh: `数据库引擎自身出错${named}，未改动任何数据。请再运行一次；仍如此，请用 --threads 1 运行，或运行“zhengxin repair”，并将此告知维护者。`,
      en: `The database engine itself failed${named} and changed nothing. Run again; if it stays so, run with --threads 1, or "zhengxin repair", and tell the maintainers.`,
    };
  }
  return {
    zh: `数据库未能执行一条语句${named}，未改动任何数据。请再运行一次；仍如此，请检查数据文件夹的磁盘和权限，并运行“zhengxin validate”。`,
    en: `The database could not carry out a statement${named} and changed nothing. Run again; if it stays so, look at the disk and rights of the data folder and run "zhengxin validate".`,
  };
}

/** Whether DuckDB wanted more memory than it was told it may have, or could not put aside what does not fit. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof QueryError) return error.storage?.kind === "memory";
  return OUT_OF_MEMORY.test(error instanceof Error ? error.message : String(error));
}
