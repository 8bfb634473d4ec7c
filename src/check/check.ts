import type { Context, StageOutcome } from "../context.ts";
import { sqlFile } from "../store/sql-file.ts";
import { noteSource } from "./source-state.ts";
import { runSqlChecks } from "./sql-checks.ts";

const sql = sqlFile(import.meta.dirname, "check.sql");

/**
 * Records for the run what each source contributed and what the checks found, passes too.
 * It stops nothing: what had to be stopped was stopped when its delivery was conformed.
 */
export async function check(context: Context): Promise<StageOutcome> {
  const { store, runId } = context;
  return store.transaction(async () => {
    for (const table of ["results", "failing-rows", "source-states", "failed-pulls", "alerts"]) {
      await store.run(sql(`forget-${table}`), { run_id: runId });
    }
    await store.run(sql("note-failed-pulls"), {
      run_id: runId,
      sources: JSON.stringify(context.pipeline.sources),
    });
    const counts = { fresh: 0, stale: 0, failed: 0, absent: 0, passed: 0, failing: 0 };
    const notes: { zh: string; en: string }[] = [];
    for (const [index, source] of context.sources.entries()) {
      context.progress.step("check", index, context.sources.length, source.source);
      const { state, results } = await noteSource(context, source);
      counts[state] += 1;
      for (const result of results) {
        counts[result.passed ? "passed" : "failing"] += 1;
        if (!result.passed) {
          notes.push({
            zh: `${source.title.zh}：${result.zh}`,
            en: `${source.title.en}: ${result.en}`,
          });
        }
      }
    }
    for (const result of await runSqlChecks(context)) {
      counts[result.passed ? "passed" : "failing"] += 1;
      if (!result.passed) {
        const of = context.sources.find(({ source }) => source === result.sourceId);
        notes.push({
          zh: of ? `${of.title.zh}：${result.zh}` : result.zh,
          en: of ? `${of.title.en}: ${result.en}` : result.en,
        });
      }
    }
    context.progress.step("check", context.sources.length, context.sources.length);
    return { stage: "check", counts, notes };
  });
}
