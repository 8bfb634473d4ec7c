import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { AUDIENCES, type Audience, type Clearance, isWithin } from "../standard/audience.ts";
import { editionFolder } from "./layout.ts";
import { MANIFEST, type Manifest, readManifest } from "./manifest.ts";
import { listOlderOutputs } from "./older-outputs.ts";
import { type Output, withheldFrom } from "./outputs.ts";
import { readTrees } from "./published-trees.ts";

/** How somebody reads a published run: the edition whose files are opened, and what of them is left out all the same. */
export interface Reading {
  /** The published run, whose manifest it is. */
  readonly run: string;
  /** The edition. */
  readonly folder: string;
  /** Outputs left out of what the edition's files hold: of other bodies, or of a month that has no editions. */
  readonly withheld: readonly Output[];
  /** The body of which they are told all the same. */
  readonly body: string | null;
  /** Names the reading: of the same run the same name means the same content. */
  readonly view: string;
}

/** Whether a manifest says of its files for whom they are; those of older programs do not. */
export function hasEditions({ outputs }: Pick<Manifest, "outputs">): boolean {
  return outputs.some(({ audience }) => audience !== undefined);
}

/**
 * How somebody may read a published run; undefined where it is not for them at all. A month published before there were
 * editions is read whole, less what today's definitions keep from them.
 * @throws ManifestError
 */
export async function readingOf(
  workspace: string,
  run: string,
  clearance: Clearance,
): Promise<Reading | undefined> {
  const manifest = readHeldManifest(run);
  if (!isWithin(manifest.audience ?? "public", clearance.audience)) return undefined;
  const { audience, body } = clearance;
  if (!hasEditions(manifest)) {
    // Its tables tell of every body alike, so of what is for bodies a body is told nothing.
    const limit = body === null ? audience : "public";
    const withheld = withheldFrom(await holdOlderOutputs(workspace, run, manifest), limit);
    return { run, folder: run, withheld, body: null, view: `whole ${limit}` };
  }
  const edition = AUDIENCES.filter(
    (one) => isWithin(one, audience) && existsSync(join(editionFolder(run, one), "report.json")),
  ).at(-1) as Audience;
  const folder = editionFolder(run, edition);
  if (body === null || edition === "public") {
    return { run, folder, withheld: [], body: null, view: edition };
  }
  const withheld = (manifest.not_public ?? []).filter((one) => one.audience === "bodies");
  return { run, folder, withheld, body, view: `${edition} ${body}` };
}

/** So many manifests are kept in memory: reading and checking one for each request takes longer than sending a page. */
const HELD = 100;
const held = new LRUCache<string, { readonly state: string; readonly manifest: Manifest }>({
  max: HELD,
});

/** What an older month holds is asked for by every request, and hangs on all definitions: it is told anew after so long. */
const olderOutputs = new LRUCache<string, Output[]>({ max: HELD, ttl: 5000 });
/** What was published does not change, its trees neither. */
const olderTrees = new LRUCache<string, ReturnType<typeof readTrees>>({ max: HELD });

async function holdOlderOutputs(
  workspace: string,
  run: string,
  manifest: Manifest,
): Promise<Output[]> {
  const key = `${workspace}\n${run}`;
  // That a file is damaged is for verify to tell: then the tree of today stands in.
  const trees = olderTrees.get(run) ?? readTrees(run).catch(() => undefined);
  olderTrees.set(run, trees);
  const known = olderOutputs.get(key) ?? listOlderOutputs(workspace, manifest, await trees);
  olderOutputs.set(key, known, { noUpdateTTL: true });
  return known;
}

/** The manifest of a folder, read again when its file is another or has been written. */
function readHeldManifest(run: string): Manifest {
  const found = statSync(join(run, MANIFEST), { throwIfNoEntry: false });
  const state = found ? [found.ino, found.size, found.mtimeMs, found.ctimeMs].join() : "missing";
  const known = held.get(run);
  if (known?.state === state) return known.manifest;
  const manifest = readManifest(run);
  held.set(run, { state, manifest });
  return manifest;
}
