import type { Context, StageOutcome } from "../context.ts";
import { sqlFile } from "../store/sql-file.ts";
import { type OperationsAlert, raiseAlerts } from "./operations-alerts.ts";
import { noteResults, type Result } from "./results.ts";
import { countSources } from "./source-counts.ts";
import { judgeSource, type SourceState } from "./source-state.ts";
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
    const countsOf = await countSources(context);
    const states: SourceState[] = [];
    const results: Result[] = [];
    const alerts: OperationsAlert[] = [];
    for (const [index, source] of context.sources.entries()) {
      context.progress.step("check", index, context.sources.length, source.source);
      const judged = await judgeSource(context, source, countsOf(source.source));
      counts[judged.state.state] += 1;
      states.push(judged.state);
      results.push(...judged.results);
      alerts.push(...judged.alerts);
    }
    results.push(...(await runSqlChecks(context)));
    await store.run(sql("note-source-states"), { run_id: runId, rows: JSON.stringify(states) });
    await noteResults(context, results);
    await raiseAlerts(context, alerts);
    const notes: { zh: string; en: string }[] = [];
    for (const result of results) {
      counts[result.passed ? "passed" : "failing"] += 1;
      if (result.passed) continue;
      const of = context.sources.find(({ source }) => source === result.sourceId);
      notes.push({
        zh: of ? `${of.title.zh}：${result.zh}` : result.zh,
        en: of ? `${of.title.en}: ${result.en}` : result.en,
      });
    }
    context.progress.step("check", context.sources.length, context.sources.length);
    return { stage: "check", counts, notes };
  });
}
