import type { Manifest } from "../publish/manifest.ts";
import type { Redaction } from "../publish/report.ts";

/** What a rendering's manifest says besides what the original's says. */
export interface RenderingNote extends Redaction {
  /** sha-256 of the original's manifest. */
  readonly original: string;
  readonly run: string;
  /** Reports that could not be written again, since the definitions of then are gone. */
  readonly withheld: readonly string[];
}

/** The note of a redacted rendering; undefined in the manifest of a publication itself. */
export function noteOf(manifest: Manifest): RenderingNote | undefined {
  return (manifest as Manifest & { redaction?: RenderingNote }).redaction;
}
