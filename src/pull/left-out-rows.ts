import { columnKey } from "../standard/column-name.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { type LineFault, refuse } from "./sentences.ts";

type Format = SourceDefinition["format"];

// By column keys: no blanks, narrow, lower case. Words that say of themselves that a row adds others up.
const TOTAL =
  /^.{0,12}(?:合计|总计|小计|共计|累计)(?:\(.*\))?:?$|^(?:grand|sub-?)?totals?:?$|^(?:sum|subtotal)of.{0,20}:?$/;
// Words that say who made or signed the sheet, or what is to be noted; the ambiguous ones only before a colon.
const SIGNATURE =
  /^(?:填表|填报|制表|制单|审核|复核|审批|核准|经办|报送)(?:人|单位|部门|日期|时间)?(?:\((?:签字|签章|盖章)\))?(?::|$)|^(?:单位)?负责人(?:\(.*\))?:|^(?:联系(?:人|电话|方式)|单位\((?:公章|盖章)\)|备?注|说明|数据来源|资料来源|日期|签字|签章|盖章)\d*:|^(?:preparedby|reviewedby|approvedby|checkedby|signedby|notes?|sources?):/;

/** Rows of a table that are no records: what adds others up, signatures, and headers that come again. */
export interface RowSorter {
  /**
   * @param cells texts of a row, from the first column on
   * @returns why the row is no record; undefined when it is one
   * @throws RefusedFile when another header stands where records should: two files put together
   */
  judge(line: number, cells: readonly string[]): LineFault | undefined;
  /** Whether a row that begins with this cell may be no record. */
  doubts(first: string): boolean;
}

/** Numbers, codes and dates, as most rows begin with: they are told at a glance. */
const CODE = /^[\w./-]*\d[\w./-]*$/;

/** Sorts the rows below a header. What a person wrote below or between the records is told by its first filled cell. */
export function sortRows(header: readonly string[], { footers }: Format): RowSorter {
  const keys = header.map(columnKey);
  const named = new Set(keys.filter((key) => key !== ""));
  const own = (Array.isArray(footers) ? footers : []).map(columnKey);
  const plain = own.length === 0 && !keys.some((key) => CODE.test(key));
  const isFooter = (key: string) =>
    TOTAL.test(key) || SIGNATURE.test(key) || own.some((text) => key.startsWith(text));
  return {
    doubts(first) {
      if (first.trim() === "" || (plain && CODE.test(first))) return false;
      const key = columnKey(first);
      return named.has(key) || (footers !== "none" && isFooter(key));
    },
    judge(line, cells) {
      const first = cells.find((cell) => cell.trim() !== "");
      if (first === undefined) return undefined;
      if (named.size > 1 && named.has(columnKey(first))) {
        const found = judgeHeader(line, cells.map(columnKey), keys, named);
        if (found) return found;
      }
      if (footers === "none" || first.length > 200) return undefined;
      return isFooter(columnKey(first)) ? { kind: "footer" } : undefined;
    },
  };
}

/** Whether a row is the header once more; most of its cells being names of columns in other places, it is another one. */
function judgeHeader(
  line: number,
  row: readonly string[],
  keys: readonly string[],
  named: ReadonlySet<string>,
): LineFault | undefined {
  if (keys.every((key, index) => key === (row[index] ?? ""))) return { kind: "header-again" };
  const filled = row.filter((key) => key !== "");
  if (filled.length < 2 || filled.filter((key) => named.has(key)).length * 2 <= filled.length) {
    return undefined;
  }
  return refuse(
    `第 ${line} 行又是一个表头，列序或列名与首个表头不同，像是几个文件拼在了一起。请分开报送。`,
    `Line ${line} is another header, its columns in another order or of other names: several files seem to have been put together. Deliver them one by one.`,
  );
}
