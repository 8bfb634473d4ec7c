import type { Context } from "../context.ts";
import { groupBy } from "../standard/group-by.ts";
import { sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "lists.sql");

/** A dishonesty record of an organ that counts: confirmed, published, disputed, upheld or corrected. */
export interface CountingRecord {
  readonly entity: string;
  readonly key: string;
  readonly documentNo: string | null;
  readonly type: string;
  readonly severity: string;
  /** What sets the severity: a provision or a decision; null: nobody has. */
  readonly severityBasis: string | null;
  /** Of a listing: told beforehand, heard, delivered; ISO days. */
  readonly notifiedOn: string | null;
  readonly heardOn: string | null;
  readonly deliveredOn: string | null;
  readonly field: string | null;
  /** ISO day. */
  readonly decidedOn: string;
  /** An objection is open. */
  readonly disputed: boolean;
  readonly fileId: number;
  readonly line: number;
}

/** How a body stood in one period. */
export interface PeriodStanding {
  readonly grade: string | null;
  readonly score: number | null;
  readonly rank: number | null;
  readonly rankedOf: number | null;
  readonly vetoedBy: string | null;
}

/** What is known of a body when lists are drawn up. */
export interface BodyFacts {
  readonly entity: string;
  readonly level: string;
  readonly peerClass: string;
  /** By period, the newest first; the first is the period of the lists. */
  readonly standings: readonly PeriodStanding[];
  readonly records: readonly CountingRecord[];
  /** Assessed values of the period by indicator. */
  readonly values: ReadonlyMap<string, number>;
}

/** Reads what the rules look at, body by body in the order of level and code. */
export async function readFacts(context: Context): Promise<BodyFacts[]> {
  const { store, runId, period, periods } = context;
  const at = { run_id: runId, period: period.id };
  type Ranked = PeriodStanding & {
    entity: string;
    level: string;
    peerClass: string;
    period: string;
  };
  const ranks = await store.rows<Ranked>(sql("ranks"), { run_id: runId });
  const entityOf = ({ entity }: { readonly entity: string }) => entity;
  const records = groupBy(
    await store.rows<CountingRecord>(sql("records"), { ends_on: period.end }),
    entityOf,
  );
  const values = groupBy(
    await store.rows<{ entity: string; indicator: string; value: number }>(sql("values"), at),
    entityOf,
  );
  const places = new Map(periods.map(({ id }, place) => [id, periods.length - 1 - place]));
  return [...groupBy(ranks, entityOf)].flatMap(([entity, own]) => {
    const now = own.find((one) => one.period === period.id);
    if (!now) return [];
    const standings: PeriodStanding[] = periods.map(() => NOWHERE);
    for (const one of own) standings[places.get(one.period) as number] = one;
    return [
      {
        entity,
        level: now.level,
        peerClass: now.peerClass,
        standings,
        records: records.get(entity) ?? [],
        values: new Map(
          (values.get(entity) ?? []).map(({ indicator, value }) => [indicator, value]),
        ),
      },
    ];
  });
}

const NOWHERE: PeriodStanding = {
  grade: null,
  score: null,
  rank: null,
  rankedOf: null,
  vetoedBy: null,
};
