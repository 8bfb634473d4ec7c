import { resolve } from "node:path";
import type { Context, StageOutcome } from "../context.ts";
import { findFiles } from "./find-files.ts";
import { pullSource } from "./pull-source.ts";
import type { Sentence } from "./sentences.ts";
import { refreshViews } from "./views.ts";

/**
 * First stage: takes every new file of every source into the raw layer, exactly as received, and makes the views
 * raw."<source>". A file is new when no file of its source has the same content; a file that cannot be read is
 * written down with the reason, single lines that cannot be read go to the quarantine, and the run goes on.
 */
export async function pull(context: Context): Promise<StageOutcome> {
  const deliveries = context.sources.map((source) => {
    const folder = resolve(context.workspace, source.connector.path);
    return { source, folder, names: findFiles(folder, source.connector.match) };
  });
  const total = deliveries.reduce((sum, { names }) => sum + (names?.length ?? 0), 0);
  const counts = { files: total, new: 0, known: 0, refused: 0, rows: 0, unreadable: 0 };
  const notes: Sentence[] = [];
  let done = 0;
  for (const { source, folder, names } of deliveries) {
    if (!names?.length) notes.push(nothingFound(source.title, source.connector));
    const outcome = await pullSource(context, source, { folder, names: names ?? [] }, (name) => {
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

function nothingFound(title: Sentence, { path, match }: { path: string; match: string }): Sentence {
  return {
    zh: `${title.zh}：在 ${path} 下没有找到匹配 ${match} 的文件。`,
    en: `${title.en}: no file matching ${match} was found below ${path}.`,
  };
}
