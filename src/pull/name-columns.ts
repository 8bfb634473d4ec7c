import { cleanName, columnKey } from "../standard/column-name.ts";
import { refuse } from "./sentences.ts";

/** Characters of a column's name: what is longer is somebody's text. */
const LONGEST = 1000;
const RESERVED = new Set(["_line", "_file_id", "file_row_number"]);

/**
 * Names for the columns of a file, from its header: as people read them, and one for each place. A column without a name is
 * called by its position ("#11"); one whose name stands further left already gets blanks behind it, which count for nothing
 * where names are compared: whether both say the same is for the stage that reads them.
 * @throws RefusedFile telling the column whose name is reserved, by position: where the header is missing, the "names" are
 * somebody's data
 */
export function nameColumns(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((text, index) => {
    let name = cleanName(text) || `#${index + 1}`;
    if (RESERVED.has(name.toLowerCase())) {
      refuse(
        `表头第 ${index + 1} 列的名称由系统保留（${[...RESERVED].join("、")}）。请改名后重新报送。`,
        `The name of column ${index + 1} of the header is reserved (${[...RESERVED].join(", ")}). Rename it, and deliver the file again.`,
      );
    }
    if (name.length > LONGEST) {
      refuse(
        `表头第 ${index + 1} 列的名称超过 ${LONGEST} 个字符，不像列名。请核对表头后重新报送。`,
        `The name of column ${index + 1} of the header is longer than ${LONGEST} characters, which no name of a column is. Check the header, and deliver the file again.`,
      );
    }
    while (taken.has(name.toLowerCase())) name += " ";
    taken.add(name.toLowerCase());
    return name;
  });
}

/**
 * One header out of several rows of one: what stands above and below is joined, once where both say the same. A group's name
 * holds for the columns to its right that have a name below and none above.
 */
export function joinHeaders(rows: readonly (readonly string[])[], joint: string): string[] {
  const width = Math.max(...rows.map((row) => row.length));
  const filled = rows.map((row, level) => {
    const below = rows[level + 1];
    let group = "";
    return Array.from({ length: width }, (_, index) => {
      const own = cleanName(row[index] ?? "");
      const under = cleanName(below?.[index] ?? "");
      if (own !== "") group = under === "" ? "" : own;
      else if (under === "") group = "";
      return own || (below ? group : "");
    });
  });
  return Array.from({ length: width }, (_, index) => {
    const parts: string[] = [];
    for (const row of filled) {
      const part = row[index] as string;
      if (part !== "" && columnKey(part) !== columnKey(parts.at(-1) ?? "")) parts.push(part);
    }
    return parts.join(joint);
  });
}
