import { type ExactJson, readExactAnswer, showExact } from "../exact-json.ts";
import type { Questioner } from "./sql.ts";
import { padColumns } from "./terminal.ts";

/** Rows and characters of a cell that a terminal is shown. */
const MOST_ROWS = 200;
const MOST_WIDTH = 48;

/** An answer as a table for a terminal, numbers to the right, with the count of rows below. */
export async function drawTable(questioner: Questioner, sql: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const bytes of questioner.ask(sql, "json")) pieces.push(bytes);
  const answer = readExactAnswer(Buffer.concat(pieces).toString());
  const shown = answer.rows.slice(0, MOST_ROWS).map((row) => row.map(cell));
  const isNumber = answer.columns.map(
    ({ type }) => /INT|DOUBLE|FLOAT|DECIMAL/.test(type) && !type.endsWith("]"),
  );
  const widths = answer.columns.map(({ name }, at) =>
    Math.max(columnsOf(name), ...shown.map((row) => columnsOf(row[at] as string))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((text, at) => {
        const width = widths[at] as number;
        return isNumber[at] ? " ".repeat(width - columnsOf(text)) + text : padColumns(text, width);
      })
      .join("  ")
      .trimEnd();
  const more = answer.row_count > shown.length ? `, ${shown.length} shown` : "";
  const cut = answer.truncated ? ", cut off" : "";
  return [
    line(answer.columns.map(({ name }) => name)),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...shown.map(line),
    `(${answer.row_count} 行 rows${more}${cut})`,
  ].join("\n");
}

function cell(value: ExactJson): string {
  if (value === null) return "NULL";
  const plain = showExact(value).replace(/\s+/g, " ");
  return plain.length > MOST_WIDTH ? `${plain.slice(0, MOST_WIDTH - 1)}…` : plain;
}

/** Columns a text takes on a terminal. */
function columnsOf(text: string): number {
  // padColumns adds what is missing to a width that every text is below.
  const room = text.length * 2 + 1;
  return room - (padColumns(text, room).length - text.length);
}
