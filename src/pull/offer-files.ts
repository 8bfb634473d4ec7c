import { statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Context } from "../context.ts";
import { isLocal, localFolder } from "../standard/inbox-connector.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { listReceived } from "./connect/note-received.ts";
import { TransientFetchError } from "./fetch-error.ts";
import { type FoundFiles, findFiles, type NoFile } from "./find-files.ts";
import type { OfferedFile } from "./pull-source.ts";
import type { Sentence } from "./sentences.ts";

/**
 * The files there are: of a folder what lies in it, of any other source what has been fetched so far.
 * @throws TransientFetchError when a folder cannot be listed
 */
export async function offerFiles(
  context: Context,
  source: SourceDefinition,
): Promise<{ readonly offered: OfferedFile[]; readonly leftOut: Sentence[] }> {
  const { connector } = source;
  if (isLocal(connector)) {
    const inbox = connector.type === "inbox";
    const folder = localFolder(connector, source.source, context);
    const shown = inbox ? relative(context.dataDir, folder) : connector.path;
    const found = listFolder(folder, shown, source.source, connector.match);
    const offered = (found?.names ?? []).map((name) => ({ name, path: join(folder, name) }));
    return { offered, leftOut: tellLeftOut(source, found) };
  }
  // What is picked up from a folder is left out of it by the same rule, and told here.
  const seen =
    connector.type === "watched-folder"
      ? findFiles(resolve(context.workspace, connector.path), connector.match)
      : undefined;
  const received = await listReceived(context.store, source.source);
  const offered = received.map(({ file_name, file_hash, path, received_at }) => ({
    name: file_name,
    path: join(context.dataDir, path),
    hash: file_hash,
    receivedAt: received_at,
  }));
  return { offered, leftOut: tellLeftOut(source, seen) };
}

const WHY: Readonly<Record<NoFile, Sentence>> = {
  outside: {
    zh: "个符号链接指向文件夹之外",
    en: "symbolic links lead out of the folder",
  },
  folder: { zh: "个符号链接指向文件夹", en: "symbolic links lead to a folder" },
  special: {
    zh: "项是管道、套接字或设备（或指向它们的链接）",
    en: "entries are pipes, sockets or devices, or links to one",
  },
};

/** What was left out is counted by its kind: names are text of the delivery. */
function tellLeftOut({ title }: SourceDefinition, found: FoundFiles | undefined): Sentence[] {
  return (["outside", "folder", "special"] as const).flatMap((why) => {
    const count = (found?.leftOut ?? []).filter((one) => one.why === why).length;
    if (count === 0) return [];
    return [
      {
        zh: `${title.zh}：来源文件夹中有 ${count} ${WHY[why].zh}，未读取。请改为放入文件本身；可用 find 加 -type l 或 ! -type f 查出。`,
        en: `${title.en}: in the source's folder ${count} ${WHY[why].en}, and were left out. Put the files themselves there; "find" with -type l or ! -type f shows which they are.`,
      },
    ];
  });
}

/** @param shown the folder as people know it, without the place of this machine */
function listFolder(folder: string, shown: string, source: string, match: string) {
  try {
    return findFiles(folder, match);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    throw new TransientFetchError(source, {
      address: shown,
      sentence: {
        zh: `文件夹 ${shown} 打不开（${code}）。请检查它是否存在、是否已挂载、是否有读取权限。`,
        en: `The folder ${shown} cannot be listed (${code}). Check that it is there, mounted and may be read.`,
      },
    });
  }
}

/**
 * A folder that is missing or in which nothing matches any more, though files came from there: more likely not mounted,
 * moved or emptied by mistake than a withdrawal of everything.
 */
export function folderEmptied(
  source: string,
  { path, match }: { readonly path: string; readonly match: string },
): TransientFetchError {
  return new TransientFetchError(source, {
    address: path,
    sentence: {
      zh: `文件夹 ${path} 不存在，或其中已没有匹配 ${match} 的文件，而此前从这里收到过文件；不视为全部撤下。请检查它是否已挂载、是否被移走或清空；确要撤下请用 zhengxin withdraw。`,
      en: `The folder ${path} is missing or holds no file matching ${match} any more, though files came from there; this is not taken for a withdrawal of everything. Check that it is mounted and was not moved or emptied; to withdraw files, use "zhengxin withdraw".`,
    },
  });
}

/** Whether there are files and not one has a byte in it; one that cannot be looked at counts as having some. */
export function areHollow(offered: readonly OfferedFile[]): boolean {
  const isHollow = ({ path }: OfferedFile) => statSync(path, { throwIfNoEntry: false })?.size === 0;
  return offered.length > 0 && offered.every(isHollow);
}

/** All files that lie in a folder are empty, though others came from there: whoever wrote them more likely ran out of room. */
export function folderHollow(
  source: string,
  { path, match }: { readonly path: string; readonly match: string },
  count: number,
): TransientFetchError {
  return new TransientFetchError(source, {
    address: path,
    sentence: {
      zh: `文件夹 ${path} 中匹配 ${match} 的 ${count} 个文件都是空的（0 字节），而此前从这里收到过有内容的文件；不视为全部撤下。多半是写出时磁盘已满或中断，请重新导出。`,
      en: `Of the files matching ${match} in the folder ${path} all ${count} are empty (0 bytes), though files with something in them came from there; this is not taken for a withdrawal of everything. Mostly the disk was full, or it was broken off, when they were written: export them again.`,
    },
  });
}

/** Not one of the files that lie in a folder can be opened, though files came from there. */
export function nothingOpened(
  source: string,
  { path }: { readonly path: string },
  count: number,
): TransientFetchError {
  return new TransientFetchError(source, {
    address: path,
    sentence: {
      zh: `文件夹 ${path} 中的 ${count} 个文件一个也打不开。请检查它们是否存在、是否有读取权限、所在磁盘是否已挂载。`,
      en: `Of ${count} ${count === 1 ? "file" : "files"} in the folder ${path} not one can be opened. Check that they exist and may be read, and that their disk is mounted.`,
    },
  });
}

/** Some files of a source lie there and cannot be opened. */
export function someUnopened(count: number): Sentence {
  return {
    zh: `有 ${count} 个文件打不开，其内容未计入。请检查它们是否存在、是否有读取权限。`,
    en: `${count} ${count === 1 ? "file" : "files"} cannot be opened, and what they say does not count. Check that they exist and may be read.`,
  };
}

/** What is said of a source of which there is no file at all. */
export function nothingFound({ connector }: SourceDefinition): Sentence {
  if (connector.type !== "folder") {
    return { zh: "尚未收到任何文件。", en: "No file has been received yet." };
  }
  const { path, match } = connector;
  return {
    zh: `在 ${path} 下没有找到匹配 ${match} 的文件。`,
    en: `No file matching ${match} was found below ${path}.`,
  };
}
