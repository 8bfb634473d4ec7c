import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";

/**
 * What keeps files from being read or written, told apart by what somebody can do about it.
 * - in-use: another process has the database open; a matter of waiting
 * - damaged: content does not match its checksums, or a part is missing
 * - no-database: empty, or another kind of file has the name
 * - other-version: sound, but written by another version of DuckDB
 * - memory: more is wanted than the program may use for data, and what does not fit cannot be put aside
 * - full, read-only, denied, failing: the disk, its mount, its permissions, its hardware
 * - missing: it is not there, or a link leads to nothing
 * - no-file: a folder, or a link that leads in a circle, has the name of a file, or a file that of a folder
 * - too-many-open: the system gives this program no further files
 */
export type StorageFaultKind =
  | "in-use"
  | "damaged"
  | "no-database"
  | "other-version"
  | "memory"
  | "full"
  | "read-only"
  | "denied"
  | "failing"
  | "missing"
  | "no-file"
  | "too-many-open";

/** A fault of storage, as a sentence in each language. */
export interface StorageFault {
  readonly kind: StorageFaultKind;
  /** The file or folder; empty where nobody can say. */
  readonly path: string;
  readonly zh: string;
  readonly en: string;
}

/** A fault of storage that another process of the program met. */
export class StorageError extends Error {
  override readonly name = "StorageError";

  constructor(readonly storage: StorageFault) {
    super(`${storage.zh} ${storage.en}`);
  }
}

/** What DuckDB says when it wants more memory than it was told it may have; of a commit it says so only in the text. */
export const OUT_OF_MEMORY =
  /Out of Memory Error|failed to allocate|bad_alloc|bad allocation|could not allocate block|failed to (?:pin|offload) (?:data )?block/i;

/** What DuckDB and the system say, the most telling first: a full disk can make a checkpoint fail, which sounds like damage. */
const SAID: readonly (readonly [StorageFaultKind, RegExp])[] = [
  [
    "in-use",
    /Could not set lock|Conflicting lock|used by another process|Unique file handle conflict/i,
  ],
  [
    "full",
    /No space left on device|not enough space on the disk|quota exceeded|max_temp_directory_size/i,
  ],
  ["memory", OUT_OF_MEMORY],
  ["read-only", /Read-only file system/i],
  ["denied", /Permission denied|Operation not permitted/i],
  ["failing", /Input\/output error|Stale (?:NFS )?file handle/i],
  ["too-many-open", /Too many open files/i],
  ["no-file", /Too many levels of symbolic links|Not a directory|File name too long/i],
  ["other-version", /Trying to read a database file with version number/i],
  ["no-database", /not a valid DuckDB database file|Is a directory/i],
  [
    "damaged",
    /Corrupt database file|Corrupt WAL|replaying WAL|Could not read enough bytes|checksum|Failed to deserialize/i,
  ],
  [
    "damaged",
    /too small to be a Parquet file|No magic bytes found|Failed to read file "[^"]*\.parquet"|TProtocolException/i,
  ],
];

const SYSTEM_CODES: Readonly<Record<string, StorageFaultKind>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
  EACCES: "denied",
  EPERM: "denied",
  EIO: "failing",
  ESTALE: "failing",
  ENOENT: "missing",
  EISDIR: "no-file",
  ENOTDIR: "no-file",
  ELOOP: "no-file",
  ENXIO: "no-file",
  ENAMETOOLONG: "no-file",
  EMFILE: "too-many-open",
  ENFILE: "too-many-open",
};

/**
 * Reads what DuckDB said.
 * @param path of the database it was said of; a file that is named in the text itself goes before it
 * @returns undefined when it is no fault of storage
 */
export function readStorageFault(said: string, path = ""): StorageFault | undefined {
  const kind = SAID.find(([, pattern]) => pattern.test(said))?.[0];
  if (!kind) return undefined;
  const named = /file ["']([^"']+)["']/i.exec(said)?.[1];
  return describe(kind, named ?? path);
}

/**
 * The fault of storage behind an error, whoever threw it: DuckDB, the file system, or one that wraps either.
 * @returns undefined when storage is not at fault
 */
export function storageFaultOf(error: unknown): StorageFault | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    if ("storage" in one && isFault(one.storage)) return one.storage;
    const { code, path, syscall, dest } = one as NodeJS.ErrnoException & { dest?: string };
    const told = code === "ENOENT" && syscall === "mkdir" ? whyNotMade(path ?? "") : code;
    const kind = told === undefined ? undefined : SYSTEM_CODES[told];
    // Whoever looked for a file that is not there and says so in a sentence knows better what it is for.
    if (kind === "missing" && one !== error) continue;
    // Of a file that cannot be moved or copied to its place it is mostly the place that is taken or full.
    if (kind) return describe(kind, (OF_THE_PLACE.has(kind) ? dest : undefined) ?? path ?? "");
  }
  return undefined;
}

const OF_THE_PLACE: ReadonlySet<StorageFaultKind> = new Set(["no-file", "full", "read-only"]);

/**
 * Why a folder could not be made: of one whose parents are to be made too, Node says no more than that it is not there.
 * @returns the system's code; undefined where nothing is wrong with what is there
 */
function whyNotMade(path: string): string | undefined {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

function isFault(value: unknown): value is StorageFault {
  return typeof value === "object" && value !== null && "kind" in value && "en" in value;
}

function describe(kind: StorageFaultKind, path: string): StorageFault {
  const named: Sentence =
    path === ""
      ? { zh: "所读写的文件", en: "the file that was read or written" }
      : { zh: `文件 ${path} `, en: `the file ${path}` };
  const { zh, en } = SENTENCES[kind](named, path);
  return { kind, path, zh, en: en.replace(/^t/, "T") };
}

/** Temporary folders of the program's processes. */
const OF_A_PROCESS = /[\\/]zhengxin-(?:process|spill)-[^\\/]*/;

type Sentence = Pick<StorageFault, "zh" | "en">;

const SENTENCES: Readonly<Record<StorageFaultKind, (file: Sentence, path: string) => Sentence>> = {
  "in-use": ({ zh, en }) => ({
    zh: `${zh.replace("文件", "数据库")}正被另一进程使用。请等那次运行结束，或先停止它，再试。`,
    en: `${en.replace("file", "database")} is in use by another process. Wait until that run has ended, or stop it, then try again.`,
  }),
  damaged: ({ zh, en }, path) => ({
    zh: `${zh}已损坏：内容与其校验和不符，或缺了一部分；等待无济于事。${adviseOn(path).zh}`,
    en: `${en} is damaged: its content does not match its checksums, or a part of it is missing; waiting does not help. ${adviseOn(path).en}`,
  }),
  "no-database": ({ zh, en }, path) => ({
    zh: `${zh}不是数据库：它是空的，或者另一种文件用了这个名字。${adviseOn(path).zh}`,
    en: `${en} is no database: it is empty, or another kind of file has its name. ${adviseOn(path).en}`,
  }),
  memory: () => ({
    zh: "处理这些数据所需的内存超过上限，已中止，未改动任何数据。请用 --memory（设置 ZHENGXIN_MEMORY）给更多内存，如 --memory 2GB，再运行；或减少 --threads。",
    en: "This takes more memory than the program may use for data; it was stopped, and nothing was changed. Give it more with --memory (setting ZHENGXIN_MEMORY), as --memory 2GB, and run again; or use fewer --threads.",
  }),
  "other-version": ({ zh, en }) => ({
    zh: `${zh.replace("文件", "数据库")}由另一版本的 DuckDB 写成，本程序读不了；它并未损坏。请使用写它的那个版本的程序。`,
    en: `${en.replace("file", "database")} was written by another version of DuckDB, which this program cannot read; it is not damaged. Use the version of the program that wrote it.`,
  }),
  full: ({ zh, en }) => ({
    zh: `磁盘已满，${zh}写不下。请腾出空间后再试；写了一半的内容不会被采用。`,
    en: `The disk is full: ${en} cannot be written. Make room and try again; what is half written is not used.`,
  }),
  "read-only": ({ zh, en }, path) => {
    const setting = OF_A_PROCESS.test(path) ? "TMPDIR" : "DATA_DIR";
    return {
      zh: `${zh}所在的文件夹或磁盘是只读的，无法写入。请改为可写，或把 ${setting} 设到可写的地方。`,
      en: `${en} cannot be written: its folder or disk is read-only. Make it writable, or set ${setting} to a place that is.`,
    };
  },
  denied: ({ zh, en }) => ({
    zh: `无权读写${zh.trimEnd()}。请把它及其文件夹的读写权限给运行本程序的用户。`,
    en: `${en} may not be read or written by the user this program runs as. Give that user the right to it and its folder.`,
  }),
  missing: ({ zh, en }) => ({
    zh: `${zh}不存在，或是一个指向空处的链接。请放回该文件（可从备份恢复），或更正写有其名称的定义或设置。`,
    en: `${en} is not there, or is a link that leads to nothing. Put it back, from a backup for instance, or correct the definition or setting that names it.`,
  }),
  "no-file": ({ zh, en }) => ({
    zh: `${zh}读不了：该名称或其路径上不是所需的文件或文件夹，而是文件夹、文件、绕圈的链接或设备之类。请把占用该名称的移走，再放回原来的。`,
    en: `${en} cannot be used: its name, or one on the way to it, belongs to something else, as a folder, a file, a link that leads in a circle or a device. Move that away and put back what belongs there.`,
  }),
  "too-many-open": ({ zh, en }) => ({
    zh: `${zh}打不开：本程序打开的文件已达系统上限。请调高上限（ulimit -n）后再试。`,
    en: `${en} cannot be opened: this program has as many files open as the system allows. Raise the limit (ulimit -n) and try again.`,
  }),
  failing: ({ zh, en }) => ({
    zh: `读写${zh}时磁盘出错。请检查磁盘，换好后从备份恢复，或运行“zhengxin repair”。`,
    en: `The disk failed while ${en} was read or written. Look at the disk; then restore a backup, or run "zhengxin repair".`,
  }),
};

/** What to do about a damaged file, by what it is. */
function adviseOn(path: string): Sentence {
  if (/[\\/]published[\\/]/.test(path)) {
    return {
      zh: "它属于已发布的一期：请用“zhengxin verify”查明还有哪些文件有变，再从备份恢复该期，或重新运行该期。",
      en: 'It belongs to a published period: "zhengxin verify" names every file of it that is changed; restore the period from a backup, or run it again.',
    };
  }
  if (/[\\/]raw[\\/]/.test(path)) {
    return {
      zh: "它是收到的原始文件：请从备份恢复；或把它移走，再把原来的文件放回来源的文件夹，重新接收。",
      en: "It is a file as it was received: restore it from a backup; or move it away, put the original back into the folder of its source and pull.",
    };
  }
  return {
    zh: "请运行“zhengxin repair”：它把损坏的文件留在一旁，并从原始文件重建。",
    en: 'Run "zhengxin repair": it keeps the damaged file aside and rebuilds from the raw files.',
  };
}
