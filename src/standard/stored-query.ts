import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isThere, readText } from "../whole-file.ts";
import { bilingual } from "./bilingual.ts";
import { parseYaml } from "./yaml-document.ts";

const header = z.strictObject({
  title: bilingual,
  /** What it answers, in a sentence. */
  answers: bilingual,
});

/** A question kept for others: its header and one query over a published period. */
export interface StoredQuery extends z.infer<typeof header> {
  /** File name without its ending. */
  readonly id: string;
  readonly sql: string;
}

/**
 * The questions of a workspace, metrics/queries/*.sql, by name. A file opens with a block comment that holds its header
 * as YAML; the rest is one query.
 * @throws DefinitionError with the line of every fault
 */
export function readStoredQueries(workspace: string): StoredQuery[] {
  const folder = join(workspace, "metrics", "queries");
  if (!isThere(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      const text = readText(file);
      const match = /^\/\*\n([\s\S]*?)\n\*\/\n/.exec(text);
      const { value } = parseYaml(`\n${match?.[1] ?? ""}`, file, header);
      const sql = text.slice(match?.[0].length ?? 0).trim();
      return { ...value, id: name.slice(0, -".sql".length), sql };
    });
}
