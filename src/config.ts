import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readSize } from "./data-size.ts";
import { shareForDatabase } from "./memory-share.ts";

/** One setting of the program: where it is read from, what it is when unset, and what it means. */
export interface Setting {
  readonly name: string;
  readonly fallback: string;
  readonly description: string;
}

/** Every setting, in one table. `docs/operations.md` lists them; nothing else reads the environment. */
export const SETTINGS = {
  workspace: {
    name: "ZHENGXIN_WORKSPACE",
    fallback: "",
    description:
      "Folder that holds pipelines/ and metrics/. Empty: the folder of the program itself.",
  },
  dataDir: {
    name: "DATA_DIR",
    fallback: ".data",
    description:
      "Where raw files, working databases and published months are kept; relative to the workspace.",
  },
  memory: {
    name: "ZHENGXIN_MEMORY",
    fallback: "700MB",
    description:
      "Upper bound of the memory for data; beyond it work spills to disk. DuckDB is told three quarters of it, since some of what it takes is outside its own bound. The program itself takes some 300 MB besides.",
  },
  threads: {
    name: "ZHENGXIN_THREADS",
    fallback: "2",
    description: "Threads DuckDB may use.",
  },
  pseudonymKey: {
    name: "ZHENGXIN_PSEUDONYM_KEY",
    fallback: "",
    description:
      "Key of the pseudonyms of natural persons (at least 32 characters). Empty: one is made and kept in DATA_DIR, readable by its owner only.",
  },
  signingKey: {
    name: "ZHENGXIN_SIGNING_KEY",
    fallback: "",
    description:
      "File with the office's Ed25519 private key (PEM), which signs what is published; relative to the workspace. Empty: one is made and kept in DATA_DIR, readable by its owner only.",
  },
  alertChannels: {
    name: "ZHENGXIN_ALERT_CHANNELS",
    fallback: "pipelines/alerts/channels.yaml",
    description:
      "File that says where alerts are sent to; relative to the workspace. Absent: they are written as files into the data folder.",
  },
  platform: {
    name: "ZHENGXIN_PLATFORM",
    fallback: "pipelines/records/platform.yaml",
    description:
      "File that says where results of objections and repairs are pushed to; relative to the workspace. Absent: they are laid down as files in the data folder.",
  },
  actor: {
    name: "ZHENGXIN_ACTOR",
    fallback: "unnamed-office",
    description:
      "The office that works at this console, as the audit journal names it; never a person's name.",
  },
  chromium: {
    name: "ZHENGXIN_CHROMIUM",
    fallback: "",
    description:
      "Browser that prints credit reports as PDF. Empty: chromium, chromium-browser or google-chrome on the PATH.",
  },
  logLevel: {
    name: "ZHENGXIN_LOG_LEVEL",
    fallback: "warn",
    description: "Least severe log line to print: debug, info, warn, error, silent.",
  },
  redisUrl: {
    name: "REDIS_URL",
    fallback: "",
    description:
      "Redis of the queues, as redis://host:6379/0. Empty: a private redis-server is started, with its data in DATA_DIR.",
  },
  queuePrefix: {
    name: "ZHENGXIN_QUEUE_PREFIX",
    fallback: "zhengxin",
    description: "What the queues' keys begin with, where several installations share one Redis.",
  },
  stallSeconds: {
    name: "ZHENGXIN_STALL_SECONDS",
    fallback: "30",
    description: "After so long without a sign of life, the job of a worker is given to another.",
  },
  shutdownSeconds: {
    name: "ZHENGXIN_SHUTDOWN_SECONDS",
    fallback: "60",
    description:
      "How long a stage that is running may take to finish when the program is stopped; then it is rolled back.",
  },
  host: {
    name: "ZHENGXIN_HOST",
    fallback: "127.0.0.1",
    description: "Address the web server listens on.",
  },
  port: {
    name: "ZHENGXIN_PORT",
    fallback: "8080",
    description: "Port the web server listens on.",
  },
  trustedProxies: {
    name: "ZHENGXIN_TRUSTED_PROXIES",
    fallback: "0",
    description:
      "How many proxies of one's own stand before the web server; then visitors are told apart by X-Forwarded-For, and X-Forwarded-Proto says whether they came by https.",
  },
  adminUser: {
    name: "ZHENGXIN_ADMIN_USER",
    fallback: "admin",
    description: "Who may look into the queues at /queues.",
  },
  adminPassword: {
    name: "ZHENGXIN_ADMIN_PASSWORD",
    fallback: "",
    description:
      "Password for /queues, at least 12 characters. Empty: only a token of the role admin opens it.",
  },
  sqlSeconds: {
    name: "ZHENGXIN_SQL_SECONDS",
    fallback: "60",
    description: "Seconds an analyst's query may take, to the last byte of its answer.",
  },
  sqlMemory: {
    name: "ZHENGXIN_SQL_MEMORY",
    fallback: "512MB",
    description:
      "Memory for the data of one query. Its process is killed when it takes twice this and 700 MB besides.",
  },
  sqlProcesses: {
    name: "ZHENGXIN_SQL_PROCESSES",
    fallback: "2",
    description:
      "Queries that run at a time, each in a process of its own; one user runs no more than all but one of them.",
  },
  sqlRows: {
    name: "ZHENGXIN_SQL_ROWS",
    fallback: "10000000",
    description: "Rows of a query's answer at most; it says when it was cut off.",
  },
  sqlBytes: {
    name: "ZHENGXIN_SQL_BYTES",
    fallback: "1000000000",
    description: "Bytes of a query's answer at most, and what it may spill to disk.",
  },
  readMemory: {
    name: "ZHENGXIN_READ_MEMORY",
    fallback: "2GB",
    description:
      "Memory of a process that reads delivered files. It is killed when it takes more, and the file is refused.",
  },
  readSeconds: {
    name: "ZHENGXIN_READ_SECONDS",
    fallback: "300",
    description:
      "Seconds that reading one file may take; then its process is killed, and the file is refused.",
  },
  readColumns: {
    name: "ZHENGXIN_READ_COLUMNS",
    fallback: "2000",
    description: "Columns a delivered table may have.",
  },
  readCells: {
    name: "ZHENGXIN_READ_CELLS",
    fallback: "1000000000",
    description: "Cells a delivered table may have: rows times columns.",
  },
  readDepth: {
    name: "ZHENGXIN_READ_DEPTH",
    fallback: "100",
    description: "Levels to which lists and objects of a delivered JSON file may be nested.",
  },
  readInflated: {
    name: "ZHENGXIN_READ_INFLATED",
    fallback: "4GB",
    description:
      "What a delivered file may grow to when it is decompressed, and its rows when they are written out.",
  },
} as const satisfies Record<string, Setting>;

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
    dataDir: resolve(workspace, read(SETTINGS.dataDir)),
    memory: shareForDatabase(read(SETTINGS.memory)),
    threads,
    pseudonymKey: secret(SETTINGS.pseudonymKey, 32) || undefined,
    signingKey: read(SETTINGS.signingKey) && resolve(workspace, read(SETTINGS.signingKey)),
    actor: read(SETTINGS.actor),
    chromium: read(SETTINGS.chromium) || undefined,
    path: environment.PATH ?? "",
    logLevel: read(SETTINGS.logLevel),
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
    const value = readFileSync(path, "utf8").replace(/\r?\n$/, "");
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
