import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { isValid, parse } from "date-fns";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { type Context, type Progress, SILENT } from "./context.ts";
import { readDefinitionsOf } from "./definitions-on.ts";
import { limitKnown } from "./known-scope.ts";
import { type Period, parsePeriod, periodBefore } from "./period.ts";
import { tellPresent } from "./present.ts";
import { openSigner } from "./signing-key.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import { findPipeline } from "./standard/workspace.ts";
import { Store } from "./store/store.ts";
import { readText } from "./whole-file.ts";
import { writeWhole } from "./write-whole.ts";

/** What somebody asks for: a pipeline, and unless its example or the newest full period will do, which period as known when. */
export interface RunRequest {
  readonly pipeline: string;
  /** "2018-06", "2018-Q2" or "2018". */
  readonly period?: string | undefined;
  /** Civil time in the pipeline's zone, "2019-01-10" or "2019-01-10 08:00:00". */
  readonly asOf?: string | undefined;
  readonly log: Logger;
  readonly progress?: Progress;
  /** Id, or file ending in .yaml, of a standard to go by instead of the pipeline's. */
  readonly standard?: string | undefined;
  /** Work in this database and folder: those of the jurisdiction, which are open already, or others beside them. */
  readonly place?: { readonly store: Store; readonly dataDir: string };
  /** A published period is rebuilt beside the jurisdiction's own database: nothing is forgotten there. */
  readonly rebuilds?: boolean;
}

/**
 * Reads the definitions, opens the working database of the jurisdiction and sets its as-of time.
 * The caller closes `context.store`.
 * @throws DefinitionError, or Error in a sentence: no such pipeline, no such period, database in use
 */
export async function openContext(config: Config, request: RunRequest): Promise<Context> {
  const { workspace } = config;
  const pipeline = findPipeline(workspace, request.pipeline);
  const asOf = chooseAsOf(pipeline, request.asOf);
  const period = choosePeriod(pipeline, request.period, asOf);
  const definitions = readDefinitionsOf(workspace, pipeline, period, request.standard);
  const { dataDir, store } = request.place ?? (await openPlace(config, pipeline));
  await limitKnown(store, { asOf, sources: definitions.sources });
  return {
    ...definitions,
    store,
    dataDir,
    asOf,
    receivedAt: asOf,
    clock: () => new Date(),
    runId: "",
    seed: Number.parseInt(createHash("sha256").update(period.id).digest("hex").slice(0, 8), 16),
    pseudonymKey: config.pseudonymKey ?? readPseudonymKey(config.dataDir),
    reading: config.reading,
    conformSeconds: config.conformSeconds,
    rebuilds: request.rebuilds ?? false,
    signer: request.rebuilds ? undefined : openSigner(config, pipeline.jurisdiction),
    log: request.log,
    progress: request.progress ?? SILENT,
  };
}

/**
 * The working database of a jurisdiction and the folder it stands in.
 * @throws OpeningError when another process works on it
 */
export async function openPlace(config: Config, pipeline: PipelineDefinition) {
  const dataDir = jurisdictionFolder(config, pipeline);
  // Received files hold personal data as they came: nobody else on the machine may look into the folder.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return { dataDir, store: await Store.open(join(dataDir, WORKING_DATABASE), config) };
}

export const WORKING_DATABASE = "working.duckdb";

/** Folder of everything the program keeps about a jurisdiction. */
export function jurisdictionFolder(config: Config, pipeline: PipelineDefinition): string {
  return join(config.dataDir, pipeline.jurisdiction);
}

/** The as-of time asked for; else the example's, so that bundled data gives the same result on every day; else now. */
export function chooseAsOf(pipeline: PipelineDefinition, asked?: string): string {
  if (asked) return parseAsOf(asked);
  return pipeline.example?.as_of ?? tellPresent(pipeline.time_zone).now;
}

/**
 * Reads an as-of time: a day (its first moment) or a day and time.
 * @throws Error in a sentence when the text is none
 */
export function parseAsOf(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text);
  const time = `${match?.[1]} ${(match?.[2] ?? "00:00:00").padEnd(8, ":00")}`;
  if (!match || !isValid(parse(time, "yyyy-MM-dd HH:mm:ss", new Date(2000, 0, 1)))) {
    throw new Error(`"${text}" is not an as-of time; write 2019-01-10 or "2019-01-10 08:00:00".`);
  }
  return time;
}

/** The period asked for; else the example's; else the last full one before the as-of time. */
export function choosePeriod(
  pipeline: PipelineDefinition,
  asked: string | undefined,
  asOf: string,
): Period {
  if (!asked) {
    return pipeline.example
      ? parsePeriod(pipeline.example.period)
      : periodBefore(pipeline.frequency, asOf.slice(0, 10));
  }
  const period = parsePeriod(asked);
  if (period.frequency !== pipeline.frequency) {
    throw new Error(
      `The pipeline "${pipeline.pipeline}" works by ${pipeline.frequency}, but "${asked}" is a ${period.frequency}.`,
    );
  }
  if (period.start > asOf.slice(0, 10)) {
    throw new Error(
      `The period ${period.id} begins on ${period.start}, after the as-of time ${asOf}: nothing can be known of it yet. Give an earlier period or a later --as-of.`,
    );
  }
  return period;
}

/** Pseudonyms must stay the same from run to run, so the key is made once and kept, readable by its owner only. */
function readPseudonymKey(dataDir: string): string {
  const file = join(dataDir, "pseudonym.key");
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeWhole(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  }
  return readText(file).trim();
}
