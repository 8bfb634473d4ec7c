import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import exceljs from "exceljs";
import { unzipSync, zipSync } from "fflate";
import type { Sheet } from "../loud-or-equal/city.ts";
import type { Markers } from "./markers.ts";

interface Place {
  readonly workspace: string;
  readonly markers: Markers;
}

/** A workbook with markers in its properties, sheet names and comments. */
export async function writeBook(
  path: string,
  { headers, rows }: Sheet,
  {
    markers,
    source,
    sheetName,
    note,
  }: { markers: Markers; source: string; sheetName?: string; note?: string },
): Promise<void> {
  const book = new exceljs.Workbook();
  const metadata = () => markers.make({ source, what: "metadata" });
  Object.assign(book, Object.fromEntries(PROPERTIES.map((property) => [property, metadata()])));
  const sheet = book.addWorksheet(sheetName ?? markers.make({ source, what: "sheet name" }));
  if (note !== undefined) sheet.addRow([note]);
  for (const row of [headers, ...rows]) sheet.addRow(row.map((cell) => cell || null));
  sheet.getCell("A2").note = markers.make({ source, what: "comment" });
  sheet.getCell("A2").name = metadata();
  sheet.headerFooter.oddHeader = metadata();
  sheet.getCell("B2").dataValidation = {
    type: "list",
    allowBlank: true,
    formulae: [`"${metadata()}"`],
    promptTitle: metadata(),
    prompt: metadata(),
    showInputMessage: true,
  };
  const other = book.addWorksheet(markers.make({ source, what: "sheet name" }));
  other.addRow([markers.make({ source, what: "cell" })]);
  const parts = unzipSync(new Uint8Array(await book.xlsx.writeBuffer()));
  const text = (bytes: string) => new TextEncoder().encode(bytes);
  parts[`custom/${metadata()}.xml`] = text(`<a>${metadata()}</a>`);
  const packed = zipSync(parts, { comment: metadata() });
  writeFileSync(path, addComment(Buffer.from(packed), metadata()));
}

/** What people say of a workbook. */
const PROPERTIES = [
  "creator",
  "lastModifiedBy",
  "title",
  "subject",
  "keywords",
  "category",
  "description",
  "company",
  "manager",
];

/** A ZIP archive with a comment of its own: the last field, before which its length stands. */
function addComment(zip: Buffer, comment: string): Buffer {
  const bytes = Buffer.from(zip);
  bytes.writeUInt16LE(comment.length, bytes.length - 2);
  return Buffer.concat([bytes, Buffer.from(comment)]);
}

/** The register of departments, which comes as a workbook: its name, its note line, a column that nothing reads. */
export async function writeRegister({ workspace, markers }: Place): Promise<void> {
  const source = "departments";
  const folder = join(workspace, "data-samples", source);
  const book = new exceljs.Workbook();
  await book.xlsx.readFile(join(folder, "departments.xlsx"));
  const rows = (book.getWorksheet("部门")?.getSheetValues() ?? [])
    .slice(2)
    .map((row) => (row as string[]).slice(1).map((cell) => String(cell ?? "")));
  const [headers, ...bodies] = rows as [string[], ...string[][]];
  const marked = bodies.map((row) => [...row, markers.make({ source, what: "cell" })]);
  const english = headers.indexOf("英文名");
  (marked[0] as string[])[english] = markers.make({ source, what: "cell", core: "name_en" });
  rmSync(join(folder, "departments.xlsx"));
  const path = join(folder, `${markers.make({ source, what: "file name" })}.xlsx`);
  const note = markers.make({ source, what: "note line" });
  const sheet = { headers: [...headers, markers.make({ source, what: "header" })], rows: marked };
  await writeBook(path, sheet, { markers, source, sheetName: "部门", note });
}

/** Records as JSON lines, of which some are broken: officials, notes, keys that nothing reads. */
export function writeRecords({ workspace, markers }: Place): void {
  const source = "records";
  const folder = join(workspace, "data-samples", source);
  const lines = readFileSync(join(folder, "records.ndjson"), "utf8").trim().split("\n");
  const cell = (core?: string) => markers.make({ source, what: "cell", core });
  const records = lines.map((line) => {
    const record = JSON.parse(line);
    if (record.person !== "") record.person = cell("person_ref");
    const person = record.person;
    return {
      ...nest(record),
      person,
      note: cell(),
      known_again: cell(),
      [markers.make({ source, what: "header" })]: cell(),
    };
  });
  const sample: Record<string, unknown> = { ...records[0] };
  delete sample.person;
  const plain = JSON.parse(lines[0] as string);
  delete plain.person;
  /** A record of which one day stands in an object, and another in an element of a list. */
  function nest({ published, repaired, ...record }: Record<string, unknown>) {
    const acts = [
      { kind: "note", by: cell(), on: cell() },
      { kind: "repair", by: cell(), on: repaired },
      // The first of them is read.
      { kind: "repair", by: cell(), on: cell() },
      { kind: "repair", by: cell(), on: [cell(), { on: cell() }] },
    ];
    return { ...record, publication: { on: published, by: cell() }, acts };
  }
  const bad = [
    "body",
    "type",
    "severity",
    "subject",
    "decided",
    "state",
    "published",
    "repaired",
    "known",
  ];
  const set = bad.map((key, index) => ({
    ...sample,
    person: cell("person_ref"),
    no: `R${index}`,
    ...nest({ ...plain, [key]: cell() }),
  }));
  const broken = [`{"no": "${cell()}", ${cell()}}`, `"${cell()}"`, `{"no": "${cell()}`];
  const name = `${markers.make({ source, what: "file name" })}.ndjson`;
  rmSync(join(folder, "records.ndjson"));
  const all = [...[...records, ...set].map((record) => JSON.stringify(record)), ...broken];
  writeFileSync(join(folder, name), `${all.join("\n")}\n`);
}
