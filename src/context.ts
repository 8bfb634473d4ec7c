import type { Logger } from "pino";
import type { ReadingBounds } from "./config.ts";
import type { Period } from "./period.ts";
import type { EvaluationStandard } from "./standard/evaluation-standard.ts";
import type { IndicatorFile } from "./standard/indicator-file.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import type { SourceDefinition } from "./standard/source-definition.ts";
import type { Store } from "./store/store.ts";

/** Everything a stage may know besides the layer it reads. Nothing else is global. */
export interface Context {
  readonly store: Store;
  /** Folder that holds pipelines/ and metrics/, absolute. */
  readonly workspace: string;
  /** Folder of this jurisdiction below DATA_DIR, absolute. */
  readonly dataDir: string;
  readonly pipeline: PipelineDefinition;
  readonly sources: readonly SourceDefinition[];
  readonly standard: EvaluationStandard;
  /** The indicators the standard names, by id. */
  readonly indicators: ReadonlyMap<string, IndicatorFile>;
  /** Civil time in the jurisdiction's zone, "2019-01-10 00:00:00": nothing known later counts. */
  readonly asOf: string;
  /** Civil time of receipt of whatever is pulled in this run. */
  readonly receivedAt: string;
  /** The real time, for connectors only: signatures, and when a file truly came. */
  readonly clock: () => Date;
  readonly period: Period;
  /** The periods to compute, oldest first: history, then the period itself. */
  readonly periods: readonly Period[];
  /** Known once the inputs are conformed; stages before check do not read it. */
  readonly runId: string;
  readonly seed: number;
  readonly pseudonymKey: string;
  /** What reading a delivered file may take; none: the settings' own. */
  readonly reading?: ReadingBounds | undefined;
  /** Seconds that conforming may take for each million rows; none: the setting's own. */
  readonly conformSeconds?: number | undefined;
  /** A published period is being rebuilt beside the jurisdiction's own data, of which nothing may be changed. */
  readonly rebuilds?: boolean;
  /** Signs what is published; none where a publication is only rebuilt, or worked out in a test. */
  readonly signer?: Signer | undefined;
  readonly log: Logger;
  readonly progress: Progress;
}

/** Signs in the name of the office. */
export interface Signer {
  /** Name of the key: the first 16 digits of the sha-256 of the public key. */
  keyId(): string;
  /** Ed25519, 64 bytes; the same bytes have the same signature. */
  sign(bytes: Buffer): Buffer;
  /** How far the audit journal of the jurisdiction is; null before its first entry. */
  journalHead(): { readonly sequence: number; readonly hash: string } | null;
}

/** Where long work tells how far it is. Silent when nobody watches. */
export interface Progress {
  step(stage: string, done: number, total: number, note?: string): void;
}

export const SILENT: Progress = { step() {} };

/** What a stage did, for the console, the log and the job. */
export interface StageOutcome {
  readonly stage: string;
  /** Counts by name, as { files: 3, rows: 120, quarantined: 2 }. */
  readonly counts: Readonly<Record<string, number>>;
  /** Sentences a clerk should read, Chinese and English. */
  readonly notes: readonly { readonly zh: string; readonly en: string }[];
}
