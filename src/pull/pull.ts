import { join, resolve } from "node:path";
import type { Context, StageOutcome } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { fetchSource } from "./connect/fetch-source.ts";
import { listReceived } from "./connect/note-received.ts";
import { FetchError } from "./fetch-error.ts";
import { findFiles } from "./find-files.ts";
import { type OfferedFile, pullSource } from "./pull-source.ts";
import type { Sentence } from "./sentences.ts";
import { refreshViews } from "./views.ts";

interface Delivery {
  readonly source: SourceDefinition;
  readonly offered: readonly OfferedFile[];
}

/**
 * First stage: fetches what is new from sources that are not plain folders, then takes every new file of every source
 * into the raw layer, exactly as received, and makes the views raw."<source>". A file is new when no file of its source
 * has the same content; a file that cannot be read is written down with the reason, single lines that cannot be read go
 * to the quarantine, and the run goes on. So it does when a source cannot be fetched: its last good data stay.
 * @param onFailure "throw" ends with the FetchError of the first source that cannot be fetched, so that the caller can
 *   try again; files fetched before stay fetched
 * @throws FetchError only with onFailure "throw"
 */
export async function pull(
  context: Context,
  { onFailure = "note" }: { readonly onFailure?: "note" | "throw" } = {},
): Promise<StageOutcome> {
  const notes: Sentence[] = [];
  let failed = 0;
  const deliveries: Delivery[] = [];
  for (const [index, source] of context.sources.entries()) {
    try {
      if (source.connector.type !== "folder") {
        context.progress.step("fetch", index, context.sources.length, source.source);
        await fetchSource(context, source);
      }
    } catch (error) {
      if (!(error instanceof FetchError) || onFailure === "throw") throw error;
      failed += 1;
      context.log.warn(
        { source: source.source, address: error.address, transient: error.transient },
        error.sentence.en,
      );
      notes.push(notFetched(source.title, error));
    }
    deliveries.push({ source, offered: await offerFiles(context, source) });
  }
  const total = deliveries.reduce((sum, { offered }) => sum + offered.length, 0);
  const counts = { files: total, new: 0, known: 0, refused: 0, rows: 0, unreadable: 0, failed };
  let done = 0;
  for (const { source, offered } of deliveries) {
    if (offered.length === 0) notes.push(nothingFound(source));
    const outcome = await pullSource(context, source, offered, (name) => {
      context.progress.step("pull", done, total, `${source.source}/${name}`);
      done += 1;
    });
    for (const file of outcome.read) {
      counts.new += 1;
      counts.refused += file.refusedBecause === null ? 0 : 1;
      counts.rows += file.rows;
      counts.unreadable += file.unreadable.length;
    }
    counts.known += outcome.known;
    notes.push(...outcome.notes);
  }
  await refreshViews(context);
  context.progress.step("pull", total, total);
  return { stage: "pull", counts, notes };
}

/** The files there are: of a folder what lies in it, of any other source what has been fetched so far. */
async function offerFiles(context: Context, source: SourceDefinition): Promise<OfferedFile[]> {
  const { connector } = source;
  if (connector.type === "folder") {
    const folder = resolve(context.workspace, connector.path);
    const names = findFiles(folder, connector.match) ?? [];
    return names.map((name) => ({ name, path: join(folder, name) }));
  }
  const received = await listReceived(context, source.source);
  return received.map(({ file_name, file_hash, path, received_at }) => ({
    name: file_name,
    path: join(context.dataDir, path),
    hash: file_hash,
    receivedAt: received_at,
  }));
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

function notFetched(title: Sentence, { address, sentence }: FetchError): Sentence {
  return {
    zh: `${title.zh}：未能从 ${address} 取得数据，沿用已有数据。${sentence.zh}`,
    en: `${title.en}: nothing could be fetched from ${address}; the data held is used. ${sentence.en}`,
  };
}
