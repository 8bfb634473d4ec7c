import { posix } from "node:path";
import type { SourceFile } from "./source-files.ts";

export const STAGES = ["pull", "conform", "check", "measure", "score", "warn", "publish"];

const OPEN_TO_STAGES = [
  "src/store/",
  "src/standard/",
  "src/composite/",
  "src/uncertainty/",
  "src/method/",
  "src/config.ts",
  "src/context.ts",
  "src/definitions-on.ts",
  "src/period.ts",
  "src/spreadsheet.ts",
  "src/data-size.ts",
  "src/settings.ts",
  "src/watched-process.ts",
  "src/watched-child.ts",
  "src/whole-file.ts",
  "src/write-whole.ts",
  "src/known-scope.ts",
  "src/exact-json.ts",
  "src/ocds/",
];

/** What answers from published months, and so may know how they are laid out. */
const READERS = ["serve", "subjects", "credit-report", "query", "redact"];

/** What a file imports: paths from the top of the repository for files, names for packages. */
export function readImports({ path, text }: SourceFile): string[] {
  const pattern =
    /(?:^|[\s;{}])(?:import|export)\b[^"';]*?from\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/g;
  return [...text.matchAll(pattern)]
    .map((match) => (match[1] ?? match[2]) as string)
    .map((target) => (target.startsWith(".") ? posix.join(posix.dirname(path), target) : target));
}

/** The stage a path belongs to. */
export function stageOf(path: string): string | undefined {
  const folder = /^src\/([^/]+)\//.exec(path)?.[1];
  return folder !== undefined && STAGES.includes(folder) ? folder : undefined;
}

/** A stage imports only the store, the definitions, the context and itself: stages meet through tables. */
export function findForeignImports(file: SourceFile): string[] {
  const own = stageOf(file.path);
  const folder = /^src\/([^/]+)\//.exec(file.path)?.[1];
  return readImports(file)
    .filter((target) => target.startsWith("src/"))
    .filter((target) => {
      if (own) {
        return (
          stageOf(target) !== own && !OPEN_TO_STAGES.some((allowed) => target.startsWith(allowed))
        );
      }
      // What all stages stand on knows none of them; the top of src/ and the command line know the line,
      // and readers what is published.
      if (READERS.includes(folder ?? "")) {
        return ![undefined, "publish"].includes(stageOf(target));
      }
      return folder !== undefined && folder !== "cli" && stageOf(target) !== undefined;
    })
    .map((target) => `${file.path} imports ${target}`);
}

const CONNECTOR_LIBRARIES = [
  "undici",
  "pg",
  "pg-cursor",
  "mysql2",
  "aws4fetch",
  "ssh2-sftp-client",
];

/** Only connectors talk to servers; nothing loads their libraries at start: src/pull/connect itself is imported lazily. */
export function findServerImports(file: SourceFile): string[] {
  return readImports(file)
    .filter((target) =>
      CONNECTOR_LIBRARIES.some((name) => target === name || target.startsWith(`${name}/`)),
    )
    .filter(() => !file.path.startsWith("src/pull/connect/"))
    .map((target) => `${file.path} imports ${target}`);
}

/** The composite engine is pure: it knows the standard's methods and nothing of stores, stages or contexts. */
export function findImpureEngine(file: SourceFile): string[] {
  if (!file.path.startsWith("src/composite/")) return [];
  return readImports(file)
    .filter((target) => !target.startsWith("src/composite/"))
    .filter((target) => !target.startsWith("src/standard/") && target !== "highs")
    .map((target) => `${file.path} imports ${target}`);
}

/** What is varied and counted is pure too: it knows the engine, the standard's methods and the libraries of chance. */
export function findImpureUncertainty(file: SourceFile): string[] {
  if (!file.path.startsWith("src/uncertainty/")) return [];
  const open = ["src/uncertainty/", "src/composite/", "src/standard/"];
  return readImports(file)
    .filter((target) => !open.some((folder) => target.startsWith(folder)))
    .filter((target) => !/^(pure-rand|d3-random|node:crypto)/.test(target))
    .map((target) => `${file.path} imports ${target}`);
}

/** Only src/uncertainty draws random numbers. */
export function findRandomImports(file: SourceFile): string[] {
  return readImports(file)
    .filter((target) => /^(pure-rand|d3-random)/.test(target))
    .filter(() => file.path.startsWith("src/") && !file.path.startsWith("src/uncertainty/"))
    .map((target) => `${file.path} imports ${target}`);
}

/** Only src/composite/solver.ts talks to the solver. */
export function findSolverImports(file: SourceFile): string[] {
  return readImports(file)
    .filter((target) => target === "highs" && file.path !== "src/composite/solver.ts")
    .map((target) => `${file.path} imports ${target}`);
}

/** Only src/store talks to DuckDB. */
export function findDatabaseImports(file: SourceFile): string[] {
  return readImports(file)
    .filter((target) => target.startsWith("@duckdb/") || target === "duckdb")
    .filter(() => !file.path.startsWith("src/store/"))
    .map((target) => `${file.path} imports ${target}`);
}

/** Only src/queue talks to Redis. */
export function findQueueImports(file: SourceFile): string[] {
  return readImports(file)
    .filter((target) => /^(bullmq|ioredis)(\/|$)/.test(target))
    .filter(() => !file.path.startsWith("src/queue/"))
    .map((target) => `${file.path} imports ${target}`);
}

/** The web server opens published months and nothing that could open the working database. */
export function findServeImports(file: SourceFile): string[] {
  if (!file.path.startsWith("src/serve/")) return [];
  return readImports(file)
    .filter((target) => /^src\/(store\/|run[^/]*\.ts$|verify\.ts$)/.test(target))
    .map((target) => `${file.path} imports ${target}`);
}
