import type { Refusal } from "../standard/delivery.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { readFileName } from "./file-values.ts";
import { plainPaths } from "./json-path.ts";
import { findNearest } from "./nearest-header.ts";
import type { RawFile } from "./raw-files.ts";
import { findColumn } from "./read-column.ts";
import { findMisspelt, listWanted, type WantedColumn } from "./wanted-columns.ts";

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
 * file may be somebody's data, so its text goes to the quarantine alone (`header`).
 */
export function refuseColumns(source: SourceDefinition, misfit: Misfit): Refusal[] {
  const { zh, en } =
    misfit.ambiguous.length > 0 ? tellAmbiguous(misfit) : tellMissing(source, misfit);
  const json = isJson(source);
  return misfit.files.map((file) => ({
    fileId: file.file_id,
    zh: `文件“${file.file_name}”${zh}`,
    en: `The file "${file.file_name}" ${en}`,
    // What a JSON file lacks is judged over all files of the source: the next one may have it.
    ...(json ? { byRows: true } : { header: misfit.headers }),
  }));
}

function isJson({ format }: SourceDefinition): boolean {
  return format.type === "json" || format.type === "ndjson";
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
  if (isJson(source)) {
    const keys = new Set(headers);
    const read = new Set(wanted.flatMap(({ names }) => names.flatMap(plainPaths)));
    const near = (names: readonly string[]) => {
      const found = names.map((name) => findMisspelt(name, keys, read));
      return { position: undefined, text: found.find((text) => text !== undefined) };
    };
    const hints = list.map(([name, { core, names }]) => ({ name, core, near: near(names) }));
    return {
      zh: `所属数据源没有一条记录有定义要读的：${hints.map(hintZh).join("、")}。请改正后重新报送；若改了名，请在定义的 from 中加上新名；若本来可以没有，请写 optional: true。`,
      en: `belongs to a source of which no record has what its definition reads: ${hints.map(hintEn).join(", ")}. Correct it and send it again; if it has a new name, add that to "from" in the definition; if records may do without it, say optional: true.`,
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
  readonly near:
    | { readonly position: number | undefined; readonly text: string | undefined }
    | undefined;
}

function hintZh({ name, core, near }: Hint): string {
  const where = near?.position === undefined ? "" : `最接近的是第 ${near.position} 列`;
  const text = near?.text === undefined ? "" : `是否即“${near.text}”？`;
  const hint = [where, text].filter((part) => part !== "").join("，");
  return `“${name}”（${[core, hint].filter((part) => part !== "").join("；")}）`;
}

function hintEn({ name, core, near }: Hint): string {
  const where = near?.position === undefined ? "" : `column ${near.position} comes nearest`;
  const text = near?.text === undefined ? "" : `did you mean "${near.text}"?`;
  const hint = [where, text].filter((part) => part !== "").join(", ");
  return `"${name}" (${[core, hint].filter((part) => part !== "").join("; ")})`;
}
