import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import type { Manifest } from "./publish/manifest.ts";
import { findFiles } from "./pull/find-files.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "./run-context.ts";
import { isLocal, localFolder } from "./standard/inbox-connector.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import type { SourceDefinition } from "./standard/source-definition.ts";
import { findSources } from "./standard/workspace.ts";
import { sqlFile } from "./store/sql-file.ts";
import { type StorageFault, storageFaultOf } from "./store/storage-fault.ts";
import { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "newer-deliveries.sql");

/** What was delivered and is not in a publication. */
export interface NewerDeliveries {
  /** Files received that the publication does not name among its inputs. */
  readonly received: number;
  /** Files that lie in the sources' folders and were not received yet. */
  readonly waiting: number;
  /** Sources they are of. */
  readonly sources: readonly string[];
}

interface HeldFile {
  readonly source: string;
  readonly name: string;
  readonly hash: string;
  readonly bytes: number;
}

/**
 * Looks for deliveries of the pipeline's sources that a publication knew nothing of, without changing anything: files that
 * were received since, by their hash, and files that wait in a folder, by name and size.
 * @returns what keeps anybody from saying, when the database is damaged or another process works on it
 */
export async function findNewerDeliveries(
  config: Config,
  pipeline: PipelineDefinition,
  { inputs }: Pick<Manifest, "inputs">,
): Promise<NewerDeliveries | StorageFault> {
  const dataDir = jurisdictionFolder(config, pipeline);
  const held = await readHeld(config, join(dataDir, WORKING_DATABASE));
  if ("kind" in held) return held;
  const known = new Set(inputs.map(({ source, sha256 }) => `${source} ${sha256}`));
  const received = held.filter(
    ({ source, hash }) => pipeline.sources.includes(source) && !known.has(`${source} ${hash}`),
  );
  const waiting = findSources(config.workspace, pipeline).flatMap((source) =>
    listWaiting(config.workspace, dataDir, source, held).map(() => source.source),
  );
  const sources = [...new Set([...received.map(({ source }) => source), ...waiting])].sort();
  return { received: received.length, waiting: waiting.length, sources };
}

async function readHeld(config: Config, database: string): Promise<HeldFile[] | StorageFault> {
  if (!existsSync(database)) return [];
  const store = await Store.open(":memory:", config);
  try {
    await store.attach(database, "held");
    return await store.rows<HeldFile>(sql("files"));
  } catch (error) {
    // What is published can be read all the same, so nobody waits or fails for it here.
    const fault = storageFaultOf(error);
    if (fault) return fault;
    throw error;
  } finally {
    store.close();
  }
}

function listWaiting(
  workspace: string,
  dataDir: string,
  { source, connector }: SourceDefinition,
  held: readonly HeldFile[],
): string[] {
  if (!isLocal(connector)) return [];
  const folder = localFolder(connector, source, { workspace, dataDir });
  const own = new Set(
    held.filter((one) => one.source === source).map(({ name, bytes }) => `${name}\n${bytes}`),
  );
  return (findFiles(folder, connector.match)?.names ?? []).filter((name) => {
    try {
      return !own.has(`${name}\n${statSync(join(folder, name)).size}`);
    } catch {
      // A link that leads nowhere: nothing that could be read waits there.
      return false;
    }
  });
}

/** The same as a sentence in each language; none when there is nothing newer. */
export function sayNewerDeliveries(
  newer: NewerDeliveries | StorageFault,
  pipeline: string,
): { readonly zh: string; readonly en: string } | undefined {
  if ("kind" in newer) {
    // A run is under way: what it takes in is not published yet.
    const busy = newer.kind === "in-use";
    return {
      zh: `${busy ? "另一进程正在处理数据，" : newer.zh}是否有更新的文件暂不得知。`,
      en: `${busy ? "Another process is at work on the data" : newer.en.replace(/\.$/, "")}, so it cannot be said whether there are newer deliveries.`,
    };
  }
  const { received, waiting, sources } = newer;
  if (received + waiting === 0) return undefined;
  return {
    zh: `此次发布未计入之后的文件：已接收 ${received} 个，待接收 ${waiting} 个（来源：${sources.join("、")}）。以更晚的截至时间运行“zhengxin run ${pipeline}”方能计入。`,
    en: `Newer deliveries are not in this publication: ${received} file(s) received, ${waiting} waiting (sources: ${sources.join(", ")}). "zhengxin run ${pipeline}" as of a later time takes them in.`,
  };
}
