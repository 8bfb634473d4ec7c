import { ConnectorFault } from "../fetch-error.ts";

/** Bytes of rows that may have arrived and not been written down yet. */
const MOST_HELD = 256 << 20;

/** Counts what has arrived of a query and is still in memory. */
export interface RowsHeld {
  /** @throws ConnectorFault when it is more than a program should hold */
  arrive(bytes: number): void;
  /** What has arrived so far, or so many bytes of it, is written down. */
  release(bytes?: number): void;
}

/** Databases send rows of any size, some hundred of them at once: what nobody could hold ends the fetch and not the program. */
export function countRowsHeld(address: string): RowsHeld {
  let held = 0;
  return {
    arrive(bytes) {
      held += bytes;
      if (held > MOST_HELD) throw tooLarge(address);
    },
    release(bytes = held) {
      held -= bytes;
    },
  };
}

function tooLarge(address: string): ConnectorFault {
  const most = MOST_HELD >> 20;
  return new ConnectorFault(false, {
    address,
    sentence: {
      zh: `${address} 的查询结果中有过大的行（一批超过 ${most} MB），未采用。请在 connector.query 中去掉附件、长文本一类的列。`,
      en: `Rows of the query at ${address} are too large (more than ${most} MB at once) and were not used. Leave columns like attachments and long texts out of connector.query.`,
    },
  });
}
