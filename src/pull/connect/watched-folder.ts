import { createReadStream, realpathSync, rmSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { failForGood } from "../fetch-error.ts";
import { judgeEntry } from "../find-files.ts";
import { hideName } from "../hide-name.ts";
import type { Fetching } from "./connector.ts";
import { stopEmptied } from "./emptied.ts";
import { receiveFile } from "./receive-file.ts";
import { type FoundFile, findWholeFiles, versionOf } from "./whole-files.ts";

type WatchedFolder = ConnectorOf<"watched-folder">;

/**
 * Picks up the files others put into a folder, once they are whole. Each is copied, flushed and written down by itself;
 * one that changes while it is copied is left for the next time. Only then is it removed, where the definition says so.
 * @throws ConnectorFault when the folder is not there or may not be read
 */
export async function fetchNew(connector: WatchedFolder, fetching: Fetching): Promise<void> {
  const folder = resolve(fetching.workspace, connector.path);
  const markOf = (file: FoundFile) => fetching.markOf(join(folder, file.name));
  const list = () => listFolder(folder);
  if (connector.after === "remove") {
    // Kept by a run that was killed before it could remove them.
    for (const file of await list()) {
      if (markOf(file) === versionOf(file)) removePicked(folder, file.name, connector.done_marker);
    }
  }
  const files = await findWholeFiles(
    connector,
    list,
    (file) => markOf(file) !== versionOf(file),
    // Where files are removed once they are kept, an empty folder is as it should be.
    async () => {
      if (connector.after === "keep") await stopEmptied(fetching, folder + sep, connector.path);
    },
  );
  for (const file of files) {
    const path = join(folder, file.name);
    const version = versionOf(file);
    const received = await receiveFile(fetching.folder, createReadStream(path)).catch((error) => {
      throw hideName(error, path, `${connector.path}/…`);
    });
    const after = await describe(folder, path);
    if (!after || versionOf(after) !== version || received.bytes !== file.size) continue;
    await fetching.keep({
      arrivals: [{ name: file.name, address: path, version, ...received }],
      marks: [{ address: path, mark: version }],
    });
    if (connector.after === "remove") removePicked(folder, file.name, connector.done_marker);
  }
}

async function listFolder(folder: string): Promise<FoundFile[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const real = realpathSync(folder);
    const files = entries
      .filter((entry) => !entry.isDirectory())
      .filter((entry) => !judgeEntry(entry, join(entry.parentPath, entry.name), real))
      .map((entry) => describe(folder, join(entry.parentPath, entry.name)));
    return (await Promise.all(files)).filter((file) => file !== undefined);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    return failForGood(
      folder,
      `文件夹 ${folder} 无法读取（${code}）。请检查其是否存在、是否已挂载、是否有权读取。`,
      `The folder ${folder} cannot be read (${code}). Check that it exists, is mounted and may be read.`,
    );
  }
}

/** Undefined when the file has gone meanwhile, or is none. */
async function describe(folder: string, path: string): Promise<FoundFile | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    const name = relative(folder, path).split(sep).join("/");
    return { name, size: found.size, modified: found.mtimeMs };
  } catch {
    return undefined;
  }
}

function removePicked(folder: string, name: string, marker: string | undefined): void {
  rmSync(join(folder, name), { force: true });
  if (marker) rmSync(join(folder, name + marker), { force: true });
}
