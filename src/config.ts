import { resolve } from "node:path";

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
    fallback: "512MB",
    description: "Upper bound of DuckDB's memory; beyond it work spills to disk.",
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
  alertChannels: {
    name: "ZHENGXIN_ALERT_CHANNELS",
    fallback: "pipelines/alert-channels.yaml",
    description:
      "File that says where alerts are sent to; relative to the workspace. Absent: they are written as files into the data folder.",
  },
  logLevel: {
    name: "ZHENGXIN_LOG_LEVEL",
    fallback: "warn",
    description: "Least severe log line to print: debug, info, warn, error, silent.",
  },
} as const satisfies Record<string, Setting>;

export interface Config {
  /** Folder with pipelines/ and metrics/, absolute. */
  readonly workspace: string;
  /** Folder for everything the program writes, absolute. */
  readonly dataDir: string;
  readonly memory: string;
  readonly threads: number;
  readonly pseudonymKey: string | undefined;
  readonly logLevel: string;
  /** File that says where alerts are sent to, absolute. */
  readonly alertChannels?: string;
}

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
  const key = read(SETTINGS.pseudonymKey);
  if (key && key.length < 32) {
    throw new Error(
      `The setting ${SETTINGS.pseudonymKey.name} is too short; give at least 32 characters.`,
    );
  }
  return {
    workspace,
    dataDir: resolve(workspace, read(SETTINGS.dataDir)),
    memory: read(SETTINGS.memory),
    threads,
    pseudonymKey: key || undefined,
    logLevel: read(SETTINGS.logLevel),
    alertChannels: resolve(workspace, read(SETTINGS.alertChannels)),
  };
}
