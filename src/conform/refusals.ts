import type { Refusal } from "../standard/delivery.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { readFileName } from "./file-values.ts";
import type { MissingColumn } from "./make-mapping.ts";
import type { FileGroup, RawFile } from "./raw-files.ts";

/** A file whose name lacks what the source reads from it. */
export function strangeName(source: SourceDefinition, file: RawFile): Refusal[] {
  const { unmatched } = readFileName(source, file.file_name);
  if (unmatched.length === 0) return [];
  const patterns = unmatched.join(", ");
  return [
    {
      fileId: file.file_id,
      zh: `文件名“${file.file_name}”不符合该数据源的命名规则（${patterns}），请改名后重新报送。`,
      en: `The name of the file "${file.file_name}" does not follow the source's pattern (${patterns}); rename it and send it again.`,
    },
  ];
}

/** Files that lack a column nothing can be done without. */
export function absentColumns(group: FileGroup, missing: readonly MissingColumn[]): Refusal[] {
  const wanted = missing.map(({ core, names }) => `${names.join(" / ")} (${core})`).join(", ");
  const present = [...group.columns.keys()].join(", ");
  return group.files.map((file) => ({
    fileId: file.file_id,
    zh: `文件“${file.file_name}”缺少必需的列：${wanted}；文件中的列是：${present}。请补上该列，或在数据源定义的 from 中加上新的列名。`,
    en: `The file "${file.file_name}" lacks the required column ${wanted}; its columns are: ${present}. Add the column, or add its new name to "from" in the source's definition.`,
  }));
}
