import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { Progress } from "./context.ts";
import { movePointers, placeFolder, prepareFolder } from "./publish/atomic.ts";
import { appendLink, readChain } from "./publish/chain.ts";
import { listDamaged, listPublished } from "./publish/find-published.ts";
import { runFolder } from "./publish/layout.ts";
import {
  compareWithManifest,
  MANIFEST,
  type Manifest,
  ManifestError,
  readManifest,
  readManifestHash,
  signManifest,
} from "./publish/manifest.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "./run-context.ts";
import { openSigner } from "./signing-key.ts";
import { tellApart } from "./standard/bilingual.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import { sqlFile } from "./store/sql-file.ts";
import { storageFaultOf } from "./store/storage-fault.ts";
import { Store } from "./store/store.ts";
import { askAgain, type PastQuestion, rebuild } from "./verify.ts";
import { findCauses } from "./verify-causes.ts";

const sql = sqlFile(import.meta.dirname, "repair.sql");

/** A damaged publication, and what was or would be done about it. */
export interface PublishedRepair {
  readonly period: string;
  readonly run: string;
  /** Files that are not as they were published; the manifest alone where it says nothing any more. */
  readonly damaged: readonly string[];
  /** repairable: would be, without --dry-run; impossible: it cannot be built again as it was published. */
  readonly state: "repaired" | "repairable" | "impossible";
  /** Where the damaged folder is kept. */
  readonly aside: string | null;
  /** Why it cannot be built again. */
  readonly because: { readonly zh: string; readonly en: string } | null;
}

interface Damaged {
  readonly period: string;
  readonly run: string;
  readonly folder: string;
  readonly files: readonly string[];
  /** Sha-256 that its manifest has to have; undefined where nothing says so. */
  readonly expected: string | undefined;
  /** Where it can be trusted. */
  readonly manifest: Manifest | undefined;
}

interface Watch {
  readonly log: Logger;
  readonly progress: Progress;
}

/**
 * Builds every damaged publication of a pipeline again from the raw files, as verify does, and puts it in the place of the
 * damaged one, which is kept beside, if its manifest has the hash that the chain of publications names, or that of its own
 * sound manifest.
 * @param dryRun builds it and says whether it comes out as published, and changes nothing
 */
export async function repairPublished(
  config: Config,
  pipeline: PipelineDefinition,
  { dryRun }: { readonly dryRun: boolean },
  watch: Watch,
): Promise<PublishedRepair[]> {
  const dataDir = jurisdictionFolder(config, pipeline);
  const repairs: PublishedRepair[] = [];
  for (const damaged of await findDamaged(dataDir, pipeline.pipeline)) {
    repairs.push(await repairOne(config, pipeline, damaged, { dryRun, watch }));
  }
  return repairs;
}

/** Every publication that is not as it was published: those that lie there, and those the chain names that are gone. */
async function findDamaged(dataDir: string, pipeline: string): Promise<Damaged[]> {
  const links = new Map(
    readChain(dataDir, pipeline).flatMap(({ link }) =>
      link?.pipeline === pipeline ? [[`${link.period} ${link.run}`, link] as const] : [],
    ),
  );
  const lying = [...listPublished(dataDir, pipeline), ...listDamaged(dataDir, pipeline)];
  const there = new Set(lying.map(({ period, run }) => `${period} ${run}`));
  const gone = [...links.values()]
    .filter(({ period, run }) => !there.has(`${period} ${run}`))
    .map(({ period, run }) => ({ period, run, folder: runFolder(dataDir, pipeline, period, run) }));
  const found: Damaged[] = [];
  for (const { period, run, folder } of [...lying, ...gone]) {
    const expected = links.get(`${period} ${run}`)?.manifest;
    const manifest = trustedManifest(folder, run, expected);
    const files = manifest
      ? (await compareWithManifest(manifest, folder)).map(({ path }) => path)
      : [MANIFEST];
    if (files.length > 0) found.push({ period, run, folder, files, expected, manifest });
  }
  return found.sort((a, b) =>
    a.period < b.period || (a.period === b.period && a.run < b.run) ? -1 : 1,
  );
}

function trustedManifest(
  folder: string,
  run: string,
  expected: string | undefined,
): Manifest | undefined {
  try {
    const manifest = readManifest(folder);
    const isOwn = manifest.run === run && manifest.outputs !== undefined;
    return isOwn && (expected ?? readManifestHash(folder)) === readManifestHash(folder)
      ? manifest
      : undefined;
  } catch (error) {
    if (error instanceof ManifestError) return undefined;
    throw error;
  }
}

async function repairOne(
  config: Config,
  pipeline: PipelineDefinition,
  damaged: Damaged,
  { dryRun, watch }: { readonly dryRun: boolean; readonly watch: Watch },
): Promise<PublishedRepair> {
  const { period, run, files } = damaged;
  const dataDir = jurisdictionFolder(config, pipeline);
  const about = { period, run, damaged: files, aside: null } as const;
  const place = mkdtempSync(join(tmpdir(), "zhengxin-repair-"));
  try {
    const question = damaged.manifest
      ? askAgain(damaged.manifest)
      : await askDatabase(config, dataDir, pipeline.pipeline, damaged);
    if (!question) return { ...about, state: "impossible", because: UNKNOWN };
    const { rebuilt, definitions } = await rebuild(config, dataDir, question, place, watch);
    const expected = damaged.manifest ? readManifestHash(damaged.folder) : damaged.expected;
    if (!expected) return { ...about, state: "impossible", because: UNPROVEN };
    if (!existsSync(join(rebuilt, MANIFEST)) || readManifestHash(rebuilt) !== expected) {
      const causes = damaged.manifest ? findCauses(damaged.manifest, definitions) : [];
      return { ...about, state: "impossible", because: sayOtherwise(causes) };
    }
    if (dryRun) return { ...about, state: "repairable", because: null };
    const aside = await putInPlace(config, pipeline, damaged, rebuilt);
    return { ...about, state: "repaired", aside, because: null };
  } catch (error) {
    const { message } = error as Error;
    const told = tellApart(message);
    const zh = `重建未能进行${told.zh ? `：${told.zh}` : "，原因见下一句（英文）。"}`;
    const said = storageFaultOf(error) ?? { zh, en: told.en };
    return { ...about, state: "impossible", because: { zh: said.zh, en: said.en } };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** What was asked, where the manifest does not say it any more but the working database does. */
async function askDatabase(
  config: Config,
  dataDir: string,
  pipeline: string,
  { period, run }: Damaged,
): Promise<PastQuestion | undefined> {
  const database = join(dataDir, WORKING_DATABASE);
  if (!existsSync(database)) return undefined;
  const store = await Store.open(":memory:", config);
  try {
    await store.attach(database, "held");
    const found = await store.row<{ as_of: string }>(sql("find-run"), { run, pipeline, period });
    return found ? { pipeline, period, asOf: found.as_of } : undefined;
  } finally {
    store.close();
  }
}

/** Puts what was rebuilt in its place, signed; gives where the damaged folder is kept, if there was one. */
async function putInPlace(
  config: Config,
  pipeline: PipelineDefinition,
  { period, run }: Damaged,
  rebuilt: string,
): Promise<string | null> {
  const dataDir = jurisdictionFolder(config, pipeline);
  const unfinished = prepareFolder(dataDir, { pipeline: pipeline.pipeline, period, run });
  cpSync(rebuilt, unfinished, { recursive: true });
  const signer = openSigner(config, pipeline.jurisdiction);
  signManifest(unfinished, signer);
  const { folder, aside } = await placeFolder(unfinished);
  appendLink(dataDir, folder, signer);
  movePointers(dataDir, folder);
  return aside ?? null;
}

const UNKNOWN = {
  zh: "清单读不出来，工作数据库中也没有这次运行：不知道当时以何时所知、由哪些文件得出。请从备份恢复。",
  en: "Its manifest cannot be read, and the working database does not know the run: nobody can say as of when and from which files it was made. Restore it from a backup.",
};

const UNPROVEN = {
  zh: "清单已损坏，发布链中也没有它：重建的结果无从证明就是发布的那一份。请从备份恢复，或再次运行该期作为新的发布。",
  en: "Its manifest is damaged and the chain of publications does not name it: nothing could prove that what is rebuilt is what was published. Restore it from a backup, or run the period again as a new publication.",
};

function sayOtherwise(causes: readonly { readonly zh: string; readonly en: string }[]) {
  const zh = causes.map((cause) => cause.zh).join("");
  const en = causes.map((cause) => ` ${cause.en}`).join("");
  return {
    zh: `从原始文件重建的结果与发布的不同，未替换。${zh || "多半是定义或程序在发布之后有变。"}请换回当时的定义与程序，或从备份恢复。`,
    en: `What the raw files give is not what was published, so nothing was replaced.${en || " Most likely a definition or the program has changed since."} Go back to those of then, or restore it from a backup.`,
  };
}
