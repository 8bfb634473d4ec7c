import { createHash } from "node:crypto";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import type { Fetching } from "./connector.ts";
import { stopEmptied } from "./emptied.ts";
import { receiveFile } from "./receive-file.ts";

export type DatabaseConnector = ConnectorOf<"postgresql"> | ConnectorOf<"mariadb">;

/** A row as a JSON object in one line, and its mark as text; null where the row has none. */
export interface MarkedRow {
  readonly json: string;
  readonly mark: string | null;
}

/** One read-only snapshot of a database. */
export interface Snapshot {
  /** Rows of the query at or after `from` less the overlap, and rows without a mark; in the order of their marks, those without first. */
  rows(from: string | undefined): AsyncIterable<MarkedRow>;
  /** How many rows lie at or after `from` less the overlap. */
  countFrom(from: string): Promise<number>;
}

interface QueryMark {
  readonly value: string;
  /** Hashes of rows that the next fetch will meet again. */
  readonly seen: readonly string[];
}

/**
 * Fetches the rows that were not fetched before into one file of JSON lines. The mark itself is fetched again each
 * time, with the overlap before it, and what was taken already is left out by its hash: rows that share a mark, or whose
 * transaction ended late, are neither lost nor doubled. Rows without a mark are looked at every time.
 */
export async function fetchRows(
  connector: DatabaseConnector,
  fetching: Fetching,
  address: string,
  snapshot: Snapshot,
): Promise<void> {
  const kept = fetching.markOf(address) as QueryMark | undefined;
  const from = kept?.value ?? connector.mark?.start;
  const seen = new Set(kept?.seen);
  const hashes: string[] = [];
  let unmarked = 0;
  let taken = 0;
  let last = kept?.value;
  async function* fresh() {
    for await (const { json, mark } of snapshot.rows(connector.mark ? from : undefined)) {
      const hash = createHash("sha256").update(json).digest("hex").slice(0, 32);
      hashes.push(hash);
      if (mark === null) unmarked += 1;
      else last = mark;
      if (seen.has(hash)) continue;
      taken += 1;
      yield `${json}\n`;
    }
  }
  const received = await receiveFile(fetching.folder, fresh());
  // The row that gave the mark is met again each time: not even that one is there any more.
  if (hashes.length === 0) await stopEmptied(fetching, address, address);
  const marks = [];
  if (connector.mark && last !== undefined) {
    // In the same snapshot: as many rows from the end as the next fetch will begin with.
    const again = Math.min(await snapshot.countFrom(last), hashes.length - unmarked);
    const next = [...hashes.slice(0, unmarked), ...hashes.slice(hashes.length - again)];
    marks.push({ address, mark: { value: last, seen: next } satisfies QueryMark });
  }
  const name = nameFile(fetching.sourceId, connector.mark ? from : undefined);
  const version = connector.mark && last !== undefined ? last : null;
  const arrivals = taken === 0 ? [] : [{ name, address, version, ...received }];
  await fetching.keep({ arrivals, marks });
}

function nameFile(source: string, from: string | undefined): string {
  return from === undefined
    ? `${source}.ndjson`
    : `${source}-since-${from.replace(/[^\w.+-]+/g, "_")}.ndjson`;
}
