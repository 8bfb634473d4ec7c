import type { SourceDefinition } from "../standard/source-definition.ts";

type Format = SourceDefinition["format"];

/**
 * How a file is read, as text: "csv", "csv encoding=gb18030 skip=1". Kept beside the file,
 * so that it is read again when the source's definition says otherwise later.
 */
export function describeFormat(format: Format): string {
  // Raised when files are read otherwise than before, and therefore again.
  const parts: string[] = [format.type, "reader=2"];
  if (format.encoding !== "utf-8") parts.push(`encoding=${format.encoding}`);
  if (format.delimiter !== ",") parts.push(`delimiter=${JSON.stringify(format.delimiter)}`);
  if (format.skip > 0) parts.push(`skip=${format.skip}`);
  if (format.sheet !== undefined) parts.push(`sheet=${JSON.stringify(format.sheet)}`);
  if (format.header_rows > 1) {
    parts.push(`header_rows=${format.header_rows} joint=${JSON.stringify(format.header_joint)}`);
  }
  if (format.footers !== "auto") parts.push(`footers=${JSON.stringify(format.footers)}`);
  if (format.merged !== "first") parts.push(`merged=${format.merged}`);
  // Releases are laid down whole, whatever the rows are made of later.
  if (format.records && format.type !== "ocds")
    parts.push(`records=${JSON.stringify(format.records)}`);
  return parts.join(" ");
}
