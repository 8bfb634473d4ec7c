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
  logFolder: {
    name: "ZHENGXIN_LOG_FOLDER",
    fallback: "",
    description:
      "Folder in which up, worker and scheduler write their log too, a file a day; relative to the workspace. Empty: standard error alone.",
  },
  logDays: {
    name: "ZHENGXIN_LOG_DAYS",
    fallback: "90",
    description:
      "How many days the files of the log are kept, those of the private redis-server too.",
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
  conformSeconds: {
    name: "ZHENGXIN_CONFORM_SECONDS",
    fallback: "300",
    description:
      "Seconds that turning a source's rows into records may take, for each million rows begun; then it is stopped, and the file that takes so long is refused.",
  },
} as const satisfies Record<string, Setting>;
