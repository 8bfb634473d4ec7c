import type { Context, StageOutcome } from "../context.ts";
import { gatherLike } from "../standard/gather-like.ts";
import { sqlFile } from "../store/sql-file.ts";
import { type OperationsAlert, raiseAlerts } from "./operations-alerts.ts";
import { noteResults, type Result } from "./results.ts";
import { RECORDS_CHANGED } from "./rows-used.ts";
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
    for (const { passed } of results) counts[passed ? "passed" : "failing"] += 1;
    const failing = results.filter(({ passed }) => !passed);
    const notes = gatherLike(noteFailing(context, failing));
    context.progress.step("check", context.sources.length, context.sources.length);
    return { stage: "check", counts, notes };
  });
}

/** One sentence for each check that failed, for files alike one with their number; older records change everywhere every month, so those are told in one. */
function noteFailing({ sources }: Context, failing: readonly Result[]): StageOutcome["notes"] {
  const titleOf = (id: string | null) => sources.find(({ source }) => source === id)?.title;
  const changed = failing.filter(({ checkId }) => checkId === RECORDS_CHANGED);
  const notes = failing
    .filter(({ checkId }) => checkId !== RECORDS_CHANGED)
    .map(({ sourceId, zh, en }) => {
      const title = titleOf(sourceId);
      return title ? { zh: `${title.zh}：${zh}`, en: `${title.en}: ${en}` } : { zh, en };
    });
  if (changed.length === 0) return notes;
  const named = changed.map(({ sourceId, failingRows }) => ({ ...titleOf(sourceId), failingRows }));
  return [
    ...notes,
    {
      zh: `往期记录（或期末之后的本期记录）被后来的报送改动，此前发布的数值可能因此变动：${named.map(({ zh, failingRows }) => `${zh} ${failingRows} 条`).join("；")}。`,
      en: `Records of earlier months, or of this one after it had ended, were changed by later reports; figures published before may move by it: ${named.map(({ en, failingRows }) => `${en} ${failingRows}`).join("; ")}.`,
    },
  ];
}
