import { createInterface } from "node:readline/promises";
import { QueryFault } from "../query/fault.ts";
import type { Questioner } from "./sql.ts";
import { drawTable } from "./sql-table.ts";

const HELP = `.tables          表 the tables
.schema <table>  列 the columns of a table
.quit            退出 leave (or Ctrl-D)
语句以分号结束，可分多行。A statement ends with a semicolon and may take several lines.`;

/**
 * Asks for statements, line by line, and prints the answers; arrow keys bring earlier ones back.
 * @param input standard input; a terminal shows prompts
 */
export async function openShell(questioner: Questioner, input = process.stdin): Promise<void> {
  const shows = Boolean(input.isTTY);
  const shell = createInterface({
    input,
    ...(shows && { output: process.stdout, terminal: true }),
    historySize: 500,
  });
  const say = (text: string) => process.stdout.write(`${text}\n`);
  if (shows) say(`${questioner.title}\n${HELP}`);
  let statement = "";
  const prompt = () => {
    shell.setPrompt(statement ? "   ...> " : "政信> ");
    if (shows) shell.prompt();
  };
  prompt();
  for await (const line of shell) {
    const order = line.trim();
    if (!statement && order.startsWith(".")) {
      if (order === ".quit" || order === ".exit") break;
      const sql = orderAsQuery(order);
      if (sql) await print(questioner, sql, say);
      else say(HELP);
    } else {
      statement += `${line}\n`;
      if (order.endsWith(";")) {
        await print(questioner, statement, say);
        statement = "";
      } else if (!statement.trim()) statement = "";
    }
    prompt();
  }
  if (statement.trim()) await print(questioner, statement, say);
  shell.close();
}

function orderAsQuery(order: string): string | undefined {
  if (order === ".tables") return "SHOW TABLES";
  const table = /^\.schema\s+(\w+)$/.exec(order)?.[1];
  return table && `SELECT column_name, column_type FROM (DESCRIBE ${table})`;
}

async function print(questioner: Questioner, sql: string, say: (text: string) => void) {
  try {
    say(await drawTable(questioner, sql));
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    say(error.message);
  }
}
