import { mkdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBResult,
  type DuckDBValue,
} from "@duckdb/node-api";
import { readExactRows } from "./exact-rows.ts";
import { refuseForeignLog } from "./foreign-log.ts";
import { migrate } from "./migrate.ts";
import { openedWith, openInstance } from "./opened-with.ts";
import { OpeningError } from "./opening-error.ts";
import { QueryError } from "./query-error.ts";
import { QueryStream } from "./query-stream.ts";
import { rollBack } from "./roll-back.ts";
import { quoteIdentifier, quoteLiteral } from "./sql-file.ts";

/** A value that may be bound to a parameter. Dates and times go in as ISO text and are cast in SQL. */
export type Bound = DuckDBValue | string | number | bigint | boolean | null;
export type Parameters = Record<string, Bound>;
export type Row = Record<string, unknown>;

export interface StoreOptions {
  /** DuckDB memory bound, as "512MB". */
  readonly memory: string;
  readonly threads: number;
}

/**
 * The one door to DuckDB: a database file (or ":memory:"), brought up to the newest schema when opened.
 * One store is one writer; a second process that opens the same file is refused with a sentence.
 */
export class Store {
  private readonly lanes = new Set<Store>();
  private inTransaction = false;
  /** Of the first statement that failed in the transaction. */
  private failed: QueryError | undefined;
  /** The file a store without one of its own reads from. */
  private attached = "";

  private constructor(
    readonly path: string,
    private opened: { instance: DuckDBInstance; connection: DuckDBConnection },
    private readonly settings: Record<string, string>,
    private readonly laneOf?: Store,
  ) {}

  /** How many threads DuckDB works with. */
  get threads(): number {
    return Number(this.settings.threads);
  }

  /** What DuckDB was told of memory, as "512MB". */
  get memory(): string {
    return this.settings.memory_limit as string;
  }

  get connection(): DuckDBConnection {
    return this.opened.connection;
  }

  get instance(): DuckDBInstance {
    return this.opened.instance;
  }

  /**
   * Opens a database and migrates it.
   * @param path a file, made with its folder when absent, or ":memory:"
   * @throws OpeningError when the file is locked, damaged or no database; Error when it is newer than this program
   */
  static async open(path: string, options: StoreOptions): Promise<Store> {
    if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
    const settings = openedWith(
      options,
      path === ":memory:" ? spillOfProcess() : join(dirname(path), "spill"),
    );
    refuseForeignLog(path);
    const instance = await openInstance(path, settings);
    const store = new Store(path, { instance, connection: await instance.connect() }, settings);
    try {
      await migrate(store);
    } catch (error) {
      store.close();
      throw error;
    }
    return store;
  }

  /**
   * Hangs another database file into this store, to be read under a name of its own.
   * @throws OpeningError when the file is locked, damaged or no database
   */
  async attach(path: string, name: string): Promise<void> {
    refuseForeignLog(path);
    try {
      const statement = `ATTACH ${quoteLiteral(path)} AS ${quoteIdentifier(name)} (READ_ONLY)`;
      await this.connection.run(statement);
      this.attached = path;
    } catch (error) {
      throw new OpeningError(path, String(error));
    }
  }

  /**
   * Opens an empty database in memory without any of our tables, which take a tenth of a second to make.
   * @param options with the folder for what does not fit into memory, if it is not to be one of the process
   */
  static async scratch(options: StoreOptions & { readonly spill?: string }): Promise<Store> {
    const settings = openedWith(options, options.spill ?? spillOfProcess());
    const instance = await DuckDBInstance.create(":memory:", settings);
    return new Store(":memory:", { instance, connection: await instance.connect() }, settings);
  }

  /** Runs one statement, with values bound by name ($name). */
  async run(sql: string, parameters?: Parameters): Promise<DuckDBResult> {
    try {
      return await this.connection.run(sql, parameters as Record<string, DuckDBValue> | undefined);
    } catch (error) {
      throw this.fault(error, sql);
    }
  }

  /** Runs several statements separated by semicolons, without parameters. */
  async script(sql: string): Promise<void> {
    const statements = await this.connection.extractStatements(sql).catch((error: unknown) => {
      throw this.fault(new Error(`Parser Error: ${(error as Error).message}`), sql);
    });
    for (let index = 0; index < statements.count; index++) {
      try {
        const prepared = await statements.prepare(index);
        await prepared.run();
        prepared.destroySync();
      } catch (error) {
        throw this.fault(error, sql);
      }
    }
  }

  /**
   * All rows of a query as plain objects: integers and DOUBLE as number, DECIMAL, DATE and TIMESTAMP as text
   * ("2018-06-30", "2018-06-30 12:00:00"), LIST and STRUCT as arrays and objects.
   * For small results; large ones go out as Parquet or Arrow.
   * @throws QueryError also when an integer does not fit a JavaScript number exactly
   */
  async rows<T = Row>(sql: string, parameters?: Parameters): Promise<T[]> {
    try {
      const reader = await this.connection.runAndReadAll(
        sql,
        parameters as Record<string, DuckDBValue> | undefined,
      );
      return readExactRows(reader) as T[];
    } catch (error) {
      throw this.fault(error, sql);
    }
  }

  /**
   * The result of a query a chunk at a time, for any number of rows; the connection is for nothing else until it has been
   * read or closed.
   * @throws QueryError
   */
  async stream(sql: string, parameters?: Parameters): Promise<QueryStream> {
    try {
      return await QueryStream.open(
        this.connection,
        () => this.connection.stream(sql, parameters as Record<string, DuckDBValue> | undefined),
        { within: this.inTransaction },
      );
    } catch (error) {
      throw this.fault(error, sql);
    }
  }

  /** The first row of a query, or undefined. */
  async row<T = Row>(sql: string, parameters?: Parameters): Promise<T | undefined> {
    return (await this.rows<T>(sql, parameters))[0];
  }

  /**
   * Runs the work in one transaction: all of it is kept, or none.
   * @throws also when a failed statement ended the transaction and the work went on as if nothing had happened: DuckDB lets
   * such a one be committed, and keeps nothing of it
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.run("BEGIN TRANSACTION");
    this.inTransaction = true;
    try {
      const result = await work();
      await this.refuseEnded();
      await this.run("COMMIT");
      return result;
    } catch (error) {
      await rollBack(this.connection);
      throw error;
    } finally {
      this.inTransaction = false;
      this.failed = undefined;
    }
  }

  private fault(error: unknown, sql: string): QueryError {
    const fault = new QueryError(error, sql, this.path === ":memory:" ? this.attached : this.path);
    if (this.inTransaction) this.failed ??= fault;
    return fault;
  }

  /** Not every failure ends a transaction: one of names or syntax leaves it as it was. */
  private async refuseEnded(): Promise<void> {
    if (!this.failed) return;
    try {
      await this.connection.run("SELECT 1");
    } catch {
      const { message } = this.failed;
      throw new Error(
        `A statement failed within a transaction, and what was to be written with it is not kept: ${message}`,
        { cause: this.failed },
      );
    }
  }

  /**
   * Writes the database into a new file and goes on with that one: what was deleted leaves no bytes behind, which DuckDB
   * otherwise keeps in free blocks. Temporary tables and variables are gone afterwards. A crash leaves the old file.
   */
  async rewrite(): Promise<void> {
    if (this.path === ":memory:") return;
    const next = `${this.path}.next`;
    const remove = () => {
      for (const file of [next, `${next}.wal`]) rmSync(file, { force: true });
    };
    remove();
    const { name } = (await this.row<{ name: string }>("SELECT current_database() AS name")) ?? {};
    await this.run("CHECKPOINT");
    await this.run(`ATTACH ${quoteLiteral(next)} AS rewritten`);
    try {
      await this.run(`COPY FROM DATABASE ${quoteIdentifier(name as string)} TO rewritten`);
      await this.run("CHECKPOINT rewritten");
    } catch (error) {
      await this.run("DETACH rewritten");
      remove();
      throw error;
    }
    await this.run("DETACH rewritten");
    await this.reopen(() => {
      renameSync(next, this.path);
      rmSync(`${this.path}.wal`, { force: true });
    });
  }

  /**
   * Closes the database and opens it again: nothing stays that a failure has left in memory. Temporary tables and variables
   * are gone afterwards. One in memory alone is left as it is.
   * @param meanwhile is done while it is closed
   * @throws OpeningError
   */
  async reopen(meanwhile?: () => void): Promise<void> {
    if (this.path === ":memory:") return;
    this.connection.closeSync();
    this.instance.closeSync();
    meanwhile?.();
    const instance = await openInstance(this.path, this.settings);
    this.opened = { instance, connection: await instance.connect() };
  }

  /**
   * A further connection to the same database, for work at the same time: transactions and temporary tables are its own,
   * and so are its variables, which begin as they are here. Closed before this store is.
   */
  async lane(): Promise<Store> {
    const connection = await this.instance.connect();
    const lane = new Store(this.path, { instance: this.instance, connection }, this.settings, this);
    this.lanes.add(lane);
    const variables = await this.rows<{ name: string; value: string | null; type: string }>(
      "SELECT name, CAST(value AS VARCHAR) AS value, type FROM duckdb_variables()",
    );
    for (const { name, value, type } of variables) {
      await lane.run(`SET VARIABLE ${quoteIdentifier(name)} = CAST($value AS ${type})`, { value });
    }
    return lane;
  }

  /** Ends the statements that are running, here and in every lane: each fails and rolls its transaction back. */
  interrupt(): void {
    this.connection.interrupt();
    for (const lane of this.lanes) lane.interrupt();
  }

  close(): void {
    this.connection.closeSync();
    if (this.laneOf) this.laneOf.lanes.delete(this);
    else this.instance.closeSync();
  }
}

/** Folder of this process for what databases in memory cannot hold. */
function spillOfProcess(): string {
  return join(tmpdir(), `zhengxin-spill-${process.pid}`);
}
