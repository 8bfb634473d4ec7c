import { parse } from "csv-parse/sync";
import { BYTE_ORDER_MARK, csvLine } from "../spreadsheet.ts";
import type { Subject, SubjectAnswer, SubjectCheck } from "./check-subjects.ts";

const CODES = ["统一社会信用代码", "信用代码", "机构代码", "代码", "uscc", "code", "entity_id"];
const NAMES = ["主体名称", "单位名称", "机构名称", "名称", "单位", "name"];

/**
 * Reads a list of subjects: CSV in UTF-8 or GB 18030, with a header that names the column of codes or of names; a list
 * of one column may go without a header.
 * @throws Error in a sentence when no column can be recognised
 */
export function readSubjectList(bytes: Uint8Array): Subject[] {
  const rows: string[][] = parse(decode(bytes), {
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  const [header = [], ...rest] = rows;
  const columnOf = (titles: readonly string[]) =>
    header.findIndex((title) => titles.includes(title.toLowerCase()));
  const code = columnOf(CODES);
  const name = columnOf(NAMES);
  if (code < 0 && name < 0) {
    if (rows.every((row) => row.length === 1)) return rows.map(([own]) => ({ code: own }));
    throw new Error(
      `The list has neither a column of codes (${CODES.join(", ")}) nor one of names (${NAMES.join(", ")}). Head one of its columns so.`,
    );
  }
  return rest.map((row) => ({
    code: code < 0 ? undefined : row[code],
    name: name < 0 ? undefined : row[name],
  }));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

const STATES: Readonly<
  Record<SubjectAnswer["state"], { readonly zh: string; readonly en: string }>
> = {
  restricted: { zh: "受限", en: "restricted" },
  clear: { zh: "未受限", en: "not restricted" },
  unknown: {
    zh: "不是在册的政府机构，不作评价",
    en: "not a government body on file; nothing is said of it",
  },
  ambiguous: { zh: "有多个机构符合，请给出代码", en: "several bodies answer to it; give the code" },
  contradictory: { zh: "代码与名称属于不同机构", en: "code and name are those of two bodies" },
};

/** A state in both languages. */
export function describeState(state: SubjectAnswer["state"]) {
  return STATES[state];
}

const COLUMNS =
  "code name state state_zh state_en entity_id name_zh name_en purpose measure_zh measure_en reason_zh reason_en article_zh article_en since until ends disputed record_key document_no period as_of synthetic".split(
    " ",
  );

/** The answers as CSV (src/spreadsheet.ts); a subject restricted on several grounds has a line for each. */
export function writeAnswersCsv(check: SubjectCheck): string {
  const lines = [csvLine(COLUMNS)];
  const end = [check.period, check.as_of, check.synthetic];
  for (const { grounds, ...subject } of check.answers) {
    const { code, name, state, entity_id, name_zh, name_en } = subject;
    const { zh, en } = describeState(state);
    const start = [code, name, state, zh, en, entity_id, name_zh, name_en, check.purpose];
    if (grounds.length === 0) lines.push(csvLine([...start, ...NO_GROUND, ...end]));
    for (const one of grounds) {
      const why = [one.measure_zh, one.measure_en, one.reason_zh, one.reason_en];
      const since = [one.article_zh, one.article_en, one.since, one.until, one.ends];
      const record = [one.disputed, one.record_key, one.document_no];
      lines.push(csvLine([...start, ...why, ...since, ...record, ...end]));
    }
  }
  return `${BYTE_ORDER_MARK}${lines.join("")}`;
}

const NO_GROUND = Array.from({ length: 12 }, () => null);
