import type { Delivery, Sheet } from "./city.ts";
import type { Mutation } from "./mutation.ts";

/** A change of the sheets of a delivery. */
export type Change = NonNullable<Mutation["change"]>;

/** The file with most orders. */
export const MAIN = "orders-known-2018-07-02";

export function main(delivery: Delivery): Sheet {
  return (delivery[MAIN] ?? Object.values(delivery)[0]) as Sheet;
}

export function every(edit: (sheet: Sheet) => void): Change {
  return (delivery) => {
    for (const sheet of Object.values(delivery)) edit(sheet);
  };
}

export const place = (sheet: Sheet, header: string) => sheet.headers.indexOf(header);

export function header(name: string, written: string): Change {
  return every((sheet) => {
    sheet.headers[place(sheet, name)] = written;
  });
}

export function cells(name: string, write: (cell: string, line: number) => string): Change {
  return every((sheet) => {
    const at = place(sheet, name);
    sheet.rows.forEach((row, line) => {
      if (row[at]) row[at] = write(row[at], line);
    });
  });
}

/** Cells of the times of an order. */
export function times(write: (cell: string) => string): Change {
  return (delivery) => {
    for (const name of ["受理时间", "办结时限", "办结时间"]) cells(name, write)(delivery);
  };
}

export function drop(name: string): Change {
  return every((sheet) => {
    const at = place(sheet, name);
    for (const row of [sheet.headers, ...sheet.rows]) row.splice(at, 1);
  });
}

export function insert(
  at: (sheet: Sheet) => number,
  name: string,
  cell: (row: string[]) => string,
) {
  return every((sheet) => {
    const position = at(sheet);
    for (const row of sheet.rows) row.splice(position, 0, cell(row));
    sheet.headers.splice(position, 0, name);
  });
}

export function addRow(
  cellsOf: (sheet: Sheet) => string[],
  where = Number.MAX_SAFE_INTEGER,
): Change {
  return every((sheet) => sheet.rows.splice(where, 0, cellsOf(sheet)));
}

export const end = (sheet: Sheet) => sheet.headers.length;
export const blank = (sheet: Sheet) => sheet.headers.map(() => "");

export function label(...texts: string[]) {
  return (sheet: Sheet) => blank(sheet).map((_, at) => texts[at] ?? "");
}

export const FULL_WIDTH = (text: string) =>
  text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
