import { join, relative, resolve } from "node:path";
import type { Context, Progress, StageOutcome } from "../context.ts";
import { inboxFolder, isLocal } from "../standard/inbox-connector.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { type Fetcher, fetchBeside, fetchSource } from "./connect/fetch-source.ts";
import { listReceived } from "./connect/note-received.ts";
import { FetchError, TransientFetchError } from "./fetch-error.ts";
import { findFiles } from "./find-files.ts";
import { type OfferedFile, pullSource } from "./pull-source.ts";
import type { Sentence } from "./sentences.ts";
import { type FailedPull, settlePulls } from "./settle-pulls.ts";

/**
 * First stage: fetches what is new from sources that are no plain folders, then takes every new file of every source
 * into the raw layer, exactly as received, and makes the views raw."<source>". A file is new when no file of its source has the same content; a file that cannot be read is
 * written down with the reason, single lines that cannot be read go to the quarantine, and the run goes on.
 * A source that cannot be fetched keeps its last good data, as far as the pipeline's policy allows.
 * @throws Error in a sentence when fewer sources were fetched than the policy requires
 */
export async function pull(context: Context): Promise<StageOutcome> {
  const counts: Record<string, number> = {};
  const notes: Sentence[] = [];
  const failed: FailedPull[] = [];
  for (const source of context.sources) {
    try {
      const failure = await fetchOne(fetchBeside(context), source, context.progress);
      const outcome = await takeOne(context, source, failure);
      for (const [name, count] of Object.entries(outcome.counts)) {
        counts[name] = (counts[name] ?? 0) + count;
      }
      notes.push(...outcome.notes);
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      failed.push({ source: source.source, sentence: error.sentence });
    }
  }
  notes.push(...(await settlePulls(context, failed)));
  return { stage: "pull", counts, notes };
}

/**
 * Fetches what is new of one source; nothing for a folder or an inbox, which need no fetching.
 * @returns why it could not be fetched, to be given to `takeOne`: what came before the failure is taken all the same
 */
export async function fetchOne(
  fetcher: Fetcher,
  source: SourceDefinition,
  progress: Progress,
): Promise<FetchError | undefined> {
  if (isLocal(source.connector)) return undefined;
  progress.step("fetch", 0, 1, source.source);
  try {
    await fetchSource(fetcher, source);
    return undefined;
  } catch (error) {
    if (error instanceof FetchError) return error;
    throw error;
  }
}

/**
 * Takes the new files of one source into the raw layer, without the views: `settlePulls` makes them once all sources
 * have been tried.
 * @param failure what `fetchOne` returned; thrown once everything there is has been taken
 * @throws FetchError also when a folder cannot be listed
 */
export async function takeOne(
  context: Context,
  source: SourceDefinition,
  failure: FetchError | undefined,
): Promise<StageOutcome> {
  const offered = await offerFiles(context, source);
  // An inbox into which nothing was handed yet is no fault.
  const empty = offered.length === 0 && source.connector.type !== "inbox";
  const notes: Sentence[] = empty ? [nothingFound(source)] : [];
  const total = offered.length;
  let done = 0;
  const {
    read,
    known,
    notes: told,
  } = await pullSource(context, source, offered, (name) => {
    context.progress.step("pull", done, total, `${source.source}/${name}`);
    done += 1;
  });
  context.progress.step("pull", total, total);
  if (failure) throw failure;
  const counts = {
    files: total,
    new: read.length,
    known,
    refused: read.filter(({ refusedBecause }) => refusedBecause !== null).length,
    rows: read.reduce((sum, { rows }) => sum + rows, 0),
    unreadable: read.reduce((sum, { unreadable }) => sum + unreadable.length, 0),
  };
  return { stage: "pull", counts, notes: [...notes, ...told] };
}

/** The files there are: of a folder what lies in it, of any other source what has been fetched so far. */
async function offerFiles(context: Context, source: SourceDefinition): Promise<OfferedFile[]> {
  const { connector } = source;
  if (isLocal(connector)) {
    const inbox = connector.type === "inbox";
    const folder = inbox
      ? inboxFolder(context.dataDir, source.source)
      : resolve(context.workspace, connector.path);
    const shown = inbox ? relative(context.dataDir, folder) : connector.path;
    const names = listNames(folder, shown, source.source, connector.match) ?? [];
    return names.map((name) => ({ name, path: join(folder, name) }));
  }
  const received = await listReceived(context.store, source.source);
  return received.map(({ file_name, file_hash, path, received_at }) => ({
    name: file_name,
    path: join(context.dataDir, path),
    hash: file_hash,
    receivedAt: received_at,
  }));
}

/** @param shown the folder as people know it, without the place of this machine */
function listNames(folder: string, shown: string, source: string, match: string) {
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

function nothingFound({ title, connector }: SourceDefinition): Sentence {
  if (connector.type !== "folder") {
    return {
      zh: `${title.zh}：尚未收到任何文件。`,
      en: `${title.en}: no file has been received yet.`,
    };
  }
  const { path, match } = connector;
  return {
    zh: `${title.zh}：在 ${path} 下没有找到匹配 ${match} 的文件。`,
    en: `${title.en}: no file matching ${match} was found below ${path}.`,
  };
}
