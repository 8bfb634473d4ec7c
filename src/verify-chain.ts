import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type NotedEntry, verifyAudit } from "./audit/verify-audit.ts";
import type { Config } from "./config.ts";
import {
  CHAIN,
  chainFile,
  linkBytes,
  NOTHING_BEFORE,
  readChain,
  type SignedLink,
  sha256,
} from "./publish/chain.ts";
import { isPutAside, listDamaged, listPublished } from "./publish/find-published.ts";
import { findStrays } from "./publish/find-strays.ts";
import { publishedFolder, runFolder, TIDIED } from "./publish/layout.ts";
import { MANIFEST, readManifestHash } from "./publish/manifest.ts";
import { findSigner, type PublicKey } from "./signing-key.ts";
import type { Finding } from "./verify-folder.ts";

/**
 * Proves the chain of a pipeline's publications: every link is signed, follows the one before, and names a publication that
 * is there with the manifest it was published with; every publication that is there is in it; and the audit journal still
 * holds what it held when each was published.
 * @param dataDir folder of the jurisdiction
 */
export async function verifyChain(
  config: Pick<Config, "dataDir">,
  place: { readonly dataDir: string; readonly jurisdiction: string; readonly pipeline: string },
  keys: readonly PublicKey[],
): Promise<Finding[]> {
  const { dataDir, jurisdiction, pipeline } = place;
  const path = chainFile(dataDir, pipeline);
  const findings: Finding[] = [];
  const links: SignedLink[] = [];
  for (const { line, link } of readChain(dataDir, pipeline)) {
    const before = links.at(-1);
    const wrong = link ? faultOf(link, before, keys, pipeline) : UNREADABLE;
    if (wrong) findings.push(sayLine(path, line, wrong));
    if (link) links.push(link);
  }
  findings.push(...compareRuns(dataDir, pipeline, links, path));
  const journal = await verifyAudit(config, jurisdiction, links.flatMap(noteOf));
  for (const { message } of journal.faults) {
    findings.push({
      kind: "journal",
      path: "audit/journal.ndjson",
      zh: `审计日志：${message}`,
      en: `The audit journal: ${message}`,
    });
  }
  return findings;
}

type Fault = Pick<Finding, "zh" | "en">;

const UNREADABLE: Fault = { zh: "读不出来", en: "cannot be read" };

function faultOf(
  link: SignedLink,
  before: SignedLink | undefined,
  keys: readonly PublicKey[],
  pipeline: string,
): Fault | undefined {
  const bytes = linkBytes(link);
  if (sha256(bytes) !== link.hash) {
    return { zh: "内容已被改动：哈希不符", en: "was changed: its hash does not fit" };
  }
  if (!findSigner(keys, bytes, Buffer.from(link.signature, "base64"))) {
    return {
      zh: "签名不是本单位的密钥所签",
      en: "is not signed with any of the office's keys",
    };
  }
  if (link.pipeline !== pipeline) return { zh: "属于另一流程", en: "is of another pipeline" };
  const follows =
    link.previous === (before?.hash ?? NOTHING_BEFORE) &&
    link.sequence === (before?.sequence ?? 0) + 1;
  if (follows) return undefined;
  return {
    zh: "不接前一条：有一条被取出或移动",
    en: "does not follow the one before: one was taken out or moved",
  };
}

function sayLine(path: string, line: number, fault: Fault): Finding {
  return {
    kind: "chain",
    path: CHAIN,
    zh: `发布链 ${path} 第 ${line} 行${fault.zh}。`,
    en: `Line ${line} of the chain of publications ${path} ${fault.en}.`,
  };
}

/** Publications that are not in the chain, links without a publication, and manifests that are others than those linked. */
function compareRuns(
  dataDir: string,
  pipeline: string,
  links: readonly SignedLink[],
  path: string,
): Finding[] {
  const findings: Finding[] = [];
  const say = (zh: string, en: string) => findings.push({ kind: "chain", path: CHAIN, zh, en });
  const newest = new Map(links.map((link) => [`${link.period} ${link.run}`, link]));
  const held = listPublished(dataDir, pipeline);
  const damaged = listDamaged(dataDir, pipeline, held);
  for (const { period, run, folder } of held) {
    const link = newest.get(`${period} ${run}`);
    if (!link) {
      say(
        `${period} 的运行 ${run} 不在发布链 ${path} 中：由旧版本发布，或链被截短。再次运行该期即会登记。`,
        `The run ${run} of ${period} is not in the chain of publications ${path}: an older program published it, or the chain was cut short. Running the period again enters it.`,
      );
    } else if (readManifestHash(folder) !== link.manifest) {
      say(
        `${period} 的运行 ${run} 的清单不是发布时的那一份。`,
        `The manifest of the run ${run} of ${period} is not the one that was published.`,
      );
    }
  }
  for (const { period, run, folder } of damaged) {
    say(
      `${period} 的运行 ${run}（${folder}）的清单已损坏，或是另一次运行的。`,
      `The manifest of the run ${run} of ${period} in ${folder} is damaged, or that of another run.`,
    );
  }
  const runs = new Set([...held, ...damaged].map(({ folder }) => folder));
  const isRun = (run: string) => runs.has(run) || isPutAside(basename(run));
  const periods = new Set(links.map(({ period }) => period));
  for (const stray of findStrays(dataDir, pipeline, isRun, periods)) {
    say(
      `${stray} 不是本系统发布的，是后来放入的。`,
      `${stray} was not published: it was put there later.`,
    );
  }
  // Of what was tidied away the manifest stays, and is proven like the others.
  const isTidied = ({ period, run, manifest }: SignedLink) => {
    const folder = runFolder(dataDir, pipeline, period, `${run}${TIDIED}`);
    return existsSync(join(folder, MANIFEST)) && readManifestHash(folder) === manifest;
  };
  const there = new Set([...held, ...damaged].map(({ period, run }) => `${period} ${run}`));
  for (const [key, link] of newest) {
    if (there.has(key) || isTidied(link)) continue;
    const { period, run } = link;
    say(
      `发布过的 ${period} 的运行 ${run} 已不在。请从备份恢复。`,
      `The run ${run} of ${period}, which was published, is gone. Restore it from a backup.`,
    );
  }
  return findings;
}

function noteOf({ journal, period, run }: SignedLink): NotedEntry[] {
  if (!journal) return [];
  const place = {
    zh: `${period} 的发布（运行 ${run}）`,
    en: `the publication of ${period} (run ${run}) names`,
  };
  return [{ ...journal, place }];
}

/** What every publication of a jurisdiction says of its audit journal, each of which must still be in it. */
export function listNotedEntries(
  { dataDir }: Pick<Config, "dataDir">,
  jurisdiction: string,
): NotedEntry[] {
  const published = publishedFolder(join(dataDir, jurisdiction));
  if (!existsSync(published)) return [];
  return readdirSync(published).flatMap((pipeline) =>
    readChain(join(dataDir, jurisdiction), pipeline).flatMap(({ link }) =>
      link ? noteOf(link) : [],
    ),
  );
}
