import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cataloguePublished } from "./catalogue-published.ts";
import type { Config } from "./config.ts";
import { nextFree } from "./publish/atomic.ts";
import { findRawFaults, type RawFault } from "./raw-faults.ts";
import { attachDamaged, type KeptOrigin, readEveryTable, takeTables } from "./repair-tables.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "./run-context.ts";
import { SAFEKEEPING } from "./safekeeping.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import { type StorageFault, storageFaultOf } from "./store/storage-fault.ts";
import { Store } from "./store/store.ts";

/** What was found of a working database, and what was or would be done. */
export interface Repair {
  readonly database: string;
  /** absent: there is none; sound: nothing to do; repaired: made anew; repairable: would be, without --dry-run. */
  readonly state: "absent" | "sound" | "repaired" | "repairable";
  /** What is wrong with the database; none when it is sound or absent. */
  readonly fault: Pick<StorageFault, "kind" | "zh" | "en"> | null;
  /** Whether its log could not be read: what was written since the last checkpoint is missing. */
  readonly logLost: boolean;
  /** Where the damaged file is kept. */
  readonly aside: string | null;
  /** Tables no stage works out again, by where their rows are from. */
  readonly tables: readonly KeptOrigin[];
  /** Raw files that are missing or cannot be read. */
  readonly raw: readonly RawFault[];
}

/**
 * Looks at the working database of a pipeline's jurisdiction, block by block, and makes a damaged one anew: what no stage
 * works out again is taken from the damaged file as far as it can be read, else from the copy in safekeeping, else from
 * what is published; all else follows from the raw files with the next run. The damaged file is kept beside.
 * @param dryRun says what would be done, and does nothing
 * @param force also makes a database of another version anew
 * @throws OpeningError when another process works on it; Error in a sentence when it is of another version
 */
export async function repairDatabase(
  config: Config,
  pipeline: PipelineDefinition,
  { dryRun, force }: { readonly dryRun: boolean; readonly force: boolean },
): Promise<Repair> {
  const dataDir = jurisdictionFolder(config, pipeline);
  const database = join(dataDir, WORKING_DATABASE);
  const next = `${database}.repaired`;
  if (!existsSync(database) && !existsSync(join(dataDir, SAFEKEEPING))) {
    const nothing = { fault: null, logLost: false, aside: null, tables: [], raw: [] };
    return { database, state: "absent", ...nothing };
  }
  const fault = existsSync(database) ? await findFault(config, database) : LOST;
  if (fault?.kind === "in-use") throw new Error(`${fault.zh} ${fault.en}`);
  if (fault && !force && !REPAIRED.has(fault.kind)) {
    const force = `确要放弃它重建，请加 --force。To make it anew all the same, add --force.`;
    throw new Error(
      `${fault.zh} ${fault.en} ${fault.kind === "other-version" ? force : ""}`.trim(),
    );
  }
  if (!fault) {
    const store = await Store.open(database, config);
    const raw = await findRawFaults(config, pipeline, dataDir, store).finally(() => store.close());
    return { database, state: "sound", fault: null, logLost: false, aside: null, tables: [], raw };
  }
  remove(next);
  const made = await makeAnew(config, pipeline, { dataDir, database, next });
  let aside: string | null = null;
  if (dryRun) remove(next);
  else aside = exchange(database, next);
  const { kind, zh, en } = fault;
  const state = dryRun ? "repairable" : "repaired";
  return { database, state, fault: { kind, zh, en }, aside, ...made };
}

/** Faults that a new database mends. A full or failing disk and missing permissions are mended elsewhere. */
const REPAIRED: ReadonlySet<StorageFault["kind"]> = new Set(["damaged", "no-database"]);

const LOST: StorageFault = {
  kind: "no-database",
  path: "",
  zh: "工作数据库不见了，只剩下它的保管副本。",
  en: "The working database is gone; only the copy in safekeeping is left.",
};

/** What is wrong with a database; undefined when every table can be read. */
async function findFault(config: Config, database: string): Promise<StorageFault | undefined> {
  let store: Store | undefined;
  try {
    store = await Store.open(database, config);
    return await readEveryTable(store);
  } catch (error) {
    const fault = storageFaultOf(error);
    if (fault) return fault;
    throw error;
  } finally {
    store?.close();
  }
}

async function makeAnew(
  config: Config,
  pipeline: PipelineDefinition,
  places: { readonly dataDir: string; readonly database: string; readonly next: string },
): Promise<Pick<Repair, "logLost" | "tables" | "raw">> {
  const { dataDir, database, next } = places;
  const store = await Store.open(next, config);
  try {
    const { logLost } = await attachDamaged(store, database);
    let tables = await takeTables(store, join(dataDir, SAFEKEEPING));
    const files = tables.find(({ table }) => table === "raw.file");
    if (files?.from === "nothing") {
      const found = await cataloguePublished(config, pipeline, dataDir, store);
      tables = tables.map((one) => found.find(({ table }) => table === one.table) ?? one);
    }
    const raw = await findRawFaults(config, pipeline, dataDir, store);
    return { logLost, tables, raw };
  } finally {
    store.close();
  }
}

/** Puts the new database in the place of the damaged one, which is kept under another name with its log. */
function exchange(database: string, next: string): string | null {
  const aside = nextFree(`${database}.damaged`);
  const held = existsSync(database);
  if (existsSync(`${database}.wal`)) renameSync(`${database}.wal`, `${aside}.wal`);
  if (held) renameSync(database, aside);
  renameSync(next, database);
  return held ? aside : null;
}

function remove(database: string): void {
  for (const file of [database, `${database}.wal`]) rmSync(file, { force: true });
}
