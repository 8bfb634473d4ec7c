import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { compareWithManifest, MANIFEST, type Manifest, readManifest } from "./manifest.ts";

/** Ending of a folder still being written; whatever is found under it was left by a crash. */
const UNFINISHED = ".unfinished";
const LATEST = "latest";

/** Makes the empty folder in which a publication is prepared, and clears what an earlier crash left. */
export function prepareFolder(dataDir: string, period: string, runId: string): string {
  const parent = join(dataDir, "published", period);
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (name.endsWith(UNFINISHED)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const folder = join(parent, `${runId}${UNFINISHED}`);
  mkdirSync(folder);
  return folder;
}

export interface Placed {
  readonly folder: string;
  /** published: new; unchanged: it was there already; replaced: other content was there and was put aside. */
  readonly change: "published" | "unchanged" | "replaced";
  /** Where the earlier content went, when it was put aside. */
  readonly aside?: string;
}

/**
 * Puts a finished folder in its place by one rename. A folder already there with the same content stays untouched;
 * one with other content (made by other code, or damaged) is kept beside it under another name, never lost.
 */
export async function placeFolder(unfinished: string): Promise<Placed> {
  const folder = unfinished.slice(0, -UNFINISHED.length);
  if (!existsSync(folder)) {
    renameSync(unfinished, folder);
    return { folder, change: "published" };
  }
  const manifest = readFileSync(join(unfinished, MANIFEST));
  const held = join(folder, MANIFEST);
  if (existsSync(held) && readFileSync(held).equals(manifest) && (await isIntact(folder))) {
    rmSync(unfinished, { recursive: true });
    return { folder, change: "unchanged" };
  }
  const aside = nextFree(`${folder}.superseded`);
  renameSync(folder, aside);
  renameSync(unfinished, folder);
  return { folder, change: "replaced", aside };
}

async function isIntact(folder: string): Promise<boolean> {
  try {
    return (await compareWithManifest(readManifest(folder), folder)).length === 0;
  } catch {
    // A folder whose files cannot be read is not intact.
    return false;
  }
}

function nextFree(name: string): string {
  let count = 1;
  while (existsSync(`${name}-${count}`)) count++;
  return `${name}-${count}`;
}

/**
 * Moves the pointers: published/<period>/latest to the run with the newest as-of time, published/latest to the newest
 * period (its last day decides). A rebuilt older answer does not displace a newer one.
 */
export function movePointers(dataDir: string, period: string, runId: string): void {
  const published = join(dataDir, "published");
  const manifest = readManifest(join(published, period, runId));
  const swap = (folder: string, target: string, isNewer: (held: Manifest) => boolean) => {
    const held = tryManifest(join(folder, LATEST));
    if (held && held.run !== runId && isNewer(held)) return;
    pointTo(folder, target);
  };
  swap(join(published, period), runId, (held) => held.as_of > manifest.as_of);
  swap(published, join(period, LATEST), (held) => held.period.ends_on > manifest.period.ends_on);
}

function tryManifest(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch {
    // A pointer that leads nowhere, left by a crash or a deleted run, is simply replaced.
    return undefined;
  }
}

function pointTo(folder: string, target: string) {
  const pointer = join(folder, LATEST);
  if (isLink(pointer) && readlinkSync(pointer) === target) return;
  const next = join(folder, `${LATEST}${UNFINISHED}`);
  rmSync(next, { recursive: true, force: true });
  symlinkSync(target, next);
  if (existsSync(pointer) && !isLink(pointer)) rmSync(pointer, { recursive: true });
  renameSync(next, pointer);
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
