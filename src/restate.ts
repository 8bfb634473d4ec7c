import { join } from "node:path";
import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { parsePeriod, shiftPeriod, windowStart } from "./period.ts";
import { findPublished, listPublished, type PublishedRun } from "./publish/find-published.ts";
import { addPublished, openPublished } from "./publish/open-published.ts";
import { type Decision, type RestatedPeriod, writeNotice } from "./record/notice.ts";
import { runPipeline } from "./run.ts";
import type { RunRequest } from "./run-context.ts";
import { sqlFile } from "./store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "restate.sql");
const delta = sqlFile(join(import.meta.dirname, "cli"), "published.sql");

export interface Restatement {
  readonly number: string;
  readonly folder: string;
  readonly decision: Decision;
  readonly periods: readonly RestatedPeriod[];
}

/**
 * After objections were decided: finds the published periods whose newest publication did not know of a decision and whose
 * figures its record may be part of, runs them again as known now, and writes a correction notice for each decision. Earlier
 * publications stay as they are. Running it again finds nothing more to do.
 * @param request `asOf` is the new as-of time
 */
export async function restateMonths(
  config: Config,
  request: RunRequest & { readonly asOf: string },
): Promise<Restatement[]> {
  const { context } = await runPipeline(config, request, { through: "conform" });
  let decisions: Decision[];
  try {
    decisions = await context.store.rows<Decision>(sql("decisions"), {
      events: JSON.stringify(decisionsThatMove(context)),
    });
  } finally {
    context.store.close();
  }
  const newest = newestRuns(context.dataDir);
  const affected = newest.filter((run) => decisions.some((one) => isAffected(context, run, one)));
  const restated = new Map<
    string,
    RestatedPeriod & { readonly wasAsOf: string; folders: Folders }
  >();
  for (const before of affected) {
    const done = await runPipeline(
      config,
      { ...request, period: before.period },
      { from: "conform" },
    );
    const { runId, asOf, dataDir } = done.context;
    done.context.store.close();
    restated.set(before.period, {
      period: before.period,
      before: { run: before.run, as_of: before.asOf },
      after: { run: runId, as_of: asOf },
      changes: [],
      why: [],
      wasAsOf: before.asOf,
      folders: {
        before: before.folder,
        after: findPublished(dataDir, before.period, { run: runId }),
      },
    });
  }
  const notices: Restatement[] = [];
  for (const decision of decisions) {
    const mine = affected.filter((run) => isAffected(context, run, decision));
    if (mine.length === 0) continue;
    const periods: RestatedPeriod[] = [];
    for (const { period } of mine) {
      const found = restated.get(period);
      if (!found) continue;
      const { wasAsOf: _, folders, ...one } = found;
      periods.push({ ...one, ...(await compare(config, folders, period, decision.entity_id)) });
    }
    notices.push({ decision, periods, ...writeNotice(context.dataDir, decision, periods) });
  }
  return notices;
}

interface Folders {
  readonly before: string;
  readonly after: string;
}

/** An objection that is upheld changes a figure only where a disputed record was left out meanwhile. */
function decisionsThatMove({ standard }: Context): readonly Decision["event"][] {
  const frozen = standard.deductions.some(({ disputed }) => disputed === "frozen");
  return frozen ? ["uphold", "correct", "revoke"] : ["correct", "revoke"];
}

/** The newest publication of every period, oldest period first. */
function newestRuns(dataDir: string): PublishedRun[] {
  const newest = new Map<string, PublishedRun>();
  for (const run of listPublished(dataDir)) newest.set(run.period, run);
  return [...newest.values()];
}

/** Published before the decision was known, with a period (or one of its history) whose window holds the record. */
function isAffected(
  { standard, pipeline }: Context,
  { period: id, asOf }: PublishedRun,
  decision: Decision,
): boolean {
  const period = parsePeriod(id);
  const months = Math.max(
    standard.window_months,
    ...standard.deductions.map(({ window_months }) => window_months),
  );
  const first = windowStart(shiftPeriod(period, -pipeline.history), months);
  return (
    asOf < decision.known_at && first <= decision.decided_on && decision.decided_on <= period.end
  );
}

async function compare(
  config: Config,
  { before, after }: Folders,
  period: string,
  entity: string,
): Promise<Pick<RestatedPeriod, "changes" | "why">> {
  const store = await openPublished(config, after);
  try {
    await addPublished(store, before, "earlier");
    const parameters = { period, before: period };
    const all = await store.rows<RestatedPeriod["changes"][number]>(
      delta("delta-ranks", { earlier: "earlier" }),
      parameters,
    );
    const why = await store.rows<{ entity_id: string; node_id: string; moved: number }>(
      delta("delta-contributions", { earlier: "earlier" }),
      parameters,
    );
    const own = all.filter(
      (one) =>
        one.entity_id === entity &&
        (one.score !== one.score_before ||
          one.rank !== one.rank_before ||
          one.grade !== one.grade_before),
    );
    const others = all.filter(
      (one) =>
        one.entity_id !== entity &&
        (one.rank !== one.rank_before || one.grade !== one.grade_before),
    );
    return {
      changes: [...own, ...others].map(
        ({
          entity_id,
          name_zh,
          name_en,
          score_before,
          score,
          rank_before,
          rank,
          grade_before,
          grade,
        }) => ({
          entity_id,
          name_zh,
          name_en,
          score_before,
          score,
          rank_before,
          rank,
          grade_before,
          grade,
        }),
      ),
      why: why
        .filter(({ entity_id }) => entity_id === entity)
        .map(({ node_id, moved }) => ({ node_id, moved })),
    };
  } finally {
    store.close();
  }
}
