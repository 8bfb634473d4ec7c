import type { Row } from "../../src/store/store.ts";
import { JUNE, publishedFolder, runTiny, TINY_CITY, tinyConfig } from "./tiny-workspace.ts";

// The bodies of tests/fixtures/tiny-city.
export const EAST = "999901";
export const WEST = "999902";
export const NORTH = "999903";
export const LAKE = "999901001";
export const HILL = "999902001";
export const APPROVALS = "11999900000001011N";
export const FINANCE = "119999000000020222";

/** A run of the tiny city that can be asked about. */
export interface Asked {
  readonly runId: string;
  /** Folder of the jurisdiction below DATA_DIR. */
  readonly dataDir: string;
  readonly published: string;
  /** Rows of a query; $run stands for the run. */
  rows<T = Row>(sql: string): Promise<T[]>;
  /** The same database, asked about another of its runs. */
  of(run: Pick<Asked, "runId" | "published">): Asked;
  close(): void;
}

/** Runs the real chain on the tiny city. The caller closes what it gets. */
export async function askTinyCity(question = JUNE, config = tinyConfig(TINY_CITY)): Promise<Asked> {
  const result = await runTiny(config, question);
  const { store, runId, dataDir } = result.context;
  const about = ({ runId, published }: Pick<Asked, "runId" | "published">): Asked => ({
    runId,
    published,
    dataDir,
    rows: (sql) => store.rows(sql, sql.includes("$run") ? { run: runId } : undefined),
    of: about,
    close: () => store.close(),
  });
  return about({ runId, published: publishedFolder(result) });
}
