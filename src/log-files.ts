import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { dayBefore } from "./present.ts";
import { SETTINGS } from "./settings.ts";

/** The log that the private redis-server writes, in its folder; see private-redis.ts. */
const REDIS_LOG = "redis.log";
/** From this size on it goes on in a new file. */
const REDIS_LOG_BYTES = 1_000_000;
/** A file of one day. */
const OF_A_DAY = /^(?:zhengxin|redis)-(\d{4}-\d{2}-\d{2})(?:-\d+)?\.log$/;

/** A file of the program's own log that is kept no longer. */
export interface OldLog {
  readonly file: string;
  readonly bytes: number;
}

/** Where lines of the log go. */
export interface LogStream {
  write(line: string): void;
}

/**
 * Standard error and, where a folder for logs is given, a file a day in it. What cannot be written there is still on standard error, and
 * why not is said once.
 */
export function openLogStream(config: Pick<Config, "logFolder">): LogStream {
  const { logFolder } = config;
  if (!logFolder) return process.stderr;
  let told = false;
  return {
    write(line) {
      process.stderr.write(line);
      try {
        mkdirSync(logFolder, { recursive: true, mode: 0o700 });
        appendFileSync(join(logFolder, `zhengxin-${today()}.log`), line, { mode: 0o600 });
        told = false;
      } catch (error) {
        if (!told) process.stderr.write(`${sayUnwritten(logFolder, error as Error)}\n`);
        told = true;
      }
    },
  };
}

/** The program's log files that are older than is kept: those of the folder for logs, and the private redis-server's. */
export function listOldLogs(config: LogPlaces): OldLog[] {
  const limit = dayBefore(today(), config.logDays ?? Number(SETTINGS.logDays.fallback));
  return [config.logFolder, redisFolder(config)]
    .filter((folder) => folder && existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder as string)
        .filter((name) => (OF_A_DAY.exec(name)?.[1] ?? today()) < limit)
        .map((name) => join(folder as string, name)),
    )
    .map((file) => ({ file, bytes: statSync(file).size }));
}

/** Takes old log files away, and lets a long one of the redis-server go on in a new file. */
export function tidyLogs(config: LogPlaces): OldLog[] {
  const old = listOldLogs(config);
  for (const { file } of old) rmSync(file, { force: true });
  const log = join(redisFolder(config), REDIS_LOG);
  // The server opens it anew for every line.
  if (existsSync(log) && statSync(log).size > REDIS_LOG_BYTES) renameSync(log, freeName(config));
  return old;
}

type LogPlaces = Pick<Config, "dataDir" | "logFolder" | "logDays">;

const redisFolder = ({ dataDir }: Pick<Config, "dataDir">) => join(dataDir, "redis");

function freeName(config: LogPlaces): string {
  const name = (number: number) =>
    join(redisFolder(config), `redis-${today()}${number > 0 ? `-${number}` : ""}.log`);
  let number = 0;
  while (existsSync(name(number))) number++;
  return name(number);
}

/** Days of log files are told apart by universal time. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function sayUnwritten(folder: string, { message }: Error): string {
  return `日志无法写入 ${folder}，仅写到标准错误。The log cannot be written to ${folder} and goes to standard error alone: ${message}`;
}
