import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { addMonths, format } from "date-fns";
import { appendAudit } from "./audit/append.ts";
import { forgetNames } from "./conform/forget-names.ts";
import { isUnswept, markSwept, retentionDay } from "./conform/persons.ts";
import { redactSource } from "./conform/redact-source.ts";
import type { Context, StageOutcome } from "./context.ts";
import { limitKnown } from "./known-scope.ts";
import { refreshViews } from "./pull/views.ts";
import { hasPersons, type SourceDefinition } from "./standard/source-definition.ts";
import { inLanes, widthForTables } from "./store/lanes.ts";
import { sqlFile } from "./store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "forget.sql");

/** What was forgotten of a source, or of the restricted table. */
export interface Forgotten {
  readonly target: string;
  readonly retention_months: number | null;
  readonly values: number;
  readonly rows: number;
  readonly files: number;
  readonly received_files: number;
}

/**
 * Forgets what must not be kept any longer, so that no byte of it is left below the data folder: personal values of raw
 * rows, fetched files that hold some, and the free blocks of the database in which deleted values still stand. What was
 * forgotten, how much, when and by which rule is written down in the audit journal; who it was is not.
 * @param values personal values conform has deleted from the restricted table
 */
export async function forgetExpired(context: Context, values: number): Promise<Forgotten[]> {
  const { store, dataDir } = context;
  if (context.rebuilds) return [];
  const today = retentionDay(context);
  const forgotten = (
    await inLanes(
      store,
      context.sources.filter(hasPersons),
      () => undefined,
      (lane, source) => forgetRaw({ ...context, store: lane.store }, source, today),
      await widthForTables(store),
    )
  ).filter(({ rows, received_files }) => rows + received_files > 0);
  if (values > 0) {
    const none = { retention_months: null, rows: 0, files: 0, received_files: 0 };
    forgotten.push({ target: "restricted.person", values, ...none });
  }
  const rewritten = new Set(forgotten.filter(({ files }) => files > 0).map(({ target }) => target));
  if (rewritten.size > 0) {
    const sources = context.sources.filter(({ source }) => rewritten.has(source));
    await refreshViews(context, sources);
  }
  // After the views, which carry the headers of the files.
  if (isUnswept(context)) {
    await store.rewrite();
    await limitKnown(store, context);
    markSwept(context);
  }
  for (const { target, ...detail } of forgotten) {
    await appendAudit(
      { dataDir: dirname(dataDir) },
      {
        jurisdiction: basename(dataDir),
        actor: "zhengxin",
        role: "system",
        action: "forget",
        target,
        detail: { on: today, ...detail },
      },
    );
  }
  return forgotten;
}

async function forgetRaw(
  context: Context,
  source: SourceDefinition,
  today: string,
): Promise<Forgotten> {
  const { files, rows } = await redactSource(context, source, today);
  await forgetNames(context, source, today);
  return {
    target: source.source,
    retention_months: source.retention_months ?? null,
    values: 0,
    rows,
    files,
    received_files: await removeReceived(context, source, today),
  };
}

/** Removes fetched files of which something must be forgotten, also those a crash left that nobody wrote down. */
async function removeReceived(
  { store, dataDir }: Context,
  { source, retention_months }: SourceDefinition,
  today: string,
): Promise<number> {
  const folder = join(dataDir, "received", source);
  if (!existsSync(folder)) return 0;
  const months = retention_months as number;
  const due = await store.rows<{ path: string }>(sql("received-due"), { source, months, today });
  const known = new Set(
    (await store.rows<{ path: string }>(sql("received-known"), { source })).map(({ path }) => path),
  );
  const stray = readdirSync(folder)
    .map((name) => `received/${source}/${name}`)
    .filter((path) => !known.has(path))
    .filter((path) => {
      const { mtime } = statSync(join(dataDir, path));
      return format(addMonths(mtime, months), "yyyy-MM-dd") < today;
    });
  const paths = [...new Set([...due.map(({ path }) => path), ...stray])].filter((path) =>
    existsSync(join(dataDir, path)),
  );
  for (const path of paths) rmSync(join(dataDir, path));
  return paths.length;
}

/** What was forgotten, as a note for people; none when nothing was. */
export function describeForgotten(forgotten: readonly Forgotten[]): StageOutcome["notes"] {
  return forgotten.map(({ target, values, rows, files, received_files }) => ({
    zh: `保存期满，已删除个人信息：${target}，${values} 个值，${files} 个原始文件的 ${rows} 行，${received_files} 个收取的文件。`,
    en: `Personal data whose retention was over is deleted: ${target}, ${values} values, ${rows} rows of ${files} raw files, ${received_files} fetched files.`,
  }));
}
