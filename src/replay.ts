import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { saysBodies } from "./conform/lookup.ts";
import { AT_FAULT } from "./conform/raw-files.ts";
import type { Context } from "./context.ts";
import { limitKnown } from "./known-scope.ts";
import { refreshViews } from "./pull/views.ts";
import { concerns, readChecks } from "./standard/check-file.ts";
import type { SourceDefinition } from "./standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "./store/sql-file.ts";
import { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "replay.sql");

/**
 * Whether rows may have been judged otherwise at the as-of time than they are now: names and codes of bodies have become known
 * since, by which rows are accepted that could not be then; texts were released that were held back; or a stop check, which looks at all rows of a source together, has
 * more of them to look at now and does not simply pass.
 */
export async function isJudgedByLaterKnowledge(context: Context): Promise<boolean> {
  const held = await context.store.rows<{ source_id: string; late: boolean; refused: boolean }>(
    sql("late-files"),
  );
  if (await context.store.row(sql("later-releases"))) return true;
  for (const source of context.sources) {
    const found = held.find(({ source_id }) => source_id === source.source);
    if (!found?.late) continue;
    if (saysBodies(source)) return true;
    const stops = readChecks(context.workspace).filter(
      (check) => check.severity === "stop" && concerns(check, source),
    );
    if (stops.length > 0 && (found.refused || (await hasBadRows(context, source, stops))))
      return true;
  }
  return false;
}

async function hasBadRows(
  { store }: Context,
  source: SourceDefinition,
  stops: ReturnType<typeof readChecks>,
): Promise<boolean> {
  await store.run(sql("look-at-known", { kind: source.kind, source: quoteLiteral(source.source) }));
  try {
    for (const check of stops) {
      if (await store.row(sql("bad-rows", { check: check.sql }))) return true;
    }
    return false;
  } finally {
    await store.run(sql("close-view"));
  }
}

/**
 * A context beside the given one, in an empty database that holds the files known at the as-of time and nothing of what came
 * later: what is worked out there is what was worked out then. Publications go to the same place. Closing its store
 * removes it.
 */
export async function openReplay(context: Context): Promise<Context> {
  const { store: held, dataDir } = context;
  const place = join(dataDir, "replay");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true, mode: 0o700 });
  mkdirSync(join(dataDir, "published"), { recursive: true });
  for (const name of ["raw", "published"]) symlinkSync(join(dataDir, name), join(place, name));
  const bounds = await held.row<{ memory: string; threads: number }>(sql("bounds"));
  const store = await Store.open(join(place, "working.duckdb"), {
    memory: bounds?.memory ?? "512MB",
    threads: bounds?.threads ?? 2,
  });
  const close = store.close.bind(store);
  store.close = () => {
    close();
    rmSync(place, { recursive: true, force: true });
  };
  const at_fault = quoteLiteral(AT_FAULT);
  for (const table of [
    "raw.batch",
    "raw.file",
    "raw.file_event",
    "raw.file_key",
    "raw.pull_attempt",
    "raw.release",
    "raw.description",
    "raw.file_description",
    "quarantine.row",
  ]) {
    const name = table.split(".")[1] as string;
    const path = quoteLiteral(join(place, `${name}.parquet`));
    await held.run(sql(`write-${name}`, name === "file" ? { path, at_fault } : { path }));
    await store.run(sql("read", { table, path }));
  }
  await limitKnown(store, context);
  // Nothing is forgotten on this side: the raw files are the ones of the other.
  const beside = { ...context, store, dataDir: place, rebuilds: true };
  await refreshViews(beside);
  return beside;
}
