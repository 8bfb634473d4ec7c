import { basename } from "node:path";
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  StatementType,
} from "@duckdb/node-api";
import { OpeningError } from "./opening-error.ts";
import { QueryStream } from "./query-stream.ts";
import { quoteIdentifier, quoteLiteral } from "./sql-file.ts";

export interface LockedOptions {
  /** DuckDB memory bound, as "512MB". */
  readonly memory: string;
  readonly threads: number;
  /** Where it may spill to, and how much, as "1GB". */
  readonly spill: string;
  readonly spillSize: string;
  /** Views that stand before tables of the same name, which then can be reached by no other; left out where the table lacks. */
  readonly views?: readonly { readonly name: string; readonly query: string }[];
}

/** What a statement may name in these files. */
export interface Catalogue {
  /** Tables and views of the files, in lower case. */
  readonly tables: ReadonlySet<string>;
  /** Tables that a view stands before: their file must not be named with them. */
  readonly covered: ReadonlySet<string>;
  /** Views DuckDB itself brings along, in lower case. */
  readonly internal: ReadonlySet<string>;
  /** Functions that look beyond the data: at the session, a clock of their own, a log. */
  readonly sideEffects: ReadonlySet<string>;
}

/** What a database is opened with. */
export function openingSettings(options: LockedOptions): Record<string, string> {
  return {
    access_mode: "read_only",
    memory_limit: options.memory,
    threads: String(options.threads),
    temp_directory: options.spill,
    max_temp_directory_size: options.spillSize,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    errors_as_json: "true",
  };
}

/** A statement that is said to a database before a stranger may speak. */
export interface LockingStep {
  readonly sql: string;
  /** Name of the table it puts a view before. */
  readonly covers?: string;
}

/** What is said to a database that was opened, the first of the files; the temporary schema of the views is searched first. */
export function lockingSteps(
  files: readonly string[],
  { views = [] }: LockedOptions,
): LockingStep[] {
  const path = files.map((file) => `${basename(file).replace(/\.\w+$/, "")}.main`);
  return [
    ...files.slice(1).map((file) => ({ sql: `ATTACH ${quoteLiteral(file)} (READ_ONLY)` })),
    { sql: `SET search_path = ${quoteLiteral(path.join(","))}` },
    ...views.map(({ name, query }) => ({
      sql: `CREATE TEMP VIEW ${quoteIdentifier(name)} AS ${query}`,
      covers: name,
    })),
    { sql: "SET enable_external_access = false" },
    { sql: "SET max_expression_depth = 250" },
    { sql: "SET lock_configuration = true" },
  ];
}

/** Whether a step failed for the table it would cover: the month was published before there was such a table or column. */
export function isLacking({ covers }: LockingStep, error: unknown): boolean {
  return (
    covers !== undefined && /(?:Catalog|Binder) Error|does not exist|not found/.test(String(error))
  );
}

/**
 * DuckDB files opened for strangers' statements: read-only, cut off from other files, the network and extensions, with
 * settings that can no longer be changed. What a statement may be is examined before (src/query/examine.ts).
 */
export class LockedStore {
  private current: QueryStream | undefined;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    readonly catalogue: Catalogue,
  ) {}

  /**
   * @param files the first is the main one; tables of all are found by their bare names
   * @throws OpeningError
   */
  static async open(files: readonly string[], options: LockedOptions): Promise<LockedStore> {
    const [main = ""] = files;
    let instance: DuckDBInstance;
    try {
      instance = await DuckDBInstance.create(main, openingSettings(options));
    } catch (error) {
      throw new OpeningError(main, String(error));
    }
    const connection = await instance.connect();
    try {
      const covered = new Set<string>();
      for (const step of lockingSteps(files, options)) {
        try {
          await connection.run(step.sql);
          if (step.covers !== undefined) covered.add(step.covers);
        } catch (error) {
          if (!isLacking(step, error)) throw error;
        }
      }
      return new LockedStore(instance, connection, await readCatalogue(connection, covered));
    } catch (error) {
      connection.closeSync();
      instance.closeSync();
      throw error;
    }
  }

  /**
   * Parses a statement and prepares it, without running anything.
   * @returns how many statements there are and, of a single one, what kind; `tree` is the syntax tree of a query, or
   *   undefined for what is none
   * @throws what DuckDB says, as JSON with a position
   */
  async parse(sql: string): Promise<{ readonly count: number; readonly tree: unknown }> {
    const statements = await this.connection.extractStatements(sql);
    const reader = await this.connection.runAndReadAll(
      "SELECT json_serialize_sql(CAST($sql AS VARCHAR))",
      { sql },
    );
    const tree = JSON.parse(String(reader.getRows()[0]?.[0]));
    return { count: statements.count, tree: tree.error ? undefined : tree };
  }

  /** Runs one statement that was found harmless. Its result is good until the next one. */
  async stream(sql: string): Promise<QueryStream> {
    await this.current?.close();
    const prepared: DuckDBPreparedStatement = await this.connection.prepare(sql);
    if (![StatementType.SELECT, StatementType.EXPLAIN].includes(prepared.statementType as never)) {
      throw new Error("Only queries can be run here.");
    }
    this.current = await QueryStream.open(this.connection, () => prepared.stream());
    return this.current;
  }

  interrupt(): void {
    this.connection.interrupt();
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** Side effects that harm nobody: chance, and an error of one's own making. */
const HARMLESS = ["random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "error"];

async function readCatalogue(
  connection: DuckDBConnection,
  covered: ReadonlySet<string>,
): Promise<Catalogue> {
  const read = async (sql: string) =>
    new Set((await connection.runAndReadAll(sql)).getRows().map(([name]) => String(name)));
  return {
    covered,
    tables: await read(
      "SELECT lower(table_name) FROM duckdb_tables() UNION SELECT lower(view_name) FROM duckdb_views() WHERE NOT internal",
    ),
    internal: await read("SELECT lower(view_name) FROM duckdb_views() WHERE internal"),
    sideEffects: await read(
      `SELECT DISTINCT lower(function_name) FROM duckdb_functions()
       WHERE has_side_effects AND NOT list_contains([${HARMLESS.map(quoteLiteral).join(", ")}], function_name)`,
    ),
  };
}
