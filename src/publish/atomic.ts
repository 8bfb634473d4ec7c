import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { readBytes } from "../whole-file.ts";
import { LATEST, publishedFolder, runFolder, UNFINISHED } from "./layout.ts";
import {
  compareWithManifest,
  MANIFEST,
  type Manifest,
  readManifest,
  SIGNATURE,
} from "./manifest.ts";

/** Makes the empty folder in which a publication is prepared, and clears what an earlier crash left. */
export function prepareFolder(
  dataDir: string,
  { pipeline, period, run }: { pipeline: string; period: string; run: string },
): string {
  const target = runFolder(dataDir, pipeline, period, run);
  const parent = dirname(target);
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (name.endsWith(UNFINISHED)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const folder = `${target}${UNFINISHED}`;
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
  const manifest = readBytes(join(unfinished, MANIFEST));
  const held = join(folder, MANIFEST);
  if (existsSync(held) && readBytes(held).equals(manifest) && (await isIntact(folder))) {
    // An older program did not sign, and a signature may have been lost: what is signed is the same.
    const signature = join(unfinished, SIGNATURE);
    if (existsSync(signature)) renameSync(signature, join(folder, SIGNATURE));
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

/** A name with a number behind it that nothing has yet. */
export function nextFree(name: string): string {
  let count = 1;
  while (existsSync(`${name}-${count}`)) count++;
  return `${name}-${count}`;
}

/**
 * Moves the pointers of a pipeline: published/<pipeline>/<period>/latest to the run with the newest as-of time,
 * published/<pipeline>/latest to the newest period (its last day decides). A rebuilt older answer does not displace a newer
 * one.
 * @param folder of the run, in its place
 */
export function movePointers(dataDir: string, folder: string): void {
  const { pipeline, period, run, as_of: asOf } = readManifest(folder);
  const own = join(publishedFolder(dataDir), pipeline);
  const swap = (at: string, target: string, isNewer: (held: Manifest) => boolean) => {
    const held = tryManifest(join(at, LATEST));
    if (held && held.run !== run && isNewer(held)) return;
    pointTo(at, target);
  };
  swap(join(own, period.id), run, (held) => held.as_of > asOf);
  swap(own, join(period.id, LATEST), (held) => held.period.ends_on > period.ends_on);
}

function tryManifest(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch {
    // A pointer that leads nowhere, left by a crash or a deleted run, is simply replaced.
    return undefined;
  }
}

/** Sets the pointer in a folder by one rename. */
export function pointTo(folder: string, target: string) {
  const pointer = join(folder, LATEST);
  if (isLink(pointer) && readlinkSync(pointer) === target) return;
  const next = join(folder, `${LATEST}${UNFINISHED}`);
  rmSync(next, { recursive: true, force: true });
  symlinkSync(target, next);
  if (existsSync(pointer) && !isLink(pointer)) rmSync(pointer, { recursive: true });
  renameSync(next, pointer);
}

export function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/**
 * Puts a folder of something derived in its place by one rename. Another process that was faster has put the same there.
 * @param file by whose presence a finished folder is known
 */
export function settleFolder(draft: string, place: string, file: string): void {
  mkdirSync(dirname(place), { recursive: true });
  try {
    renameSync(draft, place);
  } catch (error) {
    if (!existsSync(join(place, file))) throw error;
  }
}
