import { join } from "node:path";
import { TZDate } from "@date-fns/tz";
import { format, subDays } from "date-fns";
import { readReadingBounds } from "../../config.ts";
import type { Context } from "../../context.ts";
import { forgetAddress } from "../../standard/forgotten-address.ts";
import { isLocal } from "../../standard/inbox-connector.ts";
import type { SourceDefinition } from "../../standard/source-definition.ts";
import type { Store } from "../../store/store.ts";
import {
  ConnectorFault,
  type FetchError,
  PermanentFetchError,
  TransientFetchError,
} from "../fetch-error.ts";
import { readPageApart } from "../reading-process.ts";
import { type Arrival, type Fetching, type Haul, type Mark, runConnector } from "./connector.ts";
import { hasReceived, noteHaul, readMarks, receivedPath } from "./note-received.ts";
import { prepareFolder } from "./receive-file.ts";
import { openSecrets, type Secrets } from "./secrets.ts";

const CIVIL = "yyyy-MM-dd HH:mm:ss";

/** What fetching needs of a run. The database is asked for each time, so that others may write while a slow server sends. */
export interface Fetcher
  extends Pick<
    Context,
    "workspace" | "dataDir" | "pipeline" | "clock" | "log" | "asOf" | "reading"
  > {
  atDatabase<T>(work: (store: Store) => Promise<T>): Promise<T>;
}

/**
 * Fetches what is new of a source into DATA_DIR/<jurisdiction>/received/<source>, from where pull takes it.
 * Nothing happens for a source whose connector is a plain folder.
 * @returns how many files came
 * @throws TransientFetchError or PermanentFetchError, whose sentences tell what to do; no secret is in them
 */
export async function fetchSource(fetcher: Fetcher, source: SourceDefinition): Promise<number> {
  const { connector } = source;
  if (isLocal(connector)) return 0;
  const secrets = openSecrets(fetcher.workspace);
  const folder = join(fetcher.dataDir, receivedPath(source.source));
  prepareFolder(folder);
  const marks = await fetcher.atDatabase((store) => readMarks(store, source.source));
  let count = 0;
  const fetching: Fetching = {
    sourceId: source.source,
    format: source.format,
    workspace: fetcher.workspace,
    folder,
    timeZone: fetcher.pipeline.time_zone,
    secrets,
    clock: fetcher.clock,
    log: fetcher.log,
    markOf: (address) => marks.get(address) ?? marks.get(forgetAddress(address)),
    cameFrom: (address) =>
      fetcher.atDatabase((store) => hasReceived(store, source.source, secrets.scrub(address))),
    async readPage(page) {
      const share = await fetcher.atDatabase(async ({ memory, threads }) => ({ memory, threads }));
      return readPageApart(share, { ...page, bounds: fetcher.reading ?? readReadingBounds() });
    },
    async keep(haul) {
      const clean = scrubHaul(secrets, haul);
      const at = receiptTime(fetcher);
      await fetcher.atDatabase((store) => noteHaul(store, source.source, clean, at));
      if (clean.forgetOthers) marks.clear();
      for (const { address, mark } of clean.marks) marks.set(address, mark);
      count += clean.arrivals.length;
    },
  };
  try {
    await runConnector(connector, fetching);
  } catch (thrown) {
    throw toFetchError(source.source, secrets, thrown);
  }
  return count;
}

/**
 * When a file fetched now counts as received: at the as-of time of a run that began within the last day, so that the run
 * can use what it fetched itself; else at the true time, since a question about the past must not be told what only
 * came today.
 */
export function receiptTime(context: Pick<Context, "clock" | "pipeline" | "asOf">): string {
  const now = civilTime(context);
  const yesterday = format(subDays(zonedNow(context), 1), CIVIL);
  return yesterday <= context.asOf && context.asOf <= now ? context.asOf : now;
}

function civilTime(context: Pick<Context, "clock" | "pipeline">): string {
  return format(zonedNow(context), CIVIL);
}

function zonedNow({ clock, pipeline }: Pick<Context, "clock" | "pipeline">): TZDate {
  return new TZDate(clock().getTime(), pipeline.time_zone);
}

/** Whatever is written down has no secret in it, even if a connector put one there. */
function scrubHaul({ scrub }: Secrets, haul: Haul): Haul {
  const arrivals = haul.arrivals.map(
    (arrival): Arrival => ({
      ...arrival,
      name: scrub(arrival.name),
      address: scrub(arrival.address),
      version: arrival.version === null ? null : scrub(arrival.version),
    }),
  );
  const marks = haul.marks.map(
    ({ address, mark }): Mark => ({
      address: scrub(address),
      mark: JSON.parse(scrub(JSON.stringify(mark))),
    }),
  );
  return { ...haul, arrivals, marks };
}

/** A fault gets its source's name; anything else is a fault of this program or machine and stays what it is. */
function toFetchError(source: string, { scrub }: Secrets, thrown: unknown): FetchError {
  if (!(thrown instanceof ConnectorFault)) {
    if (thrown instanceof Error) {
      thrown.message = scrub(thrown.message);
      thrown.stack = scrub(thrown.stack ?? "");
    }
    throw thrown;
  }
  const { address, sentence, retryAfter } = thrown.fault;
  const fault = {
    address: scrub(address),
    sentence: { zh: scrub(sentence.zh), en: scrub(sentence.en) },
    retryAfter,
  };
  return thrown.transient
    ? new TransientFetchError(source, fault)
    : new PermanentFetchError(source, fault);
}
