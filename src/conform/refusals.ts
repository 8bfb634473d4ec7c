import type { Refusal, SetAside } from "../standard/delivery.ts";
import { fileLabel } from "../standard/file-label.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { readsRecords } from "./described-by.ts";
import { readFileName } from "./file-values.ts";
import { findNearest } from "./nearest-header.ts";
import type { RawFile } from "./raw-files.ts";
import { findColumn } from "./read-column.ts";
import { listWanted, type WantedColumn } from "./wanted-columns.ts";

/** A file whose name lacks what the source reads from it. */
export function strangeName(source: SourceDefinition, file: RawFile): Refusal[] {
  const { unmatched } = readFileName(source, file.file_name);
  if (unmatched.length === 0) return [];
  const patterns = unmatched.join(", ");
  return [
    {
      fileId: file.file_id,
      zh: `文件 ${fileLabel(file.file_hash)} 的文件名不符合该数据源的命名规则（${patterns}），请改名后重新报送。`,
      en: `The name of the file ${fileLabel(file.file_hash)} does not follow the source's pattern (${patterns}); rename it and send it again.`,
    },
  ];
}

/** Files whose columns are not those of the definition. */
export interface Misfit {
  readonly files: readonly RawFile[];
  /** Headers as the raw layer has them, in the order of the file; for JSON the paths of all records of the source. */
  readonly headers: readonly string[];
  readonly missing: readonly WantedColumn[];
  /** Columns of one name and different content that the definition reads: positions from 1. */
  readonly ambiguous: readonly { readonly name: string; readonly positions: readonly number[] }[];
}

/**
 * Refuses files with what is wrong with their columns: by the definition's own names and by position. The first line of a
 * file may be somebody's data, so its text goes to the quarantine alone.
 */
export function refuseColumns(source: SourceDefinition, misfit: Misfit): Refusal[] {
  const { zh, en } =
    misfit.ambiguous.length > 0 ? tellAmbiguous(misfit) : tellMissing(source, misfit);
  const json = readsRecords(source);
  const setAside = showHeader(source, misfit.headers);
  return misfit.files.map((file) => ({
    fileId: file.file_id,
    zh: `文件 ${fileLabel(file.file_hash)} ${zh}`,
    en: `The file ${fileLabel(file.file_hash)} ${en}`,
    // What a JSON file lacks is judged over all files of the source: the next one may have it.
    byRows: json,
    setAside,
  }));
}

const LONGEST_SHOWN = 1000;

/** The header as it stands in the file, or the keys of the records of JSON. */
function showHeader({ format }: SourceDefinition, headers: readonly string[]): SetAside[] {
  if (headers.length === 0) return [];
  const value = headers.join(format.delimiter).slice(0, LONGEST_SHOWN);
  return [{ line: format.skip + 1, reason: "header", value, delivered: true }];
}

function tellAmbiguous({ ambiguous }: Misfit) {
  const list = (and: string, open: string, close: string) =>
    ambiguous
      .map(({ name, positions }) => `${open}${name}${close}: ${positions.join(and)}`)
      .join("; ");
  return {
    zh: `有几列同名而内容不同，无法判断该用哪一列（列名：第几列）：${list("、", "“", "”")}。请删去或改名多余的列后重新报送。`,
    en: `has columns of one name with different content, and which one is meant cannot be told (name: columns): ${list(", ", '"', '"')}. Remove or rename the others and send the file again.`,
  };
}

function tellMissing(source: SourceDefinition, { headers, missing }: Misfit) {
  const wanted = listWanted(source);
  const named = new Map(missing.map((each) => [each.names.join(" / ") || each.matching, each]));
  const list = [...named];
  if (readsRecords(source)) {
    const [zh, en] = [list.map(nameZh).join("、"), list.map(nameEn).join(", ")];
    return {
      zh: `所属数据源没有一条记录有定义要读的：${zh}。请改正后重新报送；若改了名，请在定义的 from 中加上新名；若本来可以没有，请写 optional: true。记录中的键见隔离区。`,
      en: `belongs to a source of which no record has what its definition reads: ${en}. Correct it and send it again; if it has a new name, add that to "from" in the definition; if records may do without it, say optional: true. The keys of its records are in the quarantine.`,
    };
  }
  const columns = new Map(headers.map((header) => [header, "VARCHAR"]));
  const place = { columns, keys: undefined, paths: undefined };
  const found = new Set(
    wanted.flatMap(({ names, matching }) => findColumn(names, matching, place)?.column ?? []),
  );
  const free = headers.map((header) => (found.has(header) ? undefined : header));
  const hints = list.map(([name, { core, names }]) => ({
    name,
    core,
    near: found.size > 0 ? findNearest(names, free) : undefined,
  }));
  const [zh, en] = [hints.map(hintZh).join("、"), hints.map(hintEn).join(", ")];
  if (headers.length === 0) {
    return {
      zh: "没有表头：除按 format.skip 略过的行外，没有任何内容。请核对后重新报送。",
      en: "has no header: there is nothing in it but lines that format.skip passes over. Check it and send it again.",
    };
  }
  if (found.size === 0) {
    return {
      zh: `的第一行不像表头：数据源定义要读的列一个也没有（${zh}）。请补上表头，或更正数据源定义中的 format.skip、header_rows、delimiter。该行原文见隔离区。`,
      en: `does not seem to begin with its header: it has none of the columns that the source's definition reads (${en}). Add the header, or correct format.skip, header_rows or delimiter in the definition. The line itself is in the quarantine.`,
    };
  }
  return {
    zh: `缺少数据源定义要读的列：${zh}。请改正后重新报送；若该列改了名，请在定义的 from 中加上新名；若文件本来可以没有这一列，请写 optional: true。表头原文见隔离区。`,
    en: `lacks columns that the source's definition reads: ${en}. Correct the file and send it again; if a column has a new name, add it to "from" in the definition; if a file may do without it, say optional: true. The header itself is in the quarantine.`,
  };
}

interface Hint {
  readonly name: string | undefined;
  readonly core: string;
  /** Position of the column whose header comes nearest, from 1. */
  readonly near: number | undefined;
}

function hintZh({ name, core, near }: Hint): string {
  const hint = near === undefined ? "" : `；最接近的是第 ${near} 列`;
  return `“${name}”（${core}${hint}）`;
}

function hintEn({ name, core, near }: Hint): string {
  const hint = near === undefined ? "" : `; column ${near} comes nearest`;
  return `"${name}" (${core}${hint})`;
}

type Named = readonly [name: string | undefined, column: WantedColumn];

function nameZh([name, { core }]: Named): string {
  return hintZh({ name, core, near: undefined });
}

function nameEn([name, { core }]: Named): string {
  return hintEn({ name, core, near: undefined });
}
