import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { openAside } from "./look-aside.ts";
import { isJudgedByLaterKnowledge, openReplay } from "./replay.ts";
import { runStages } from "./run.ts";
import { openContext, type RunRequest } from "./run-context.ts";
import { findPipeline } from "./standard/workspace.ts";

/**
 * Measures a period from what is held, beside the working database: neither a run nor a fact stays behind. Files that were
 * received and not conformed yet are not looked at.
 * The caller closes the context's store.
 * @throws Error in a sentence: nothing is held yet, no such period, database in use
 */
export async function measureAside(config: Config, request: RunRequest): Promise<Context> {
  const place = await openAside(config, findPipeline(config.workspace, request.pipeline));
  try {
    const opened = await openContext(config, { ...request, place });
    if (!(await isJudgedByLaterKnowledge(opened))) {
      return (await runStages(opened, "measure", "measure")).context;
    }
    const replay = await openReplay(opened);
    const { store } = replay;
    const close = store.close.bind(store);
    store.close = () => {
      close();
      place.store.close();
    };
    return (await runStages(replay, "conform", "measure")).context;
  } catch (error) {
    place.store.close();
    throw error;
  }
}
