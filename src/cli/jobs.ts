import type { Command } from "commander";
import type { DeadJob } from "../queue/dead-jobs.ts";
import { askRun } from "../run-question.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  configFor,
  makeCommand,
  periodOption,
} from "./command.ts";
import { loadQueue } from "./load-queue.ts";
import { openLog, printResult } from "./terminal.ts";

/** `zhengxin jobs`: what is in the queues. */
export function jobsCommand(): Command {
  return (
    makeCommand("jobs", "Show the queues; add a run, show, list, retry or drop jobs.", [
      "jobs",
      "jobs add qingdao --period 2018-06",
      "jobs failed",
      "jobs show conform.qingdao.2018-06.3f9c1a2b4d5e",
      "jobs retry conform.qingdao.2018-06.3f9c1a2b4d5e",
      "jobs retry --all",
      "jobs drop conform.qingdao.2018-06.3f9c1a2b4d5e",
    ])
      // Options after the name of an action belong to the action.
      .enablePositionalOptions()
      .action(act(countJobs))
      .addCommand(addCommand())
      .addCommand(failedCommand())
      .addCommand(showCommand())
      .addCommand(retryCommand())
      .addCommand(dropCommand())
  );
}

async function countJobs(options: CommonOptions): Promise<undefined> {
  const config = configFor(options);
  const log = openLog(config);
  const { describeBackfill, listBackfills, visitQueues } = await loadQueue();
  const found = await visitQueues(config, log, async (queues, redis) => ({
    queues: await Promise.all(
      queues.all.map(async (queue) => ({ queue: queue.name, ...(await queue.getJobCounts()) })),
    ),
    backfills: await Promise.all(
      (await listBackfills(queues, redis)).map(async (backfill) => ({
        backfill: backfill.id,
        pipeline: backfill.pipeline,
        periods: backfill.periods.length,
        ...(await describeBackfill(queues, backfill)),
      })),
    ),
  }));
  const line = (entry: Record<string, string | number>) =>
    Object.entries(entry)
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => `${name} ${value}`)
      .join("  ");
  printResult(options.json, found, [...found.queues, ...found.backfills].map(line).join("\n"));
}

interface AddOptions extends CommonOptions {
  readonly force?: boolean;
}

function addCommand(): Command {
  return makeCommand("add", "Queue one run; the same question asked twice is one run.", [
    "jobs add qingdao --period 2018-06",
    "jobs add qingdao --period 2018-06 --force",
  ])
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .option("--force", "make a new run even when this one is there")
    .action(
      act(async (named: string | undefined, options: AddOptions) => {
        const config = configFor(options);
        const question = askRun(config, {
          pipeline: choosePipeline(config.workspace, named),
          ...(options.period && { period: options.period }),
          ...(options.asOf && { asOf: options.asOf }),
        });
        const version = options.force
          ? `${question.inputVersion}-${Date.now().toString(36)}`
          : question.inputVersion;
        const { addRun, visitQueues } = await loadQueue();
        const { id, added } = await visitQueues(config, openLog(config), (queues) =>
          addRun(queues, { ...question, version }),
        );
        printResult(
          options.json,
          { run: id, added },
          added
            ? `${id} is in the queue.`
            : `${id} is there already, from the same inputs; --force makes a new run.`,
        );
        return undefined;
      }),
    );
}

function failedCommand(): Command {
  return makeCommand("failed", "List the jobs that have failed their last try.", [
    "jobs failed",
  ]).action(
    act(async (options: CommonOptions) => {
      const config = configFor(options);
      const { clearSettled, listDeadJobs, visitQueues } = await loadQueue();
      const dead = await visitQueues(config, openLog(config), async (queues, redis) => {
        await clearSettled(queues, redis);
        return listDeadJobs(queues);
      });
      printResult(
        options.json,
        dead,
        dead.length > 0 ? dead.map(describeDead).join("\n") : "无 None.",
      );
      return undefined;
    }),
  );
}

function describeDead({ id, reason, attempts, failedAt }: DeadJob): string {
  return `${id}\n  ${failedAt}, after ${attempts} ${attempts === 1 ? "try" : "tries"}: ${reason.replaceAll("\n", " ")}`;
}

function showCommand(): Command {
  return makeCommand("show", "Show what the queue knows of a job, with its log.", [
    "jobs show publish.qingdao.2018-06.3f9c1a2b4d5e",
  ])
    .argument("<job>", "id of the job")
    .action(
      act(async (id: string, options: CommonOptions) => {
        const config = configFor(options);
        const { showJob, visitQueues } = await loadQueue();
        const job = await visitQueues(config, openLog(config), (queues) => showJob(queues, id));
        const { log, progress, result, ...rest } = job;
        printResult(
          options.json,
          job,
          [
            ...Object.entries(rest).map(([name, value]) => `${name.padEnd(10)} ${value ?? ""}`),
            `progress   ${JSON.stringify(progress)}`,
            `result     ${JSON.stringify(result)}`,
            "",
            ...log,
          ].join("\n"),
        );
        return undefined;
      }),
    );
}

interface RetryOptions extends CommonOptions {
  readonly all?: boolean;
}

function retryCommand(): Command {
  return makeCommand("retry", "Give failed jobs their tries anew; what waits for them goes on.", [
    "jobs retry conform.qingdao.2018-06.3f9c1a2b4d5e",
    "jobs retry --all",
  ])
    .argument("[jobs...]", "ids of the jobs")
    .option("--all", "every failed job")
    .action(
      act(async (named: string[], options: RetryOptions) => {
        if (named.length === 0 && !options.all) {
          throw new Error('Name the jobs, or say --all; "zhengxin jobs failed" lists them.');
        }
        const config = configFor(options);
        const { clearSettled, listDeadJobs, retryJob, visitQueues } = await loadQueue();
        const done = await visitQueues(config, openLog(config), async (queues, redis) => {
          // What newer runs have overtaken is not to be revived.
          const left = options.all ? await clearSettled(queues, redis) : [];
          const retried = options.all ? (await listDeadJobs(queues)).map(({ id }) => id) : named;
          for (const id of retried) await retryJob(queues, id);
          return { retried, left };
        });
        printResult(
          options.json,
          done,
          [
            ...done.retried.map((id) => `${id}: 重试 again`),
            ...done.left.map(({ id, why }) => `${id}: ${WHY_LEFT[why]}`),
          ].join("\n") || "无 None.",
        );
        return undefined;
      }),
    );
}

/** Why a dead job is no longer in the list. */
const WHY_LEFT = {
  done: "其运行已完成，不再重试 its run is through, not tried again",
  gone: "其运行已被去掉，不再重试 its run was taken out, not tried again",
  overtaken:
    "已被同期较新的运行取代，不再重试 overtaken by a newer run of its period, not tried again",
  dropped: "已去掉 dropped",
} as const;

function dropCommand(): Command {
  return makeCommand("drop", "Take failed jobs out for good; with a dead stage goes its run.", [
    "jobs drop conform.qingdao.2018-06.3f9c1a2b4d5e",
    "jobs drop --all",
  ])
    .argument("[jobs...]", "ids of the jobs")
    .option("--all", "every failed job")
    .action(
      act(async (named: string[], options: RetryOptions) => {
        if (named.length === 0 && !options.all) {
          throw new Error(
            '请写明任务，或用 --all；zhengxin jobs failed 列出失败的任务。\nName the jobs, or say --all; "zhengxin jobs failed" lists them.',
          );
        }
        const config = configFor(options);
        const { dropJobs, visitQueues } = await loadQueue();
        const dropped = await visitQueues(config, openLog(config), (queues, redis) =>
          dropJobs(queues, redis, options.all ? "all" : named),
        );
        printResult(
          options.json,
          { dropped },
          dropped.map(({ id, why }) => `${id}: ${WHY_LEFT[why]}`).join("\n") || "无 None.",
        );
        return undefined;
      }),
    );
}
