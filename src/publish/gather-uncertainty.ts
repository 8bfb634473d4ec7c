import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import type { FactorShare, PairChance, RankRange, ReplicationCount } from "./report.ts";

const sql = sqlFile(import.meta.dirname, "gather.sql");

interface RangeRow {
  readonly entity_id: string;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly top_three: number;
  readonly bottom_three: number;
  readonly above_next: number | null;
  readonly data_low: number | null;
  readonly data_high: number | null;
  readonly choices_low: number | null;
  readonly choices_high: number | null;
}

/** Ranges of ranks by body, from the published tables. */
export async function gatherRanges(store: Store): Promise<Map<string, RankRange>> {
  const rows = await store.rows<RangeRow>(sql("range"));
  return new Map(
    rows.map((row) => [
      row.entity_id,
      {
        median: row.median,
        low: row.low,
        high: row.high,
        topThree: row.top_three,
        bottomThree: row.bottom_three,
        aboveNext: row.above_next,
        data: toInterval(row.data_low, row.data_high),
        choices: toInterval(row.choices_low, row.choices_high),
      },
    ]),
  );
}

function toInterval(low: number | null, high: number | null): RankRange["data"] {
  return low === null || high === null ? null : { low, high };
}

/** What the spread of ranks hangs on, and how many replications it was found from. */
export async function gatherSensitivities(store: Store): Promise<{
  sensitivities: FactorShare[];
  replications: ReplicationCount[];
  pairs: PairChance[];
}> {
  return {
    sensitivities: await store.rows<FactorShare>(sql("sensitivity")),
    replications: await store.rows<ReplicationCount>(sql("replication")),
    pairs: await store.rows<PairChance>(sql("pair")),
  };
}
