import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { type Context, SILENT } from "../context.ts";
import { readDefinitionsOf } from "../definitions-on.ts";
import { parsePeriod } from "../period.ts";
import { describeDefinitions } from "../publish/describe-definitions.ts";
import { nameDefinitions, unpackDefinitions } from "../publish/keep-definitions.ts";
import type { Manifest } from "../publish/manifest.ts";
import { findPipeline } from "../standard/workspace.ts";
import type { Store } from "../store/store.ts";

/** Where definitions may be found. */
export interface DefinitionPlaces {
  readonly workspace: string;
  /** Folder of the jurisdiction. */
  readonly dataDir: string;
}

/**
 * Does something with what the reports of a published run were written by: its definitions as they are in the workspace, or
 * where those have changed since, as they were kept (src/publish/keep-definitions.ts).
 * @param folder where files may lie for a while
 * @returns undefined where the definitions of then are nowhere any more
 */
export async function withReportContext<T>(
  places: DefinitionPlaces,
  { manifest, store, folder }: { manifest: Manifest; store: Store; folder: string },
  act: (context: Context) => Promise<T>,
): Promise<T | undefined> {
  const now = tryContext(places.workspace, places.dataDir, manifest, store);
  if (now) return act(now);
  const then = mkdtempSync(join(folder, "definitions-"));
  try {
    if (!unpackDefinitions(places.dataDir, manifest, then)) return undefined;
    const kept = tryContext(then, places.dataDir, manifest, store);
    return kept && (await act(kept));
  } finally {
    rmSync(then, { recursive: true, force: true });
  }
}

/** The context by a workspace; undefined where its definitions are not those of the publication. */
function tryContext(
  workspace: string,
  dataDir: string,
  manifest: Manifest,
  store: Store,
): Context | undefined {
  let context: Context;
  try {
    context = makeContext(workspace, dataDir, manifest, store);
    return nameDefinitions(describeDefinitions(context)) === nameDefinitions(manifest)
      ? context
      : undefined;
  } catch {
    // Somebody may be just editing them, or one that was used then is gone.
    return undefined;
  }
}

function makeContext(
  workspace: string,
  dataDir: string,
  manifest: Manifest,
  store: Store,
): Context {
  const pipeline = findPipeline(workspace, manifest.pipeline);
  const period = parsePeriod(manifest.period.id);
  return {
    ...readDefinitionsOf(workspace, pipeline, period, manifest.standard.id),
    store,
    dataDir,
    asOf: manifest.as_of,
    receivedAt: manifest.as_of,
    clock: () => new Date(0),
    runId: manifest.run,
    seed: 0,
    pseudonymKey: "",
    log: pino({ level: "silent" }),
    progress: SILENT,
  };
}
