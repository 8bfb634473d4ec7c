import { Command, InvalidArgumentError, Option } from "commander";
import { type Config, readConfig } from "../config.ts";
import { parsePeriod } from "../period.ts";
import { parseAsOf, type RunRequest } from "../run-context.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { openLog, openProgress, printFailure } from "./terminal.ts";

export interface CommonOptions {
  readonly json?: boolean;
  readonly memory?: string;
  readonly threads?: string;
  readonly period?: string;
  readonly asOf?: string;
  readonly port?: string;
}

export const periodOption = () =>
  new Option("-p, --period <period>", "month 2018-06, quarter 2018-Q2 or year 2018").argParser(
    readOption((text) => parsePeriod(text).id),
  );
export const asOfOption = (flag = "--as-of") =>
  new Option(
    `${flag} <time>`,
    'what was known at this time counts: 2019-01-10 or "2019-01-10 08:00:00"',
  ).argParser(readOption(parseAsOf));

/** A whole number of at least 1. */
export const readCount = readOption((text) => {
  if (!/^[1-9]\d*$/.test(text)) throw new Error("Give a whole number of at least 1.");
  return text;
});

const readMemory = readOption((text) => {
  if (!/^\d+(\.\d+)?\s*([KMGT]i?B)$/i.test(text)) throw new Error("Write it as 700MB or 4GB.");
  return text;
});

/** Makes a faulty option a fault of usage, said in the reader's own sentence. */
export function readOption(read: (text: string) => string) {
  return (text: string): string => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

/** A verb with the options that all verbs share. */
export function makeCommand(
  name: string,
  description: string,
  examples: readonly string[],
): Command {
  return new Command(name)
    .description(description)
    .option("--json", "print the result as JSON")
    .option("--memory <size>", "upper bound of the memory for data, as 700MB or 4GB", readMemory)
    .option("--threads <count>", "threads DuckDB may use", readCount)
    .addHelpText(
      "after",
      `\n示例 Examples:\n${examples.map((line) => `  $ zhengxin ${line}`).join("\n")}`,
    );
}

/** The settings, with what the command line says on top of the environment. */
export function configFor(options: CommonOptions): Config {
  return readConfig({
    ...process.env,
    ...(options.memory && { ZHENGXIN_MEMORY: options.memory }),
    ...(options.threads && { ZHENGXIN_THREADS: options.threads }),
    ...(options.port && { ZHENGXIN_PORT: options.port }),
  });
}

/** Builds the request of a run from a command line and hands it to the work; the bar is taken away afterwards. */
export async function withRequest<T>(
  pipeline: string | undefined,
  options: CommonOptions,
  work: (config: Config, request: RunRequest) => Promise<T>,
): Promise<T> {
  const config = configFor(options);
  const progress = openProgress(options.json);
  try {
    return await work(config, {
      pipeline: choosePipeline(config.workspace, pipeline),
      period: options.period,
      asOf: options.asOf,
      log: openLog(config),
      progress,
    });
  } finally {
    progress.stop();
  }
}

/** Runs a verb's work; a failure becomes a sentence and an exit code, never a stack trace. */
export function act<A extends unknown[]>(work: (...values: A) => Promise<number | undefined>) {
  return async (...values: A): Promise<void> => {
    const options = values.find(
      (value): value is A[number] & CommonOptions =>
        typeof value === "object" && value !== null && !(value instanceof Command),
    );
    try {
      process.exitCode = (await work(...values)) ?? 0;
    } catch (error) {
      process.exitCode = printFailure(options?.json, error);
    }
  };
}

/**
 * Why somebody acts, for the journal.
 * @throws Error in a sentence when nothing is said
 */
export function readReason(options: { readonly reason: string }): string {
  const reason = options.reason.trim();
  if (reason === "") throw new Error("请写明理由。Give a reason.");
  return reason;
}
