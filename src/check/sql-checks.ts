import type { Context } from "../context.ts";
import { type CheckFile, concerns, readChecks } from "../standard/check-file.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import type { Result } from "./results.ts";

const sql = sqlFile(import.meta.dirname, "check.sql");
const views = sqlFile(import.meta.dirname, "delivery.sql");

/** Runs every check of metrics/checks over what is known, per source where it names kinds or sources. */
export async function runSqlChecks(context: Context): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of readChecks(context.workspace)) {
    if (!check.kinds && !check.sources) {
      results.push(await runCheck(context, check, undefined));
      continue;
    }
    for (const source of context.sources.filter((each) => concerns(check, each))) {
      await context.store.run(
        views("look-at-known", { kind: source.kind, source: quoteLiteral(source.source) }),
      );
      results.push(await runCheck(context, check, source));
    }
  }
  await context.store.run(views("close-view"));
  return results;
}

async function runCheck(
  context: Context,
  check: CheckFile,
  source: SourceDefinition | undefined,
): Promise<Result> {
  const { store, runId } = context;
  await store.run(sql("gather-bad-rows", { check: check.sql }));
  const bad = (await store.row<{ rows: number }>(sql("count-bad-rows")))?.rows ?? 0;
  const sourceId = source?.source ?? null;
  if (bad > 0) {
    await store.run(sql("note-failing-rows"), {
      run_id: runId,
      check_id: check.id,
      source_id: sourceId,
    });
  }
  return {
    checkId: check.id,
    sourceId,
    severity: check.severity,
    passed: bad === 0,
    failingRows: bad,
    observed: String(bad),
    expected: "0",
    zh: bad === 0 ? check.title.zh : check.message.zh.replaceAll("{rows}", String(bad)),
    en: bad === 0 ? check.title.en : check.message.en.replaceAll("{rows}", String(bad)),
  };
}
