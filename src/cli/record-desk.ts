import type { Config } from "../config.ts";
import { tellPresent } from "../present.ts";
import { type PushOutcome, pushResults } from "../record/outbox.ts";
import { listInboxes } from "../record/submit-event.ts";
import { runPipeline } from "../run.ts";
import { jurisdictionFolder, openContext } from "../run-context.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { readPipelineRules } from "../standard/pipeline-rules.ts";
import { readPlatform } from "../standard/platform-file.ts";
import type { RecordRules } from "../standard/record-rules.ts";
import { findPipeline } from "../standard/workspace.ts";
import type { Store } from "../store/store.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { type CommonOptions, configFor } from "./command.ts";
import { openLog } from "./terminal.ts";

export interface DeskOptions extends CommonOptions {
  readonly pipeline?: string;
  readonly at?: string;
}

/** Where the life of records is worked on. */
export interface RecordDesk {
  readonly config: Config;
  readonly pipeline: PipelineDefinition;
  readonly dataDir: string;
  readonly rules: RecordRules;
  /** Civil time in the pipeline's zone. */
  readonly now: string;
  /** Seconds since 1970. */
  readonly seconds: number;
}

export function openRecordDesk(options: DeskOptions): RecordDesk {
  const config = configFor(options);
  const pipeline = findPipeline(
    config.workspace,
    choosePipeline(config.workspace, options.pipeline),
  );
  const { now, seconds } = tellPresent(pipeline.time_zone);
  return {
    config,
    pipeline,
    dataDir: jurisdictionFolder(config, pipeline),
    rules: readPipelineRules(config.workspace, pipeline),
    now: options.at ?? now,
    seconds,
  };
}

/** Asks the working database what is known at the desk's time. */
export async function askRecords<T>(
  desk: RecordDesk,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const context = await openContext(desk.config, requestOf(desk));
  try {
    return await work(context.store);
  } finally {
    context.store.close();
  }
}

/** Lets the line take what was handed in, and then asks. */
export async function takeIn<T>(desk: RecordDesk, work: (store: Store) => Promise<T>): Promise<T> {
  const { context } = await runPipeline(desk.config, requestOf(desk), { through: "conform" });
  try {
    return await work(context.store);
  } finally {
    context.store.close();
  }
}

/** The question the desk asks of the pipeline. */
export function requestOf({ config, pipeline, now }: RecordDesk) {
  return { pipeline: pipeline.pipeline, asOf: now, log: openLog(config) };
}

/** Pushes the results of what was handled here back to the platform. */
export function push(desk: RecordDesk, store: Store): Promise<PushOutcome> {
  const { config, pipeline, dataDir, now, seconds } = desk;
  return pushResults({
    atDatabase: (work) => work(store),
    dataDir,
    now,
    seconds,
    sources: listInboxes(config.workspace, pipeline),
    platform: readPlatform(config.platform ?? ""),
  });
}
