import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { appendLink } from "./publish/chain.ts";
import { listPublished } from "./publish/find-published.ts";
import { compareWithManifest, readManifest, SIGNATURE, signManifest } from "./publish/manifest.ts";
import { jurisdictionFolder } from "./run-context.ts";
import { openSigner } from "./signing-key.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";

/** A publication without a signature; signed if its files were those of its manifest. */
export interface LateSignature {
  readonly period: string;
  readonly run: string;
  readonly signed: boolean;
}

/**
 * Signs what an older program published without a signature, as it lies there, and enters it in the chain: on the word of
 * whoever asks for it, since nothing proves what was not signed. What is not as its own manifest says is not signed.
 * @param dryRun says what would be signed
 */
export async function signPublished(
  config: Config,
  pipeline: PipelineDefinition,
  { dryRun }: { readonly dryRun: boolean },
): Promise<LateSignature[]> {
  const dataDir = jurisdictionFolder(config, pipeline);
  const signer = openSigner(config, pipeline.jurisdiction);
  const signatures: LateSignature[] = [];
  for (const { period, run, folder } of listPublished(dataDir, pipeline.pipeline)) {
    if (existsSync(join(folder, SIGNATURE))) continue;
    const signed = (await compareWithManifest(readManifest(folder), folder)).length === 0;
    if (signed && !dryRun) {
      signManifest(folder, signer);
      appendLink(dataDir, folder, signer);
    }
    signatures.push({ period, run, signed });
  }
  return signatures;
}
