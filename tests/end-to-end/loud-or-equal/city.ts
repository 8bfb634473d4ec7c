import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { parseDocument } from "yaml";
import { TINY_CITY } from "../tiny-workspace.ts";
import { type Form, writeSheet } from "./forms.ts";

/** What a file says: its headers, and its rows as texts. */
export interface Sheet {
  headers: string[];
  rows: string[][];
}

/** The files of one source, by their name without ending. */
export type Delivery = Record<string, Sheet>;

/** The sources whose files are changed. Their bad rows, which the fixture has for other tests, are left out. */
export const SOURCES = ["divisions", "orders", "licences", "honours", "debt"] as const;
export type SourceName = (typeof SOURCES)[number];

/** What the tiny city delivers, without its bad rows, its note lines and the order that comes twice. */
export function readDeliveries(): Record<SourceName, Delivery> {
  const known = (day: string) => `orders-known-${day}`;
  return {
    divisions: { divisions: csv(text("divisions/divisions.csv"), 1) },
    orders: {
      [known("2018-04-02")]: without(csv(text(`orders/${known("2018-04-02")}.csv`), 1), isBad),
      [known("2018-07-02")]: without(csv(text(`orders/${known("2018-07-02")}.csv.gz`), 1), isBad),
      [known("2018-07-15")]: csv(text(`orders/${known("2018-07-15")}.csv`), 1),
    },
    licences: { licences: without(csv(text("licences/licences.csv", "gb18030"), 0), isBad) },
    honours: { honours: csv(text("honours/honours.csv"), 0) },
    debt: { debt: readDebt() },
  };
}

function text(path: string, encoding = "utf-8"): string {
  const bytes = readFileSync(join(TINY_CITY, "data-samples", path));
  return new TextDecoder(encoding).decode(path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}

function csv(content: string, skip: number): Sheet {
  const lines = parse(content, { bom: true, relax_column_count: true }) as string[][];
  const [headers = [], ...rows] = lines.slice(skip);
  return { headers, rows };
}

/** The fixture says of its bad rows in their own text that they are such. */
function isBad(row: readonly string[]): boolean {
  return row.some((cell) => cell.includes("坏行"));
}

function without(sheet: Sheet, leaveOut: (row: readonly string[]) => boolean): Sheet {
  const seen = new Set<string>();
  const rows = sheet.rows.filter((row) => {
    const line = JSON.stringify(row);
    if (leaveOut(row) || seen.has(line)) return false;
    seen.add(line);
    return true;
  });
  return { headers: sheet.headers, rows };
}

function readDebt(): Sheet {
  const { positions } = JSON.parse(text("debt/debt.json")) as {
    positions: Record<string, string>[];
  };
  const headers = ["code", "as_at", "total", "resources", "reported"];
  const good = positions.filter(({ as_at }) => as_at === "2018-03-31" || as_at === "2018-06-30");
  return { headers, rows: good.map((row) => headers.map((name) => row[name] ?? "")) };
}

/** A copy of the tiny city whose changed sources come in one form. */
export function makeWorkspace(folder: string, form: Form): void {
  cpSync(TINY_CITY, folder, { recursive: true });
  for (const source of SOURCES) {
    rmSync(join(folder, "data-samples", source), { recursive: true });
    const file = join(folder, "pipelines", "sources", `${source}.yaml`);
    const document = parseDocument(readFileSync(file, "utf8"));
    document.setIn(["format"], document.createNode({ type: form }));
    document.setIn(["connector", "match"], "*");
    document.setIn(["expectations"], document.createNode({ quarantine_share: 0.5 }));
    writeFileSync(file, document.toString());
  }
  const records = join(folder, "data-samples", "records", "records.ndjson");
  const good = readFileSync(records, "utf8").split("\n").slice(0, 5);
  writeFileSync(records, `${good.join("\n")}\n`);
  const pipeline = join(folder, "pipelines", "tiny.yaml");
  const document = parseDocument(readFileSync(pipeline, "utf8"));
  document.setIn(["history"], 0);
  writeFileSync(pipeline, document.toString());
}

/** Puts a delivery in place of what lies in the source's folder. */
export async function deliver(
  folder: string,
  source: SourceName,
  delivery: Delivery,
  form: Form,
  bytes: (written: Buffer) => Buffer = (written) => written,
): Promise<void> {
  const target = join(folder, "data-samples", source);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const [name, sheet] of Object.entries(delivery)) {
    const file = join(target, `${name}.${form}`);
    await writeSheet(file, sheet, form);
    if (form === "csv") writeFileSync(file, bytes(readFileSync(file)));
  }
}
