import type { Redis } from "ioredis";
import type { Config } from "../config.ts";
import type { StageOutcome } from "../context.ts";
import { PULL } from "../run.ts";
import { isLocal } from "../standard/inbox-connector.ts";
import { takeLease } from "./lease.ts";
import type { JobData } from "./run-jobs.ts";
import type { AtDatabase, Opened } from "./writer.ts";

type Source = Opened["sources"][number];

/**
 * Pulls one source. A server that is slow to answer keeps nobody from the database: it is fetched from first, with a
 * turn at the database only for each piece that has come. Fetches of one source take turns.
 * @throws FetchError when it cannot be fetched; what came before is kept
 */
export async function pullApart(
  config: Config,
  redis: Redis,
  data: JobData,
  atDatabase: AtDatabase,
): Promise<StageOutcome> {
  const first = await atDatabase(async (context) => {
    const source = findSource(context, data);
    if (!isLocal(source.connector)) return { opened: context, source };
    return { outcome: await PULL.take(context, source, undefined) };
  });
  if (first.outcome) return first.outcome;
  const failure = await fetchInTurn(config, redis, first.opened, first.source, atDatabase);
  return atDatabase((context) => PULL.take(context, findSource(context, data), failure));
}

async function fetchInTurn(
  config: Config,
  redis: Redis,
  opened: Opened,
  source: Source,
  atDatabase: AtDatabase,
) {
  const key = `${config.queuePrefix}:fetch:${opened.pipeline.jurisdiction}:${source.source}`;
  let lost = false;
  const turn = await takeLease(redis, key, config.stallSeconds * 1000, () => {
    lost = true;
  });
  try {
    const fetcher = {
      ...opened,
      atDatabase: <T>(use: (store: Opened["store"]) => Promise<T>) => {
        if (lost) throw new Error(`Another worker fetches "${source.source}" by now.`);
        return atDatabase(({ store }) => use(store));
      },
    };
    return await PULL.fetch(fetcher, source, opened.progress);
  } finally {
    await turn.release();
  }
}

function findSource({ sources }: Opened, { pipeline, source }: JobData): Source {
  const found = sources.find((one) => one.source === source);
  if (found) return found;
  throw new Error(
    `The pipeline "${pipeline}" no longer has the source "${source}". Start the run anew.`,
  );
}
