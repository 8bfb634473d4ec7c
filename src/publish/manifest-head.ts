import { statSync } from "node:fs";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { MANIFEST, readManifest } from "./manifest.ts";

/** What a manifest says of its run. */
export interface ManifestHead {
  readonly pipeline: string;
  readonly period: string;
  /** Last day of the period. */
  readonly endsOn: string;
  readonly run: string;
  readonly asOf: string;
}

/** What was read, with what the files looked like then: every request asks for the manifests of all runs. */
const heads = new LRUCache<string, { readonly stamp: string; readonly head: ManifestHead }>({
  max: 10_000,
});

/** The head of the manifest in a folder; undefined without a readable one, which is nothing published. */
export function readHead(folder: string): ManifestHead | undefined {
  try {
    const { ino, size, ctimeNs } = statSync(join(folder, MANIFEST), { bigint: true });
    const stamp = `${ino} ${size} ${ctimeNs}`;
    const held = heads.get(folder);
    if (held?.stamp === stamp) return held.head;
    const { pipeline, period, run, as_of: asOf } = readManifest(folder);
    const head = { pipeline, period: period.id, endsOn: period.ends_on, run, asOf };
    heads.set(folder, { stamp, head });
    return head;
  } catch {
    return undefined;
  }
}
