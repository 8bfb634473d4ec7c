import { FORGOTTEN_ADDRESS } from "../../standard/forgotten-address.ts";
import { sqlFile } from "../../store/sql-file.ts";
import type { Store } from "../../store/store.ts";
import type { Haul } from "./connector.ts";

const sql = sqlFile(import.meta.dirname, "received.sql");

/** Marks of a source by address, as kept by earlier fetches. */
export async function readMarks(store: Store, source: string): Promise<Map<string, unknown>> {
  const rows = await store.rows<{ address: string; mark: string }>(sql("marks"), {
    source_id: source,
  });
  return new Map(rows.map(({ address, mark }) => [address, JSON.parse(mark)]));
}

/** Whether something of a source was received from an address that begins so. */
export async function hasReceived(store: Store, source: string, begin: string): Promise<boolean> {
  const forgotten = FORGOTTEN_ADDRESS;
  const row = await store.row(sql("received-from"), { source_id: source, begin, forgotten });
  return row !== undefined;
}

/** Writes down files and moves marks in one transaction: a crash leaves both or neither. */
export async function noteHaul(
  store: Store,
  source: string,
  { arrivals, marks, forgetOthers }: Haul,
  receivedAt: string,
): Promise<void> {
  await store.transaction(async () => {
    let last = (await store.row<{ received_id: number }>(sql("last-received")))?.received_id ?? 0;
    for (const { name, hash, bytes, address, version } of arrivals) {
      last += 1;
      const own = { source_id: source, address, file_hash: hash, version };
      await store.run(sql("note-version"), own);
      await store.run(sql("note-received"), {
        ...own,
        received_id: last,
        file_name: name,
        bytes,
        path: receivedPath(source, hash),
        received_at: receivedAt,
      });
    }
    if (forgetOthers) {
      const addresses = JSON.stringify(marks.map(({ address }) => address));
      await store.run(sql("forget-marks"), { source_id: source, addresses });
    }
    for (const { address, mark } of marks) {
      const text = JSON.stringify(mark);
      await store.run(sql("move-mark"), { source_id: source, address, mark: text });
    }
  });
}

/** A fetched file, ready to be read into the raw layer. */
export interface ReceivedFile {
  readonly file_name: string;
  readonly file_hash: string;
  /** Relative to the jurisdiction's data folder. */
  readonly path: string;
  readonly received_at: string;
}

/** Every file ever fetched of a source, each content once, in the order of receipt. */
export function listReceived(store: Store, source: string): Promise<ReceivedFile[]> {
  return store.rows<ReceivedFile>(sql("received"), { source_id: source });
}

/** Folder of a source's received bytes, relative to the jurisdiction's data folder. */
export function receivedPath(source: string, hash = ""): string {
  return `received/${source}/${hash}`;
}
