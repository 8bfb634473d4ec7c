import { resolve } from "node:path";
import { readSize } from "./data-size.ts";
import { shareForDatabase } from "./memory-share.ts";
import { SETTINGS, type Setting } from "./settings.ts";
import { readText } from "./whole-file.ts";

export interface Config {
  /** Folder with pipelines/ and metrics/, absolute. */
  readonly workspace: string;
  /** Folder for everything the program writes, absolute. */
  readonly dataDir: string;
  /** What DuckDB is told, as "1.5GB". */
  readonly memory: string;
  readonly threads: number;
  readonly pseudonymKey: string | undefined;
  /** File with the private key that signs what is published, absolute; empty: that of the data folder. */
  readonly signingKey?: string | undefined;
  readonly logLevel: string;
  /** Folder of the log's files, absolute; none: standard error alone. */
  readonly logFolder?: string | undefined;
  /** Days for which they are kept; none: the setting's own. */
  readonly logDays?: number;
  /** Empty for a private redis-server. */
  readonly redisUrl: string;
  readonly queuePrefix: string;
  readonly stallSeconds: number;
  readonly shutdownSeconds: number;
  readonly host: string;
  readonly port: number;
  readonly trustedProxies: number;
  readonly adminUser: string;
  readonly adminPassword: string;
  /** Browser that prints PDFs; undefined: the first found on `path`. */
  readonly chromium?: string | undefined;
  /** Folders in which programs are looked for, as the PATH gives them. */
  readonly path: string;
  /** The office that works at this console. */
  readonly actor?: string;
  /** File that says where alerts are sent to, absolute. */
  readonly alertChannels?: string;
  readonly platform?: string;
  /** Bounds of analysts' queries; none: the settings' own. */
  readonly sql?: SqlBounds;
  /** Bounds of reading a delivered file; none: the settings' own. */
  readonly reading?: ReadingBounds;
  /** Seconds that conforming may take for each million rows; none: the setting's own. */
  readonly conformSeconds?: number;
}

/** What reading one delivered file may take. */
export interface ReadingBounds {
  /** Resident memory of the process that reads, in bytes. */
  readonly memory: number;
  readonly seconds: number;
  readonly columns: number;
  /** Rows times columns. */
  readonly cells: number;
  /** Levels of JSON. */
  readonly depth: number;
  /** Bytes after decompression, and of the rows written out. */
  readonly inflated: number;
}

export interface SqlBounds {
  readonly seconds: number;
  readonly memory: string;
  readonly processes: number;
  readonly rows: number;
  readonly bytes: number;
}

const NO_PASSWORD = ", or none: then only a token of the role admin opens /queues.";
const PROGRAM_FOLDER = resolve(import.meta.dirname, "..");

/**
 * Reads the settings from the environment.
 * @throws Error with a sentence when a setting has a value that cannot be used.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const read = (setting: Setting) => environment[setting.name] || setting.fallback;
  const workspace = resolve(read(SETTINGS.workspace) || PROGRAM_FOLDER);
  const threads = Number(read(SETTINGS.threads));
  if (!Number.isInteger(threads) || threads < 1) {
    throw new Error(
      `The setting ${SETTINGS.threads.name} is "${read(SETTINGS.threads)}"; give a whole number of at least 1.`,
    );
  }
  const secret = (setting: Setting, least: number, more = ".") => {
    const value = read(setting);
    if (!value || value.length >= least) return value;
    throw new Error(
      `The setting ${setting.name} is too short; give at least ${least} characters${more}`,
    );
  };
  const number = (setting: Setting, least: number) => readNumber(environment, setting, least);
  return {
    workspace,
    sql: {
      seconds: number(SETTINGS.sqlSeconds, 1),
      memory: read(SETTINGS.sqlMemory),
      processes: number(SETTINGS.sqlProcesses, 1),
      rows: number(SETTINGS.sqlRows, 1),
      bytes: number(SETTINGS.sqlBytes, 1),
    },
    reading: readReadingBounds(environment),
    conformSeconds: number(SETTINGS.conformSeconds, 0.001),
    dataDir: resolve(workspace, read(SETTINGS.dataDir)),
    memory: shareForDatabase(read(SETTINGS.memory)),
    threads,
    pseudonymKey: secret(SETTINGS.pseudonymKey, 32) || undefined,
    signingKey: read(SETTINGS.signingKey) && resolve(workspace, read(SETTINGS.signingKey)),
    actor: read(SETTINGS.actor),
    chromium: read(SETTINGS.chromium) || undefined,
    path: environment.PATH ?? "",
    logLevel: read(SETTINGS.logLevel),
    logFolder: read(SETTINGS.logFolder) && resolve(workspace, read(SETTINGS.logFolder)),
    logDays: number(SETTINGS.logDays, 0),
    redisUrl: read(SETTINGS.redisUrl),
    queuePrefix: read(SETTINGS.queuePrefix),
    stallSeconds: number(SETTINGS.stallSeconds, 1),
    shutdownSeconds: number(SETTINGS.shutdownSeconds, 0),
    host: read(SETTINGS.host),
    port: number(SETTINGS.port, 0),
    trustedProxies: number(SETTINGS.trustedProxies, 0),
    adminUser: read(SETTINGS.adminUser),
    adminPassword: secret(SETTINGS.adminPassword, 12, NO_PASSWORD),
    alertChannels: resolve(workspace, read(SETTINGS.alertChannels)),
    platform: resolve(workspace, read(SETTINGS.platform)),
  };
}

function readNumber(environment: NodeJS.ProcessEnv, setting: Setting, least: number): number {
  const text = environment[setting.name] || setting.fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value >= least) return value;
  throw new Error(`The setting ${setting.name} is "${text}"; give a number of at least ${least}.`);
}

/**
 * The bounds of reading delivered files.
 * @throws Error with a sentence when a setting has a value that cannot be used
 */
export function readReadingBounds(environment: NodeJS.ProcessEnv = {}): ReadingBounds {
  const number = (setting: Setting) => readNumber(environment, setting, 1);
  const size = (setting: Setting) =>
    readSize(environment[setting.name] || setting.fallback, setting.name);
  return {
    memory: size(SETTINGS.readMemory),
    seconds: number(SETTINGS.readSeconds),
    columns: number(SETTINGS.readColumns),
    cells: number(SETTINGS.readCells),
    depth: number(SETTINGS.readDepth),
    inflated: size(SETTINGS.readInflated),
  };
}

/** A secret, or why there is none; `place` says where it was looked for. */
export type FoundSecret =
  | { readonly value: string }
  | { readonly place: string; readonly problem: { readonly zh: string; readonly en: string } };

/**
 * Reads a secret that a source's definition names, from the environment or from a file.
 * @param reference the variable's name, or the file's path relative to the workspace; a line end after the secret is left out
 */
export function readSecret(
  { env, file }: { readonly env?: string | undefined; readonly file?: string | undefined },
  workspace: string,
  environment: NodeJS.ProcessEnv = process.env,
): FoundSecret {
  if (env !== undefined) {
    const value = environment[env];
    if (value) return { value };
    return {
      place: env,
      problem: {
        zh: `环境变量 ${env} 没有设置，缺少凭据。请在运行环境中设置后重试。`,
        en: `The environment variable ${env} is not set, and a secret is expected in it. Set it where the program runs.`,
      },
    };
  }
  const path = resolve(workspace, file ?? "");
  try {
    const value = readText(path).replace(/\r?\n$/, "");
    if (value !== "") return { value };
  } catch {
    // Told below: whether it is missing or closed, the same person has to look.
  }
  return {
    place: path,
    problem: {
      zh: `凭据文件 ${path} 不存在、为空或无权读取。请放好文件并只允许本程序读取。`,
      en: `The secret file ${path} is missing, empty or may not be read. Put it there, readable by this program alone.`,
    },
  };
}
