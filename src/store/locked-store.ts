import { basename } from "node:path";
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  StatementType,
} from "@duckdb/node-api";
import { OpeningError } from "./opening-error.ts";
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

/**
 * DuckDB files opened for strangers' statements: read-only, cut off from other files, the network and extensions, with
 * settings that can no longer be changed. What a statement may be is examined before (src/query/examine.ts).
 */
export class LockedStore {
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
    const [main = "", ...others] = files;
    let instance: DuckDBInstance;
    try {
      instance = await DuckDBInstance.create(main, {
        access_mode: "read_only",
        memory_limit: options.memory,
        threads: String(options.threads),
        temp_directory: options.spill,
        max_temp_directory_size: options.spillSize,
        autoinstall_known_extensions: "false",
        autoload_known_extensions: "false",
        allow_community_extensions: "false",
        errors_as_json: "true",
      });
    } catch (error) {
      throw new OpeningError(main, String(error));
    }
    const connection = await instance.connect();
    try {
      for (const file of others) {
        await connection.run(`ATTACH ${quoteLiteral(file)} (READ_ONLY)`);
      }
      const path = files.map((file) => `${basename(file).replace(/\.\w+$/, "")}.main`);
      await connection.run(`SET search_path = ${quoteLiteral(path.join(","))}`);
      const covered = await coverTables(connection, options.views ?? []);
      await connection.run("SET enable_external_access = false");
      await connection.run("SET max_expression_depth = 250");
      await connection.run("SET lock_configuration = true");
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

  /** Runs one statement that was found harmless, as a stream of chunks. */
  async stream(sql: string): Promise<DuckDBResult> {
    const prepared: DuckDBPreparedStatement = await this.connection.prepare(sql);
    if (![StatementType.SELECT, StatementType.EXPLAIN].includes(prepared.statementType as never)) {
      throw new Error("Only queries can be run here.");
    }
    return prepared.stream();
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

/** Puts the views before their tables; the temporary schema is searched first. */
async function coverTables(
  connection: DuckDBConnection,
  views: NonNullable<LockedOptions["views"]>,
): Promise<ReadonlySet<string>> {
  const covered = new Set<string>();
  for (const { name, query } of views) {
    try {
      await connection.run(`CREATE TEMP VIEW ${quoteIdentifier(name)} AS ${query}`);
    } catch (error) {
      // A month published before there was such a table, or the column it hangs on.
      if (!/(?:Catalog|Binder) Error|does not exist|not found/.test(String(error))) throw error;
      continue;
    }
    covered.add(name);
  }
  return covered;
}

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
