import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { listPublished } from "../publish/find-published.ts";
import { openPublished } from "../publish/open-published.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "../run-context.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { readUnsent } from "../standard/unsent-alerts.ts";
import { findPipeline } from "../standard/workspace.ts";
import { sqlFile } from "../store/sql-file.ts";
import { Store } from "../store/store.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { act, type CommonOptions, configFor, makeCommand } from "./command.ts";
import { padColumns, printResult } from "./terminal.ts";

const sql = sqlFile(import.meta.dirname, "cli.sql");

interface SourceStatus {
  readonly source_id: string;
  readonly files: number;
  readonly files_refused: number;
  readonly rows_received: number;
  readonly rows_quarantined: number;
  readonly newest_received: string;
  /** Files no longer in the folder they came from, and files withdrawn by hand. */
  readonly files_gone: number;
  readonly files_withdrawn: number;
  /** A source that is not the pipeline's does not count for it. */
  readonly in_pipeline: boolean;
}

interface RunStatus {
  readonly run_id: string;
  readonly period: string;
  readonly as_of: string;
  readonly standard_id: string;
  readonly state: string;
}

interface AlertStatus {
  readonly source_id: string;
  readonly kind: string;
  readonly severity: string;
  readonly alert_key: string;
  readonly since: string | null;
  readonly observed: string | null;
  readonly expected: string | null;
  readonly message_zh: string;
  readonly message_en: string;
  readonly run_id: string | null;
}

interface FailedCheck {
  readonly check_id: string;
  readonly source_id: string | null;
  readonly severity: string;
  readonly failing_rows: number;
  readonly message_zh: string;
  readonly message_en: string;
}

/** Messages that will not go out by themselves. */
interface StuckMessages {
  readonly channel: string;
  readonly state: "refused" | "failed";
  readonly messages: number;
  readonly cause: string | null;
}

interface PublishedMonth {
  readonly period: string;
  readonly run: string;
  readonly latest: boolean;
}

/** What is held for a pipeline, and what is amiss with it. */
interface Status {
  readonly pipeline: string;
  readonly data_dir: string;
  readonly sources: readonly SourceStatus[];
  readonly alerts: readonly AlertStatus[];
  readonly checks: readonly FailedCheck[];
  readonly messages: readonly StuckMessages[];
  readonly runs: readonly RunStatus[];
  readonly published: readonly PublishedMonth[];
  /** Alerts that a channel does not carry because it does not say who reads it. */
  readonly unsent: readonly Bilingual[];
}

/** `zhengxin status`: what is held of a jurisdiction. */
export function statusCommand() {
  return makeCommand("status", "Show what is held: sources, runs, published periods.", [
    "status",
    "status connecticut --json",
  ])
    .argument("[pipeline]", "name of a file in pipelines/")
    .action(
      act(async (named: string | undefined, options: CommonOptions) => {
        const config = configFor(options);
        const pipeline = findPipeline(config.workspace, choosePipeline(config.workspace, named));
        const { findRedisTrouble } = await import("../queue/redis-state.ts");
        const redis = (await findRedisTrouble(config)) ?? null;
        const status = { ...(await readStatus(config, pipeline)), redis };
        const told = redis ? [`! ${redis.zh}`, `  ${redis.en}`, ""] : [];
        printResult(options.json, status, [...told, describeStatus(status)].join("\n"));
        return undefined;
      }),
    );
}

/** Reads what is held for a pipeline; nothing is changed by it. */
export async function readStatus(config: Config, pipeline: PipelineDefinition): Promise<Status> {
  const asked = { pipeline: pipeline.pipeline };
  const own = { sources: JSON.stringify(pipeline.sources) };
  const dataDir = jurisdictionFolder(config, pipeline);
  const database = join(dataDir, WORKING_DATABASE);
  if (!existsSync(database)) {
    return {
      pipeline: pipeline.pipeline,
      data_dir: dataDir,
      sources: [],
      alerts: [],
      checks: [],
      messages: [],
      runs: [],
      published: [],
      unsent: [],
    };
  }
  const store = await Store.open(database, config);
  try {
    const runs = await store.rows<RunStatus>(sql("status-runs"), asked);
    const published = listPublished(dataDir, pipeline.pipeline);
    const newest = published.find((one) => one.newest);
    // A question about an earlier time is worked out apart: of its run there is nothing here but what it published.
    const apart = newest && !runs.some(({ run_id }) => run_id === newest.run) ? newest : undefined;
    return {
      pipeline: pipeline.pipeline,
      data_dir: dataDir,
      sources: await store.rows<SourceStatus>(sql("status-sources"), own),
      alerts: await store.rows<AlertStatus>(sql("status-alerts"), { ...asked, ...own }),
      checks: apart
        ? await readPublishedChecks(config, apart.folder)
        : await store.rows<FailedCheck>(sql("status-checks"), asked),
      messages: await store.rows<StuckMessages>(sql("status-messages")),
      runs,
      published,
      unsent: readUnsent(config.workspace, config.alertChannels, pipeline.warnings ?? []),
    };
  } finally {
    store.close();
  }
}

async function readPublishedChecks(config: Config, folder: string): Promise<FailedCheck[]> {
  const store = await openPublished(config, folder);
  try {
    return await store.rows<FailedCheck>(sql("published-checks"));
  } finally {
    store.close();
  }
}

/** A status in words, line by line. */
export function describeStatus(status: Status): string {
  const { pipeline, data_dir, sources, alerts, checks, messages, runs, published } = status;
  if (sources.length + alerts.length + runs.length === 0) {
    return `Nothing is held for ${pipeline} in ${data_dir} yet; "zhengxin run ${pipeline}" begins.`;
  }
  const number = (value: number, width: number) => value.toLocaleString("en-US").padStart(width);
  return [
    data_dir,
    "",
    `${padColumns("来源 source", 26)}${"files".padStart(7)}${"refused".padStart(9)}${"rows".padStart(12)}${"quarantined".padStart(13)}`,
    ...sources.map(
      (source) =>
        `${padColumns(source.source_id, 26)}${number(source.files, 7)}${number(source.files_refused, 9)}${number(source.rows_received, 12)}${number(source.rows_quarantined, 13)}${describeMarks(source)}`,
    ),
    "",
    "运行告警 operations alerts",
    ...(alerts.length === 0 ? ["  无 none"] : alerts.flatMap(describeAlert)),
    "",
    "未通过的检查 failing checks",
    ...(checks.length === 0 ? ["  无 none"] : checks.flatMap(describeCheck)),
    ...(messages.length === 0
      ? []
      : ["", "未送出的消息 messages set aside", ...messages.map(describeStuck)]),
    ...(status.unsent.length === 0
      ? []
      : [
          "",
          "不由某渠道发出的预警 alerts that a channel does not carry",
          ...status.unsent.flatMap(({ zh, en }) => [`  ${zh}`, `  ${en}`]),
        ]),
    "",
    "运行 runs",
    ...runs.map(
      (run) =>
        `  ${run.period}  as of ${run.as_of}  ${run.run_id}  ${run.standard_id}  ${run.state}`,
    ),
    "",
    "已发布 published",
    ...published.map(
      ({ period, run, latest }) => `  ${period}  ${run}${latest ? "  (latest)" : ""}`,
    ),
  ].join("\n");
}

/** What of a source's files no longer counts, or is no longer where it was. */
function describeMarks({ files_gone, files_withdrawn, in_pipeline }: SourceStatus): string {
  return [
    in_pipeline ? "" : "  不属本流水线，不计入 not of this pipeline, does not count",
    files_gone > 0 ? `  ${files_gone} 个文件已不在文件夹中 no longer in the folder` : "",
    files_withdrawn > 0 ? `  ${files_withdrawn} 个文件已撤下 withdrawn` : "",
  ].join("");
}

function describeAlert({ source_id, kind, severity, since, message_zh, message_en }: AlertStatus) {
  const from = since === null ? "" : `  since ${since}`;
  return [`  ${severity}  ${source_id}  ${kind}${from}`, `    ${message_zh}`, `    ${message_en}`];
}

function describeStuck({ channel, state, messages, cause }: StuckMessages) {
  const why = state === "refused" ? "被拒收 refused for good" : "多次未成，已放弃 given up";
  return `  ${channel}  ${messages}  ${why}: ${cause ?? ""}`;
}

function describeCheck({ check_id, source_id, severity, message_zh, message_en }: FailedCheck) {
  const of = source_id === null ? "" : `  ${source_id}`;
  return [`  ${severity}${of}  ${check_id}`, `    ${message_zh}`, `    ${message_en}`];
}
