import { writeFileSync } from "node:fs";
import exceljs from "exceljs";
import { Store } from "../../../src/store/store.ts";
import type { Sheet } from "./city.ts";

/** The forms in which the same rows can be delivered. */
export const FORMS = ["csv", "xlsx", "json", "parquet"] as const;
export type Form = (typeof FORMS)[number];

/** Writes a sheet as a file of one form, every cell as the text it is. */
export async function writeSheet(path: string, sheet: Sheet, form: Form): Promise<void> {
  if (form === "csv") return writeFileSync(path, writeCsv(sheet));
  if (form === "json") return writeFileSync(path, JSON.stringify(writeObjects(sheet), null, 1));
  if (form === "xlsx") return writeWorkbook(path, sheet);
  return writeParquet(path, sheet);
}

/** CSV as RFC 4180 has it. */
export function writeCsv({ headers, rows }: Sheet): string {
  return [headers, ...rows]
    .map((row) => row.map((cell) => (/[",\r\n]/.test(cell) ? quote(cell) : cell)).join(","))
    .join("\n")
    .concat("\n");
}

export function quote(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

function writeObjects({ headers, rows }: Sheet): Record<string, string>[] {
  return rows.map((row) =>
    Object.fromEntries(headers.map((name, place) => [name, row[place] ?? ""])),
  );
}

async function writeWorkbook(path: string, { headers, rows }: Sheet): Promise<void> {
  const workbook = new exceljs.Workbook();
  workbook.created = workbook.modified = new Date("2018-01-02T00:00:00Z");
  const sheet = workbook.addWorksheet("Sheet1");
  for (const row of [headers, ...rows]) sheet.addRow(row.map((cell) => cell || null));
  await workbook.xlsx.writeFile(path);
}

/** Columns of one name cannot be in Parquet; such sheets are not written in this form. */
async function writeParquet(path: string, { headers, rows }: Sheet): Promise<void> {
  store ??= await Store.open(":memory:", { memory: "256MB", threads: 1 });
  const name = (place: number) => `"${(headers[place] as string).replaceAll('"', '""')}"`;
  const columns = headers.map((_, place) => `x.r[${place + 1}] AS ${name(place)}`);
  const list = rows.map((row, place) => ({ place, r: headers.map((_, at) => row[at] ?? "") }));
  const target = path.replaceAll("'", "''");
  await store.run("CREATE OR REPLACE TEMP TABLE sheet (x STRUCT(place INTEGER, r VARCHAR[]))");
  await store.run(
    `INSERT INTO sheet
     SELECT unnest(from_json(CAST($rows AS JSON), '[{"place":"INTEGER","r":["VARCHAR"]}]'))`,
    { rows: JSON.stringify(list) },
  );
  await store.run(
    `COPY (SELECT ${columns.join(", ")} FROM sheet ORDER BY x.place) TO '${target}' (FORMAT parquet)`,
  );
}

/** Opened for the first Parquet file and shared, since opening costs more than writing. */
let store: Store | undefined;

export function closeForms(): void {
  store?.close();
  store = undefined;
}
