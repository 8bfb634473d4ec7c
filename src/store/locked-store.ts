import { basename } from "node:path";
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  StatementType,
} from "@duckdb/node-api";
import { OpeningError } from "./opening-error.ts";
import { QueryStream } from "./query-stream.ts";
import { quoteLiteral } from "./sql-file.ts";

export interface LockedOptions {
  /** DuckDB memory bound, as "512MB". */
  readonly memory: string;
  readonly threads: number;
  /** Where it may spill to, and how much, as "1GB". */
  readonly spill: string;
  readonly spillSize: string;
}

/** What a statement may name in these files. */
export interface Catalogue {
  /** Tables and views of the files, in lower case. */
  readonly tables: ReadonlySet<string>;
  /** Views DuckDB itself brings along, in lower case. */
  readonly internal: ReadonlySet<string>;
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
    allow_persistent_secrets: "false",
    errors_as_json: "true",
  };
}

/** What is said to a database that was opened, the first of the files, before a stranger may speak. */
export function lockingSteps(files: readonly string[]): string[] {
  const path = files.map((file) => `${basename(file).replace(/\.\w+$/, "")}.main`);
  return [
    ...files.slice(1).map((file) => `ATTACH ${quoteLiteral(file)} (READ_ONLY)`),
    `SET search_path = ${quoteLiteral(path.join(","))}`,
    "SET enable_external_access = false",
    "SET max_expression_depth = 250",
    "SET lock_configuration = true",
  ];
}

/** A sum of every setting, but for the name of the client; locking leaves some open to functions, as logging and profiling. */
const SETTINGS =
  "SELECT md5(string_agg(name || '=' || coalesce(value, ''), chr(10) ORDER BY name)) FROM duckdb_settings() WHERE name <> 'duckdb_api'";

/**
 * Fails where a statement left something behind that a later one could see: a setting, as a log that is on or another parser,
 * what was logged, or a temporary object, a variable, a secret, another database.
 * @param settings their sum when the database was opened
 */
export const assertCleanSql = (settings: string) => `
SELECT error('left behind') WHERE
  (${SETTINGS}) IS DISTINCT FROM ${quoteLiteral(settings)}
  OR EXISTS (FROM duckdb_logs())
  OR EXISTS (FROM duckdb_tables() WHERE temporary) OR EXISTS (FROM duckdb_views() WHERE temporary AND NOT internal)
  OR EXISTS (FROM duckdb_variables()) OR EXISTS (FROM duckdb_prepared_statements())
  OR EXISTS (FROM duckdb_secrets()) OR EXISTS (FROM duckdb_databases() WHERE NOT internal AND NOT readonly)`;

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
    /** Sum of the settings as they were when it was opened. */
    readonly settings: string,
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
      for (const step of lockingSteps(files)) await connection.run(step);
      const catalogue = await readCatalogue(connection);
      const [[settings] = []] = (await connection.runAndReadAll(SETTINGS)).getRows();
      return new LockedStore(instance, connection, catalogue, String(settings));
    } catch (error) {
      connection.closeSync();
      instance.closeSync();
      throw error;
    }
  }

  /**
   * Parses a text, without running anything.
   * @returns how many statements there are; `tree` is the syntax tree of queries as DuckDB's JSON, undefined where there is
   *   any that is none
   * @throws what DuckDB says, as JSON with a position
   */
  async parse(sql: string): Promise<{ readonly count: number; readonly tree: string | undefined }> {
    const tree = await this.convert("json_serialize_sql", sql);
    const read: { error: boolean; statements?: unknown[] } = tree.startsWith('{"error":false')
      ? JSON.parse(tree.replace(/:-?(?:Infinity|inf|nan|NaN)\b/g, ":null"))
      : { error: true };
    if (!read.error) return { count: read.statements?.length ?? 0, tree };
    const { count } = await this.connection.extractStatements(sql);
    return { count, tree: undefined };
  }

  /**
   * The text of a syntax tree, as DuckDB writes it.
   * @throws what DuckDB says
   */
  write(tree: string): Promise<string> {
    return this.convert("json_deserialize_sql", tree);
  }

  private async convert(how: string, text: string): Promise<string> {
    const reader = await this.connection.runAndReadAll(
      `SELECT ${how}(CAST($text AS VARCHAR))::VARCHAR`,
      { text },
    );
    return String(reader.getRows()[0]?.[0]);
  }

  /** Runs one query that was found harmless, or explains it. Its result is good until the next one. */
  async stream({ text, explain }: LockedQuery): Promise<QueryStream> {
    await this.current?.close();
    let prepared: DuckDBPreparedStatement = await this.connection.prepare(text);
    if (prepared.statementType !== StatementType.SELECT) throw new Error(ONLY_QUERIES);
    if (explain) prepared = await this.connection.prepare(`${explain} ${text}`);
    this.current = await QueryStream.open(this.connection, () => prepared.stream());
    return this.current;
  }

  /** @throws Error when a statement left something behind */
  async assertClean(): Promise<void> {
    await this.current?.close();
    await this.connection.run(assertCleanSql(this.settings));
  }

  interrupt(): void {
    this.connection.interrupt();
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** A query, and what stands before it when it is to be explained, as EXPLAIN. */
export interface LockedQuery {
  readonly text: string;
  readonly explain?: string | undefined;
}

export const ONLY_QUERIES = "Only queries can be run here.";

async function readCatalogue(connection: DuckDBConnection): Promise<Catalogue> {
  const read = async (sql: string) =>
    new Set((await connection.runAndReadAll(sql)).getRows().map(([name]) => String(name)));
  return {
    tables: await read(
      "SELECT lower(table_name) FROM duckdb_tables() UNION SELECT lower(view_name) FROM duckdb_views() WHERE NOT internal",
    ),
    internal: await read("SELECT lower(view_name) FROM duckdb_views() WHERE internal"),
  };
}
