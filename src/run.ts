import { existsSync } from "node:fs";
import { join } from "node:path";
import { check } from "./check/check.ts";
import { checkDelivery } from "./check/delivery.ts";
import { type Config, readReadingBounds } from "./config.ts";
import { conform } from "./conform/conform.ts";
import type { Context, StageOutcome } from "./context.ts";
import { explainEmptyRanking } from "./empty-ranking.ts";
import { describeForgotten, forgetExpired } from "./forget.ts";
import { drawUpLists } from "./lists/draw-up-lists.ts";
import { measure } from "./measure/measure.ts";
import { fetchOne, pull, takeOne } from "./pull/pull.ts";
import { expectReading, stopReading } from "./pull/reading-process.ts";
import { settlePulls } from "./pull/settle-pulls.ts";
import { settleRecords } from "./record/settle.ts";
import { isJudgedByLaterKnowledge, openReplay } from "./replay.ts";
import {
  jurisdictionFolder,
  openContext,
  type RunRequest,
  WORKING_DATABASE,
} from "./run-context.ts";
import { identifyRun } from "./run-identity.ts";
import { keepSafe } from "./safekeeping.ts";
import { score } from "./score/score.ts";
import { findPipeline } from "./standard/workspace.ts";
import { sqlFile } from "./store/sql-file.ts";
import { warn } from "./warn/warn.ts";

const sql = sqlFile(import.meta.dirname, "run.sql");

/** The whole line, in the order in which evidence passes. */
export const LINE = [
  { stage: "pull", work: pull },
  { stage: "conform", work: conformAndSettle },
  { stage: "check", work: check },
  { stage: "measure", work: measure },
  { stage: "score", work: scoreAndList },
  { stage: "warn", work: warn },
  { stage: "publish", work: async (context: Context) => (await loadPublish()).publish(context) },
] as const;

export { FetchError, TransientFetchError } from "./pull/fetch-error.ts";

/**
 * Records are settled once all sources are conformed: what their events make of them hangs on all of it. And what is due
 * to be forgotten goes then, on every run, without anybody's doing.
 */
async function conformAndSettle(context: Context): Promise<StageOutcome> {
  const conformed = await conform(context, checkDelivery);
  const { illegal = 0, events = 0 } = await settleRecords(context);
  const forgotten = await forgetExpired(context, conformed.counts.forgotten ?? 0);
  const outcome = { ...conformed, notes: [...conformed.notes, ...describeForgotten(forgotten)] };
  if (events === 0) return outcome;
  return { ...outcome, counts: { ...outcome.counts, events, illegal_events: illegal } };
}

/**
 * The stage that may run apart for each source, and what then joins its parts before the next one. Only `take` and
 * `settle` need the database to themselves.
 */
export const PULL = {
  stage: "pull",
  fetch: fetchOne,
  take: takeOne,
  settle: settlePulls,
  stop: stopReading,
} as const;

/** Who is on which list follows from the scores, so both are made in one stage. */
async function scoreAndList(context: Context): Promise<StageOutcome> {
  const scored = await score(context);
  const entries = await drawUpLists(context);
  return { ...scored, counts: { ...scored.counts, list_entries: entries } };
}

/** Charts and workbooks take a while to load: they are fetched while the database is at work. */
function loadPublish() {
  return import("./publish/publish.ts");
}

export type StageName = (typeof LINE)[number]["stage"];

/** Where the inputs are settled, so that the run can be given its id. */
export const INPUTS_SETTLED: StageName = "conform";

/** After these stages what cannot be worked out again is copied: files are settled, alerts are raised. */
const KEPT_AFTER: ReadonlySet<StageName> = new Set(["conform", "publish"]);

const NAMES = LINE.map(({ stage }) => stage);

export interface RunResult {
  readonly context: Context;
  readonly outcomes: readonly StageOutcome[];
}

/**
 * Runs the line, or a part of it, in this process. Every stage may be run again: it leaves the same result. A part that begins
 * after the inputs are settled, and asks about a time after which more has become known, is worked out in a database of its own like
 * the whole line; nothing of that stays but what is published.
 * The caller closes `result.context.store`.
 * @param from first stage to run (default pull) and `through` the last one (default publish)
 */
export async function runPipeline(
  config: Config,
  request: RunRequest,
  { from = "pull", through = "publish" }: { from?: StageName; through?: StageName } = {},
): Promise<RunResult> {
  if (from === "pull") expectFirstFiles(config, request);
  const opened = await openContext(config, request);
  try {
    const begins = NAMES.indexOf(from);
    const asksEarlier =
      begins > NAMES.indexOf(INPUTS_SETTLED) && (await isJudgedByLaterKnowledge(opened));
    if (!asksEarlier) return await runStages(opened, from, through);
    const { context, outcomes } = await runStages(opened, INPUTS_SETTLED, through);
    const asked = outcomes.filter(({ stage }) => NAMES.indexOf(stage as StageName) >= begins);
    return { context, outcomes: asked.map((one) => ({ ...one, notes: [APART, ...one.notes] })) };
  } catch (error) {
    opened.store.close();
    throw error;
  }
}

/** Of a city that is new every file is read: the process for it gets ready while the database is made. */
function expectFirstFiles(config: Config, { pipeline, place }: RunRequest): void {
  if (place) return;
  const folder = jurisdictionFolder(config, findPipeline(config.workspace, pipeline));
  if (!existsSync(join(folder, WORKING_DATABASE))) {
    expectReading(config, config.reading ?? readReadingBounds());
  }
}

const APART = {
  zh: "此后又有新的信息：本步骤按当时所知的文件在单独的数据库中重算，除发布的内容外不保留。",
  en: "More has become known since: this was worked out in a database of its own from the files known then, and nothing of it is kept but what is published.",
};

/** As runPipeline, on a context already open. */
export async function runStages(
  opened: Context,
  from: StageName = "pull",
  through: StageName = "publish",
): Promise<RunResult> {
  const done = await runLine(opened, from, through);
  const { store } = done.context;
  if (store !== opened.store) {
    const close = store.close.bind(store);
    store.close = () => {
      close();
      opened.store.close();
    };
  }
  return done;
}

/** The stages in order. The context it gives may have a store of its own, beside the one that was open. */
async function runLine(opened: Context, from: StageName, through: StageName): Promise<RunResult> {
  let context = opened;
  const outcomes: StageOutcome[] = [];
  try {
    for (const { stage, work } of LINE) {
      const position = NAMES.indexOf(stage);
      if (position > NAMES.indexOf(INPUTS_SETTLED) && context.runId === "") {
        context = await identifyRun(context);
      }
      if (position < NAMES.indexOf(from)) continue;
      if (position > NAMES.indexOf(through)) break;
      if (stage === "conform" && through === "publish") loadPublish().catch(() => undefined);
      if (stage === "publish") await refuseEmptyRanking(context);
      const outcome = await work(context);
      outcomes.push(outcome);
      // A question about an earlier time is not answered with what was learnt since.
      if (stage === INPUTS_SETTLED && through !== INPUTS_SETTLED) {
        if (await isJudgedByLaterKnowledge(context)) {
          context = await openReplay(context);
          await work(context);
        }
      }
      context.log.info({ run: context.runId, stage, ...outcome.counts }, "stage done");
      if (context.runId) {
        await context.store.run(sql("note-state"), { state: stage, run_id: context.runId });
      }
      if (KEPT_AFTER.has(stage) && !opened.rebuilds) await keepSafe(opened.store);
    }
  } catch (error) {
    if (context.store !== opened.store) context.store.close();
    throw error;
  }
  return { context: { ...context, dataDir: opened.dataDir }, outcomes };
}

/**
 * Runs one stage of a run whose stages are separate jobs, on a context newly opened.
 * Should the inputs have changed since the stages before it ran, these are run again: what is published always
 * belongs to one state of the inputs.
 * @param runId the run as the stage before left it; "" up to the stage that settles the inputs
 * @returns the context with the id of the run from then on
 */
export async function continueRun(
  context: Context,
  stage: StageName,
  runId: string,
): Promise<RunResult> {
  if (NAMES.indexOf(stage) <= NAMES.indexOf(INPUTS_SETTLED)) {
    const done = await runStages(context, stage, stage);
    return stage === INPUTS_SETTLED ? { ...done, context: await identifyRun(done.context) } : done;
  }
  const identified = await identifyRun(context);
  const answersEarlier = stage === "publish" && (await isJudgedByLaterKnowledge(context));
  if (identified.runId === runId && !answersEarlier) return runStages(identified, stage, stage);
  const done = await runLine(context, INPUTS_SETTLED, stage);
  if (done.context.store === context.store) return done;
  done.context.store.close();
  return { ...done, context: { ...done.context, store: context.store } };
}

/** An empty ranking must not take the place of the last good one. */
async function refuseEmptyRanking(context: Context): Promise<void> {
  const { store, runId, period } = context;
  const found = await store.row<{ ranked: number }>(sql("count-ranked"), {
    run_id: runId,
    period: period.id,
  });
  if (!found?.ranked) throw new Error(await explainEmptyRanking(context));
}
