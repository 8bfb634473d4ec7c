import { join } from "node:path";
import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { type EntityNames, readEntityNames } from "./entity-names.ts";
import { parsePeriod, shiftPeriod, windowStart } from "./period.ts";
import { listPublished, type PublishedRun } from "./publish/find-published.ts";
import { addPublished, openPublished } from "./publish/open-published.ts";
import type { DocumentHead } from "./record/document.ts";
import { type Decision, isNoticed, type RestatedPeriod, writeNotice } from "./record/notice.ts";
import { runPipeline } from "./run.ts";
import type { RunRequest } from "./run-context.ts";
import { sqlFile } from "./store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "restate.sql");
const delta = sqlFile(join(import.meta.dirname, "cli"), "published.sql");

export interface Restatement {
  readonly head: DocumentHead;
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
  const { dataDir } = context;
  let decisions: Decision[];
  let names: EntityNames;
  try {
    names = await readEntityNames(context.store);
    decisions = await context.store.rows<Decision>(sql("decisions"), {
      events: JSON.stringify(decisionsThatMove(context)),
    });
  } finally {
    context.store.close();
  }
  const { pipeline } = context.pipeline;
  const listRuns = () => listPublished(dataDir, pipeline);
  for (const { period, asOf } of newestRuns(listRuns())) {
    const unknown = decisions.some((one) => asOf < one.known_at && mayHold(context, period, one));
    if (!unknown) continue;
    const done = await runPipeline(config, { ...request, period }, { from: "conform" });
    done.context.store.close();
  }
  // From what is published rather than from what was done just now: a notice that a crash left unwritten is written next time.
  const notices: Restatement[] = [];
  const place = { dataDir, pipeline };
  const unnoticed = decisions.filter((one) => !isNoticed(place, one, listRuns()));
  for (const decision of unnoticed) {
    const periods: RestatedPeriod[] = [];
    const runs = listRuns().filter(({ period }) => mayHold(context, period, decision));
    for (const after of newestRuns(runs.filter(({ asOf }) => asOf >= decision.known_at))) {
      const before = runs.findLast(
        ({ period, asOf }) => period === after.period && asOf < decision.known_at,
      );
      if (!before) continue;
      periods.push({
        period: after.period,
        before: { run: before.run, as_of: before.asOf },
        after: { run: after.run, as_of: after.asOf },
        ...(await compare(config, before.folder, after.folder, after.period, decision.entity_id)),
      });
    }
    if (periods.length === 0) continue;
    const written = writeNotice({ dataDir, pipeline: context.pipeline, names }, decision, periods);
    notices.push({ head: written.head, folder: written.folder, decision, periods });
  }
  return notices;
}

/** An objection that is upheld changes a figure only where a disputed record was left out meanwhile. */
function decisionsThatMove({ standard }: Context): readonly Decision["event"][] {
  const frozen = standard.deductions.some(({ disputed }) => disputed === "frozen");
  return frozen ? ["uphold", "correct", "revoke"] : ["correct", "revoke"];
}

/** The newest publication of every period, oldest period first. */
function newestRuns(runs: readonly PublishedRun[]): PublishedRun[] {
  return [...new Map(runs.map((run) => [run.period, run])).values()];
}

/** Whether the window of a period, or of one of its history, holds the record that was decided on. */
function mayHold({ standard, pipeline }: Context, id: string, { decided_on }: Decision): boolean {
  const period = parsePeriod(id);
  const months = Math.max(
    standard.window_months,
    ...standard.deductions.map(({ window_months }) => window_months),
  );
  const first = windowStart(shiftPeriod(period, -pipeline.history), months);
  return first <= decided_on && decided_on <= period.end;
}

async function compare(
  config: Config,
  before: string,
  after: string,
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
    const titles = new Map(
      (await store.rows<{ id: string; title_zh: string; title_en: string }>(sql("titles"))).map(
        ({ id, ...title }) => [id, title],
      ),
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
        .map(({ node_id, moved }) => ({
          node_id,
          ...(titles.get(node_id) ?? { title_zh: node_id, title_en: node_id }),
          moved,
        })),
    };
  } finally {
    store.close();
  }
}
