import { stageOf } from "./import-rules.ts";
import type { SourceFile } from "./source-files.ts";

const CLOCK_OR_CHANCE_SQL =
  /(?<![\w.])(?:(?:now|random|setseed|uuid|uuidv4|uuidv7|gen_random_uuid|today|get_current_timestamp|get_current_time|transaction_timestamp|txid_current)\s*\(|current_date\b|current_timestamp\b|current_time\b|localtime\b|localtimestamp\b)/i;

const CLOCK_OR_CHANCE_CODE =
  /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\s*\)|(?<![\w.])Date\(\s*\)|\bperformance\.now\b|\bhrtime\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b/;

/** SQL without its comments, lines kept. */
export function stripSqlComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/--.*$/gm, "");
}

/** SQL gives the same answer on every day: no clock and no chance in it. */
export function findClockInSql({ path, text }: SourceFile): string[] {
  return findLines(path, stripSqlComments(text), CLOCK_OR_CHANCE_SQL);
}

/** The time and the seed of a stage come by context, in its code and in SQL written inside of it. */
export function findClockInStage({ path, text }: SourceFile): string[] {
  if (!stageOf(path)) return [];
  const code = stripCodeComments(text);
  return [
    ...findLines(path, code, CLOCK_OR_CHANCE_CODE),
    ...findLines(path, code, CLOCK_OR_CHANCE_SQL),
  ];
}

/** Exact aggregates and common SQL only, on what was known and nothing else. */
export function findUnportableIndicator({ path, text }: SourceFile): string[] {
  return findLines(
    path,
    stripSqlComments(text),
    /\bapprox_\w+|\bqualify\b|\bgroup\s+by\s+all\b|\border\s+by\s+all\b|\b(?:core|raw|restricted|quarantine|facts|scores|checks)\s*\.\s*"?\w+/i,
  );
}

/** Only the one reader of the environment reads it; the command line hands it over whole. */
export function findEnvironmentReads({ path, text }: SourceFile): string[] {
  return ["src/config.ts", "src/cli/command.ts"].includes(path)
    ? []
    : findLines(path, stripCodeComments(text), /\bprocess\.env\b/);
}

function stripCodeComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/(?<!:)\/\/.*$/gm, "");
}

function findLines(path: string, text: string, pattern: RegExp): string[] {
  return text.split("\n").flatMap((line, index) => {
    const match = pattern.exec(line);
    return match ? [`${path}:${index + 1}: ${match[0]}`] : [];
  });
}
