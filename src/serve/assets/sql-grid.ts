import { type ExactAnswer, showExact } from "../../exact-json.ts";

/** Rows drawn; the rest is in the exports. */
const SHOWN = 500;

export const isNumber = (type: string) =>
  /^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|UINTEGER|DOUBLE|FLOAT|DECIMAL)/.test(type) &&
  !type.endsWith("]");

/** An answer as a table. */
export function drawGrid(place: HTMLElement, { columns, rows }: ExactAnswer): void {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const { name, type } of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    cell.title = type;
    if (isNumber(type)) cell.className = "n";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows.slice(0, SHOWN)) {
    const line = body.insertRow();
    row.forEach((value, at) => {
      const cell = line.insertCell();
      cell.textContent = value === null ? "–" : showExact(value);
      if (isNumber(columns[at]?.type ?? "")) cell.className = "n";
    });
  }
  place.replaceChildren(table);
}
