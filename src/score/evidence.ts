import type { Context } from "../context.ts";
import { windowStart } from "../period.ts";
import { indicatorIds } from "../standard/evaluation-standard.ts";
import { appendColumns, type ColumnValues, readColumns, scanColumns } from "../store/columns.ts";
import { sqlFile } from "../store/sql-file.ts";
import { listRules } from "./rules.ts";
import { ASSESSED, NO_DATA, STATES } from "./sheets.ts";

const sql = sqlFile(import.meta.dirname, "score.sql");

/** A body in one period; its number is its position in `Evidence.units`. */
export interface Unit {
  readonly period: number;
  readonly entity: string;
  readonly level: string;
  readonly peerClass: string;
}

/** A record that counts in a unit's period for one deduction, bonus or veto. */
export interface Item {
  readonly category: string;
  readonly recordKey: string;
  readonly occurredOn: string;
  readonly fileId: number;
  readonly line: number;
  /** Whole calendar months from the record's month to the period's last. */
  readonly age: number;
}

/** Everything score needs, in memory. */
export interface Evidence {
  readonly units: readonly Unit[];
  /** Ids of the indicators that have a value: those of the tree first, then what divides, groups or is only read by vetoes. */
  readonly leaves: readonly string[];
  /** Value by unit × leaf, NaN where there is none. */
  readonly value: Float64Array;
  /** State by unit × leaf, as a number of STATES; without a fact, no data. */
  readonly state: Uint8Array;
  /** Items by rule (see listRules), then by unit. */
  readonly items: readonly ReadonlyMap<number, readonly Item[]>[];
}

/**
 * Reads the bodies in force at each period and the facts of the run.
 * @throws Error in a sentence when measure has left something out
 */
export async function readEvidence(context: Context): Promise<Evidence> {
  const { store, standard, periods, runId } = context;
  const values = standard.vetoes.filter((veto) => !isList(context, veto.indicator));
  const leaves = [
    ...new Set(
      [
        ...standard.indicators,
        ...Object.values(standard.denominators ?? {}),
        ...Object.values(standard.groupings ?? {}),
        ...values,
      ].map(({ indicator }) => indicator),
    ),
  ];
  await create(context, "needed", [indicatorIds(standard)]);
  await create(context, "level", [Object.keys(standard.levels)]);
  await create(context, "state", [Int32Array.from(STATES.keys()), STATES]);
  await create(context, "leaf", [Int32Array.from(leaves.keys()), leaves]);
  await create(context, "period", [
    Int32Array.from(periods.keys()),
    periods.map(({ id }) => id),
    periods.map(({ end }) => end),
  ]);
  await create(context, "window", windowColumns(context));
  const missing = await store.row<{ indicator_id: string; period: string }>(
    sql("missing-computation"),
    { run: runId },
  );
  if (missing) {
    throw new Error(
      `The indicator ${missing.indicator_id} has not been measured for ${missing.period} in this run. Run the stage measure first, then score.`,
    );
  }
  await store.run(sql("create-unit"));
  const units = await readUnits(context);
  return {
    units,
    leaves,
    ...(await readValues(context, units, leaves)),
    items: await readItems(context),
  };
}

/** Makes one of the stage's temporary tables and fills it. */
export async function create(
  context: Context,
  name: string,
  columns: readonly ColumnValues[],
): Promise<void> {
  await context.store.run(sql(`create-${name}`));
  const table = `score_${name.replaceAll("-", "_")}`;
  await appendColumns(context.store, { catalog: "temp", schema: "main", table }, columns);
}

export function isList(context: Context, indicator: string): boolean {
  return context.indicators.get(indicator)?.aggregate === "list";
}

function windowColumns(context: Context): ColumnValues[] {
  const rows = listRules(context.standard).flatMap((of, rule) => {
    const { indicator, window_months } = of;
    const frozen = "disputed" in of && of.disputed === "frozen" ? 1 : 0;
    return isList(context, indicator)
      ? context.periods.map((period, place) => ({
          rule,
          indicator,
          place,
          start: window_months === undefined ? "0001-01-01" : windowStart(period, window_months),
          frozen,
        }))
      : [];
  });
  return [
    Int32Array.from(rows, ({ rule }) => rule),
    rows.map(({ indicator }) => indicator),
    Int32Array.from(rows, ({ place }) => place),
    rows.map(({ start }) => start),
    Int32Array.from(rows, ({ frozen }) => frozen),
  ];
}

async function readUnits(context: Context): Promise<Unit[]> {
  const read = await readColumns<{
    period: number[];
    entity_id: string[];
    level: string[];
    peer_class: string[];
  }>(context.store, sql("read-unit"));
  return read.period.map((period, unit) => ({
    period,
    entity: read.entity_id[unit] as string,
    level: read.level[unit] as string,
    peerClass: read.peer_class[unit] as string,
  }));
}

async function readValues(
  context: Context,
  units: readonly Unit[],
  leaves: readonly string[],
): Promise<Pick<Evidence, "value" | "state">> {
  const value = new Float64Array(units.length * leaves.length).fill(Number.NaN);
  const state = new Uint8Array(value.length).fill(NO_DATA);
  await scanColumns(context.store, sql("read-value"), { run: context.runId }, (columns) => {
    const [unit, leaf, found, number] = columns as [
      number[],
      number[],
      number[],
      (number | null)[],
    ];
    unit.forEach((own, row) => {
      const cell = own * leaves.length + (leaf[row] as number);
      state[cell] = found[row] as number;
      if (found[row] === ASSESSED) value[cell] = number[row] ?? Number.NaN;
    });
  });
  return { value, state };
}

async function readItems(context: Context): Promise<Map<number, Item[]>[]> {
  const read = await readColumns<{
    unit: number[];
    rule: number[];
    category: string[];
    record_key: string[];
    occurred_on: string[];
    file_id: number[];
    line: number[];
    age: number[];
  }>(context.store, sql("read-item"), { run: context.runId });
  const items = listRules(context.standard).map(() => new Map<number, Item[]>());
  read.unit.forEach((unit, row) => {
    const ofRule = items[read.rule[row] as number] as Map<number, Item[]>;
    const list = ofRule.get(unit) ?? [];
    ofRule.set(unit, list);
    list.push({
      category: read.category[row] as string,
      recordKey: read.record_key[row] as string,
      occurredOn: read.occurred_on[row] as string,
      fileId: read.file_id[row] as number,
      line: read.line[row] as number,
      age: read.age[row] as number,
    });
  });
  return items;
}
