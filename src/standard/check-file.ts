import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isThere, readText } from "../whole-file.ts";
import { bilingual } from "./bilingual.ts";
import { KINDS } from "./source-definition.ts";
import { DefinitionError, parseYaml } from "./yaml-document.ts";

const header = z.strictObject({
  title: bilingual,
  /** Kinds whose sources it looks at, each through the table `record`; "*" for all. */
  kinds: z.array(z.enum([...KINDS, "*"])).optional(),
  /** Or: single sources by id. */
  sources: z.array(z.string()).optional(),
  /** stop: a delivery with a bad row is refused before it counts; warn: the rows are listed and the run goes on. */
  severity: z.enum(["stop", "warn"]),
  /** What a clerk is told when it fails; {rows} is the number of bad rows. */
  message: bilingual,
});

/** A check: its header and the SELECT of bad rows (record_key, file_id, line, detail); none means passed. */
export interface CheckFile extends z.infer<typeof header> {
  /** File name without its ending. */
  readonly id: string;
  readonly file: string;
  readonly sql: string;
  /** Line of the file on which the SELECT begins. */
  readonly firstLine: number;
  /** sha-256 of the file. */
  readonly hash: string;
}

/** A table of a layer, by its name in SQL. */
const OTHER_ROWS = /\b(?:raw|core|known|facts|scores|checks|quarantine)\s*\./i;

/**
 * Reads a check of metrics/checks. The file opens with a block comment that holds its header as YAML;
 * the rest is one SELECT of bad rows. With kinds or sources it reads `record`: the rows of one source at a time
 * as they are known (for stop: as they would be). Without, it reads known.* and speaks for no single source.
 * @throws DefinitionError with the line of every fault
 */
export function readCheck(file: string, id: string): CheckFile {
  const text = readText(file);
  const match = /^\/\*\n([\s\S]*?)\n\*\/\n/.exec(text);
  // A leading empty line stands for the comment's opening, so that line numbers in faults are the file's own.
  const parsed = parseYaml(`\n${match?.[1] ?? ""}`, file, header);
  const { kinds, sources, severity } = parsed.value;
  if (severity === "stop" && !kinds && !sources) {
    throw new DefinitionError([
      parsed.fault(["severity"], "a stop check says by kinds or sources which deliveries it stops"),
    ]);
  }
  const sql = text
    .slice(match?.[0].length ?? 0)
    .trim()
    .replace(/;$/, "");
  if (severity === "stop" && OTHER_ROWS.test(sql)) {
    throw new DefinitionError([
      parsed.fault(
        ["severity"],
        "a stop check reads `record` alone: what it stops must not hang on which other source came first",
      ),
    ]);
  }
  return {
    ...parsed.value,
    id,
    file,
    sql,
    firstLine: match?.[0].split("\n").length ?? 1,
    hash: createHash("sha256").update(text).digest("hex"),
  };
}

/** All checks of a workspace, by name; none when it has no metrics/checks. */
export function readChecks(workspace: string): CheckFile[] {
  const folder = join(workspace, "metrics", "checks");
  if (!isThere(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => readCheck(join(folder, name), name.slice(0, -".sql".length)));
}

/** Whether a check looks at a source by itself. */
export function concerns(check: CheckFile, source: { source: string; kind: string }): boolean {
  return (
    (check.sources?.includes(source.source) ?? false) ||
    (check.kinds?.some((kind) => kind === "*" || kind === source.kind) ?? false)
  );
}
